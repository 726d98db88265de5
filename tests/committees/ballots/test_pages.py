"""Pages of ballots per rollam: who reads what, and how the one who runs them prepares, opens and ends them."""

import datetime
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.ballots import services
from committees.ballots.enums import BallotState, Channel
from committees.ballots.models import Ballot, BallotPaper, Vote
from committees.bodies import panels
from committees.bodies.enums import Role
from committees.bodies.seating import end_seat
from kpss import clock
from tests.committees.ballots.building import (
    after_deadline,
    at_meeting,
    cast,
    closed,
    committee_of,
    draft,
    manager,
    members_of,
    opened,
)
from tests.committees.ballots.test_voting_pages import text
from tests.factories import PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db


def url(name, ballot, *more) -> str:
    return reverse(f"ballots:{name}", args=[ballot.committee.slug, ballot.pk, *more])


def form(**changes):
    day = timezone.localdate() + datetime.timedelta(days=10)
    return {
        "title": "Příspěvek na dopravu",
        "verb": "schvaluje",
        "text": "Skupina schvaluje příspěvek.",
        "background": "Protože.",
        "day": day.isoformat(),
        "hour": "18:00",
        "token": str(uuid.uuid4()),
    } | changes


# --- Who sees what -----------------------------------------------------------------------------------------------------


def people_of(committee):
    """Each kind of reader by name; None is anybody."""
    seat = {
        role: SeatFactory(committee=committee, role=role).person
        for role in (Role.SECRETARY, Role.SUBSTITUTE, Role.GUEST)
    }
    former = SeatFactory(committee=committee)
    end_seat(former, actor=None)
    chair, member = members_of(committee)[:2]
    return {
        "anonymous": None,
        "chair": chair,
        "secretary": seat[Role.SECRETARY],
        "member": member,
        "substitute": seat[Role.SUBSTITUTE],
        "guest": seat[Role.GUEST],
        "former member": former.person,
        "chair elsewhere": SeatFactory(chair=True).person,
        "coordinator": manager(),
    }


RUNS = {"chair", "secretary", "coordinator"}
INSIDE = RUNS | {"member", "substitute", "guest"}
EVERYBODY = INSIDE | {"anonymous", "former member", "chair elsewhere"}
SEES = {
    ("public", BallotState.DRAFT): RUNS,
    ("public", BallotState.OPEN): INSIDE,
    ("public", BallotState.CLOSED): EVERYBODY,
    ("public", BallotState.CANCELLED): INSIDE,
    ("hidden", BallotState.DRAFT): RUNS,
    ("hidden", BallotState.OPEN): INSIDE,
    ("hidden", BallotState.CLOSED): INSIDE,
    ("hidden", BallotState.CANCELLED): INSIDE,
}


def in_state(committee, state, actor):
    if state == BallotState.DRAFT:
        return draft(committee, actor=actor, title="Kanárek v titulku")
    ballot = opened(committee, actor=actor, title="Kanárek v titulku")
    if state == BallotState.CLOSED:
        return closed(ballot)
    if state == BallotState.CANCELLED:
        return services.cancel_ballot(ballot, actor=actor, note="Proto.")
    return ballot


@pytest.mark.parametrize("where", ["public", "hidden"])
def test_who_sees_a_ballot_in_each_of_its_states(where):
    committee = committee_of(3)
    committee.is_public = where == "public"
    committee.save()
    people = people_of(committee)
    found = {}

    for state in BallotState:
        ballot = in_state(committee, state, people["coordinator"])
        found[where, state] = set()
        for name, person in people.items():
            client = Client()
            if person:
                client.force_login(person)
            status = client.get(ballot.get_absolute_url()).status_code
            listing = client.get(reverse("ballots:ballot_list", args=[committee.slug]))
            listed = ballot.get_absolute_url() in listing.content.decode()
            assert status in {200, 404}
            assert listed is (status == 200), (name, state)
            if status == 200:
                found[where, state].add(name)

    assert found == {key: names for key, names in SEES.items() if key[0] == where}


def test_what_is_voted_on_at_a_meeting_is_told_by_its_minutes(client):
    committee = committee_of(2)
    ballot = at_meeting(committee)
    for person in members_of(committee):
        cast(ballot, person)
    services.close_ballot(ballot, actor=manager())

    assert client.get(ballot.get_absolute_url()).status_code == 404
    client.force_login(members_of(committee)[1])
    assert "Přijato: pro 2" in text(client.get(ballot.get_absolute_url()))


