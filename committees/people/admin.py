"""People in the admin. Passwords are never typed here: everybody sets their own by a link."""

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from committees.bodies.models import Seat

from .exchange.uploads import may_exchange
from .models import Person
from .services import ErasureRefused, erase, may_erase


class SeatsOfPerson(admin.TabularInline):
    """Where the person sits and sat; seats are changed on the committee."""

    model = Seat
    fields = readonly_fields = [
        "committee",
        "role",
        "side",
        "organisation",
        "valid_from",
        "valid_to",
    ]
    extra = 0
    can_delete = False
    show_change_link = True
    ordering = ["-valid_from", "-pk"]
    verbose_name_plural = _("seats on committees")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("committee", "organisation", "person")


# Shown to administrators of the portal only: nobody else hands these out.
RIGHTS = (_("Work in the admin"), {"fields": ["is_staff", "is_superuser", "groups"]})


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["full_name", "current_seats", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "groups"]
    search_fields = ["last_name"]  # any: it turns the search on, get_search_results does it
    search_help_text = _("Name or e-mail; accents do not matter.")
    ordering = ["sort_key"]
    # There are few roles: boxes to tick say more than two lists with arrows.
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    readonly_fields = ["last_login"]
    list_per_page = 50
    inlines = [SeatsOfPerson]
    actions = ["erase_people"]
    change_list_template = "people/admin/change_list.html"
    fieldsets = [
        (
            None,
            {"fields": [("title_before", "first_name", "last_name", "title_after"), "phone"]},
        ),
        (
            _("Signing in"),
            {
                "fields": ["email", "is_active", "last_login"],
                "description": _(
                    "A person needs no e-mail to sit on a committee. With an e-mail they sign in by a"
                    " code sent to it, or set a password themselves by “Forgotten password” on the"
                    " sign-in page."
                ),
            },
        ),
    ]

    def changelist_view(self, request, extra_context=None):
        exchange = reverse("people:exchange") if may_exchange(request.user) else ""
        return super().changelist_view(request, {**(extra_context or {}), "exchange_url": exchange})

    def get_queryset(self, request):
        seats = Seat.objects.current().select_related("committee").order_by("committee__position")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("seats", queryset=seats, to_attr="seats_now"))
        )

    def get_search_results(self, request, queryset, search_term):
        """People by every word of the term, in any order, with or without accents."""
        return queryset.filter(pk__in=Person.objects.named_like(search_term)), False

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, RIGHTS] if request.user.is_superuser else fieldsets

    def has_change_permission(self, request, obj=None):
        """The account of an administrator is changed by administrators: whoever changes its e-mail holds it."""
        may_touch = _may_touch(request.user, obj) and (obj is None or obj.erased_at is None)
        return super().has_change_permission(request, obj) and may_touch

    def has_delete_permission(self, request, obj=None):
        may_touch = obj is None or not obj.is_staff or request.user.is_superuser
        return super().has_delete_permission(request, obj) and may_touch

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_erase_permission(self, request):
        return request.user.has_perm("people.erase_person")

    @admin.action(description=_("Erase personal data"), permissions=["erase"])
    def erase_people(self, request, queryset):
        """Say first what will go and what will stay; erase when it is confirmed."""
        people = list(queryset.filter(erased_at=None).prefetch_related("seats__committee"))
        people = [person for person in people if may_erase(request.user, person)]
        if not people:
            text = _t("Nobody among those ticked can be erased by you.")
            self.message_user(request, text, messages.WARNING)
            return None
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": _t("Erase personal data"),
                "people": people,
                "opts": self.opts,
            }
            return TemplateResponse(request, "people/admin/erase.html", context)
        self._erase(request, people)
        return HttpResponseRedirect(request.get_full_path())

    def _erase(self, request, people):
        erased = 0
        for person in people:
            try:
                erase(person, request.user)
            except ErasureRefused as refused:
                self.message_user(request, str(refused), messages.ERROR)
            else:
                erased += 1
        if erased:
            text = ngettext(
                "The personal data of %(count)s person have been erased.",
                "The personal data of %(count)s people have been erased.",
                erased,
            )
            self.message_user(request, text % {"count": erased}, messages.SUCCESS)

    @admin.display(description=pgettext_lazy("person", "name"), ordering="sort_key")
    def full_name(self, person):
        return person.get_full_name()

    @admin.display(description=_("sits now on"))
    def current_seats(self, person):
        return format_html_join(
            mark_safe("<br>"),
            "{}",
            ((seat.committee.short_name or seat.committee.name,) for seat in person.seats_now),
        )


def _may_touch(user, person: Person | None) -> bool:
    return person is None or user.is_superuser or not person.is_superuser
