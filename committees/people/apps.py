from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "committees.people"
    verbose_name = _("People")

    def ready(self):
        # Models are loaded only now.
        from committees.people import erasure  # noqa: PLC0415
        from committees.people.exchange import uploads  # noqa: PLC0415
        from kpss import due  # noqa: PLC0415

        erasure.register(uploads.forget_person)
        due.register("uploads of people to forget", uploads.forget_uploads)
