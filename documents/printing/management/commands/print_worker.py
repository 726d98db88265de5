"""Make what somebody is waiting for at the screen: previews and small tables."""

import contextlib
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from documents import engine
from documents.printing.enums import Lane
from documents.printing.services import work_next

PAUSE = 0.1  # seconds between two looks into an empty queue: one small SELECT each


class Command(BaseCommand):
    help = (
        "Makes print jobs of the quick lane until it is stopped; with --once those that wait now."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="end when the queue is empty")

    def handle(self, *, once, **options):
        with contextlib.suppress(engine.EngineUnavailable):
            engine.warm_up()
        if once:
            while work_next(Lane.FAST):
                pass
            return
        stopped = threading.Event()
        for asked in (signal.SIGTERM, signal.SIGINT):  # what has begun is finished first
            signal.signal(asked, lambda *_: stopped.set())
        while not stopped.is_set():
            close_old_connections()
            if not work_next(Lane.FAST):
                stopped.wait(PAUSE)
