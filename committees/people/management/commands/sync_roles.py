"""Make the groups of the admin say what the table in code says."""

from django.core.management.base import BaseCommand, CommandError

from committees.people import roles


class Command(BaseCommand):
    help = "Gives each role of the admin exactly its permissions; running it again changes nothing."

    def handle(self, *, verbosity, **options):
        try:
            changes = roles.sync()
        except roles.MissingPermission as missing:
            raise CommandError(
                f"Tato oprávnění neexistují: {missing}. Spusťte nejprve migrace."
            ) from missing
        for change in changes:
            if verbosity and change:
                self.stdout.write(
                    f"{change.group}: přidáno {len(change.added)}, odebráno {len(change.removed)}"
                )
