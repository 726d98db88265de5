"""Kinds of documents in the order in which the library shows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DocumentKind(models.TextChoices):
    COMMUNITY_PLAN = "komunitni_plan", _("Community plan of social services")
    ACTION_PLAN = "akcni_plan", _("Action plan")
    EVALUATION = "vyhodnoceni", _("Evaluation of fulfilment")
    ANALYSIS = "analyza", _("Analysis (demography, needs, services)")
    SETTLEMENT = "vyporadani", _("Settlement of comments")
    CHARTER = "zakladni_listina", _("Founding charter or statute")
    RULES_OF_PROCEDURE = "jednaci_rad", _("Rules of procedure")
    MEMORANDUM = "memorandum", _("Memorandum of cooperation")
    RESOLUTION = "usneseni", pgettext_lazy("kind of document", "Resolution")
    MINUTES = "zapis", _("Minutes of a meeting")
    INVITATION = "pozvanka", pgettext_lazy("kind of document", "Invitation")
    ATTENDANCE_SHEET = "prezencni_listina", _("Attendance sheet")
    CATALOGUE = "katalog", _("Catalogue or directory of providers")
    GUIDE = "rukovet", _("Handbook or guide")
    GRANT_PROGRAMME = "dotacni_program", _("Grant programme and call")
    CONTRACT = "smlouva", _("Public-law contract")
    ENTRUSTMENT = "povereni", _("Entrustment with a service of general economic interest")
    CERTIFICATE = "osvedceni", _("Certificate of attendance")
    PRESENTATION = "prezentace", _("Presentation or study text")
