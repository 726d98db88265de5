"""A nomination: who may do what with it, why a resolution cannot appoint, and what appointing makes."""

import datetime
import threading
import uuid

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from committees.bodies.enums import CommitteeKind, Role, SeatChange, Side, Verb
from committees.bodies.models import Resolution, Seat, SeatEvent
from committees.nominations import services
from committees.nominations.enums import InterestState, NominationState
from committees.nominations.models import (
    Interest,
    InterestEvent,
    Nomination,
    NominationEvent,
)
from committees.nominations.workflow import INTEREST_WORKFLOW, NOMINATION_WORKFLOW, why_not_by
from kpss.outbox.models import Message
from kpss.workflow import TransitionRefused
from tests.committees.nominating import ADOPTED, appointing, coordinator, interest, nomination
from tests.factories import CommitteeFactory, PersonFactory, RulesFactory, SeatFactory
from tests.trials import Walk, rounds, wander

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return PersonFactory(superuser=True)


# --- Who may do what, in which state (S2) -------------------------------------------------------------------------------

# Written by hand: it is the specification. Nobody but a coordinator may do anything.
ALLOWED = {
    ("coordinator", "proposed", "appoint"),
    ("coordinator", "proposed", "decline"),
    ("coordinator", "proposed", "withdraw"),
}
ALLOWED_WITH_INTEREST = {
    ("coordinator", "new", "nominate"),
    ("coordinator", "new", "thank"),
    ("coordinator", "new", "decline"),
    ("coordinator", "thanked", "nominate"),
}
WHO = ("nobody", "member", "chair", "secretary", "former chair", "chair elsewhere", "person herself", "coordinator")  # fmt: skip


def people_around(committee):
    """Everybody of WHO but the person herself."""
    return {
        "nobody": PersonFactory(),
        "member": SeatFactory(committee=committee).person,
        "chair": SeatFactory(committee=committee, chair=True).person,
        "secretary": SeatFactory(committee=committee, secretary=True).person,
        "former chair": SeatFactory(committee=committee, chair=True, ended=True).person,
        "chair elsewhere": SeatFactory(chair=True).person,
        "coordinator": coordinator(),
    }


def in_state(state, committee=None):
    """A nomination brought to the state by the services."""
    actor = PersonFactory(superuser=True)
    made = nomination(committee)
    if state == NominationState.APPOINTED:
        services.appoint([made], appointing(made.committee), actor=actor)
    elif state == NominationState.DECLINED:
        services.decline(made, reason="obsazeno", actor=actor)
    elif state == NominationState.WITHDRAWN:
        services.withdraw(made, reason="na žádost", actor=actor)
    return Nomination.objects.get(pk=made.pk)


def attempt(made, action, actor):
    if action == "appoint":
        services.appoint([made], appointing(made.committee), actor=actor)
    elif action == "decline":
        services.decline(made, reason="obsazeno", actor=actor)
    else:
        services.withdraw(made, reason="na žádost", actor=actor)


def test_table_of_rights_over_nominations():
    committee = CommitteeFactory()
    people = people_around(committee)
    done = set()
    for state in NominationState:
        for action in ("appoint", "decline", "withdraw"):
            for who in WHO:
                made = in_state(state, committee)
                person = people.get(who, made.person)
                try:
                    with transaction.atomic():
                        attempt(made, action, person)
                        done.add((who, str(state), action))
                        transaction.set_rollback(True)
                except (PermissionDenied, TransitionRefused):
                    pass

    assert done == ALLOWED


def interest_in(state):
    made, actor = interest(email=f"{uuid.uuid4().hex}@example.cz"), PersonFactory(superuser=True)
    if state == InterestState.THANKED:
        services.thank_interest(made, reply="díky", actor=actor)
    elif state == InterestState.DECLINED:
        services.decline_interest(made, reply="plno", actor=actor)
    elif state == InterestState.NOMINATED:
        nominate(made, actor)
    elif state == InterestState.ERASED:
        services.erase_interest(made)
    return Interest.objects.get(pk=made.pk)


def nominate(made, actor):
    values = services.NominationValues(committee=CommitteeFactory(), side=Side.USER)
    return services.nominate_interest(
        made, values, actor=actor, token=uuid.uuid4(), first_name="Jana", last_name="Nová"
    )


