"""Working versions that are sent out: kept as they were, mailed once, read by those who work on the plan."""

import re
import uuid

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from committees.bodies.enums import Role
from committees.bodies.seating import end_seat
from kpss.links.services import token_of
from kpss.outbox.models import Message
from planning.plans import services
from planning.plans.content import content_of
from planning.plans.models import PlanVersion, Snapshot, SnapshotSending
from planning.plans.notifications import reading_link
from planning.plans.services import content_of_snapshot, make_snapshot, send_snapshot
from tests.factories import CommitteeFactory, PersonFactory, SeatFactory, freeze
from tests.planning.factories import coordinator, rich_version

pytestmark = pytest.mark.django_db


def kept(version, **values):
    return make_snapshot(version, actor=coordinator(), token=uuid.uuid4(), **values)


def reword(version, title="Rozšířit kapacitu"):
    version.tasks.filter(pk=version.tasks.first().pk).update(title=title)


@pytest.fixture
def version():
    return rich_version(committee=CommitteeFactory(name="Komise"))


@pytest.fixture
def member(version):
    return SeatFactory(committee=version.plan.committee, role=Role.MEMBER)


# --- Keeping ----------------------------------------------------------------------------------------------------------


def test_a_snapshot_keeps_what_the_plan_said_while_the_writing_goes_on(version):
    before = content_of(version)
    first = kept(version, note="Po první schůzce.")

    reword(version)
    second = kept(version)

    assert [first.title, second.title] == ["1. pracovní verze", "2. pracovní verze"]
    assert content_of_snapshot(first) == before
    assert content_of_snapshot(second) == content_of(version)


def test_five_hundred_clicks_keep_one(version):
    token = uuid.uuid4()

    made = {make_snapshot(version, actor=coordinator(), token=token).pk for _click in range(500)}

    assert len(made) == Snapshot.objects.count() == 1


def test_the_same_text_is_not_kept_twice(version):
    kept(version)

    with pytest.raises(services.EditRefused, match="nic nezměnilo"):
        kept(version)


def test_only_the_coordinator_keeps_and_sends(version, member):
    snapshot = kept(version)

    with pytest.raises(PermissionDenied):
        make_snapshot(version, actor=member.person, token=uuid.uuid4())
    with pytest.raises(PermissionDenied):
        send_snapshot(snapshot, [version.plan.committee], actor=member.person)


def test_an_approved_version_has_no_more_working_versions(version):
    freeze(version)

    with pytest.raises(services.EditRefused, match="připravuje"):
        kept(version)


