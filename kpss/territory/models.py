"""Where the portal plans: the region (an ORP) and its municipalities."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kpss.czech import sort_key


class Region(models.Model):
    """The one region this installation serves, and what its pages say about it."""

    name = models.CharField(
        _("name"), max_length=120, help_text=_("For example: SO ORP Židlochovice")
    )
    short_name = models.CharField(
        _("short name"),
        max_length=60,
        help_text=_("In the page header, for example: Židlochovicko"),
    )
    arms = models.BinaryField(_("coat of arms (PNG)"), null=True, blank=True, editable=True)
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#0b5c66",
        validators=[
            RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write the colour as # and six digits."))
        ],
    )
    welcome = models.TextField(_("words of welcome"), blank=True)
    coordinator_name = models.CharField(_("coordinator's name"), max_length=120, blank=True)
    coordinator_role = models.CharField(_("coordinator's function"), max_length=160, blank=True)
    coordinator_phone = models.CharField(_("coordinator's phone"), max_length=30, blank=True)
    coordinator_email = models.EmailField(_("coordinator's e-mail"), blank=True)
    coordinator_hours = models.CharField(_("office hours"), max_length=160, blank=True)
    coordinator_address = models.CharField(_("office address"), max_length=200, blank=True)
    accessibility_checked_on = models.DateField(
        _("accessibility last checked on"), null=True, blank=True
    )
    is_demo = models.BooleanField(_("demonstration data"), default=False)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("region")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="territory_region_only_one",
                violation_error_message=_("There is only one region."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def has_arms(self) -> bool:
        return bool(self.arms)

    @classmethod
    def load(cls) -> "Region":
        """The region's row, or an unsaved one with a neutral name before the first set-up."""
        return cls.objects.filter(pk=1).first() or cls(
            pk=1, name=str(_("Social services of the region")), short_name=str(_("Social services"))
        )


class MunicipalityQuerySet(models.QuerySet):
    def in_district(self):
        return self.filter(in_district=True)


class Municipality(models.Model):
    """A municipality (obec): one of the district, or one outside it where something has its seat."""

    class Kind(models.TextChoices):
        VILLAGE = "obec", _("municipality")
        MARKET_TOWN = "mestys", _("market town")
        TOWN = "mesto", _("town")

    csu_code = models.CharField(
        _("ČSÚ code"),
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^\d{6}$", _("The code has six digits."))],
    )
    name = models.CharField(_("name"), max_length=80)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.VILLAGE)
    population = models.PositiveIntegerField(
        _("inhabitants"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    population_on = models.DateField(_("counted on"), null=True, blank=True)
    county = models.CharField(_("county (okres)"), max_length=80, blank=True)
    in_district = models.BooleanField(_("belongs to the district"), default=True)
    is_seat = models.BooleanField(_("seat of the district"), default=False)
    website = models.URLField(_("website"), blank=True)
    notice_board = models.URLField(_("official notice board"), blank=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_seat"],
                condition=models.Q(is_seat=True),
                name="territory_municipality_one_seat",
                violation_error_message=_("The district already has its seat."),
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)
