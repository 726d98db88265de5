"""The provider directory: organisations, their services and facilities, code lists, life situations.

A service has two layers. What the register says lives on Service, ServiceCapacity and Facility and is read-only once it
comes from there; what the provider and the coordinator add lives on ServiceProfile and is never overwritten by it.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpss.codelists import CodeItem
from kpss.czech import sort_key
from kpss.search import SearchField
from kpss.territory.models import Municipality

from .enums import FreePlaces
from .validators import validate_ico


class PlanningGroup(CodeItem):
    """A broad group of people for whom the region plans (usually one working group each)."""

    class Meta(CodeItem.Meta):
        verbose_name = _("planning group")
        verbose_name_plural = _("planning groups")


class LegalForm(CodeItem):
    """A legal form of an organisation."""

    class Meta(CodeItem.Meta):
        verbose_name = _("legal form")
        verbose_name_plural = _("legal forms")


class ServiceGroup(CodeItem):
    """Counselling, care, prevention (§ 32 of Act 108/2006 Sb.)."""

    section = models.CharField(_("section of the Act"), max_length=20, blank=True)

    class Meta(CodeItem.Meta):
        verbose_name = _("group of kinds of service")
        verbose_name_plural = _("groups of kinds of service")


class ServiceKind(CodeItem):
    """A statutory kind of social service (§ 37–70 of Act 108/2006 Sb.)."""

    section = models.CharField(_("section of the Act"), max_length=20, blank=True)
    group = models.ForeignKey(
        ServiceGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="kinds",
        verbose_name=_("group"),
    )
    rpss_id = models.CharField(_("code in the register"), max_length=60, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta(CodeItem.Meta):
        verbose_name = _("kind of service")
        verbose_name_plural = _("kinds of service")


class ServiceForm(CodeItem):
    """Residential, ambulatory, field (§ 33 of Act 108/2006 Sb.)."""

    rpss_id = models.CharField(_("code in the register"), max_length=60, blank=True)
    meaning = models.CharField(_("meaning"), max_length=200, blank=True)

    class Meta(CodeItem.Meta):
        verbose_name = _("form of service")
        verbose_name_plural = _("forms of service")


class TargetGroup(CodeItem):
    """A group of people whom a service is for, as the register names it."""

    rpss_id = models.CharField(_("code in the register"), max_length=60, blank=True)
    planning_group = models.ForeignKey(
        PlanningGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="target_groups",
        verbose_name=_("planning group"),
    )

    class Meta(CodeItem.Meta):
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")


class CapacityKind(CodeItem):
    """What a registered capacity counts: clients, contacts, interventions, beds, calls."""

    rpss_id = models.CharField(_("code in the register"), max_length=60, blank=True)

    class Meta(CodeItem.Meta):
        verbose_name = _("kind of capacity")
        verbose_name_plural = _("kinds of capacity")


class CrisisLine(CodeItem):
    """A phone line for an emergency or a crisis."""

    phone = models.CharField(_("phone"), max_length=20)
    availability_cs = models.CharField(_("when (Czech)"), max_length=80, blank=True)
    target_cs = models.CharField(_("for whom (Czech)"), max_length=120, blank=True)
    is_free = models.BooleanField(_("free of charge"), default=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    class Meta(CodeItem.Meta):
        verbose_name = _("crisis line")
        verbose_name_plural = _("crisis lines")

    @property
    def availability(self) -> str:
        """When somebody answers, as the templates of all crisis lines call it."""
        return self.availability_cs


class LifeSituation(CodeItem):
    """What has happened to somebody, in their words, and the kinds of service that help."""

    short_cs = models.CharField(_("short Czech name"), max_length=120, blank=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    explanation = models.TextField(_("explanation"), blank=True)
    target_groups = models.ManyToManyField(TargetGroup, blank=True, verbose_name=_("target groups"))
    service_kinds = models.ManyToManyField(
        ServiceKind, blank=True, verbose_name=_("kinds of service")
    )
    crisis_lines = models.ManyToManyField(
        CrisisLine,
        blank=True,
        verbose_name=_("crisis lines"),
        help_text=_("Lines to call at once in this situation; they stand on top of its page."),
    )
    on_home_page = models.BooleanField(_("on the home page"), default=False)

    class Meta(CodeItem.Meta):
        verbose_name = _("life situation")
        verbose_name_plural = _("life situations")

    def get_absolute_url(self):
        return reverse("directory:situation_detail", args=[self.slug])


class OrganisationQuerySet(models.QuerySet):
    def providers(self):
        """Organisations that provide social services, with or without one in the catalogue now."""
        return self.filter(is_provider=True)


class Organisation(models.Model):
    """A legal person that takes part: a provider, a municipality, an association, an office."""

    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=420, editable=False, db_index=True)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    ico = models.CharField(
        _("IČO"),
        max_length=8,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_ico],  # noqa: DJ001 - unique when given
    )
    legal_form = models.ForeignKey(
        LegalForm, models.PROTECT, null=True, blank=True, verbose_name=_("legal form")
    )
    is_provider = models.BooleanField(_("provider of social services"), default=False)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=pgettext_lazy("organisation", "seat"),
    )
    seat_text = models.CharField(_("seat outside the district"), max_length=160, blank=True)
    represents = models.OneToOneField(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="office",
        verbose_name=_("is the municipality"),
        help_text=_("Fill in when this organisation is a municipality of the district itself."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    website = models.URLField(_("website"), blank=True)
    data_box = models.CharField(_("data box"), max_length=7, blank=True)
    description = models.TextField(_("about the organisation"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_key"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        self.ico = self.ico or None
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("directory:organisation_detail", args=[self.slug])


class RunningQuerySet(models.QuerySet):
    def running_on(self, day):
        """What has already begun and not yet ended on ``day``."""
        return self.filter(
            Q(runs_from=None) | Q(runs_from__lte=day), Q(runs_to=None) | Q(runs_to__gte=day)
        )


class ServiceQuerySet(RunningQuerySet):
    def public(self):
        """What the catalogue shows: published services that run today."""
        return self.filter(is_public=True).running_on(timezone.localdate())

    def coming_to(self, municipality):
        """Services that come to the municipality, may be used from it, or have a facility there."""
        named = ServiceProfile.municipalities.through.objects.filter(municipality=municipality)
        facilities = Facility.objects.filter(municipality=municipality, service=OuterRef("pk"))
        return self.filter(
            Q(profile__covers_all=True)
            | Q(profile__in=named.values("serviceprofile"))
            | Exists(facilities)
        )


class Service(models.Model):
    """One registered social service, or a related one outside the Act: the register's layer."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="services", verbose_name=_("provider")
    )
    kind = models.ForeignKey(
        ServiceKind,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("kind of service"),
        help_text=_("Leave empty for a related service outside the Act."),
    )
    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=420, editable=False, db_index=True)
    slug = models.SlugField(_("address"), max_length=140, unique=True)
    target_groups = models.ManyToManyField(
        TargetGroup, blank=True, related_name="services", verbose_name=_("for whom")
    )
    forms = models.ManyToManyField(
        ServiceForm, blank=True, related_name="services", verbose_name=_("forms")
    )
    runs_from = models.DateField(_("provided from"), null=True, blank=True)
    runs_to = models.DateField(_("provided to"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    website = models.URLField(_("website"), blank=True)
    rpss_identifier = models.CharField(
        _("identifier in the register"),
        max_length=40,
        null=True,
        blank=True,
        unique=True,  # noqa: DJ001 - unique when given
    )
    rpss_synced_at = models.DateTimeField(
        _("taken from the register at"), null=True, blank=True, editable=False
    )
    is_public = models.BooleanField(_("in the public catalogue"), default=True)
    search = SearchField(editable=False, blank=True, default="")
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = ServiceQuerySet.as_manager()
    facilities_now: "list[Facility]"  # those that run today, when a selector has fetched them

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(runs_to=None)
                | Q(runs_from=None)
                | Q(runs_to__gte=models.F("runs_from")),
                name="directory_service_runs_in_order",
                violation_error_message=_("The service cannot end before it begins."),
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        self.rpss_identifier = self.rpss_identifier or None
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("directory:service_detail", args=[self.slug])

    @property
    def is_from_register(self) -> bool:
        """True when the first layer came from the register and may only be changed there."""
        return bool(self.rpss_identifier and self.rpss_synced_at)


class ServiceCapacity(models.Model):
    """The registered maximum of one form of a service. It is never the number of free places."""

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="capacities", verbose_name=_("service")
    )
    form = models.ForeignKey(ServiceForm, models.PROTECT, verbose_name=_("form"))
    kind = models.ForeignKey(CapacityKind, models.PROTECT, verbose_name=_("counts"))
    registered_maximum = models.PositiveIntegerField(_("registered maximum"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("registered capacity")
        verbose_name_plural = _("registered capacities")
        ordering = ["form__position", "kind__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "form", "kind"],
                name="directory_capacity_once",
                violation_error_message=_("This form already has a capacity of this kind."),
            )
        ]

    def __str__(self):
        return f"{self.kind}: {self.registered_maximum}"


class ServiceProfile(models.Model):
    """What the provider and the coordinator add to a service: plain words, coverage, free places."""

    service = models.OneToOneField(
        Service, models.CASCADE, related_name="profile", verbose_name=_("service")
    )
    summary = models.CharField(
        _("in one sentence"), max_length=200, blank=True, help_text=_("For whom, in ten words.")
    )
    for_whom = models.TextField(_("for whom"), blank=True)
    helps_with = models.TextField(_("what it helps with"), blank=True)
    how_to_begin = models.TextField(_("how to begin"), blank=True)
    cost = models.TextField(_("what it costs"), blank=True)
    covers_all = models.BooleanField(_("comes to the whole district"), default=False)
    municipalities = models.ManyToManyField(
        Municipality, blank=True, related_name="covering_profiles", verbose_name=_("comes to")
    )
    opening_hours = models.TextField(pgettext_lazy("service", "hours"), blank=True)
    languages = models.CharField(_("languages"), max_length=160, blank=True)
    accessibility = models.TextField(_("access"), blank=True)
    free_places = models.CharField(
        _("free places"), max_length=10, choices=FreePlaces, default=FreePlaces.UNKNOWN, blank=True
    )
    free_places_on = models.DateField(_("free places as of"), null=True, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("what the provider adds")
        verbose_name_plural = _("what the provider adds")
        constraints = [
            models.CheckConstraint(
                condition=Q(free_places="") | Q(free_places_on__isnull=False),
                name="directory_free_places_dated",
                violation_error_message=_("Say on which day the free places were known."),
            )
        ]

    def __str__(self):
        return str(self.service)


class Facility(models.Model):
    """A place (or a field team) where a service is provided. A hidden address is not kept at all."""

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="facilities", verbose_name=_("service")
    )
    name = models.CharField(_("name"), max_length=200)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="facilities",
        verbose_name=_("municipality"),
    )
    street = models.CharField(_("street and number"), max_length=160, blank=True)
    postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    place_text = models.CharField(_("place outside the district"), max_length=160, blank=True)
    is_hidden = models.BooleanField(
        _("hidden address"), default=False, help_text=_("A hidden address is not stored at all.")
    )
    runs_from = models.DateField(_("from"), null=True, blank=True)
    runs_to = models.DateField(_("to"), null=True, blank=True)

    objects = RunningQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_hidden=False)
                | Q(street="", postcode="", place_text="", municipality__isnull=True),
                name="directory_hidden_address_absent",
                violation_error_message=_(
                    "A hidden address must not be stored. Clear the street, postcode and municipality."
                ),
            )
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Say the rule of the hidden address beside each field that breaks it."""
        if not self.is_hidden:
            return
        filled = [
            name
            for name in ("municipality_id", "street", "postcode", "place_text")
            if getattr(self, name)
        ]
        if filled:
            message = _("Clear this field. A hidden address must not be stored.")
            raise ValidationError({name.removesuffix("_id"): message for name in filled})
