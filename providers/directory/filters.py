"""The filters of the catalogue: what the address of a search may say, and what it leaves to choose."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import django_filters
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpss.territory.models import Municipality

from . import selectors
from .models import PlanningGroup, Service, TargetGroup

MAX_QUERY = 200
# A target group and a planning group may share a code: in the address the former has this prefix.
TARGET_GROUP = "cs-"


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the address of the list without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Offer:
    """One choice of a filter and how many services it leaves."""

    value: str
    label: str
    count: int
    heading: str = ""


class SearchTextField(forms.CharField):
    """Any text at all becomes one that can be sought: signs that cannot be typed and the excess go."""

    def to_python(self, value):
        text = super().to_python(value)
        printable = "".join(sign if sign.isprintable() else " " for sign in text)
        return " ".join(printable[: 10 * MAX_QUERY].split())[:MAX_QUERY]


class SearchTextFilter(django_filters.CharFilter):
    field_class = SearchTextField


class ServiceFilter(django_filters.FilterSet):
    """Public services by a word, a municipality, a group of people, a kind and a form.

    A value nobody offered is ignored. The names are those of the query string, which people read,
    send to one another and bookmark: they do not change.
    """

    q = SearchTextFilter(label=gettext_lazy("What do you need help with?"), method="find")
    obec = django_filters.ChoiceFilter(
        label=gettext_lazy("Where are you?"),
        empty_label=gettext_lazy("Anywhere in the district"),
        method="come",
    )
    komu = django_filters.ChoiceFilter(
        label=gettext_lazy("Who needs help?"), empty_label=gettext_lazy("Anybody"), method="serve"
    )
    druh = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind of service"),
        empty_label=gettext_lazy("All kinds"),
        field_name="kind__code",
    )
    forma = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("How it is provided"),
        method="provide",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict, *, lists: selectors.CatalogueLists):
        self.lists = lists
        self._municipalities = {item.slug: item for item in lists.municipalities}
        self._groups: dict[str, TargetGroup | PlanningGroup] = {
            **{group.code: group for group in lists.planning_groups},
            **{TARGET_GROUP + group.code: group for group in lists.target_groups},
        }
        self._kinds = {kind.code: kind for kind in lists.kinds}
        self._forms = {form.code: form for form in lists.forms}
        self._offered = {
            "obec": self._municipalities,
            "komu": self._groups,
            "druh": self._kinds,
            "forma": self._forms,
        }
        super().__init__(self._understood(data), queryset=Service.objects.public())
        for name, items in self._offered.items():
            self.filters[name].extra["choices"] = [
                (code, item.name) for code, item in items.items()
            ]

    def _understood(self, data: QueryDict) -> QueryDict:
        """The query without what nobody offered: an old or a mistyped address is no error."""
        understood = QueryDict(mutable=True)
        understood["q"] = data.get("q", "")
        for name, items in self._offered.items():
            understood.setlist(name, [value for value in data.getlist(name) if value in items])
        return understood

    # --- What the query says ---------------------------------------------------------------------
    @cached_property
    def chosen(self) -> dict:
        """The values that were understood and are not empty."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def municipality(self) -> Municipality | None:
        """Where the reader is, when they have said so."""
        return self._municipalities.get(self.chosen.get("obec", ""))

    def services(self, *, without: str = ""):
        """The public services that all filters leave, or all but one."""
        services = self.queryset
        for name, value in self.chosen.items():
            if name != without:
                services = self.filters[name].filter(services, value)
        return services

    def find(self, services, name, value):
        return services.filter(search__match=value)

    def come(self, services, name, value):
        return services.coming_to(self._municipalities[value])

    def serve(self, services, name, value):
        group = self._groups[value]
        rows = Service.target_groups.through.objects
        rows = (
            rows.filter(targetgroup=group)
            if isinstance(group, TargetGroup)
            else rows.filter(targetgroup__planning_group=group)
        )
        return services.filter(pk__in=rows.values("service"))

    def provide(self, services, name, value):
        rows = Service.forms.through.objects.filter(serviceform__code__in=value)
        return services.filter(pk__in=rows.values("service"))

    # --- What the page shows ---------------------------------------------------------------------
    def query_string(self, *, without: str = "", item: str = "", **changes) -> str:
        """The query string of the chosen values without one filter, or without one of its items."""
        query = QueryDict(mutable=True)
        for name, value in {**self.chosen, **changes}.items():
            if isinstance(value, list):
                query.setlist(name, [one for one in value if (name, one) != (without, item)])
            elif name != without:
                query[name] = value
        return query.urlencode()

    def chips(self) -> list[Chip]:
        """The filters that are on, in the order of the form."""
        chips = []
        for name, value in self.chosen.items():
            for one in value if isinstance(value, list) else [value]:
                query = self.query_string(without=name, item=one)
                chips.append(Chip(self._chip_label(name, one), _address(query)))
        return chips

    def address(self, page: int = 1) -> str:
        """The address of that page of the list."""
        return _address(self.query_string(**({"page": page} if page > 1 else {})))

    def _chip_label(self, name: str, value: str) -> str:
        if name == "q":
            return _("“%(text)s”") % {"text": value}
        return self._offered[name][value].name

    def count_choices(self) -> None:
        """Say beside each choice how many services it leaves.

        Groups and kinds that leave none are not offered, unless one is chosen; places and forms
        are few and always stand there.
        """
        counts = selectors.with_counts(
            kinds=self.services(without="druh"),
            groups=self.services(without="komu"),
            forms=self.services(without="forma"),
            municipalities=self.services(without="obec"),
        )
        offers = {
            "obec": [
                Offer(slug, item.name, counts.municipalities.get(item.pk, 0))
                for slug, item in self._municipalities.items()
            ],
            "komu": self._useful("komu", self._group_offers(counts)),
            "druh": self._useful("druh", self._kind_offers(counts)),
            "forma": [
                Offer(code, item.name, counts.forms.get(item.pk, 0))
                for code, item in self._forms.items()
            ],
        }
        for name, offered in offers.items():
            empty = self.filters[name].extra.get("empty_label")
            nothing = [("", empty)] if empty else []
            self.form.fields[name].widget.choices = nothing + _choices(offered)

    def _useful(self, name: str, offers: Iterable[Offer]) -> list[Offer]:
        return [offer for offer in offers if offer.count or offer.value == self.chosen.get(name)]

    def _group_offers(self, counts: selectors.Counts) -> Iterator[Offer]:
        for group in [*self.lists.planning_groups, None]:
            heading = group.name if group else _("Others")
            if group:
                label = _("all: %(group)s") % {"group": group.name}
                yield Offer(group.code, label, counts.planning_groups.get(group.pk, 0), heading)
            for target in self.lists.target_groups:
                if target.planning_group == group:
                    count = counts.target_groups.get(target.pk, 0)
                    yield Offer(TARGET_GROUP + target.code, target.name, count, heading)

    def _kind_offers(self, counts: selectors.Counts) -> Iterator[Offer]:
        for code, kind in self._kinds.items():
            heading = kind.group.name if kind.group else _("Others")
            yield Offer(code, kind.name, counts.kinds.get(kind.pk, 0), heading)


def _choices(offers: Iterable[Offer]) -> list:
    """The offers as a widget takes them: under their headings, where they have some."""
    choices = []
    for heading, offered in groupby(offers, key=lambda offer: offer.heading):
        items = [(offer.value, f"{offer.label} ({offer.count})") for offer in offered]
        choices += [(heading, items)] if heading else items
    return choices


def _address(query: str) -> str:
    address = reverse("directory:service_list")
    return f"{address}?{query}" if query else address