def test_table_of_rights_over_interests():
    actions = {
        "nominate": nominate,
        "thank": lambda made, actor: services.thank_interest(made, reply="díky", actor=actor),
        "decline": lambda made, actor: services.decline_interest(made, reply="plno", actor=actor),
    }
    people = people_around(CommitteeFactory())
    done = set()
    for state in InterestState:
        for action, act in actions.items():
            for who in WHO:
                made = interest_in(state)
                person = people.get(who) or PersonFactory()
                try:
                    with transaction.atomic():
                        act(made, person)
                        done.add((who, str(state), action))
                        transaction.set_rollback(True)
                except (PermissionDenied, TransitionRefused, services.NotTheSamePerson):
                    pass

    assert done == ALLOWED_WITH_INTEREST


def test_internal_transitions_are_never_offered():
    offered = {
        offer.name
        for workflow, made in ((NOMINATION_WORKFLOW, nomination()), (INTEREST_WORKFLOW, interest()))
        for offer in workflow.available_to(PersonFactory(superuser=True), made)
    }

    assert offered == {"appoint", "decline", "withdraw", "nominate", "thank"}


# --- Random walks (S1) --------------------------------------------------------------------------------------------------


class InterestWalk(Walk):
    """From the form of somebody who wants to take part to a seat, in any order, by whoever."""

    refusals = (*Walk.refusals, services.NotTheSamePerson)

    def __init__(self, dice):
        super().__init__(dice)
        self.committee = CommitteeFactory()
        self.values = services.NominationValues(committee=self.committee, side=Side.USER)
        self.resolution = appointing(self.committee)
        self.coordinator = PersonFactory(superuser=True)
        self.others = [PersonFactory(), SeatFactory(committee=self.committee, chair=True).person]
        self.pk = interest(email=f"{uuid.uuid4().hex}@example.cz").pk

    @property
    def interest(self) -> Interest:
        return Interest.objects.get(pk=self.pk)

    @property
    def nominations(self):
        return Nomination.objects.filter(committee=self.committee).order_by("pk")

    def nomination(self) -> Nomination:
        made = list(self.nominations.select_related("committee", "person"))
        if not made:
            raise TransitionRefused
        return self.dice.choice(made)

    def actor(self):
        return self.coordinator if self.dice.random() < 0.8 else self.dice.choice(self.others)

    def nominate(self):
        services.nominate_interest(
            self.interest,
            self.values,
            actor=self.actor(),
            token=uuid.uuid4(),
            first_name="Jana",
            last_name="Nová",
        )

    def propose_again(self):
        services.propose(
            self.values, person=self.nomination().person, actor=self.actor(), token=uuid.uuid4()
        )

    def appoint(self):
        made = self.nomination()
        if not services.appoint([made], self.resolution, actor=self.actor()):
            raise TransitionRefused

    def appoint_by_nothing(self):
        with pytest.raises((TransitionRefused, IntegrityError)), transaction.atomic():
            NOMINATION_WORKFLOW.advance(self.nomination(), "appoint", actor=self.coordinator)

    def lapse(self):
        NOMINATION_WORKFLOW.advance(self.nomination(), "lapse")

    steps = {
        "thank": (
            1,
            lambda w: services.thank_interest(w.interest, reply="díky", actor=w.actor()),
        ),
        "decline interest": (
            0.5,
            lambda w: services.decline_interest(w.interest, reply="plno", actor=w.actor()),
        ),
        "erase": (0.5, lambda w: services.erase_interest(w.interest)),
        "nominate": (4, nominate),
        "propose again": (1, propose_again),
        "appoint": (2, appoint),
        "appoint by nothing": (0.5, appoint_by_nothing),
        "decline": (
            1,
            lambda w: services.decline(w.nomination(), reason="obsazeno", actor=w.actor()),
        ),
        "withdraw": (
            1,
            lambda w: services.withdraw(w.nomination(), reason="žádost", actor=w.actor()),
        ),
        "lapse": (0.5, lapse),
    }

    def check(self):
        one = self.interest
        _is_one_story(one)
        made = list(self.nominations.select_related("seat"))
        came = [nomination_ for nomination_ in made if nomination_.interest_id == one.pk]
        was_nominated = one.events.filter(to_state=InterestState.NOMINATED).count()
        assert len(came) == was_nominated <= 1
        seats = Seat.objects.filter(committee=self.committee).exclude(role=Role.CHAIR)
        assert {seat.pk for seat in seats} == {n.seat_id for n in made} - {None}
        assert sum(n.state == NominationState.PROPOSED for n in made) <= 1
        for nomination_ in made:
            _is_one_story(nomination_)
            is_appointed = nomination_.state == NominationState.APPOINTED
            assert is_appointed == (nomination_.seat is not None)
            assert is_appointed == (nomination_.resolution_id is not None)
            assert not is_appointed or nomination_.seat.person_id == nomination_.person_id

    def ends(self):
        return [self.interest.state, *self.nominations.values_list("state", flat=True)]


