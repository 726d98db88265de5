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

    @property
    def heading(self) -> str:
        """What stands above several documents of this kind."""
        return str(_HEADINGS[self])


_HEADINGS = {
    DocumentKind.COMMUNITY_PLAN: _("Community plans of social services"),
    DocumentKind.ACTION_PLAN: _("Action plans"),
    DocumentKind.EVALUATION: _("Evaluations of fulfilment"),
    DocumentKind.ANALYSIS: _("Analyses (demography, needs, services)"),
    DocumentKind.SETTLEMENT: _("Settlements of comments"),
    DocumentKind.CHARTER: _("Founding charters and statutes"),
    DocumentKind.RULES_OF_PROCEDURE: pgettext_lazy("several documents", "Rules of procedure"),
    DocumentKind.MEMORANDUM: _("Memoranda of cooperation"),
    DocumentKind.RESOLUTION: pgettext_lazy("several documents", "Resolutions"),
    DocumentKind.MINUTES: _("Minutes of meetings"),
    DocumentKind.INVITATION: pgettext_lazy("several documents", "Invitations"),
    DocumentKind.ATTENDANCE_SHEET: _("Attendance sheets"),
    DocumentKind.CATALOGUE: _("Catalogues and directories of providers"),
    DocumentKind.GUIDE: _("Handbooks and guides"),
    DocumentKind.GRANT_PROGRAMME: _("Grant programmes and calls"),
    DocumentKind.CONTRACT: _("Public-law contracts"),
    DocumentKind.ENTRUSTMENT: _("Entrustments with services of general economic interest"),
    DocumentKind.CERTIFICATE: _("Certificates of attendance"),
    DocumentKind.PRESENTATION: _("Presentations and study texts"),
}
