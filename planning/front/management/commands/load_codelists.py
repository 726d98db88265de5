"""Load the code lists that the portal carries; needed once after every upgrade."""

from django.core.management.base import BaseCommand

from planning.plans.codelists import load as load_for_plans
from providers.directory.codelists import load as load_for_directory
from providers.directory.services import refresh_all


class Command(BaseCommand):
    help = (
        "Loads and updates code lists (kinds, groups, forms, sources of funding), and by which words services"
        " are found when something has changed. Repeatable."
    )

    def handle(self, *, verbosity, **options):
        of_directory = load_for_directory()
        if any(counts.changed for counts in of_directory.values()):
            refresh_all()
        for label, counts in {**of_directory, **load_for_plans()}.items():
            if verbosity:
                self.stdout.write(f"{label}: {counts}")