def _is_one_story(thing):
    """The events of the thing lead from its birth to the state in which it is."""
    events = list(thing.events.order_by("pk").values_list("from_state", "to_state"))
    assert events[0][0] == ""
    assert events[-1][1] == thing.state
    assert all(left[1] == right[0] for left, right in zip(events, events[1:], strict=False))


@pytest.mark.slow
def test_random_steps_from_interest_to_seat_break_nothing():
    figures = wander(InterestWalk, seed=20261125, sequences=rounds(10_000, 150), length=8)

    assert set(figures.done) == set(InterestWalk.steps)
    assert {"nominated", "erased", *NominationState} <= set(figures.ends)


# --- Appointing ---------------------------------------------------------------------------------------------------------


def test_resolution_appoints_makes_the_seat_and_tells_the_person(
    actor, django_capture_on_commit_callbacks
):
    made = nomination(role=Role.CHAIR, side=Side.PROVIDER, function="ředitelka")
    resolution = appointing(made.committee)

    with django_capture_on_commit_callbacks(execute=True):
        [seat] = services.appoint([made], resolution, actor=actor)

    made.refresh_from_db()
    assert (made.state, made.seat, made.resolution) == (NominationState.APPOINTED, seat, resolution)
    assert (seat.person, seat.committee, seat.role, seat.side, seat.function, seat.valid_from) == (
        made.person,
        made.committee,
        Role.CHAIR,
        Side.PROVIDER,
        "ředitelka",
        ADOPTED,
    )
    assert SeatEvent.objects.get(seat=seat).what == SeatChange.SEATED
    [letter] = mail.outbox
    assert letter.to == [made.person.email]
    body = letter.body.replace("\xa0", " ")
    assert f"byli jste jmenováni do orgánu {made.committee.name}" in " ".join(body.split())
    assert "12. 1. 2021" in body


def test_who_sits_for_users_is_told_that_the_name_stays_hidden(actor):
    made = nomination(side=Side.USER)

    services.appoint([made], appointing(made.committee), actor=actor)

    body = Message.objects.get(kind="nomination-appointed").body
    assert "bez jména" in " ".join(body.split())


def test_one_resolution_appoints_many_or_nobody(actor):
    committee = CommitteeFactory()
    good = [nomination(committee) for _person in range(3)]
    taken = nomination(committee)
    SeatFactory(committee=committee, person=taken.person)
    resolution = appointing(committee)

    with pytest.raises(TransitionRefused) as refused:
        services.appoint([*good, taken], resolution, actor=actor)

    assert len(refused.value.reasons) == 1
    assert refused.value.reasons[0].startswith(taken.person.get_full_name())
    assert Seat.objects.count() == 1
    assert not Message.objects.exists()
    assert len(services.appoint(good, resolution, actor=actor)) == 3


def test_seat_begins_on_its_own_day_when_one_was_given(actor):
    made = nomination(valid_from=datetime.date(2021, 3, 1))

    [seat] = services.appoint([made], appointing(made.committee), actor=actor)

    assert seat.valid_from == datetime.date(2021, 3, 1)


def reasons(made, resolution):
    with pytest.raises(TransitionRefused) as refused:
        services.appoint([made], resolution, actor=PersonFactory(superuser=True))
    assert not Seat.objects.filter(person=made.person, committee=made.committee, valid_from=ADOPTED).exists()  # fmt: skip
    return " ".join(refused.value.reasons).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("resolution", "sentence"),
    [
        ({"is_adopted": False}, "Usnesení nebylo přijato, nikoho tedy nejmenuje."),
        ({"verb": Verb.TAKES_NOTE}, "nikoho nejmenuje"),
        ({"verb": Verb.RECALLS}, "nikoho nejmenuje"),
    ],
)
def test_resolution_that_does_not_fit_is_told(resolution, sentence):
    made = nomination()

    assert sentence in reasons(made, appointing(made.committee, **resolution))


