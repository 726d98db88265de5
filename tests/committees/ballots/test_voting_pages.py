"""Voting by a personal link and signed in: ask, check, receipt. GET never votes."""

import datetime
import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from committees.ballots import services
from committees.ballots.models import Vote
from committees.ballots.notifications import RESULT_IS_READ_FOR, voting_link
from committees.ballots.services import CastRefused
from committees.bodies.models import Seat
from committees.bodies.seating import end_seat
from documents import store
from documents.store.uploads import CheckedFile
from kpss import clock
from kpss.links import services as links
from kpss.links.models import PersonalLink
from tests.committees.ballots.building import (
    after_deadline,
    cast,
    closed,
    committee_of,
    draft,
    manager,
    members_of,
    opened,
    voter_of,
)
from tests.factories import PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db

PAPER = CheckedFile("rozpocet.pdf", "application/pdf", b"%PDF-1.7 rozpocet %%EOF")


def text(response) -> str:
    """The page without tags, entities read, hard spaces made plain."""
    page = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return " ".join(page.replace("\N{NO-BREAK SPACE}", " ").split())


def by_link(ballot, person) -> str:
    return reverse(
        "links:open", kwargs={"token": links.token_of(voting_link(ballot, person)), "rest": ""}
    )


def signed_in(ballot) -> str:
    return reverse(
        "ballots:vote", kwargs={"slug": ballot.committee.slug, "pk": ballot.pk, "rest": ""}
    )


def with_paper(committee):
    actor = manager()
    ballot = draft(committee, actor=actor, background="Protože **chybí** autobus.")
    services.add_paper(ballot, PAPER, actor=actor)
    return services.open_per_rollam(ballot, actor=actor)


@pytest.mark.parametrize("way", ["link", "signed_in"])
def test_a_vote_is_asked_checked_and_counted(client, way):
    committee = committee_of(3)
    ballot = with_paper(committee)
    person = members_of(committee)[1]
    if way == "link":
        base = by_link(ballot, person)
    else:
        base = signed_in(ballot)
        client.force_login(person)

    asked = client.get(base)
    assert ballot.text in text(asked)
    assert "Protože chybí autobus." in text(asked)
    assert person.get_full_name() in text(asked)
    assert re.findall(r'name="answer" value="(\w+)"', asked.content.decode()) == [
        "pro",
        "proti",
        "zdrzel",
        "stret",
    ]
    said = {"answer": "proti", "reason": "Je to <b>drahé</b>."}
    checked = client.post(f"{base}kontrola/", said)
    assert "Váš hlas: proti" in text(checked)
    assert Vote.objects.count() == 0
    back = client.post(base, said)
    assert "Je to &lt;b&gt;drahé&lt;/b&gt;." in back.content.decode()
    counted = client.post(f"{base}odevzdat/", said)
    assert (counted.status_code, counted["Location"]) == (302, base)

    vote = Vote.objects.get()
    assert (vote.voter.person, vote.choice, vote.channel) == (person, "proti", way)
    done = text(client.get(base))
    assert "Váš hlas je započítaný" in done
    assert vote.receipt in done
    assert "proti" in done


def test_a_voter_by_link_needs_no_account_and_gets_no_session(client):
    committee = committee_of(2)
    person = members_of(committee)[1]
    ballot = opened(committee)

    response = client.get(by_link(ballot, person))

    assert set(response.cookies) <= {"csrftoken"}
    assert response["Cache-Control"].startswith("max-age=0")
    assert "noindex" in response["X-Robots-Tag"]


@pytest.mark.parametrize("step", ["", "kontrola/", "odevzdat/", "podklad/999/", "cokoli/"])
def test_get_never_votes(client, step):
    committee = committee_of(2)
    ballot = opened(committee)
    base = by_link(ballot, members_of(committee)[1])

    response = client.get(base + step + "?answer=pro&reason=ano")

    assert response.status_code in {200, 302, 404}
    assert Vote.objects.count() == 0


