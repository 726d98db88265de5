"""People. A person is one human and the user model; a login is optional (docs/adr/0001)."""

from typing import ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpss.czech import sort_key
from kpss.exchange.models import Upload
from kpss.search import plain, words

# The name of every erased person; data, like other names, and so Czech in every language.
ERASED_NAME = "Smazaná osoba"


class PersonManager(BaseUserManager["Person"]):
    def named_like(self, text: str):
        """People, but those erased, whose name or e-mail contains every word of ``text``, accents aside."""
        people = self.get_queryset().filter(erased_at=None)
        for word in text.split():
            bare = " ".join(plain(part) for part in words(word))
            found = models.Q(email__icontains=word)
            people = people.filter(found | models.Q(search_name__contains=bare) if bare else found)
        return people

    def create_user(self, email=None, password=None, **fields):
        """Make a person. Without e-mail or password it is a person who cannot sign in."""
        person = self.model(email=self.normalize_email(email).lower() or None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email, password=None, **fields):
        fields.setdefault("first_name", "")
        fields.setdefault("last_name", email.split("@")[0])
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Person(AbstractBaseUser, PermissionsMixin):
    """One human: a member, a coordinator, a provider's worker. The side of the triad is on the seat."""

    email = models.EmailField(
        _("e-mail"),
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("Another person already has this e-mail.")},
    )
    title_before = models.CharField(_("title before the name"), max_length=30, blank=True)
    first_name = models.CharField(_("first name"), max_length=60, blank=True)
    last_name = models.CharField(_("last name"), max_length=80)
    title_after = models.CharField(_("title after the name"), max_length=30, blank=True)
    sort_key = models.CharField(max_length=320, editable=False, db_index=True)
    search_name = models.CharField(max_length=200, editable=False, default="")
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("coordinator (works in the admin)"), default=False)
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_key"]
        permissions = [("erase_person", _("Can erase people's personal data"))]

    def __str__(self):
        return self.get_full_name()

    def save(self, *args, **kwargs):
        self.fill_keys()
        self.clean()
        super().save(*args, **kwargs)
        if kwargs.get("update_fields") is None:
            # An address that is no longer the person's must not open the door.
            EmailAddress.objects.filter(user=self).exclude(email=self.email or "").delete()

    def fill_keys(self) -> None:
        """Work out by what the person is ordered and found; writing in bulk calls it by itself."""
        self.sort_key = sort_key(f"{self.last_name} {self.first_name}")
        self.search_name = " ".join(
            plain(word) for word in words(f"{self.first_name} {self.last_name}")
        )

    def clean(self):
        """Keep the e-mail in small letters, so that it is unique however it was typed."""
        super().clean()
        self.email = self.email.strip().lower() if self.email else None

    def get_full_name(self) -> str:
        """Titles, first and last name as they are written: "Mgr. Jana Nováková, DiS."."""
        name = " ".join(filter(None, [self.title_before, self.first_name, self.last_name]))
        return f"{name}, {self.title_after}" if self.title_after else name

    def get_short_name(self) -> str:
        return self.first_name or self.last_name


class PeopleUpload(Upload):
    """An Excel file with people; its content is kept only until it is applied or forgotten.

    The store of documents keeps files for ever, which a list of people's phones must not be.
    """

    content = models.BinaryField(null=True)
    forgotten_at = models.DateTimeField(null=True, editable=False)

    class Meta(Upload.Meta):
        verbose_name = _("upload of people")
        verbose_name_plural = _("uploads of people")
        default_permissions = ()
