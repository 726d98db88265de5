"""What must be done before the portal is started, and after each upgrade."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from committees.people.models import Person
from kpss.catalogues import compile_catalogues
from kpss.territory.models import Region


class Command(BaseCommand):
    """Brings the database and the files up to date; doing it again changes nothing.

    In production it collects the static files as well. A local portal whose database is empty gets
    the demonstration data; a filling that was cut short is taken up again. What it does goes to
    stderr, the demonstration accounts to stdout.
    """

    help = "Prepares the database and files: translations, migrations, code lists, roles, static files or demonstration data."

    def handle(self, **options):
        compile_catalogues()
        self.tell("Připravuji databázi…")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_codelists", verbosity=0)
        call_command("sync_roles", verbosity=0)
        if settings.PRODUCTION:
            call_command("collectstatic", interactive=False, verbosity=0)
        else:
            self.fill_with_demonstration()

    def fill_with_demonstration(self):
        begun = settings.DATA_DIR / "seeding"
        empty = not (Region.objects.exists() or Person.objects.exists())
        if empty or begun.exists():
            self.tell("Plním portál ukázkovými daty…")
            begun.touch()
            call_command("seed_demo", verbosity=0)
            begun.unlink()
        if Region.load().is_demo:
            call_command("seed_demo", accounts=True, stdout=self.stdout)

    def tell(self, sentence: str):
        self.stderr.write(sentence, self.style.NOTICE)