@pytest.mark.parametrize("answer", ["", "mozna", "PRO"])
def test_an_answer_that_is_none_of_the_buttons_is_asked_again(client, answer):
    committee = committee_of(2)
    ballot = opened(committee)
    base = by_link(ballot, members_of(committee)[1])

    for step in ("kontrola/", "odevzdat/"):
        response = client.post(base + step, {"answer": answer, "reason": "Proto."})
        assert response.status_code == 422
        assert "Proto." in response.content.decode()
    assert Vote.objects.count() == 0


def test_the_second_time_it_says_what_was_counted(client):
    committee = committee_of(2)
    ballot = opened(committee)
    person = members_of(committee)[1]
    base = by_link(ballot, person)
    client.post(f"{base}odevzdat/", {"answer": "pro"})

    again = client.post(f"{base}odevzdat/", {"answer": "proti"})

    assert again.status_code == 409
    assert "Váš hlas už je započítaný" in text(again)
    assert Vote.objects.get().receipt in text(again)
    assert Vote.objects.get().choice == "pro"


def test_a_conflict_of_interest_is_declared_after_a_check(client):
    committee = committee_of(3)
    ballot = opened(committee)
    person = members_of(committee)[1]
    base = by_link(ballot, person)

    checked = client.post(f"{base}kontrola/", {"answer": "stret", "reason": "Jsem žadatel."})
    assert "Oznamujete střet zájmů" in text(checked)
    assert not voter_of(ballot, person).is_excluded
    client.post(f"{base}odevzdat/", {"answer": "stret", "reason": "Jsem žadatel."})

    voter = voter_of(ballot, person)
    assert (voter.is_excluded, voter.conflict) == (True, "Jsem žadatel.")
    assert "O této věci nehlasujete" in text(client.get(base))
    refused = client.post(f"{base}odevzdat/", {"answer": "pro"})
    assert refused.status_code == 409
    assert Vote.objects.count() == 0


def test_a_mandate_ended_after_the_page_was_opened_gives_no_voice(client):
    committee = committee_of(3)
    ballot = opened(committee)
    person = members_of(committee)[1]
    base = by_link(ballot, person)
    assert client.get(base).status_code == 200
    end_seat(Seat.objects.get(committee=committee, person=person), actor=None)

    refused = client.post(f"{base}odevzdat/", {"answer": "pro"})

    assert refused.status_code == 409
    assert "mandát skončil" in text(refused)
    assert "mandát skončil" in text(client.get(base))
    assert Vote.objects.count() == 0


def test_after_the_deadline_the_link_tells_what_happened(client):
    committee = committee_of(2)
    ballot = opened(committee)
    first, second = members_of(committee)
    cast(ballot, first)
    cast(ballot, second)
    base = by_link(ballot, second)

    with after_deadline(ballot):
        late = client.post(f"{base}odevzdat/", {"answer": "pro"})
        waiting = client.get(base)
    assert late.status_code == 409
    assert "skončilo" in text(late)
    assert "Váš hlas je započítaný" in text(waiting)
    closed(ballot)
    with after_deadline(ballot):
        assert "Přijato: pro 2" in text(client.get(base))


def test_the_link_of_a_cancelled_ballot_says_why(client):
    committee = committee_of(2)
    ballot = opened(committee)
    base = by_link(ballot, members_of(committee)[0])
    services.cancel_ballot(ballot, actor=manager(), note="Chyba v podkladech.")

    assert "Chyba v podkladech." in text(client.get(base))
    refused = client.post(f"{base}odevzdat/", {"answer": "pro"})
    assert refused.status_code == 409
    assert "zrušeno" in text(refused)


# --- Links that must not open (A4, A5) and papers (A3) ----------------------------------------------------------------


