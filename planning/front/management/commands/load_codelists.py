"""Load the code lists that the portal carries; needed once after every upgrade."""

from django.core.management.base import BaseCommand

from planning.plans.codelists import load as load_for_plans
from providers.directory.codelists import load as load_for_directory


class Command(BaseCommand):
    help = "Loads and updates code lists (kinds, groups, forms, sources of funding). Repeatable."

    def handle(self, *, verbosity, **options):
        for label, counts in {**load_for_directory(), **load_for_plans()}.items():
            if verbosity:
                self.stdout.write(f"{label}: {counts}")
