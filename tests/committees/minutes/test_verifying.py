"""Verifiers: asked by a link, answer once, by the link or signed in; the link opens nothing else."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from committees.minutes import services
from committees.minutes.models import MinutesEvent, MinutesVerifier
from committees.minutes.notifications import PURPOSE, verifier_link
from kpss.links import services as links
from kpss.links.models import PersonalLink
from kpss.outbox.models import Message
from kpss.workflow import TransitionRefused
from tests.committees.minutes import held as h

pytestmark = pytest.mark.django_db


def address(link) -> str:
    return links.url_of(link).removeprefix("http://127.0.0.1:8000")


def link_of(minutes, person) -> str:
    return address(verifier_link(h.verifier_of(minutes, person)))


def test_every_verifier_gets_one_mail_with_a_link(django_capture_on_commit_callbacks):
    held = h.hold()
    minutes = h.begun(held)

    with django_capture_on_commit_callbacks(execute=True):
        services.send_to_verifiers(minutes, [held.chair, held.provider], actor=held.secretary)

    assert sorted(m.to[0] for m in mail.outbox) == sorted([held.chair.email, held.provider.email])
    minutes = h.reloaded(minutes)
    to_chair = next(m for m in mail.outbox if m.to == [held.chair.email])
    assert link_of(minutes, held.chair) in to_chair.body.replace("\n", "")
    assert h.SURNAME not in to_chair.body


def test_the_link_shows_the_whole_minutes_and_confirms_without_signing_in(client):
    held = h.hold()
    minutes = h.sent(held)
    url = link_of(minutes, held.chair)

    shown = client.get(url).content.decode()
    assert h.HIDDEN in shown
    assert h.INTERNAL in shown
    assert client.post(url, {"answer": "confirm"}).status_code == 302

    assert h.verifier_of(minutes, held.chair).confirmed_at is not None
    after = client.get(url).content.decode()
    assert "Děkujeme" in after
    assert h.HIDDEN not in after


def test_confirming_twice_is_as_once(client):
    held = h.hold()
    minutes = h.sent(held, held.chair, held.provider)
    url = link_of(minutes, held.chair)

    for _click in range(3):
        client.post(url, {"answer": "confirm"})

    assert MinutesEvent.objects.filter(minutes=minutes, transition="confirm").count() == 1


def test_the_last_confirmation_calls_those_who_approve():
    held = h.hold()
    minutes = h.sent(held, held.chair, held.provider)

    services.confirm(h.verifier_of(minutes, held.chair), actor=held.chair)
    assert not Message.objects.filter(kind="minutes-ready").exists()
    services.confirm(h.verifier_of(minutes, held.provider), actor=held.provider)

    assert [m.person for m in Message.objects.filter(kind="minutes-ready")] == [held.chair]


def test_an_objection_needs_words_and_returns_the_minutes_with_them(client):
    held = h.hold()
    minutes = h.sent(held)
    url = link_of(minutes, held.chair)

    refused = client.post(url, {"answer": "object", "note": "  "})
    assert refused.status_code == 422
    assert "Napište, co je v" in refused.content.decode()
    client.post(url, {"answer": "object", "note": "Chybí, kdo předložil bod 2."})

    minutes = h.reloaded(minutes)
    assert (minutes.state, minutes.content) == ("draft", None)
    told = Message.objects.get(kind="minutes-objected")
    assert told.person == held.secretary
    assert "Chybí, kdo předložil bod 2." in told.body
    assert "Zapisovatel má vaše slova" in client.get(url).content.decode()


def test_after_an_objection_everybody_is_asked_anew(client):
    held = h.hold()
    first = h.sent(held, held.chair, held.provider)
    old = link_of(first, held.provider)
    services.object_to(h.verifier_of(first, held.chair), actor=held.chair, note="Chybí bod.")

    assert "vrátil k" in client.get(old).content.decode()
    with pytest.raises(TransitionRefused):
        services.confirm(h.verifier_of(first, held.provider), actor=held.provider)
    second = services.send_to_verifiers(
        h.reloaded(first), [held.chair, held.provider], actor=held.secretary
    )

    assert second.round == 2
    assert MinutesVerifier.objects.filter(minutes=first).count() == 4
    assert h.verifier_of(second, held.chair).confirmed_at is None
    client.post(old, {"answer": "confirm"})  # the link of the first round confirms nothing
    assert h.verifier_of(second, held.provider).confirmed_at is None


def test_nobody_confirms_for_another():
    held = h.hold()
    minutes = h.sent(held)

    with pytest.raises(PermissionDenied):
        services.confirm(h.verifier_of(minutes, held.chair), actor=held.provider)


def test_a_verifier_confirms_signed_in(client):
    held = h.hold()
    minutes = h.sent(held)
    meeting = held.meeting
    url = reverse("minutes:verify", args=[held.committee.slug, meeting.year, meeting.number])
    client.force_login(held.provider)
    assert client.get(url).status_code == 404
    client.force_login(held.chair)

    client.post(url, {"answer": "confirm"})

    assert h.verifier_of(minutes, held.chair).confirmed_at is not None


def _not_valid(client, url) -> bytes:
    response = client.get(url)
    assert response.status_code == 404
    return response.content


def test_links_that_do_not_hold_say_all_the_same(client):
    """Trials A4 and A5: expired, revoked, of a closed account, of another purpose, made up."""
    held = h.hold()
    minutes = h.sent(held, held.chair, held.provider, held.agreed)
    chair, provider, agreed = (
        verifier_link(h.verifier_of(minutes, person))
        for person in (held.chair, held.provider, held.agreed)
    )
    urls = [address(link) for link in (chair, provider, agreed)]
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]
    foreign = links.issue("jine", person=held.chair, about=h.verifier_of(minutes, held.chair))
    wrong = links.issue(PURPOSE, person=held.provider, about=h.verifier_of(minutes, held.chair))
    elsewhere = links.issue(PURPOSE, person=held.chair, about=minutes)

    PersonalLink.objects.filter(pk=chair.pk).update(
        expires_at=timezone.now() - datetime.timedelta(seconds=1)
    )
    links.revoke(provider)
    held.agreed.is_active = False
    held.agreed.save()

    answers = {_not_valid(client, url) for url in urls}
    answers |= {_not_valid(client, address(link)) for link in (foreign, wrong, elsewhere)}
    answers.add(_not_valid(client, "/o/neni-to-zadny-odkaz/"))
    assert len(answers) == 1
    for url in urls:
        assert client.post(url, {"answer": "confirm"}).status_code == 404
    assert not MinutesVerifier.objects.exclude(confirmed_at=None).exists()