def test_until_it_ends_nobody_sees_how_people_voted(client):
    committee = committee_of(3)
    ballot = opened(committee)
    cast(ballot, members_of(committee)[1], "proti", reason="Kanárek proti")
    client.force_login(manager())

    running = text(client.get(ballot.get_absolute_url()))

    assert "Dosud odpovědělo: 1 z 3" in running
    assert running.count("ještě neodpověděl(a)") == 2
    assert "Kanárek proti" not in running
    admin_list = client.get(reverse("admin:ballots_vote_changelist"))
    assert "Celkem 0" in text(admin_list)
    closed(ballot)
    assert "Kanárek proti" in text(client.get(ballot.get_absolute_url()))
    assert "Dvořáková 1" in text(client.get(reverse("admin:ballots_vote_changelist")))


@pytest.mark.parametrize("votes_public", [True, False])
def test_the_public_reads_names_only_by_the_rules(client, votes_public):
    committee = committee_of(3, votes_public=votes_public)
    ballot = opened(committee, background="Kanárek v důvodové zprávě")
    first, _second, user = members_of(committee)
    cast(ballot, first, reason="Kanárek první")
    cast(ballot, user, reason="Kanárek uživatel")
    closed(ballot)

    page = text(client.get(ballot.get_absolute_url()))

    assert ("Kanárek první" in page) is votes_public
    assert (first.get_full_name() in page) is votes_public
    for hidden in (user.get_full_name(), "Kanárek uživatel", "Kanárek v důvodové zprávě"):
        assert hidden not in page
    client.force_login(members_of(committee)[1])
    inside = text(client.get(ballot.get_absolute_url()))
    for shown in (user.get_full_name(), "Kanárek uživatel", "Kanárek v důvodové zprávě"):
        assert shown in inside


@pytest.mark.parametrize("count", [1, 3])
def test_list_and_pages_cost_the_same_for_one_and_three(client, count, django_assert_num_queries):
    committee = committee_of(2 * count)
    for _n in range(count):
        closed(opened(committee))
    running = opened(committee)
    for person in members_of(committee)[:count]:
        cast(running, person)
    ended = Ballot.objects.filter(state=BallotState.CLOSED).first()

    with django_assert_num_queries(4):
        assert (
            len(client.get(reverse("ballots:ballot_list", args=[committee.slug])).context["rows"])
            == count
        )
    with django_assert_num_queries(9):
        client.get(ended.get_absolute_url())
    client.force_login(manager())
    with django_assert_num_queries(10):
        client.get(running.get_absolute_url())


# --- Running -----------------------------------------------------------------------------------------------------------


def test_a_ballot_is_prepared_checked_and_opened(client):
    committee = committee_of(3)
    chair, _second, third = members_of(committee)
    type(third).objects.filter(pk=third.pk).update(email=None)
    client.force_login(chair)

    blank = client.get(reverse("ballots:ballot_add", args=[committee.slug]))
    assert blank.context["form"]["day"].initial == clock.today() + datetime.timedelta(days=7)
    made = client.post(reverse("ballots:ballot_add", args=[committee.slug]), form())
    ballot = Ballot.objects.get()
    assert made["Location"] == ballot.get_absolute_url()
    paper = SimpleUploadedFile("tabulka.pdf", b"%PDF-1.7 tabulka\n%%EOF")
    client.post(url("paper_add", ballot), {"file": paper})
    page = text(client.get(ballot.get_absolute_url()))
    assert "osloví 3 členy" in page
    assert "hlas zapíšete za ně: Jana Dvořáková 2" in page
    assert "tabulka.pdf" in page
    client.post(url("ballot_edit", ballot), form(title="Jiný název", hour="12:30"))
    client.post(url("ballot_open", ballot))

    ballot.refresh_from_db()
    assert (ballot.state, ballot.title) == (BallotState.OPEN, "Jiný název")
    assert timezone.localtime(ballot.deadline).hour == 12
    assert client.get(url("ballot_edit", ballot)).status_code == 404
    again = client.post(url("ballot_open", ballot), follow=True)
    assert "už je otevřené" in text(again)


def test_the_form_says_at_once_that_the_rules_do_not_allow_it(client):
    committee = committee_of(1, per_rollam_allowed=False)
    client.force_login(manager())

    page = text(client.get(reverse("ballots:ballot_add", args=[committee.slug])))

    assert "hlasování per rollam nedovoluje" in page


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        ("2027-03-28", "02:30", "začíná letní čas"),
        ("2027-10-31", "02:30", "dvakrát"),
        ("2020-01-01", "18:00", "už uplynul"),
        ("2027-02-30", "18:00", "platné datum"),
        ("2027-03-28", "25:00", "platný čas"),
    ],
)
def test_a_deadline_that_is_no_moment_is_refused_in_a_sentence(client, day, hour, sentence):
    committee = committee_of(1)
    client.force_login(manager())

    response = client.post(
        reverse("ballots:ballot_add", args=[committee.slug]), form(day=day, hour=hour)
    )

    assert response.status_code == 422
    assert sentence in text(response)
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(("hour", "utc"), [("01:59", "00:59"), ("03:00", "01:00")])
def test_hours_around_the_missing_one_are_those_of_the_wall(client, hour, utc):
    committee = committee_of(1)
    client.force_login(manager())

    client.post(
        reverse("ballots:ballot_add", args=[committee.slug]), form(day="2027-03-28", hour=hour)
    )

    assert f"{Ballot.objects.get().deadline.astimezone(datetime.UTC):%H:%M}" == utc


