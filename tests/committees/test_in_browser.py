"""Pages of committees in a real browser: for everybody, narrow and wide, light and dark."""

import pytest
from django.urls import reverse

from committees.bodies.enums import CommitteeKind, Side
from tests.browsing import assert_accessible_everywhere, sign_in
from tests.factories import (
    CommitteeFactory,
    OrganisationFactory,
    PersonFactory,
    ResolutionFactory,
    RulesFactory,
    SeatFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committee():
    made = RulesFactory(
        committee=CommitteeFactory(
            name="Komise pro plánování sociálních služeb",
            kind=CommitteeKind.COMMISSION,
            purpose="Řídí komunitní plánování na celém území.",
            parent=CommitteeFactory(kind=CommitteeKind.COUNCIL),
        )
    ).committee
    for side in (Side.USER, Side.COMMISSIONER, Side.PUBLIC):
        SeatFactory(committee=made, side=side, organisation=OrganisationFactory())
    SeatFactory(committee=made, chair=True, function="radní pro sociální oblast")
    ResolutionFactory(committee=made)
    ResolutionFactory(committee=made, is_adopted=False)
    CommitteeFactory(parent=made, kind=CommitteeKind.WORKING_GROUP)
    return made


def test_list_is_for_everybody(page, committee):
    assert_accessible_everywhere(page, reverse("bodies:committee_list"))


def test_committee_is_for_everybody(page, committee):
    assert_accessible_everywhere(page, committee.get_absolute_url())


def test_way_from_the_list_to_a_committee_by_keyboard(page, committee):
    page.goto(reverse("bodies:committee_list"))
    link = page.get_by_role("link", name=committee.name)
    link.focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{committee.get_absolute_url()}")
    assert page.get_by_role("heading", level=1).inner_text() == committee.name


def test_account_page_is_for_everybody(page, committee):
    page.goto(reverse("bodies:committee_list"))
    sign_in(page, PersonFactory())

    assert_accessible_everywhere(page, reverse("people:email"))
