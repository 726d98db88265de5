import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpss.codelists import Counts, bring_up_to_date
from providers.directory import codelists
from providers.directory.models import (
    CrisisLine,
    LifeSituation,
    PlanningGroup,
    Service,
    ServiceForm,
    ServiceGroup,
    ServiceKind,
    TargetGroup,
)
from tests.factories import ServiceKindFactory
from tests.providers.factories import findable

pytestmark = pytest.mark.django_db
SIZES = {
    "directory.LegalForm": 10,
    "directory.ServiceGroup": 4,
    "directory.ServiceKind": 36,
    "directory.ServiceForm": 3,
    "directory.PlanningGroup": 5,
    "directory.TargetGroup": 28,
    "directory.CapacityKind": 5,
    "directory.CrisisLine": 12,
    "directory.LifeSituation": 29,
}


def test_lists_are_loaded_whole():
    counts = codelists.load()

    assert counts == {label: Counts(created=size) for label, size in SIZES.items()}
    assert LifeSituation.objects.filter(on_home_page=True).count() == 8
    violence = LifeSituation.objects.get(code="domaci-nasili")
    assert {line.code for line in violence.crisis_lines.all()} == {
        "policie-158",
        "linka-pomoci-obetem",
        "linka-bezpeci",
    }
    assert TargetGroup.objects.get(code="demence").planning_group.code == "seniori"


def test_second_run_writes_nothing():
    codelists.load()

    with CaptureQueriesContext(connection) as queries:
        counts = codelists.load()

    assert counts == {label: Counts(unchanged=size) for label, size in SIZES.items()}
    verbs = {query["sql"].split()[0] for query in queries}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE"}


def test_kinds_of_the_law_are_valid_in_their_time():
    codelists.load()
    old = ServiceKind.objects.get(section="§ 52")
    new = ServiceKind.objects.get(section="§ 36")

    assert (old.valid_to, new.valid_from) == (
        datetime.date(2025, 2, 28),
        datetime.date(2025, 3, 1),
    )
    before, after = (
        set(ServiceKind.objects.valid_on(datetime.date(2025, month, 28))) for month in (2, 3)
    )
    assert before - after == {old}
    assert after - before == {new}


def test_kind_without_a_known_section_stands_in_its_own_group():
    codelists.load()
    centre = ServiceKind.objects.get(code="centrum-dusevniho-zdravi")

    assert (centre.section, centre.group.code) == ("", "neovereno")


# --- How a list is brought up to date ---------------------------------------------------------------


def row(code, name, **columns):
    return {"code": code, "name_cs": name, **columns}


def test_label_is_corrected_and_missing_item_goes_out_of_use():
    bring_up_to_date(ServiceForm, [row("amb", "Ambulantni"), row("pob", "Pobytová")])

    counts = bring_up_to_date(ServiceForm, [row("amb", "Ambulantní"), row("ter", "Terénní")])

    assert counts == Counts(created=1, updated=1, retired=1)
    assert list(ServiceForm.objects.values_list("code", "name_cs", "position", "is_active")) == [
        ("amb", "Ambulantní", 1, True),
        ("pob", "Pobytová", 2, False),
        ("ter", "Terénní", 2, True),
    ]


def test_item_that_comes_back_is_in_use_again():
    bring_up_to_date(ServiceForm, [row("amb", "Ambulantní")])
    bring_up_to_date(ServiceForm, [row("ter", "Terénní")])

    bring_up_to_date(ServiceForm, [row("amb", "Ambulantní"), row("ter", "Terénní")])

    assert ServiceForm.objects.get(code="amb").is_active


def test_empty_cell_leaves_what_is_there():
    TargetGroup.objects.create(code="seniori", name_cs="senioři", rpss_id="CilovaSkupinaOsoby/24")

    bring_up_to_date(TargetGroup, [row("seniori", "senioři", rpss_id="")])

    assert TargetGroup.objects.get().rpss_id == "CilovaSkupinaOsoby/24"


def test_regional_list_is_only_offered():
    PlanningGroup.objects.create(code="seniori", name_cs="Naši senioři", position=7)
    PlanningGroup.objects.create(code="cizinci", name_cs="Cizinci")

    counts = bring_up_to_date(
        PlanningGroup, [row("seniori", "Senioři"), row("rodiny", "Rodiny")], regional=True
    )

    assert counts == Counts(created=1, unchanged=2)
    assert dict(PlanningGroup.objects.values_list("code", "name_cs")) == {
        "seniori": "Naši senioři",
        "rodiny": "Rodiny",
        "cizinci": "Cizinci",
    }
    assert PlanningGroup.objects.filter(is_active=True).count() == 3


def test_line_corrected_by_the_coordinator_survives():
    codelists.load()
    CrisisLine.objects.filter(code="linka-senioru").update(phone="800 000 000")

    codelists.load()

    assert CrisisLine.objects.get(code="linka-senioru").phone == "800 000 000"


def test_row_with_an_unknown_code_is_refused_and_nothing_is_written():
    ServiceGroup.objects.create(code="pece", name_cs="Péče")
    rows = [row("a", "A", group="pece"), row("b", "B", group="neni")]

    with pytest.raises(ValueError, match="b: group names an unknown code “neni”"):
        bring_up_to_date(ServiceKind, rows)

    assert not ServiceKind.objects.exists()


def test_services_are_found_by_a_corrected_label():
    kind = ServiceKindFactory(code="tisnova-pece", name_cs="Kanárková péče")
    service = findable(name="Jistota", kind=kind)
    assert not Service.objects.filter(search__match="tísňová").exists()

    call_command("load_codelists", verbosity=0)

    assert list(Service.objects.filter(search__match="tísňová")) == [service]
    assert not Service.objects.filter(search__match="kanárková").exists()


def test_plain_words_belong_to_codes_that_exist():
    codelists.load()
    known = {
        code
        for model in (ServiceKind, TargetGroup, ServiceForm)
        for code in model.objects.values_list("code", flat=True)
    }

    assert set(codelists.plain_words()) <= known
