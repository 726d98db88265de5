from django.core.management.base import BaseCommand

from providers.directory.services import refresh_all


class Command(BaseCommand):
    help = "Work out anew by which words every service is found."

    def handle(self, *args, **options):
        self.stdout.write(f"{refresh_all()} services changed.")
