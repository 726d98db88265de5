"""The log of mails in the admin, and the line on the coordinator's desk about those not delivered."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from committees.people import roles
from kpss.links import services as links
from kpss.outbox import services
from kpss.outbox.enums import MessageState
from kpss.outbox.lines import undelivered
from kpss.outbox.models import Message
from kpss.outbox.wording import reason_of
from tests.factories import PersonFactory
from tests.kpss.mails import queue

pytestmark = pytest.mark.django_db
LIST = "admin:outbox_message_changelist"


@pytest.fixture
def coordinator():
    roles.sync()
    person = PersonFactory(coordinator=True)
    person.groups.add(Group.objects.get(name=roles.COORDINATORS))
    return person


@pytest.fixture
def looker(coordinator):
    """May see mails, may not send them again."""
    person = PersonFactory(coordinator=True)
    person.user_permissions.add(
        Group.objects.get(name=roles.COORDINATORS).permissions.get(codename="view_message")
    )
    return person


def failed(**values):
    message = queue(**values)
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.FAILED, last_error="ConnectionRefusedError"
    )
    message.refresh_from_db()
    return message


def shown(client, **query):
    return set(client.get(reverse(LIST), query).context["cl"].result_list)


def test_mails_are_found_by_state_kind_person_and_address(client, coordinator):
    client.force_login(coordinator)
    waiting = queue(PersonFactory(first_name="Jana", last_name="Šťastná"))
    lost = failed(kind="pozvanka")
    stranger = queue(email="urad@example.cz")

    assert shown(client) == {waiting, lost, stranger}
    assert shown(client, state__exact="failed") == {lost}
    assert shown(client, kind="pozvanka") == {lost}
    assert shown(client, q="stastna jana") == {waiting}
    assert shown(client, q="urad@") == {stranger}
    assert shown(client, q="nikdo takový") == set()


def test_text_is_shown_and_links_are_not(client, coordinator):
    client.force_login(coordinator)
    link = links.issue("zkouska", person=PersonFactory())
    message = queue(
        link.person,
        context={"notices": [("Hlasujte <zde>", links.placeholder(link))]},
        attachments=[services.Attachment("jednani.ics", "text/calendar", b"a" * 2048)],
    )

    page = client.get(reverse("admin:outbox_message_change", args=[message.pk])).content.decode()

    assert "Hlasujte &lt;zde&gt;" in page
    assert "(osobní odkaz)" in page
    assert "jednani.ics" in page
    assert "2,0\u00a0kB" in page
    for secret in (links.token_of(link), link.token_hash, link.key.hex, str(link.key), "⟦"):
        assert secret not in page


def test_mail_is_sent_again_by_a_button_once(client, coordinator):
    client.force_login(coordinator)
    message = failed()
    page = client.get(reverse("admin:outbox_message_change", args=[message.pk]))
    again = reverse("admin:outbox_message_resend", args=[message.pk])
    assert again in page.content.decode()

    answers = [client.post(again) for _click in range(2)]

    copy = message.copies.get()
    for answer in answers:
        assert answer["Location"] == reverse("admin:outbox_message_change", args=[copy.pk])
    assert copy.resent_by == coordinator
    assert client.get(again)["Location"].endswith(f"/{message.pk}/change/")
    assert message.copies.count() == 1


def test_chosen_mails_are_sent_again_and_waiting_ones_are_not(client, coordinator):
    client.force_login(coordinator)
    lost, other, waiting = failed(), failed(), queue()
    chosen = {"action": "send_again", "_selected_action": [lost.pk, other.pk, waiting.pk]}

    answer = client.post(reverse(LIST), chosen, follow=True)

    assert {copy.original for copy in Message.objects.exclude(original=None)} == {lost, other}
    text = answer.content.decode()
    assert "Znovu odcházejí 2\u00a0dopisy." in text
    assert "teprve čeká" in text


def test_who_only_looks_sends_nothing(client, looker):
    client.force_login(looker)
    message = failed()
    change = reverse("admin:outbox_message_change", args=[message.pk])
    again = reverse("admin:outbox_message_resend", args=[message.pk])

    page = client.get(change)
    client.post(
        reverse(LIST), {"action": "send_again", "_selected_action": [message.pk]}, follow=True
    )

    assert page.status_code == 200
    assert again not in page.content.decode()
    assert client.post(again).status_code == 403
    assert not message.copies.exists()


def test_mails_are_neither_written_nor_changed_nor_deleted(client):
    client.force_login(PersonFactory(superuser=True))
    message = queue()

    assert client.get(reverse("admin:outbox_message_add")).status_code == 403
    change = reverse("admin:outbox_message_change", args=[message.pk])
    assert client.post(change, {"subject": "jiný"}).status_code == 403
    delete = reverse("admin:outbox_message_delete", args=[message.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Message.objects.get().subject == message.subject


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_mails_has_a_constant_number_of_queries(client, count, django_assert_num_queries):
    for _number in range(count):
        queue()
    client.force_login(PersonFactory(superuser=True))

    # session, person, kinds, count × 2, days × 2, whether there is a region, page, region
    with django_assert_num_queries(10):
        client.get(reverse(LIST))


# --- The desk --------------------------------------------------------------------------------------------------------


def test_desk_counts_mails_that_need_a_person(coordinator):
    failed(), failed()
    queue()
    again = failed()
    services.resend(again, actor=coordinator)
    old = failed()
    Message.objects.filter(pk=old.pk).update(
        send_after=timezone.now() - datetime.timedelta(days=15)
    )

    (line,) = undelivered(coordinator)

    assert line.what == "2\u00a0dopisy se nepodařilo doručit"
    assert line.count == 2
    assert line.url == "/admin/outbox/message/?state__exact=failed"


def test_desk_says_nothing_when_all_went_or_to_who_may_not_see(coordinator):
    assert undelivered(coordinator) == []
    failed()
    assert undelivered(PersonFactory(coordinator=True)) == []


# --- Words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        ("", ""),
        ("ConnectionRefusedError", "Poštovní server portálu neodpověděl."),
        ("SMTPRecipientsRefused 550", "Poštovní server adresu příjemce odmítl (550)."),
        ("SMTPAuthenticationError 535", "Poštovní server odmítl jméno nebo heslo portálu."),
        ("ValidationError", "Adresa není e-mailová adresa."),
        ("SMTPDataError 552", "SMTPDataError 552"),
    ],
)
def test_failures_are_told_in_words(failure, sentence):
    assert reason_of(failure).replace("\u00a0", " ") == sentence
