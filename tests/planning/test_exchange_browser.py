import pytest
from django.urls import reverse

from kpss.spreadsheets import Column, Sheet, write_workbook
from planning.plans.exchange.layout import NODE_SHEET, TASK_SHEET
from planning.plans.models import PlanUpload
from tests.browsing import assert_accessible_everywhere, sign_in
from tests.planning.exchange_sheets import version_with_measure
from tests.planning.factories import coordinator

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NODES = Sheet(
    NODE_SHEET,
    [Column("Kód"), Column("Nadřazený kód"), Column("Název")],
    [("1", None, "Podpora seniorů doma"), ("2", None, "Informovanost"), ("3.1", "3", "Sirotek")],
)
TASKS = Sheet(
    TASK_SHEET,
    [Column("Kód"), Column("Opatření"), Column("Název"), Column("Od"), Column("Naše poznámka")],
    [("1.1.1", "1.1", "Udržet kapacitu", "31. 2. 2021", "x"), ("1.1.2", "1.1", "Navýšit", None)],
)


def test_a_coordinator_brings_a_file_and_uses_what_is_right(page):
    version = version_with_measure()
    address = reverse("plans:exchange", args=[version.plan.slug, version.number])
    page.goto("/plany/")
    sign_in(page, coordinator())
    assert_accessible_everywhere(page, address)

    page.get_by_label("Soubor Excelu").set_input_files(
        {
            "name": "plan.xlsx",
            "mimeType": "application/octet-stream",
            "buffer": write_workbook([NODES, TASKS]),
        }
    )
    page.get_by_role("button", name="Nahrát a prohlédnout").press("Enter")
    page.get_by_role("heading", name="Co by soubor změnil").wait_for()
    upload = PlanUpload.objects.get()
    assert_accessible_everywhere(page, page.url)
    assert page.get_by_text("není datum").is_visible()

    page.get_by_label("Použít jen správné řádky").press("Space")
    page.get_by_role("button", name="Použít změny").press("Enter")
    page.get_by_role("heading", name="Co soubor změnil").wait_for()

    upload.refresh_from_db()
    assert upload.applied_at
    assert set(version.nodes.values_list("code", "title")) == {
        ("1", "Podpora seniorů doma"),
        ("1.1", "Péče"),
        ("2", "Informovanost"),
    }
    assert list(version.tasks.values_list("code", flat=True)) == ["1.1.2"]
    assert_accessible_everywhere(page, page.url)
