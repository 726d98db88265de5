"""Run the benchmarks and print their ratios; ``python -m tests.benchmarks pdf`` runs only that one.

Ends with code 1 when a ratio is above its limit.
"""

import importlib
import logging
import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    logging.disable(logging.INFO)
    # What it measures may be imported only when Django stands.
    sys.exit(importlib.import_module("tests.benchmarks.runner").run(sys.argv[1:]))
