"""The protocol on paper: what it says to whom, that it is whole, the same and for everybody."""

import pytest
from django.urls import reverse

from committees.ballots import printing, services
from committees.ballots.enums import Channel
from committees.ballots.facts import facts_of
from committees.ballots.models import Ballot
from committees.ballots.services import protocols
from committees.people.models import Person
from committees.people.services import erase
from documents import store
from documents.engine import EngineError
from documents.store.uploads import CheckedFile
from tests.committees.ballots.building import (
    at_meeting,
    cast,
    closed,
    committee_of,
    draft,
    manager,
    members_of,
    tally,
)
from tests.committees.ballots.crowd import at_once
from tests.factories import SeatFactory
from tests.pdf_checks import assert_accessible_pdf, bookmarks, text_of

TITLE = "Příspěvek na dopravu seniorů"
PAPER = CheckedFile("rozpocet.pdf", "application/pdf", b"%PDF-1.7 rozpocet %%EOF")


def ended(**rules) -> Ballot:
    """Five members: a commissioner for, a provider against, a user abstains with a reason, a conflict, silence."""
    committee, actor = committee_of(5, **rules), manager()
    ballot = draft(
        committee, actor=actor, background="Protože **chybí** autobus.\n\n## Kolik\n\nMálo."
    )
    services.add_paper(ballot, PAPER, actor=actor)
    ballot = services.open_per_rollam(ballot, actor=actor)
    first, second, third, fourth, _silent = members_of(committee)
    cast(ballot, first, "pro", reason="Je to potřeba.")
    cast(ballot, second, "proti", channel=Channel.OPERATOR, entered_by=actor)
    cast(ballot, third, "zdrzel", reason="Kanárek důvod uživatele.")
    services.declare_conflict(ballot, fourth, reason="Kanárek střet.", channel=Channel.LINK)
    return closed(ballot)


def words(pdf: bytes) -> str:
    return " ".join(text_of(pdf)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.django_db
def test_the_internal_protocol_says_everything_and_everybody_can_read_it():
    ballot = ended()

    pdf = printing.protocol_pdf(ballot, internal=True)

    assert_accessible_pdf(pdf, f"Protokol o hlasování per rollam: {TITLE}")
    said = words(pdf)
    for person in members_of(ballot.committee):
        assert person.get_full_name() in said
    for part in (
        ballot.text,
        "chybí autobus",
        "rozpocet.pdf",
        "Nepřijato: pro 1, proti 1, zdržel se 1",
        "zapsáno za člena",
        "Kanárek důvod uživatele.",
        "Kanárek střet.",
        "bez odpovědi",
    ):
        assert part in said, part
    assert "  Kdo byl osloven a jak odpověděl" in bookmarks(pdf)
    [facts] = facts_of([ballot], internal=True)
    assert facts.fingerprint in said.replace(" ", "")


@pytest.mark.django_db
@pytest.mark.parametrize("votes_public", [True, False])
def test_the_public_protocol_keeps_what_the_public_may_not_know(votes_public):
    ballot = ended(votes_public=votes_public)
    first, _second, user = members_of(ballot.committee)[:3]

    pdf = printing.protocol_pdf(ballot, internal=False)

    assert_accessible_pdf(pdf, f"Protokol o hlasování per rollam: {TITLE}")
    said = words(pdf)
    for hidden in (user.get_full_name(), "Kanárek", "autobus"):
        assert hidden not in said
    assert "zástupce uživatelů a pečujících" in said
    assert first.get_full_name() in said
    assert ("Je to potřeba." in said) is votes_public
    assert ("nezveřejňuje" in said) is not votes_public


@pytest.mark.django_db
def test_it_is_made_by_the_worker_after_the_closing_and_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ballot = ended()

    ballot.refresh_from_db()
    assert store.read(ballot.protocol).startswith(b"%PDF-")
    assert ballot.protocol_public != ballot.protocol
    assert services.make_protocol(ballot.pk) is False
    assert services.make_due_protocols() == 0
    meeting = at_meeting(committee_of(1))
    services.close_ballot(meeting, actor=manager())
    assert services.make_protocol(meeting.pk) is False


@pytest.mark.django_db
def test_what_a_crash_left_is_made_at_the_next_tick(monkeypatch, caplog):
    ballot = ended()

    def broken(*args, **options):
        raise EngineError("bez písma")

    with monkeypatch.context() as patch:
        patch.setattr(protocols, "protocol_pdf", broken)
        assert services.make_due_protocols() == 0
    ballot.refresh_from_db()
    assert (ballot.protocol, ballot.protocol_public) == (None, None)
    assert f"The protocol of ballot {ballot.pk} could not be made" in caplog.text

    assert services.make_due_protocols() == 1
    ballot.refresh_from_db()
    assert ballot.protocol is not None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_make_the_same_bytes_and_keep_them_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    ballot = ended()

    outcomes = at_once([lambda: services.make_protocol(ballot.pk)] * 4, processes=4)

    assert sorted(outcomes) == [False, False, False, True]
    ballot.refresh_from_db()
    assert store.read(ballot.protocol) == printing.protocol_pdf(ballot, internal=True)
    assert store.read(ballot.protocol_public) == printing.protocol_pdf(ballot, internal=False)


@pytest.mark.django_db
def test_files_go_to_those_who_may_read_them(client):
    ballot = ended()
    slug = ballot.committee.slug
    public = reverse("ballots:ballot_protocol", args=[slug, ballot.pk])
    internal = reverse("ballots:ballot_protocol_internal", args=[slug, ballot.pk])
    assert client.get(public).status_code == 404
    services.make_protocol(ballot.pk)
    ballot.refresh_from_db()

    assert client.get(public).content == store.read(ballot.protocol_public)
    assert client.get(internal).status_code == 302
    client.force_login(SeatFactory().person)
    assert client.get(internal).status_code == 404
    client.force_login(members_of(ballot.committee)[0])
    assert client.get(internal).content == store.read(ballot.protocol)
    ballot.committee.is_public = False
    ballot.committee.save()
    client.logout()
    assert client.get(public).status_code == 404


@pytest.mark.django_db
def test_erasing_a_voter_later_changes_neither_the_tally_nor_the_protocol(client):
    """V11: a name goes, what was decided stays as it was."""
    ballot = ended()
    services.make_protocol(ballot.pk)
    ballot.refresh_from_db()
    [before] = facts_of([Ballot.objects.get(pk=ballot.pk)], internal=True)
    kept, counted = store.read(ballot.protocol), tally(ballot)
    voter = members_of(ballot.committee)[0]
    name = voter.get_full_name()

    erase(voter, manager())

    again = Ballot.objects.get(pk=ballot.pk)
    [after] = facts_of([again], internal=True)
    assert tally(again) == counted
    assert again.protocol == ballot.protocol
    assert store.read(again.protocol) == kept
    assert after.fingerprint == before.fingerprint
    assert name not in repr(after)
    assert "Smazaná osoba" in {vote.who for vote in after.votes}
    client.force_login(manager())
    assert client.get(again.get_absolute_url()).status_code == 200
    assert Person.objects.get(pk=voter.pk).erased_at is not None
