"""Code lists of plans: the files beside this module, and how they get into the database."""

from pathlib import Path

from kpss.codelists import Counts, bring_up_to_date, read_csv
from planning.plans.models import FundingSource

FOLDER = Path(__file__).parent


def load() -> dict[str, Counts]:
    """Bring the sources of funding up to date; return what changed, by model label."""
    rows = read_csv(FOLDER / "funding_sources.csv")
    return {FundingSource._meta.label: bring_up_to_date(FundingSource, rows, regional=True)}
