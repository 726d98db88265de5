"""Code lists of the directory: the files beside this module, and how they get into the database."""

from functools import cache
from pathlib import Path

from kpss.codelists import Counts, bring_up_to_date, read_csv
from providers.directory.models import (
    CapacityKind,
    CrisisLine,
    LegalForm,
    LifeSituation,
    PlanningGroup,
    ServiceForm,
    ServiceGroup,
    ServiceKind,
    TargetGroup,
)

FOLDER = Path(__file__).parent

# In the order in which they refer to one another. Lists of the law follow the files; lists in which
# regions differ (how they group people, which lines they recommend) are only offered to them.
LISTS = (
    (LegalForm, "provider_legal_forms", False),
    (ServiceGroup, "service_groups", False),
    (ServiceKind, "service_kinds", False),
    (ServiceForm, "service_forms", False),
    (PlanningGroup, "planning_groups", True),
    (TargetGroup, "target_groups", False),
    (CapacityKind, "capacity_kinds", False),
    (CrisisLine, "crisis_lines", True),
    (LifeSituation, "life_situations", True),
)


def load() -> dict[str, Counts]:
    """Bring every code list of the directory up to date; return what changed, by model label."""
    return {
        model._meta.label: bring_up_to_date(
            model, _rows(model, FOLDER / f"{name}.csv"), regional=regional
        )
        for model, name, regional in LISTS
    }


def _rows(model, path: Path):
    for row in read_csv(path):
        # A situation's address is its code until a coordinator gives it another.
        yield {**row, "slug": row["code"]} if model is LifeSituation else row


@cache
def plain_words() -> dict[str, str]:
    """Words that people use for a thing whose code they do not know: code → words."""
    return {row["code"]: row["words"] for row in read_csv(FOLDER / "plain_words.csv")}