@pytest.mark.parametrize("verb", [Verb.APPOINTS, Verb.APPROVES, Verb.ESTABLISHES])
def test_three_verbs_appoint(verb, actor):
    made = nomination()

    assert services.appoint([made], appointing(made.committee, verb=verb), actor=actor)


def test_body_that_does_not_appoint_is_told():
    made = nomination()
    stranger = CommitteeFactory(kind=CommitteeKind.WORKING_GROUP, name="Jiná skupina")

    sentence = reasons(made, appointing(made.committee, body=stranger))

    assert "Jiná skupina: tento orgán do orgánu" in sentence


def test_the_committee_itself_those_above_and_elected_bodies_appoint():
    grandparent = CommitteeFactory(kind=CommitteeKind.STEERING)
    parent = CommitteeFactory(kind=CommitteeKind.STEERING, parent=grandparent)
    group = CommitteeFactory(kind=CommitteeKind.WORKING_GROUP, parent=parent)
    assembly = CommitteeFactory(kind=CommitteeKind.ASSEMBLY)
    below = CommitteeFactory(kind=CommitteeKind.WORKING_GROUP, parent=group)
    made = nomination(group)

    able = [
        body
        for body in (group, parent, grandparent, assembly, below)
        if not list(why_not_by(made, appointing(group, body=body)))
    ]

    assert able == [group, parent, grandparent, assembly]


def test_seat_cannot_begin_before_the_resolution():
    made = nomination(valid_from=datetime.date(2021, 1, 11))

    assert "Členství má začít 11. 1. 2021, ale usnesení je až ze dne 12. 1. 2021." in reasons(
        made, appointing(made.committee)
    )


def test_who_sits_there_already_is_told():
    made = nomination()
    SeatFactory(committee=made.committee, person=made.person, valid_from=datetime.date(2020, 1, 1))

    assert "od 1. 1. 2020" in reasons(made, appointing(made.committee))


def test_second_chair_is_told():
    made = nomination(role=Role.CHAIR)
    chair = SeatFactory(committee=made.committee, chair=True).person

    assert chair.get_full_name() in reasons(made, appointing(made.committee)).replace("\xa0", " ")


def test_committee_that_is_gone_is_told():
    made = nomination(CommitteeFactory(dissolved_on=datetime.date(2020, 12, 31)))

    assert "ale orgán k tomu dni neexistuje" in reasons(made, appointing(made.committee))


def test_substitute_where_rules_know_none_is_told():
    made = nomination(role=Role.SUBSTITUTE)
    RulesFactory(committee=made.committee, substitutes_allowed=False)

    assert "náhradníky nepřipouští" in reasons(made, appointing(made.committee))


def test_substitute_of_somebody_whose_seat_ends_before_is_told():
    committee = CommitteeFactory()
    ended = SeatFactory(committee=committee, ended=True)
    made = nomination(committee, role=Role.SUBSTITUTE, substitute_for=ended)

    assert "Členství zastupovaného člena končí 31. 12. 2020." in reasons(
        made, appointing(committee)
    )


def test_substitute_is_appointed_for_the_member(actor):
    committee = CommitteeFactory()
    member = SeatFactory(committee=committee)
    made = nomination(committee, role=Role.SUBSTITUTE, substitute_for=member)

    [seat] = services.appoint([made], appointing(committee), actor=actor)

    assert seat.substitute_for == member


def test_erased_person_is_not_appointed():
    made = nomination()
    type(made.person).objects.filter(pk=made.person.pk).update(erased_at="2021-01-01T00:00Z")

    assert "Údaje této osoby jsou vymazány." in reasons(made, appointing(made.committee))


# --- Proposing, ending --------------------------------------------------------------------------------------------------


def test_somebody_is_nominated_once_to_a_committee():
    made = nomination()

    with pytest.raises(ValidationError):
        nomination(made.committee, person=made.person)


