from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kpss.codelists import read_csv
from kpss.territory.services import add_municipalities


class Command(BaseCommand):
    help = (
        "Add the municipalities of a district from a CSV file with the columns csu_code, name, kind,"
        " population_2020, district, is_orp_seat. Those already present are left as they are."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            created = add_municipalities(read_csv(file))
        except KeyError as missing:
            raise CommandError(f"{file} has no column {missing}.") from missing
        self.stdout.write(f"{created} municipalities added.")
