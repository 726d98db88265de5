"""A page of the admin for rights given by name to one object; ``GrantsAdmin`` adds it to any ModelAdmin."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from committees.people.models import Person

from . import grants
from .models import Committee, GrantEvent


class GrantForm(forms.Form):
    """Which right goes to whom: a person, or a committee."""

    permission = forms.ChoiceField(label=_("Right"))
    person = forms.ModelChoiceField(Person.objects.all(), label=_("Person"), required=False)
    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        label=_("Committee"),
        required=False,
        help_text=_("The right reaches those who sit on it at the moment of asking."),
    )
    note = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )

    def __init__(self, *args, permissions, admin_site, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["permission"].choices = permissions
        self.fields["person"].widget = AutocompleteSelect(
            GrantEvent._meta.get_field("person"), admin_site, choices=self.fields["person"].choices
        )
        self.fields["committee"].queryset = Committee.objects.active_on(timezone.localdate())

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("person")) == bool(cleaned.get("committee")):
            self.add_error("person", _t("Choose either a person or a committee."))
        return cleaned

    @property
    def holder(self):
        """The chosen person or committee of a valid form."""
        return self.cleaned_data["person"] or self.cleaned_data["committee"]


class GrantsAdmin:
    """Mixin of a ModelAdmin: "Rights by name" beside History, for ``grantable`` permissions."""

    grantable: tuple[str, ...] = ()
    change_form_template = "bodies/admin/change_form_with_grants.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_grants"
        view = self.admin_site.admin_view(self.grants_view)
        return [path("<path:object_id>/grants/", view, name=name), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_grants"
        url = reverse(name, args=[object_id], current_app=self.admin_site.name)
        shown = url if request.user.has_perm("bodies.hand_out_grants") else ""
        return super().change_view(
            request, object_id, form_url, {"grants_url": shown, **(extra_context or {})}
        )

    def grants_view(self, request, object_id):
        """Who has which right to the object, its history, and the form that gives or takes one."""
        if not request.user.has_perm("bodies.hand_out_grants"):
            raise PermissionDenied
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        form = GrantForm(
            request.POST if request.POST.get("action") == "grant" else None,
            permissions=self._permissions(),
            admin_site=self.admin_site,
        )
        if request.method == "POST" and self._changed(request, obj, form):
            return redirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": _t("Rights by name"),
            "subtitle": str(obj),
            "opts": self.opts,
            "original": obj,
            "form": form,
            "media": self.media + form.media,
            "grants": grants.grants_on(obj),
            "events": self._events(obj),
        }
        return TemplateResponse(request, "bodies/admin/grants.html", context)

    def _permissions(self) -> list[tuple[str, str]]:
        known = grants.permissions_of(self.model)
        return [(name, grants.in_words(known[name])) for name in self.grantable]

    def _events(self, obj):
        known = grants.permissions_of(self.model)
        return [
            (event, grants.in_words(known[event.permission]))
            if event.permission in known
            else (event, event.permission)
            for event in grants.history_on(obj)
        ]

    def _changed(self, request, obj, form) -> bool:
        if request.POST.get("action") == "grant":
            if not form.is_valid():
                return False
            given = grants.grant(
                form.holder,
                form.cleaned_data["permission"],
                obj,
                actor=request.user,
                note=form.cleaned_data["note"],
            )
            if given:
                messages.success(request, _t("The right has been given."))
            else:
                messages.info(request, _t("This right had been given before."))
            return True
        for held in grants.grants_on(obj):
            if request.POST.get("grant") == held.key:
                grants.withdraw(held.holder, held.name, obj, actor=request.user)
                messages.success(request, _t("The right has been withdrawn."))
                return True
        messages.info(request, _t("This right is no longer held."))
        return True


@admin.register(GrantEvent)
class GrantEventAdmin(admin.ModelAdmin):
    """The whole log of rights given by name; nothing is added or changed here."""

    list_display = ["at", "actor", "action", "person", "committee", "right", "object_text"]
    list_filter = ["action", ("content_type", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["actor", "person", "committee", "content_type"]
    search_fields = ["object_text", "person__search_name", "committee__name"]
    date_hierarchy = "at"
    fields = ["at", "actor", "action", "person", "committee", "right", "object_text", "note"]

    @admin.display(description=_("right"), ordering="permission")
    def right(self, event):
        """The right in words; its code for a kind of objects that the portal no longer has."""
        model = event.content_type.model_class()
        words = dict(model._meta.permissions) if model else {}
        return words.get(event.permission.rpartition(".")[2], event.permission)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
