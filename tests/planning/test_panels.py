import pytest

from tests.factories import (
    CommitteeFactory,
    PlanFactory,
    PlanVersionFactory,
    SeatFactory,
    freeze,
)

pytestmark = pytest.mark.django_db


def test_a_committees_page_shows_the_plans_it_prepares_that_the_reader_may_see(client):
    committee = CommitteeFactory()
    approved = freeze(
        PlanVersionFactory(plan=PlanFactory(committee=committee, title="Platný plán"))
    )
    PlanVersionFactory(plan=PlanFactory(committee=committee, title="Rozepsaný plán"))
    freeze(PlanVersionFactory(plan=PlanFactory(title="Cizí plán")))

    public = client.get(committee.get_absolute_url()).content.decode()
    client.force_login(SeatFactory(committee=committee).person)
    member = client.get(committee.get_absolute_url()).content.decode()

    assert approved.get_absolute_url() in public
    assert "Rozepsaný plán" not in public
    assert "Rozepsaný plán" in member
    assert "Cizí plán" not in member
