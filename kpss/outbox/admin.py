"""The log of mails in the admin: what was written to whom, whether it has gone; a lost one is sent again."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from kpss.admin import PersonSearchMixin
from kpss.links.services import blind
from kpss.workflow import TransitionRefused

from . import kinds, services
from .models import Message, MessageAttachment
from .wording import reason_of


class KindFilter(admin.SimpleListFilter):
    """Kinds of mail by their names."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        used = Message.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, kinds.label_of(kind)) for kind in used]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class AttachmentsInline(admin.TabularInline):
    """What was attached: name, type, size."""

    model = MessageAttachment
    fields = readonly_fields = ["name", "content_type", "size"]
    extra = 0
    can_delete = False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("outbox.view_message")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("size"))
    def size(self, attachment):
        return filesizeformat(len(attachment.content)).replace("KB", "kB")


@admin.register(Message)
class MessageAdmin(PersonSearchMixin, admin.ModelAdmin):
    """Mails are only looked at; who has the right sends one again. Nobody sees personal links."""

    email_field = "to_email"
    list_display = ["subject", "to_whom", "state", "created_at", "sent_at"]
    list_filter = ["state", KindFilter]
    list_select_related = ["person"]
    date_hierarchy = "created_at"
    actions = ["send_again"]
    inlines = [AttachmentsInline]
    fieldsets = [
        (None, {"fields": ["subject", "to_email", "person", "kind_in_words", "text"]}),
        (
            _("Sending"),
            {
                "fields": [
                    "state",
                    "created_at",
                    "send_after",
                    "sent_at",
                    "attempts",
                    "reason",
                    "message_id",
                    "original",
                    "resent_by",
                ]
            },
        ),
    ]
    readonly_fields = [name for _title, options in fieldsets for name in options["fields"]]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_resend_permission(self, request):
        return request.user.has_perm("outbox.resend_message")

    def get_urls(self):
        view = self.admin_site.admin_view(self.resend_view)
        again = path("<int:pk>/znovu/", view, name="outbox_message_resend")
        return [again, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        title = {"title": _t("Mails of the portal")}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        may = self.has_resend_permission(request)
        return super().change_view(
            request, object_id, form_url, {"may_resend": may, **(extra_context or {})}
        )

    def resend_view(self, request, pk):
        """Send one mail again and go to the new one; only by POST."""
        if not self.has_resend_permission(request):
            raise PermissionDenied
        message = self.get_object(request, pk)
        if message is None:
            raise Http404
        shown = message
        if request.method == "POST":
            try:
                shown = services.resend(message, actor=request.user)
                self.message_user(request, _t("The mail goes again."), messages.SUCCESS)
            except TransitionRefused as refused:
                self.message_user(request, str(refused), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:outbox_message_change", args=[shown.pk]))

    @admin.action(description=_("Send again"), permissions=["resend"])
    def send_again(self, request, queryset):
        sent = 0
        for message in queryset.select_related("person"):
            try:
                services.resend(message, actor=request.user)
                sent += 1
            except TransitionRefused as refused:
                self.message_user(request, f"{message}: {refused}", messages.WARNING)
        if sent:
            note = ngettext("%(count)s mail goes again.", "%(count)s mails go again.", sent)
            self.message_user(request, note % {"count": sent}, messages.SUCCESS)

    @admin.display(description=pgettext_lazy("mail", "kind"), ordering="kind")
    def kind_in_words(self, message):
        return kinds.label_of(message.kind)

    @admin.display(description=_("to whom"), ordering="to_email")
    def to_whom(self, message):
        if message.person is None:
            return message.to_email
        return format_html("{}<br>{}", message.person, message.to_email)

    @admin.display(description=_("last failure"))
    def reason(self, message):
        return reason_of(message.last_error) or None

    @admin.display(description=_("text"))
    def text(self, message):
        return format_html('<pre class="mail-text">{}</pre>', blind(message.body))