def test_the_same_form_sent_twice_makes_one_nomination(actor):
    values = services.NominationValues(committee=CommitteeFactory(), side=Side.USER)
    person, token = PersonFactory(), uuid.uuid4()

    made = {
        services.propose(values, person=person, actor=actor, token=token).pk for _time in range(5)
    }

    assert len(made) == Nomination.objects.count() == NominationEvent.objects.count() == 1


def test_turned_down_person_reads_why(actor):
    made = nomination()

    services.decline(made, reason="Místa jsou obsazená.", actor=actor)

    assert "Místa jsou obsazená." in Message.objects.get(person=made.person).body


def test_ending_needs_a_reason(actor):
    made = nomination()

    for end in (services.decline, services.withdraw):
        with pytest.raises(TransitionRefused):
            end(made, reason="  ", actor=actor)


def test_nobody_without_the_right_nominates():
    values = services.NominationValues(committee=CommitteeFactory(), side=Side.USER)

    with pytest.raises(PermissionDenied):
        services.propose(
            values,
            person=PersonFactory(),
            actor=SeatFactory(chair=True).person,
            token=uuid.uuid4(),
        )


# --- What the database keeps --------------------------------------------------------------------------------------------


def refused_by_database(change):
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def test_decided_nomination_and_its_resolution_never_change(actor):
    made = in_state(NominationState.APPOINTED)
    other = nomination()
    rows = Nomination.objects.filter(pk=made.pk)
    attempts = [
        lambda: rows.update(state=NominationState.PROPOSED, resolution=None, seat=None),
        lambda: rows.update(role=Role.CHAIR),
        lambda: rows.update(side=Side.PUBLIC),
        lambda: rows.update(person=other.person),
        lambda: rows.update(committee=other.committee),
        lambda: rows.update(valid_from=datetime.date(2030, 1, 1)),
        lambda: rows.update(reason="jinak"),
        lambda: rows.update(resolution=appointing(made.committee)),
        lambda: rows._raw_delete("default"),
        lambda: Nomination.objects.filter(pk=other.pk).update(state=NominationState.APPOINTED),
        lambda: Nomination.objects.filter(pk=other.pk).update(person=made.person),
        lambda: Resolution.objects.filter(pk=made.resolution_id).update(text="jinak"),
        lambda: Resolution.objects.filter(pk=made.resolution_id)._raw_delete("default"),
        lambda: NominationEvent.objects.filter(nomination=made).update(to_state="proposed"),
        lambda: NominationEvent.objects.filter(nomination=made)._raw_delete("default"),
        lambda: NominationEvent.objects.filter(nomination=made).update(actor=actor),
    ]

    assert [refused_by_database(change) for change in attempts] == [True] * len(attempts)


def test_interest_is_never_deleted_and_its_history_never_changes():
    made = interest()
    attempts = [
        lambda: Interest.objects.filter(pk=made.pk)._raw_delete("default"),
        lambda: Interest.objects.filter(pk=made.pk).update(email="", phone="", reach=""),
        lambda: Interest.objects.filter(pk=made.pk).update(state=InterestState.NOMINATED),
        lambda: Interest.objects.filter(pk=made.pk).update(state=InterestState.ERASED),
        lambda: InterestEvent.objects.filter(interest=made).update(note="jinak"),
        lambda: InterestEvent.objects.filter(interest=made)._raw_delete("default"),
    ]

    assert [refused_by_database(change) for change in attempts] == [True] * len(attempts)


# --- At once ------------------------------------------------------------------------------------------------------------


def appointed_at_once(count=6):
    """What comes of appointing one nomination several times at the same moment."""
    actor = PersonFactory(superuser=True)
    made = nomination(actor=actor)
    resolution = appointing(made.committee)
    start = threading.Barrier(count)
    outcomes = []

    def run():
        try:
            start.wait(timeout=20)
            services.appoint([Nomination.objects.get(pk=made.pk)], resolution, actor=actor)
            outcomes.append("appointed")
        except TransitionRefused:
            outcomes.append("refused")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _thread in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes), made


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_appointments_at_once_one_makes_one_seat_one_event_one_mail():
    for _round in range(4):
        outcomes, made = appointed_at_once()

        assert outcomes == ["appointed"] + ["refused"] * 5
        assert Seat.objects.filter(person=made.person).count() == 1
        assert made.events.filter(transition="appoint").count() == 1
        assert Message.objects.filter(person=made.person).count() == 1