WAYS = {
    "save": lambda one: Snapshot.objects.filter(pk=one.pk).update(title="Jiný"),
    "content": lambda one: Snapshot.objects.filter(pk=one.pk).update(content_sha256="0" * 64),
    "delete": lambda one: one.delete(),
    "raw": lambda one: connection.cursor().execute(
        "UPDATE plans_snapshot SET note = 'x' WHERE id = %s", [one.pk]
    ),
    "sending": lambda one: SnapshotSending.objects.all().delete(),
    "sending elsewhere": lambda one: SnapshotSending.objects.update(committee=CommitteeFactory()),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_sent_out_never_changes(version, member, way):
    snapshot = kept(version)
    send_snapshot(snapshot, [version.plan.committee], actor=coordinator())

    with pytest.raises(IntegrityError), transaction.atomic():
        WAYS[way](snapshot)


# --- Sending ----------------------------------------------------------------------------------------------------------


def test_members_get_one_mail_with_a_link_of_their_own(
    version, member, client, django_capture_on_commit_callbacks
):
    snapshot = kept(version, note="Prosíme o připomínky k úkolům.")

    with django_capture_on_commit_callbacks(execute=True):
        for _click in range(3):
            send_snapshot(snapshot, [version.plan.committee], actor=coordinator())

    (letter,) = [one for one in mail.outbox if one.to == [member.person.email]]
    assert "Prosíme o připomínky k úkolům." in " ".join(letter.body.split())
    path = re.search(r"/o/[\w-]+/", letter.body)[0]
    page = client.get(path)
    assert "Udržet kapacitu" in page.content.decode()
    assert "není schválený" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    sending = SnapshotSending.objects.get()
    assert (sending.committee, sending.people) == (version.plan.committee, 1)


def test_who_sits_in_two_committees_gets_one_mail(version, member):
    group = CommitteeFactory(parent=version.plan.committee)
    SeatFactory(committee=group, person=member.person, role=Role.MEMBER)
    snapshot = kept(version)

    sent = send_snapshot(snapshot, [version.plan.committee, group], actor=coordinator())

    assert sent == 1
    assert Message.objects.filter(kind="plan-snapshot").count() == 1


def test_guests_get_no_mail_because_they_may_not_read_it(version, member):
    SeatFactory(committee=version.plan.committee, role=Role.GUEST)

    assert send_snapshot(kept(version), [version.plan.committee], actor=coordinator()) == 1
    assert list(Message.objects.values_list("person", flat=True)) == [member.person_id]


def test_the_link_ends_with_the_mandate(version, member, client):
    snapshot = kept(version)
    link = reading_link(snapshot, member.person)
    path = reverse("links:open", kwargs={"token": token_of(link), "rest": ""})
    assert client.get(path).status_code == 200

    end_seat(member, actor=coordinator(), reason="Vzdala se.")

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("rest", ["x/", "plan.pdf", "../1/"])
def test_the_link_opens_nothing_else(version, member, client, rest):
    link = reading_link(kept(version), member.person)

    path = reverse("links:open", kwargs={"token": token_of(link), "rest": rest})

    assert client.get(path).status_code == 404


# --- Pages ------------------------------------------------------------------------------------------------------------


def page(version, name="snapshots", *args):
    return reverse(f"plans:{name}", args=[version.plan.slug, version.number, *args])


def test_from_the_form_to_the_mails(client, version, member):
    client.force_login(coordinator())
    token = client.get(page(version)).context["form"]["token"].value()

    sent = {"title": "", "note": "Nové.", "token": token}
    answer = client.post(page(version, "snapshot_make"), sent)
    again = client.post(page(version, "snapshot_make"), sent)
    client.post(answer["Location"], {"committees": [version.plan.committee.pk]})

    assert answer["Location"] == again["Location"] == page(version, "snapshot_send", 1)
    assert Snapshot.objects.count() == 1
    listed = client.get(page(version)).content.decode().replace("\xa0", " ")
    assert "1. pracovní verze" in listed
    assert "Komise (1 osoba" in listed


def test_members_read_and_do_not_send(client, version, member):
    kept(version)
    client.force_login(member.person)

    assert client.get(page(version)).context["form"] is None
    assert "Udržet kapacitu" in client.get(page(version, "snapshot", 1)).content.decode()
    assert client.get(page(version, "snapshot_send", 1)).status_code == 403


def test_strangers_learn_nothing_also_after_the_approval(client, version):
    kept(version)
    reword(version)
    freeze(version)
    client.force_login(PersonFactory())

    for address in (page(version), page(version, "snapshot", 1)):
        assert client.get(address).status_code == 404
    assert PlanVersion.objects.get(pk=version.pk).is_approved


def test_a_committee_must_be_ticked(client, version):
    kept(version)
    client.force_login(coordinator())

    answer = client.post(page(version, "snapshot_send", 1), {})

    assert answer.status_code == 422
    assert "Zaškrtněte aspoň jeden orgán" in answer.content.decode()


def test_query_count_does_not_grow(client, version, member, django_assert_num_queries):
    client.force_login(coordinator())
    for _round in range(3):
        reword(version, str(_round))
        send_snapshot(kept(version), [version.plan.committee], actor=coordinator())
        client.get(page(version))
        with django_assert_num_queries(6):
            client.get(page(version))
