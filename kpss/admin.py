"""The portal's admin site: Django's admin, our entrance and our desk."""

from functools import wraps

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth import get_user_model
from django.db import models
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from kpss import search


class PortalAdminSite(admin.AdminSite):
    """Django's admin with the sign-in of the site (limits, second factor) instead of its own."""

    site_header = _("Coordinator's desk")
    site_title = _("Coordinator's desk")
    index_title = _("Everything that is kept here")
    empty_value_display = "–"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.login = secure_admin_login(self.login)

    def admin_view(self, view, cacheable=False):
        return super().admin_view(_minding_numbers(view), cacheable)


def _minding_numbers(view):
    """The view; asked by an address with a number no column can hold, it sends to the plain list.

    Django does so with every other filter it does not understand.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except OverflowError:
            if request.method != "GET" or not request.GET:
                raise
            return redirect(f"{request.path}?{ERROR_FLAG}=1")

    return answer


class PlainSearchMixin:
    """Search of a list that minds neither case nor diacritics, on both engines alike.

    Every word must stand somewhere in the ``search_fields``, which are plain names of columns (also
    of related rows). They are read and compared here: for lists of thousands, not of millions.
    """

    def get_search_results(self, request, queryset, search_term):
        asked = [search.plain(word) for word in search.words(search_term)]
        if not asked:
            return queryset, False
        rows = queryset.order_by().values_list("pk", *self.search_fields)
        found = []
        for pk, *texts in rows:
            text = " ".join(search.plain(str(part)) for part in texts if part)
            if all(word in text for word in asked):
                found.append(pk)
        return queryset.filter(pk__in=found), False


class PersonSearchMixin:
    """Search of a list by its people: name or e-mail, also where only the e-mail is kept in ``email_field``.

    Asks the table of people first, so it serves lists that grow for years.
    """

    person_field = "person"
    email_field = ""
    search_fields = ("person__last_name",)  # any: it turns the search on
    search_help_text = _("Name or e-mail; accents do not matter.")

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        people = get_user_model()._default_manager.named_like(search_term)
        found = models.Q(**{f"{self.person_field}__in": people.values("pk")})
        if self.email_field:
            found |= models.Q(**{f"{self.email_field}__icontains": search_term.strip()})
        return queryset.filter(found), False


class ReadOnly:
    """Mixin of an admin, or of an inline, where nothing is added, changed or deleted."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class HistoryInline(admin.TabularInline):
    """The events of one object, read-only: the admin shows history and never sets a state.

    ``states`` are the choices of the object's states, so that people read words and not codes.
    """

    states: type[models.TextChoices]
    extra = 0
    can_delete = False
    fields = readonly_fields = ["at", "actor", "before", "after", "note"]
    ordering = ["-at", "-pk"]
    verbose_name_plural = _("history")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor")

    @admin.display(description=_("from state"))
    def before(self, event):
        if not event.from_state:
            return self.get_empty_value_display()
        return self.states(event.from_state).label

    @admin.display(description=_("to state"))
    def after(self, event):
        return self.states(event.to_state).label
