"""Seats on the coordinator's desk: what she does there is written into their history."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from committees.bodies.enums import Role, SeatChange, Side
from committees.bodies.models import Seat
from committees.bodies.seating import end_seat, give_name_consent
from committees.people import roles
from tests.factories import CommitteeFactory, PersonFactory, RulesFactory, SeatFactory

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
WORDS = "Souhlasím se zveřejněním svého jména."


@pytest.fixture
def coordinator(client):
    roles.sync()
    person = PersonFactory(coordinator=True, last_name="Koordinátorka")
    person.groups.add(roles.coordinators())
    client.force_login(person)
    return person


def address(name, seat):
    return reverse(f"admin:bodies_seat_{name}", args=[seat.pk])


def told(seat):
    return [(event.what, event.actor, event.note) for event in seat.events.all()]


def seat_fields(seat, **changes):
    return {
        "committee": seat.committee_id, "person": seat.person_id, "role": seat.role,
        "side": seat.side, "organisation": "", "function": seat.function, "substitute_for": "",
        "valid_from": seat.valid_from.isoformat(), "valid_to": "",
    } | changes  # fmt: skip


def test_new_seat_begins_its_history_with_its_consent(client, coordinator):
    committee, person = CommitteeFactory(), PersonFactory()
    fields = seat_fields(
        Seat(
            committee=committee, person=person, side=Side.USER, valid_from=datetime.date(2020, 1, 1)
        )
    )

    response = client.post(
        reverse("admin:bodies_seat_add"),
        fields | {"name_consent_on": "2020-02-01", "name_consent_text": WORDS},
    )

    assert response.status_code == 302
    assert told(Seat.objects.get()) == [
        (SeatChange.SEATED, coordinator, ""),
        (SeatChange.CONSENT_GIVEN, coordinator, WORDS),
    ]


def test_seat_made_on_the_page_of_its_committee_has_a_history_too(client, coordinator):
    committee, person = RulesFactory().committee, PersonFactory()
    change = reverse("admin:bodies_committee_change", args=[committee.pk])
    rules = committee.rules.get()
    fields = {
        "name": committee.name, "slug": committee.slug, "kind": committee.kind, "position": "0",
        "is_public": "on", "numbering": committee.numbering,
        "numbering_per_rollam": committee.numbering_per_rollam,
        "rules-TOTAL_FORMS": "1", "rules-INITIAL_FORMS": "1", "rules-0-id": rules.pk,
        "rules-0-committee": committee.pk, "rules-0-valid_from": "2020-01-01",
        "rules-0-notice_days": "7", "rules-0-minutes_days": "10",
        "rules-0-min_meetings_per_year": "0", "rules-0-quorum": "majority",
        "rules-0-majority": "of_all", "rules-0-per_rollam_days": "7",
        "rules-0-per_rollam_silence": "not_voted", "rules-0-per_rollam_allowed": "on",
        "seats-TOTAL_FORMS": "0", "seats-INITIAL_FORMS": "0",
        "seats-2-TOTAL_FORMS": "1", "seats-2-INITIAL_FORMS": "0", "seats-2-0-person": person.pk,
        "seats-2-0-role": "member", "seats-2-0-side": "zadavatel", "seats-2-0-valid_from": "2020-01-01",
    }  # fmt: skip

    assert client.post(change, fields).status_code == 302

    assert told(committee.seats.get()) == [(SeatChange.SEATED, coordinator, "")]


def test_changes_are_written_down_by_the_names_of_the_fields(client, coordinator):
    seat = SeatFactory()

    client.post(address("change", seat), seat_fields(seat, role="chair", valid_to="2099-12-31"))
    client.post(address("change", seat), seat_fields(seat, role="chair", valid_to="2099-12-31"))

    seat.refresh_from_db()
    assert (seat.role, seat.valid_to) == (Role.CHAIR, datetime.date(2099, 12, 31))
    assert told(seat) == [(SeatChange.CHANGED, coordinator, "Role, Do")]


def test_old_page_does_not_undo_the_end(client, coordinator):
    seat = SeatFactory()
    fields = seat_fields(seat, function="starostka")
    end_seat(seat, actor=None)

    client.post(address("change", seat), fields)

    seat.refresh_from_db()
    assert (seat.function, seat.is_open) == ("starostka", False)
    assert seat.valid_to == timezone.localdate()


def test_seat_ends_now_with_a_reason(client, coordinator):
    seat = SeatFactory()
    page = client.get(address("change", seat)).content.decode()
    assert address("end", seat) in page

    assert client.post(address("end", seat), {"reason": ""}).status_code == 200
    assert client.post(address("end", seat), {"reason": "Vzdala se dopisem."}).status_code == 302

    seat.refresh_from_db()
    assert not seat.is_open
    assert told(seat) == [(SeatChange.ENDED, coordinator, "Vzdala se dopisem.")]
    after = client.get(address("change", seat)).content.decode()
    assert address("end", seat) not in after
    assert "Vzdala se dopisem." in after


def test_seat_ends_at_the_exact_moment_in_local_time(client, coordinator):
    seat = SeatFactory()

    client.post(address("end", seat), {"at": "2021-07-01T15:30", "reason": "Odvolána."})

    seat.refresh_from_db()
    assert seat.valid_to == datetime.date(2021, 7, 1)
    assert timezone.localtime(seat.ended_at).strftime("%H:%M") == "15:30"


@pytest.mark.parametrize("at", ["2019-12-31T10:00", "zítra", "2021-03-28T02:30"])
def test_impossible_end_is_told_and_nothing_changes(client, coordinator, at):
    seat = SeatFactory()

    response = client.post(address("end", seat), {"at": at, "reason": "Odvolána."})

    assert response.status_code == 200
    assert response.context["form"].errors
    seat.refresh_from_db()
    assert seat.is_open
    assert told(seat) == []


def test_second_click_on_the_end_is_a_sentence(client, coordinator):
    seat = SeatFactory()
    for expected in (302, 200):
        response = client.post(address("end", seat), {"reason": "Odvolána."})
        assert response.status_code == expected

    assert "skončilo už" in response.content.decode()
    assert seat.events.count() == 1


def test_consent_is_recorded_and_taken_back(client, coordinator):
    seat = SeatFactory(side=Side.USER)
    today = timezone.localdate()

    client.post(address("consent", seat), {"day": "2020-03-01", "text": WORDS})
    seat.refresh_from_db()
    assert seat.name_is_public
    client.post(address("consent", seat), {"day": today.isoformat()})

    seat.refresh_from_db()
    assert not seat.name_is_public
    assert [what for what, _actor, _note in told(seat)] == [
        SeatChange.CONSENT_GIVEN,
        SeatChange.CONSENT_WITHDRAWN,
    ]


def test_consent_to_come_is_told_at_the_day(client, coordinator):
    seat = SeatFactory(side=Side.USER)
    tomorrow = timezone.localdate() + DAY

    response = client.post(address("consent", seat), {"day": tomorrow.isoformat(), "text": WORDS})

    assert list(response.context["form"].errors) == ["day"]
    assert told(seat) == []


def test_consent_cannot_be_written_past_its_page(client, coordinator):
    seat = SeatFactory(side=Side.USER)

    client.post(
        address("change", seat),
        seat_fields(seat, name_consent_on="2020-01-01", name_consent_text=WORDS),
    )

    seat.refresh_from_db()
    assert seat.name_consent_on is None


def test_seats_are_not_deleted(client, coordinator):
    seat = SeatFactory()

    assert client.post(address("delete", seat), {"post": "yes"}).status_code == 403
    assert Seat.objects.get() == seat


@pytest.mark.parametrize("name", ["end", "consent"])
def test_only_who_may_change_seats_comes_here(client, name):
    seat = SeatFactory(side=Side.USER, chair=True)
    give_name_consent(seat, day=timezone.localdate(), text=WORDS, actor=None)
    outsider = PersonFactory(coordinator=True)

    for person, status in [(seat.person, 302), (outsider, 403)]:
        client.force_login(person)
        for response in (client.get(address(name, seat)), client.post(address(name, seat), {})):
            assert response.status_code == status

    seat.refresh_from_db()
    assert seat.is_open
    assert seat.name_is_public


def test_unknown_seat_is_not_found(client, coordinator):
    seat = SeatFactory()
    seat.pk += 1

    for name in ("end", "consent"):
        assert client.get(address(name, seat)).status_code == 404


def test_pattern_of_numbers_is_checked_and_shown_by_an_example(client, coordinator):
    committee = CommitteeFactory(numbering="UZ {poradi}/{rok}")
    change = reverse("admin:bodies_committee_change", args=[committee.pk])

    page = client.get(change).content.decode()
    refused = client.post(change, {"numbering": "{cislo}", "numbering_per_rollam": "{jednani}"})

    assert "UZ 4/2021" in page
    errors = refused.context["adminform"].form.errors
    assert {"numbering", "numbering_per_rollam"} <= set(errors)
