"""The library: strategic papers, charters, memoranda, minutes, with their periods."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from documents.library.enums import DocumentKind
from documents.store.models import StoredFile
from kpss import clock, czech

_YEARS = [MinValueValidator(1990), MaxValueValidator(2100)]


class DocumentQuerySet(models.QuerySet):
    def published(self):
        """Documents that everybody may read now."""
        return self.filter(published_at__lte=timezone.now())

    def visible_to(self, user):
        """Published documents, and all of them to those who keep the library."""
        if user.is_authenticated and user.has_perm("library.view_document"):
            return self
        return self.published()


class Document(models.Model):
    """One paper of the library, whole or as some pages of another one."""

    title = models.CharField(_("title"), max_length=250)
    sort_key = models.CharField(max_length=czech.KEY_LENGTH, editable=False, db_index=True)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("Left empty, it is made from the title. Do not change it once published."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind)
    description = models.TextField(_("description"), blank=True)
    period_from = models.PositiveSmallIntegerField(
        _("period from (year)"), null=True, blank=True, validators=_YEARS
    )
    period_to = models.PositiveSmallIntegerField(
        _("period to (year)"), null=True, blank=True, validators=_YEARS
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    parties = models.TextField(
        _("parties"), blank=True, help_text=_("Who signed it, one party on a line.")
    )
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of the document"),
    )
    page_from = models.PositiveSmallIntegerField(
        _("first page"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    page_to = models.PositiveSmallIntegerField(
        _("last page"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("file"),
    )
    file_name = models.CharField(_("name of the file"), max_length=150, blank=True)
    external_url = models.URLField(
        _("address elsewhere"),
        blank=True,
        help_text=_("Where the document can be read when its file is not kept here."),
    )
    pages = models.PositiveSmallIntegerField(_("number of pages"), null=True, blank=True)
    published_at = models.DateTimeField(
        _("published at"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Until this moment only the coordinator sees it. Empty means not public."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(page_from=None, page_to=None)
                | Q(
                    page_from__gte=1,
                    page_to__gte=F("page_from"),
                    page_from__isnull=False,
                    page_to__isnull=False,
                    part_of__isnull=False,
                ),
                name="library_document_pages_of_a_part",
                violation_error_message=_(
                    "Give both the first and the last page, in this order, and the document they belong to."
                ),
            ),
            models.CheckConstraint(
                condition=Q(period_from=None)
                | Q(period_to=None)
                | Q(period_to__gte=F("period_from")),
                name="library_document_period_in_order",
                violation_error_message=_("The period ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="library_document_validity_in_order",
                violation_error_message=_("The validity ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(file=None, file_name="") | Q(file__isnull=False) & ~Q(file_name=""),
                name="library_document_file_has_name",
                violation_error_message=_("A file needs a name, and a name needs a file."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.sort_key = czech.sort_key(self.title)
        if not self.slug:
            taken = Document.objects.exclude(pk=self.pk)
            self.slug = czech.free_slug(self.title, lambda slug: taken.filter(slug=slug).exists())
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("library:document_detail", args=[self.slug])

    def clean(self):
        """Refuse a part of a part: pages are always counted in the whole document."""
        if self.part_of is None:
            return
        if self.part_of_id == self.pk or self.part_of.part_of_id is not None:
            raise ValidationError(
                {"part_of": _("Choose the whole document, not a part of another one.")}
            )
        if self.pk and self.parts.exists():
            raise ValidationError({"part_of": _("This document has parts of its own.")})

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it now."""
        return self.published_at is not None and self.published_at <= timezone.now()

    def is_visible_to(self, user) -> bool:
        """The same answer as ``visible_to``, for a document already at hand."""
        return self.is_public or (user.is_authenticated and user.has_perm("library.view_document"))

    @cached_property
    def wording_in_force(self) -> "DocumentVersion | None":
        """The wording in force today, where wordings are kept. A query unless prefetched."""
        begun = [one for one in self.versions.all() if one.valid_from <= clock.today()]
        return max(begun, key=lambda one: one.valid_from, default=None)

    @property
    def current_file(self) -> StoredFile | None:
        """The file to be read now: of the wording in force, or the only one there is."""
        return self.wording_in_force.file if self.wording_in_force else self.file

    @property
    def current_file_name(self) -> str:
        return self.wording_in_force.file_name if self.wording_in_force else self.file_name

    @property
    def file_url(self) -> str:
        """Where its current file can be read, here or elsewhere; empty when nowhere."""
        if self.current_file is None:
            return self.external_url
        return reverse("library:document_file", args=[self.slug])

    @property
    def period(self) -> str:
        """The years it covers, as "2020–2023"; empty when it has none."""
        return czech.period(self.period_from, self.period_to)


class DocumentVersion(models.Model):
    """One wording (znění) of a document, in force from a day until the next wording begins."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="versions", verbose_name=_("document")
    )
    number = models.PositiveSmallIntegerField(
        _("number of the wording"), validators=[MinValueValidator(1)]
    )
    valid_from = models.DateField(_("in force from"))
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"), editable=False
    )
    file_name = models.CharField(_("name of the file"), max_length=150, editable=False)
    note = models.CharField(
        _("who approved it"),
        max_length=250,
        blank=True,
        help_text=_("For example: the commission on 26 February 2020, resolution No. 1/2020/1."),
    )

    class Meta:
        verbose_name = _("wording of a document")
        verbose_name_plural = _("wordings of documents")
        ordering = ["document", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"],
                name="library_documentversion_number_once",
                violation_error_message=_("This document already has a wording of that number."),
            ),
            models.UniqueConstraint(
                fields=["document", "valid_from"],
                name="library_documentversion_one_from_day",
                violation_error_message=_(
                    "This document already has a wording in force from that day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="library_documentversion_number_from_1",
                violation_error_message=_("Wordings are numbered from 1."),
            ),
            models.CheckConstraint(
                condition=~Q(file_name=""),
                name="library_documentversion_file_has_name",
            ),
        ]

    def __str__(self):
        return _("%(document)s, wording in force from %(date)s") % {
            "document": self.document,
            "date": czech.date(self.valid_from),
        }

    def save(self, *args, **kwargs):
        """Keep it; a new one takes the number that follows. It never changes but for the note."""
        if self.number is None:
            last = DocumentVersion.objects.filter(document=self.document_id).aggregate(
                last=models.Max("number")
            )["last"]
            self.number = (last or 0) + 1
        super().save(*args, **kwargs)

    @property
    def file_url(self) -> str:
        """The permanent address of this very wording."""
        return reverse("library:version_file", args=[self.document.slug, self.number])
