"""Index resolutions for the register; with --all from the beginning."""

from django.core.management.base import BaseCommand

from committees.minutes import register
from committees.minutes.models import ResolutionIndex


class Command(BaseCommand):
    help = "Index resolutions for the register."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="index all of them anew")

    def handle(self, *args, **options):
        if options["all"]:
            ResolutionIndex.objects.all().delete()
        self.stdout.write(f"Indexed resolutions: {register.index()}")
