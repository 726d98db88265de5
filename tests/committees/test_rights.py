"""Who may do what: seats at the moment of asking, permissions held everywhere, rights by name."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.bodies import grants
from committees.bodies.enums import GrantAction, Role
from committees.bodies.models import CommitteeGrant, GrantEvent, Seat
from committees.bodies.rules import SEAT_PERMISSIONS
from committees.people import roles
from committees.people.models import Person
from planning.plans.models import PlanVersion
from tests.factories import (
    CommitteeFactory,
    PersonFactory,
    PlanFactory,
    PlanVersionFactory,
    SeatFactory,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = datetime.timedelta(days=1)


def fresh(person):
    """The person as the next request would load them, without remembered permissions."""
    return Person.objects.get(pk=person.pk) if person.pk else person


def coordinator():
    roles.sync()
    person = PersonFactory(coordinator=True)
    person.groups.add(Group.objects.get(name=roles.COORDINATORS))
    return person


def cast_of(committee):
    """Everybody who may come, by name."""
    return {
        "anonymous": AnonymousUser(),
        "person without a seat": PersonFactory(),
        "member": SeatFactory(committee=committee).person,
        "chair": SeatFactory(committee=committee, chair=True).person,
        "vice-chair": SeatFactory(committee=committee, role=Role.VICE_CHAIR).person,
        "secretary": SeatFactory(committee=committee, secretary=True).person,
        "substitute": SeatFactory(committee=committee, role=Role.SUBSTITUTE).person,
        "guest": SeatFactory(committee=committee, role=Role.GUEST).person,
        "chair elsewhere": SeatFactory(chair=True).person,
        "former chair": SeatFactory(committee=committee, chair=True, ended=True).person,
        "chair to come": SeatFactory(
            committee=committee, chair=True, valid_from=TODAY() + DAY
        ).person,
        "chair who may not sign in": SeatFactory(
            committee=committee, chair=True, person=PersonFactory(is_active=False)
        ).person,
        "staff without a role": PersonFactory(coordinator=True),
        "coordinator": coordinator(),
        "superuser": PersonFactory(superuser=True),
    }


SITTING = {"member", "chair", "vice-chair", "secretary", "substitute"}
LEADING = {"chair", "vice-chair"}
RUNNING = LEADING | {"secretary"}
OFFICE = {"coordinator", "superuser"}
# Written out by hand: permission on an object of the committee → who has it.
MATRIX = {
    "bodies.view_committee_work": SITTING | {"guest"} | OFFICE,
    "plans.view_draft": SITTING | OFFICE,
    "meetings.prepare_meeting": RUNNING | OFFICE,
    "meetings.run_meeting": RUNNING | OFFICE,
    "ballots.manage_ballot": RUNNING | OFFICE,
    "minutes.write_minutes": RUNNING | OFFICE,
    "minutes.approve_minutes": LEADING | OFFICE,
    "plans.edit_content": OFFICE,
    "plans.open_approval": OFFICE,
    "plans.pass_step": OFFICE,
    "plans.discard_version": OFFICE,
    "bodies.change_committee": OFFICE,
    "bodies.hand_out_grants": OFFICE,
    "people.change_person": OFFICE,
    "auth.change_group": {"superuser"},
}


@pytest.mark.parametrize("permission", sorted(MATRIX))
def test_matrix_on_the_committee_and_its_plan(permission):
    committee = CommitteeFactory()
    version = PlanVersionFactory(plan=PlanFactory(committee=committee))
    cast = cast_of(committee)

    for obj in (committee, version.plan, version):
        allowed = {name for name, person in cast.items() if person.has_perm(permission, obj)}
        assert allowed == MATRIX[permission], obj


def test_matrix_names_every_permission_of_seats():
    given = set().union(*SEAT_PERMISSIONS.values())

    assert given <= set(MATRIX)
    assert set(SEAT_PERMISSIONS) == set(Role)


def test_seat_gives_nothing_without_an_object_or_elsewhere():
    chair = SeatFactory(chair=True).person

    assert not chair.has_perm("plans.view_draft")
    assert not chair.has_perm("plans.view_draft", CommitteeFactory())
    assert not chair.has_perm("plans.view_draft", PersonFactory())
    assert not chair.has_perm("plans.view_draft", "akcni-plan-2021")


def test_member_of_a_group_under_the_committee_sees_its_plan():
    committee = CommitteeFactory()
    version = PlanVersionFactory(plan=PlanFactory(committee=committee))
    below = SeatFactory(committee=CommitteeFactory(parent=committee)).person
    beside = SeatFactory(committee=CommitteeFactory()).person

    assert below.has_perm("plans.view_draft", version)
    assert not beside.has_perm("plans.view_draft", version)


def test_right_ends_with_the_last_day_of_the_mandate():
    seat = SeatFactory(valid_to=TODAY())
    assert seat.person.has_perm("plans.view_draft", seat.committee)

    Seat.objects.filter(pk=seat.pk).update(valid_to=TODAY() - DAY)

    # The very same object asks again: nothing about seats is remembered.
    assert not seat.person.has_perm("plans.view_draft", seat.committee)


def test_next_request_is_refused_when_the_mandate_has_ended(client):
    committee = CommitteeFactory(is_public=False)
    seat = SeatFactory(committee=committee)
    client.force_login(seat.person)
    assert client.get(committee.get_absolute_url()).status_code == 200

    Seat.objects.filter(pk=seat.pk).update(valid_to=TODAY() - DAY)

    assert client.get(committee.get_absolute_url()).status_code == 404


def test_next_request_is_refused_when_the_account_is_closed(client):
    committee = CommitteeFactory(is_public=False)
    seat = SeatFactory(committee=committee)
    client.force_login(seat.person)
    assert client.get(committee.get_absolute_url()).status_code == 200

    Person.objects.filter(pk=seat.person.pk).update(is_active=False)

    assert client.get(committee.get_absolute_url()).status_code == 404


# --- Rights by name ---------------------------------------------------------------------------------------------------

EDIT = "plans.edit_content"


def test_grant_reaches_its_person_and_object_and_nothing_else():
    actor = coordinator()
    version, another = PlanVersionFactory(), PlanVersionFactory()
    person, neighbour = PersonFactory(), PersonFactory()
    assert not person.has_perm(EDIT, version)

    assert grants.grant(person, EDIT, version, actor=actor, note="Píše kapitolu o seniorech.")

    person, neighbour = fresh(person), fresh(neighbour)
    assert person.has_perm(EDIT, version)
    assert not person.has_perm(EDIT, another)
    assert not person.has_perm("plans.pass_step", version)
    assert not person.has_perm(EDIT)
    assert not neighbour.has_perm(EDIT, version)


def test_withdrawn_grant_is_gone_at_the_next_request():
    actor, person, version = coordinator(), PersonFactory(), PlanVersionFactory()
    grants.grant(person, EDIT, version, actor=actor)
    assert fresh(person).has_perm(EDIT, version)

    assert grants.withdraw(person, EDIT, version, actor=actor, note="Kapitola je hotová.")

    assert not fresh(person).has_perm(EDIT, version)
    assert grants.grants_on(version) == []


def test_grant_of_a_committee_reaches_who_sits_there_now():
    actor, version = coordinator(), PlanVersionFactory()
    group = CommitteeFactory()
    seat = SeatFactory(committee=group)
    guest = SeatFactory(committee=group, role=Role.GUEST).person
    former = SeatFactory(committee=group, ended=True).person
    closed = SeatFactory(committee=group, person=PersonFactory(is_active=False)).person

    grants.grant(group, EDIT, version, actor=actor)

    assert seat.person.has_perm(EDIT, version)
    for outsider in (guest, former, closed, PersonFactory(), AnonymousUser()):
        assert not outsider.has_perm(EDIT, version)
    Seat.objects.filter(pk=seat.pk).update(valid_to=TODAY() - DAY)
    assert not seat.person.has_perm(EDIT, version)
    newcomer = SeatFactory(committee=group).person
    assert newcomer.has_perm(EDIT, version)


def test_every_change_is_written_down_once():
    actor, person, version = coordinator(), PersonFactory(), PlanVersionFactory()
    group = CommitteeFactory()

    assert grants.grant(person, EDIT, version, actor=actor, note="první")
    assert not grants.grant(person, EDIT, version, actor=actor, note="podruhé")
    assert grants.grant(group, EDIT, version, actor=actor)
    assert grants.withdraw(person, EDIT, version, actor=actor)
    assert not grants.withdraw(person, EDIT, version, actor=actor)

    told = [
        (event.action, event.holder, event.permission, event.actor, event.note, event.object_text)
        for event in reversed(grants.history_on(version))
    ]
    assert told == [
        (GrantAction.GRANTED, person, EDIT, actor, "první", str(version)),
        (GrantAction.GRANTED, group, EDIT, actor, "", str(version)),
        (GrantAction.WITHDRAWN, person, EDIT, actor, "", str(version)),
    ]
    assert [(held.holder, held.name) for held in grants.grants_on(version)] == [(group, EDIT)]


@pytest.mark.parametrize("who", ["chair", "staff without a role", "member"])
def test_only_who_may_hand_out_gives_and_withdraws(who):
    version = PlanVersionFactory()
    giver = cast_of(version.plan.committee)[who]
    person = PersonFactory()

    with pytest.raises(PermissionDenied):
        grants.grant(person, EDIT, version, actor=giver)
    with pytest.raises(PermissionDenied):
        grants.withdraw(person, EDIT, version, actor=giver)

    assert not GrantEvent.objects.exists()
    assert not person.has_perm(EDIT, version)


def test_nobody_gives_a_right_they_do_not_have():
    version, person = PlanVersionFactory(), PersonFactory()
    giver = PersonFactory()
    giver.user_permissions.add(Permission.objects.get(codename="hand_out_grants"))

    with pytest.raises(PermissionDenied):
        grants.grant(person, EDIT, version, actor=fresh(giver))


@pytest.mark.parametrize(
    "permission", ["plans.no_such_right", "bodies.hand_out_grants", "edit_content"]
)
def test_unknown_right_of_an_object_is_an_error(permission):
    with pytest.raises(Permission.DoesNotExist):
        grants.grant(PersonFactory(), permission, PlanVersionFactory(), actor=coordinator())


def test_granted_objects_can_be_listed_in_one_query(django_assert_num_queries):
    actor = coordinator()
    mine, ours, not_mine = PlanVersionFactory.create_batch(3)
    seat = SeatFactory()
    grants.grant(seat.person, EDIT, mine, actor=actor)
    grants.grant(seat.committee, "plans.view_draft", ours, actor=actor)
    grants.grant(PersonFactory(), EDIT, not_mine, actor=actor)
    condition = grants.granted(seat.person, [EDIT, "plans.view_draft"], PlanVersion)

    with django_assert_num_queries(1):
        found = set(PlanVersion.objects.filter(condition))

    assert found == {mine, ours}
    only_edit = grants.granted(seat.person, [EDIT], PlanVersion)
    assert set(PlanVersion.objects.filter(only_edit)) == {mine}


def test_log_of_grants_only_grows():
    grants.grant(PersonFactory(), EDIT, PlanVersionFactory(), actor=coordinator())

    with pytest.raises(IntegrityError), transaction.atomic():
        GrantEvent.objects.update(note="jinak")
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantEvent.objects.all().delete()

    assert GrantEvent.objects.get().note == ""


def test_committee_has_a_right_to_an_object_once():
    actor, version, group = coordinator(), PlanVersionFactory(), CommitteeFactory()
    grants.grant(group, EDIT, version, actor=actor)
    row = CommitteeGrant.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        CommitteeGrant.objects.create(
            committee=group,
            permission=row.permission,
            content_type=row.content_type,
            object_pk=row.object_pk,
        )


def test_working_version_given_by_name_is_seen():
    actor, version = coordinator(), PlanVersionFactory()
    person, seat = PersonFactory(), SeatFactory()
    assert version not in PlanVersion.objects.visible_to(person)

    grants.grant(person, "plans.view_draft", version, actor=actor)
    grants.grant(seat.committee, EDIT, version, actor=actor)

    for reader in (person, seat.person):
        assert version in PlanVersion.objects.visible_to(reader)
    Seat.objects.filter(pk=seat.pk).update(valid_to=TODAY() - DAY)
    assert version not in PlanVersion.objects.visible_to(seat.person)