def test_five_hundred_clicks_prepare_one_ballot(client):
    """S7 for the making; most of the clicks fall on the service."""
    committee, actor = committee_of(1), manager()
    client.force_login(actor)
    sent = form()

    for _click in range(10):
        client.post(reverse("ballots:ballot_add", args=[committee.slug]), sent)
    token = uuid.UUID(sent["token"])
    made = {draft(committee, actor=actor, token=token).pk for _click in range(490)}

    assert made == {Ballot.objects.get().pk}


def test_papers_come_and_go_while_it_is_a_draft(client):
    committee = committee_of(1)
    ballot = draft(committee)
    client.force_login(manager())
    wrong = SimpleUploadedFile("skript.exe", b"MZ")

    refused = client.post(url("paper_add", ballot), {"file": wrong})
    for _click in range(2):
        client.post(
            url("paper_add", ballot),
            {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 a\n%%EOF")},
        )

    assert refused.status_code == 422
    paper = BallotPaper.objects.get()
    for _click in range(2):
        client.post(url("paper_remove", ballot, paper.pk))
    assert not BallotPaper.objects.exists()


def test_the_voice_of_a_member_is_entered_with_who_entered_it(client):
    committee = committee_of(3)
    ballot = opened(committee)
    actor = manager()
    client.force_login(actor)
    first, second = ballot.voters.order_by("pk")[:2]

    assert client.get(url("vote_enter", ballot, first.pk)).status_code == 200
    assert client.post(url("vote_enter", ballot, first.pk), {"reason": "x"}).status_code == 422
    said = {"answer": "zdrzel", "reason": "Řekla telefonem."}
    client.post(url("vote_enter", ballot, first.pk), said)
    client.post(url("vote_enter", ballot, second.pk), {"answer": "stret"})
    repeated = client.post(url("vote_enter", ballot, first.pk), said, follow=True)

    vote = Vote.objects.get()
    assert (vote.choice, vote.channel, vote.entered_by) == ("zdrzel", Channel.OPERATOR, actor)
    second.refresh_from_db()
    assert (second.is_excluded, second.excluded_by) == (True, actor)
    assert "už je započítaný" in text(repeated)
    other = opened(committee_of(1)).voters.get()
    assert client.get(url("vote_enter", ballot, other.pk)).status_code == 404


def test_reminding_closing_and_calling_off(client):
    committee = committee_of(2)
    running, ending = opened(committee), opened(committee)
    client.force_login(manager())

    once = text(client.post(url("ballot_remind", running), follow=True))
    twice = text(client.post(url("ballot_remind", running), follow=True))
    early = text(client.post(url("ballot_close", ending), follow=True))
    no_reason = client.post(url("ballot_cancel", running), {"note": " "})
    client.post(url("ballot_cancel", running), {"note": "Chyba v textu."})
    with after_deadline(ending):
        client.post(url("ballot_close", ending))

    assert "Připomínka jde 2 členům." in once
    assert "Dnes už připomínka odešla" in twice
    assert "až do termínu" in early
    assert no_reason.status_code == 422
    running.refresh_from_db()
    ending.refresh_from_db()
    assert (running.state, ending.state) == (BallotState.CANCELLED, BallotState.CLOSED)


def test_the_page_of_the_committee_shows_its_ballots(client, rf):
    committee = committee_of(2)
    request = rf.get("/")
    request.user = PersonFactory()
    shown = panels.panels_for(request, committee)
    assert "Hlasování per rollam" not in "".join(map(str, shown["main"]))
    for _n in range(4):
        closed(opened(committee))
    opened(committee, title="Kanárek běží")

    page = client.get(committee.get_absolute_url()).content.decode()

    assert page.count("/hlasovani/") == 4  # three results and the way to all
    assert "Kanárek běží" not in page
    client.force_login(members_of(committee)[0])
    inside = client.get(committee.get_absolute_url()).content.decode()
    assert "Kanárek běží" in inside
    assert reverse("ballots:ballot_add", args=[committee.slug]) in inside
