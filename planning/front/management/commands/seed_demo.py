"""Build the demonstration district, or print its accounts."""

from django.core.management.base import BaseCommand, CommandError

from committees.bodies.demo import ACCOUNTS, PASSWORD
from kpss.territory.models import Region
from planning.front import demo


class Command(BaseCommand):
    help = "Builds the fictional demonstration district; running it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--accounts", action="store_true", help="only print the demonstration accounts"
        )

    def handle(self, *, accounts, verbosity, **options):
        region = Region.objects.filter(pk=1).first()
        if region and not region.is_demo:
            raise CommandError(
                "V databázi jsou skutečná data. Ukázková data se zakládají jen do prázdné databáze."
            )
        if not accounts:
            for sentence in demo.seed():
                if verbosity:
                    self.stdout.write(sentence)
        if verbosity:
            for email, who in ACCOUNTS:
                self.stdout.write(f"  {email:32} heslo {PASSWORD}   {who}")
