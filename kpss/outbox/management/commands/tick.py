"""Do what has come due: send mails, write daily mails, and whatever other rooms have registered."""

import signal
import threading

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from kpss import due


class Command(BaseCommand):
    help = (
        "Does once everything that has come due; with --loop again and again until it is stopped."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--loop", type=int, metavar="SECONDS", help="repeat after so many seconds"
        )

    def handle(self, *, loop, verbosity, **options):
        if loop is None:
            self.tick(verbosity)
            return
        stopped = threading.Event()
        # What has begun is finished first.
        for asked in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked, lambda *_: stopped.set())
        while not stopped.is_set():
            close_old_connections()
            self.tick(verbosity - 1)
            stopped.wait(loop)

    def tick(self, verbosity):
        done = due.run()
        if verbosity > 0:
            for name, count in done.items():
                if count:
                    self.stdout.write(f"{name}: {count}")
