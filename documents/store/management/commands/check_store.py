from django.core.management.base import BaseCommand, CommandError

from documents.store import files
from documents.store.models import StoredFile


class Command(BaseCommand):
    help = (
        "Reads every stored file and compares it with its hash. Ends with an error when a file is"
        " missing or damaged; files that belong to no row and unfinished pieces are only reported."
    )

    def handle(self, *args, **options):
        known, faults = set(), 0
        for stored in StoredFile.objects.order_by("sha256").iterator():
            known.add(files.path(stored))
            try:
                files.check(stored)
            except files.StoreMissing:
                faults += 1
                self.stderr.write(f"missing   {stored.sha256}")
            except files.StoreCorrupted:
                faults += 1
                self.stderr.write(f"damaged   {stored.sha256}")
        for found in files.files():
            if found.name.startswith(files.PART_PREFIX):
                self.stdout.write(f"unfinished {found}")
            elif found not in known:
                self.stdout.write(f"no row     {found}")
        if faults:
            raise CommandError(f"{faults} of {len(known)} files are missing or damaged.")
        self.stdout.write(f"{len(known)} files are whole.")
