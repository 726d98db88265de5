"""Meetings in the admin: everything is seen, nothing is changed there."""

import pytest
from django.urls import reverse

from committees.meetings import services
from committees.people import roles
from tests.factories import MeetingTaskFactory, PersonFactory

from .tables import called, chair_of, committee_at_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


@pytest.fixture
def coordinator():
    roles.sync()
    person = PersonFactory(coordinator=True)
    person.groups.add(roles.coordinators())
    return person


def test_coordinator_reads_a_meeting_with_its_people_and_history(client, coordinator):
    committee = committee_at_work()
    meeting = called(committee, days=3)
    services.add_guest(meeting, actor=chair_of(committee), name="Karla Hostinská")
    client.force_login(coordinator)

    listed = client.get(reverse("admin:meetings_meeting_changelist"), {"q": "komise"})
    page = client.get(reverse("admin:meetings_meeting_change", args=[meeting.pk])).content.decode()

    assert listed.context["cl"].result_count == 1
    for words in (
        "Karla Hostinská",
        "Bod programu 1",
        "Jednací řád žádá",
        meeting.get_absolute_url(),
    ):
        assert words in page
    assert 'name="_save"' not in page


@pytest.mark.parametrize("name", ["meeting", "meetingtask"])
def test_nothing_is_added_changed_or_deleted_there(client, coordinator, name):
    task = MeetingTaskFactory()
    pk = {"meeting": task.meeting_id, "meetingtask": task.pk}[name]
    client.force_login(coordinator)

    statuses = [
        client.get(reverse(f"admin:meetings_{name}_change", args=[pk])).status_code,
        client.get(reverse(f"admin:meetings_{name}_add")).status_code,
        client.post(
            reverse(f"admin:meetings_{name}_change", args=[pk]), {"state": "ended"}
        ).status_code,
        client.post(
            reverse(f"admin:meetings_{name}_delete", args=[pk]), {"post": "yes"}
        ).status_code,
    ]

    assert statuses == [200, 403, 403, 403]
