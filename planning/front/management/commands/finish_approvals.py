"""Finish approvals whose PDF a crash left unmade."""

from django.core.management.base import BaseCommand

from planning.approvals.workflow import sweep


class Command(BaseCommand):
    help = "Makes the PDF of every sealed version and approves it. Run before the worker starts."

    def handle(self, *, verbosity, **options):
        finished = sweep()
        if verbosity and finished:
            self.stdout.write(f"Dokončeno schválení: {finished}")
