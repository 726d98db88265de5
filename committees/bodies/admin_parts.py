"""What the pages of committees in the admin have in common."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _t

from kpss.czech import EN_DASH
from kpss.czech import date as czech_date

from .models import Seat


class NeverCrash:
    """Mixin of a ModelAdmin: what the database or a service refuses at the last moment is a message."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refused:
            for sentence in refused.messages:
                self.message_user(request, sentence, messages.ERROR)
        except IntegrityError:
            self.message_user(
                request,
                _t(
                    "Somebody else has changed this meanwhile, nothing was saved. Look and try again."
                ),
                messages.ERROR,
            )
        return HttpResponseRedirect(request.get_full_path())


class NativeDates:
    """Mixin of an admin: dates by the control of the browser, which knows the reader's habits."""

    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
    }


def period_in_words(seat: Seat) -> str:
    if seat.valid_to is None:
        return _t("from %(date)s") % {"date": czech_date(seat.valid_from)}
    return f"{czech_date(seat.valid_from)} {EN_DASH} {czech_date(seat.valid_to)}"


def name_in_words(seat: Seat) -> str:
    if not seat.name_is_public:
        return _t("hidden, shown by role only")
    if seat.name_consent_on:
        return _t("shown, consent of %(date)s") % {"date": czech_date(seat.name_consent_on)}
    return _t("shown")