def test_wrong_links_open_nothing_and_look_alike(client):
    committee = committee_of(3)
    ballot, other = opened(committee), opened(committee)
    first, second, third = members_of(committee)
    stranger = PersonFactory()
    good = by_link(ballot, first)
    expired, revoked, closed_account = (voting_link(ballot, p) for p in (second, third, first))
    links.revoke(revoked)
    PersonalLink.objects.filter(pk=expired.pk).update(
        expires_at=clock.now() - datetime.timedelta(1)
    )
    foreign = links.issue("odhlasit-neco", person=first, about=ballot)
    not_asked = links.issue("hlasovani", person=stranger, about=other)
    about_nothing = links.issue("hlasovani", person=first)
    assert client.get(good).status_code == 200

    answers = {
        client.get(reverse("links:open", kwargs={"token": token, "rest": rest})).content
        for token, rest in [
            ("a" * 43, ""),
            (links.token_of(expired), ""),
            (links.token_of(revoked), ""),
            (links.token_of(foreign), ""),
            (links.token_of(not_asked), ""),
            (links.token_of(about_nothing), ""),
            (links.token_of(closed_account), "odevzdat/neco/"),
        ]
    }
    assert len(answers) == 1
    for link in (expired, revoked, foreign, not_asked, about_nothing):
        address = reverse("links:open", kwargs={"token": links.token_of(link), "rest": "odevzdat/"})
        assert client.post(address, {"answer": "pro"}).status_code == 404
    type(first).objects.filter(pk=first.pk).update(is_active=False)
    assert client.post(f"{good}odevzdat/", {"answer": "pro"}).status_code == 404
    assert Vote.objects.count() == 0


def test_a_link_lasts_till_the_result_can_be_read():
    committee = committee_of(1)
    ballot = opened(committee)
    link = voting_link(ballot, members_of(committee)[0])

    assert link.expires_at == ballot.deadline + RESULT_IS_READ_FOR
    assert PersonalLink.objects.get() == link


def test_forged_requests_are_refused():
    committee = committee_of(2)
    ballot = opened(committee)
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(
        f"{by_link(ballot, members_of(committee)[0])}odevzdat/", {"answer": "pro"}
    )

    assert response.status_code == 403
    assert Vote.objects.count() == 0


def test_papers_open_under_the_link_of_who_is_asked_and_nobody_else(client):
    committee = committee_of(2)
    ballot, other = with_paper(committee), opened(committee)
    person = members_of(committee)[1]
    paper = ballot.papers.get()

    response = client.get(f"{by_link(ballot, person)}podklad/{paper.pk}/")

    assert response.content == store.read(paper.file)
    assert response["Cache-Control"].startswith("private, no-store")
    assert client.get(f"{by_link(other, person)}podklad/{paper.pk}/").status_code == 404
    address = reverse("ballots:ballot_paper", args=[committee.slug, ballot.pk, paper.pk])
    assert client.get(address).status_code == 302
    for outsider in (PersonFactory(), SeatFactory().person):
        client.force_login(outsider)
        assert client.get(address).status_code == 404
    client.force_login(person)
    assert client.get(address).content == store.read(paper.file)
    assert (
        client.get(
            reverse("ballots:ballot_paper", args=[committee.slug, other.pk, paper.pk])
        ).status_code
        == 404
    )
    ended = Seat.objects.get(committee=committee, person=person)
    end_seat(ended, actor=None)
    assert client.get(address).status_code == 404
    for booth in (signed_in(ballot), by_link(ballot, person)):
        assert client.get(booth).status_code == 200
        assert client.get(f"{booth}podklad/{paper.pk}/").status_code == 404


def test_who_has_no_vote_finds_no_booth(client):
    committee = committee_of(2)
    ballot = opened(committee)
    for person in (SeatFactory(committee=committee).person, manager()):
        client.force_login(person)
        assert client.get(signed_in(ballot)).status_code == 404
        assert client.post(f"{signed_in(ballot)}odevzdat/", {"answer": "pro"}).status_code == 404
    assert Vote.objects.count() == 0


def test_five_hundred_clicks_give_one_vote():
    """S7: a double click, a reload, a retry, again and again; some on the page, most on its service."""
    committee = committee_of(2)
    ballot = opened(committee)
    person = members_of(committee)[0]
    base = by_link(ballot, person)
    clicker = Client()

    answers = [
        clicker.post(f"{base}odevzdat/", {"answer": "pro"}).status_code for _click in range(20)
    ]
    for _click in range(480):
        with pytest.raises(CastRefused) as refused:
            cast(ballot, person, "proti")
        assert refused.value.is_repeated

    assert answers == [302] + [409] * 19
    assert Vote.objects.get().choice == "pro"
