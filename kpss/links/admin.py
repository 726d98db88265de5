"""Personal links in the admin: who has which and whether it still opens; a lost one is revoked here."""

from django.contrib import admin, messages
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kpss import clock
from kpss.admin import PersonSearchMixin, ReadOnly

from . import services
from .models import PersonalLink


class PurposeFilter(admin.SimpleListFilter):
    """Purposes by their names."""

    title = _("purpose")
    parameter_name = "purpose"

    def lookups(self, request, model_admin):
        used = PersonalLink.objects.order_by("purpose").values_list("purpose", flat=True).distinct()
        return [(purpose, services.label_of(purpose)) for purpose in used]

    def queryset(self, request, queryset):
        return queryset.filter(purpose=self.value()) if self.value() else queryset


class ValidFilter(admin.SimpleListFilter):
    title = _("opens now")
    parameter_name = "valid"

    def lookups(self, request, model_admin):
        return [("yes", _t("Yes")), ("no", _t("No"))]

    def queryset(self, request, queryset):
        valid = PersonalLink.objects.valid().values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=valid)
        return queryset.exclude(pk__in=valid) if self.value() == "no" else queryset


@admin.register(PersonalLink)
class PersonalLinkAdmin(ReadOnly, PersonSearchMixin, admin.ModelAdmin):
    """Nobody sees the address itself: it stands only in the mail to whom it belongs."""

    list_display = ["purpose_in_words", "person", "expires_at", "last_used_at", "opens"]
    list_filter = [ValidFilter, PurposeFilter]
    list_select_related = ["person"]
    actions = ["revoke"]
    fields = [
        "purpose_in_words",
        "person",
        "thing",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
        "opens",
    ]
    readonly_fields = fields

    def changelist_view(self, request, extra_context=None):
        title = {"title": PersonalLink._meta.verbose_name_plural.capitalize()}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def has_revoke_permission(self, request):
        return request.user.has_perm("links.revoke_personallink")

    @admin.display(description=_("purpose"), ordering="purpose")
    def purpose_in_words(self, link):
        return services.label_of(link.purpose)

    @admin.display(description=_("about what"))
    def thing(self, link):
        try:
            return link.about
        except ObjectDoesNotExist:
            return None

    @admin.display(description=_("opens now"), boolean=True)
    def opens(self, link):
        expired = link.expires_at and link.expires_at <= clock.now()
        closed = link.person and not link.person.is_active
        return not (link.revoked_at or expired or closed)

    @admin.action(description=_("Revoke the chosen links"), permissions=["revoke"])
    def revoke(self, request, queryset):
        standing = list(queryset.standing())
        for link in standing:
            services.revoke(link)
            self.log_change(request, link, _t("Revoked."))
        if not standing:
            self.message_user(
                request, _t("The chosen links have been revoked before."), messages.WARNING
            )
            return
        self.message_user(
            request,
            ngettext(
                "%(count)s link does not open any more. Send a new one if somebody still needs it.",
                "%(count)s links do not open any more. Send new ones if somebody still needs them.",
                len(standing),
            )
            % {"count": len(standing)},
            messages.SUCCESS,
        )
