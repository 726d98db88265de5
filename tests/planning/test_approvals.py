"""The walk of a version through its approval: who may, in which order, by which resolution, and once."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from committees.bodies.enums import Verb
from committees.bodies.models import Resolution
from documents.store.files import read
from kpss.workflow import TransitionRefused
from planning.approvals import workflow
from planning.approvals.enums import StepState, StepVerb
from planning.approvals.models import ApprovalStep, ApprovalStepEvent
from planning.plans.content import canonical, content_of, fingerprint
from planning.plans.enums import VersionState
from planning.plans.models import PlanVersion, PlanVersionEvent, TaskParty
from planning.plans.workflow import VERSION_WORKFLOW
from tests.factories import (
    PersonFactory,
    PlanFactory,
    PlanVersionFactory,
    ResolutionFactory,
    RulesFactory,
    SeatFactory,
    freeze,
    plan_ready_for_approval,
)

pytestmark = pytest.mark.django_db

DAY_1, DAY_2 = datetime.date(2020, 11, 12), datetime.date(2020, 12, 16)


def opened():
    """A version in approval, its two steps and a coordinator who may record them."""
    coordinator = PersonFactory(superuser=True)
    version = plan_ready_for_approval()
    steps = workflow.open_approval(version, actor=coordinator)
    return coordinator, version, steps


def resolution_for(step, day=DAY_1, **facts):
    return ResolutionFactory(committee=step.committee, adopted_on=day, **facts)


def pass_all(coordinator, steps):
    for step, day in zip(steps, [DAY_1, DAY_2], strict=True):
        step.refresh_from_db()
        workflow.pass_step(step, resolution_for(step, day), actor=coordinator)


def test_approval_ends_with_a_frozen_version_and_its_pdf(django_capture_on_commit_callbacks):
    coordinator, version, steps = opened()

    with django_capture_on_commit_callbacks(execute=True):
        pass_all(coordinator, steps)

    version.refresh_from_db()
    assert version.state == VersionState.APPROVED
    assert version.approved_on == DAY_2
    assert version.content_sha256 == fingerprint(content_of(version)) == version.content.sha256
    assert read(version.content) == canonical(content_of(version))
    assert read(version.pdf).startswith(b"%PDF-")
    assert [step.state for step in version.steps.all()] == [StepState.PASSED] * 2


def test_every_change_of_state_has_its_event(django_capture_on_commit_callbacks):
    coordinator, version, steps = opened()
    with django_capture_on_commit_callbacks(execute=True):
        pass_all(coordinator, steps)

    walked = PlanVersionEvent.objects.filter(version=version).values_list(
        "transition", "from_state", "to_state", "actor"
    )

    assert list(walked) == [
        ("open_approval", "draft", "in_approval", coordinator.pk),
        ("seal", "in_approval", "sealing", coordinator.pk),
        ("approve", "sealing", "approved", None),
    ]


def test_the_last_step_alone_does_not_approve():
    """Until the worker has stored the PDF, the version is sealed: locked, and not approved."""
    coordinator, version, steps = opened()

    pass_all(coordinator, steps)

    version.refresh_from_db()
    assert version.state == VersionState.SEALING
    assert version.pdf is None
    assert steps[1].events.filter(to_state=StepState.PASSED).count() == 0


# The whole table by hand: state of the version × transition → where it leads; anything else is refused.
ALLOWED = {
    ("draft", "open_approval"): "in_approval",
    ("draft", "discard"): "discarded",
    ("in_approval", "return_for_rework"): "draft",
    ("in_approval", "seal"): "sealing",
    ("sealing", "unseal"): "in_approval",
    ("sealing", "approve"): "approved",
}
TRANSITIONS = ["open_approval", "return_for_rework", "seal", "unseal", "approve", "discard"]


@pytest.mark.parametrize("transition", TRANSITIONS)
@pytest.mark.parametrize("state", ["draft", "in_approval", "sealing", "approved", "discarded"])
def test_version_transition_table(state, transition):
    version = plan_ready_for_approval()
    if state == "approved":
        freeze(version)
    else:
        PlanVersion.objects.filter(pk=version.pk).update(state=state)
    version.refresh_from_db()
    whole = freeze(plan_ready_for_approval())
    facts = ["approved_on", "content_sha256", "content_id", "pdf_id"]
    changes = {name: getattr(whole, name) for name in facts} if transition == "approve" else {}

    def walk():
        return VERSION_WORKFLOW.advance(
            version, transition, actor=PersonFactory(superuser=True), note="proto", changes=changes
        )

    if target := ALLOWED.get((state, transition)):
        assert walk().to_state == target
    else:
        with pytest.raises(TransitionRefused):
            walk()
    version.refresh_from_db()
    assert version.state == (target or state)


def test_the_transition_table_names_every_transition():
    assert set(VERSION_WORKFLOW.transitions) == set(TRANSITIONS)


@pytest.mark.parametrize("action", ["open", "pass", "return", "discard"])
@pytest.mark.parametrize(
    "who", ["anonymous-like", "member", "chair", "former chair", "coordinator"]
)
def test_only_the_coordinator_moves_an_approval(who, action):
    version = plan_ready_for_approval()
    committee = version.plan.committee
    actor = {
        "anonymous-like": lambda: PersonFactory(),
        "member": lambda: SeatFactory(committee=committee).person,
        "chair": lambda: SeatFactory(committee=committee, chair=True).person,
        "former chair": lambda: SeatFactory(committee=committee, chair=True, ended=True).person,
        "coordinator": lambda: PersonFactory(superuser=True),
    }[who]()
    if action in {"pass", "return"}:
        step = workflow.open_approval(version, actor=PersonFactory(superuser=True))[0]

    def act():
        if action == "open":
            workflow.open_approval(version, actor=actor)
        elif action == "pass":
            workflow.pass_step(step, resolution_for(step), actor=actor)
        elif action == "return":
            workflow.return_step(step, actor=actor, note="Doplnit rozpočet.")
        else:
            VERSION_WORKFLOW.advance(version, "discard", actor=actor, note="Omyl.")

    if who == "coordinator":
        act()
    else:
        with pytest.raises(PermissionDenied):
            act()


def test_an_empty_plan_cannot_be_approved():
    version = PlanVersionFactory(plan=PlanFactory(routed=True))

    with pytest.raises(TransitionRefused) as refused:
        workflow.open_approval(version, actor=PersonFactory(superuser=True))

    assert refused.value.reasons == ("Plán je prázdný. Přidejte aspoň jednu prioritu.",)


def test_an_incomplete_plan_is_told_what_it_lacks():
    version = plan_ready_for_approval()
    TaskParty.objects.all().delete()
    version.tasks.update(date_from=None, date_to=None)
    version.plan.route.all().delete()

    with pytest.raises(TransitionRefused) as refused:
        workflow.open_approval(version, actor=PersonFactory(superuser=True))

    assert len(refused.value.reasons) == 3
    assert "1.1.1" in refused.value.reasons[1]
    assert "1.1.1" in refused.value.reasons[2]
    version.refresh_from_db()
    assert version.state == VersionState.DRAFT


def test_a_resolution_of_another_committee_is_refused():
    coordinator, _version, steps = opened()
    foreign = ResolutionFactory()

    with pytest.raises(TransitionRefused, match="jiného orgánu"):
        workflow.pass_step(steps[0], foreign, actor=coordinator)

    assert ApprovalStep.objects.get(pk=steps[0].pk).state == StepState.WAITING


def test_a_vote_that_did_not_carry_is_refused():
    coordinator, _version, steps = opened()
    lost = resolution_for(steps[0], votes_for=4, is_adopted=False)

    with pytest.raises(TransitionRefused, match="nebylo přijato"):
        workflow.pass_step(steps[0], lost, actor=coordinator)


def test_a_verb_that_does_not_fit_is_refused():
    coordinator, _version, steps = opened()
    note = resolution_for(steps[0], verb=Verb.TAKES_NOTE)

    with pytest.raises(TransitionRefused, match="bere na vědomí"):
        workflow.pass_step(steps[0], note, actor=coordinator)


def test_a_recommendation_is_not_an_approval_and_back():
    assert Verb.APPROVES not in StepVerb.RECOMMENDS.resolution_verbs
    assert Verb.RECOMMENDS not in StepVerb.APPROVES.resolution_verbs


def test_steps_go_in_order():
    coordinator, _version, steps = opened()

    with pytest.raises(TransitionRefused, match="dřív"):
        workflow.pass_step(steps[1], resolution_for(steps[1]), actor=coordinator)


def test_a_resolution_older_than_the_previous_step_is_refused():
    coordinator, _version, steps = opened()
    workflow.pass_step(steps[0], resolution_for(steps[0], DAY_2), actor=coordinator)

    with pytest.raises(TransitionRefused, match="starší"):
        workflow.pass_step(steps[1], resolution_for(steps[1], DAY_1), actor=coordinator)


def test_one_resolution_passes_one_step():
    coordinator, version, steps = opened()
    used = resolution_for(steps[0])
    workflow.pass_step(steps[0], used, actor=coordinator)
    workflow.return_step(steps[1], actor=coordinator, note="Doplnit.")
    version.refresh_from_db()
    second_round = workflow.open_approval(version, actor=coordinator)

    with pytest.raises(TransitionRefused, match="už bylo použito"):
        workflow.pass_step(second_round[0], used, actor=coordinator)


def test_return_opens_the_content_and_a_new_round():
    coordinator, version, steps = opened()
    workflow.pass_step(steps[0], resolution_for(steps[0]), actor=coordinator)

    workflow.return_step(steps[1], actor=coordinator, note="Chybí zdroje financování.")

    version.refresh_from_db()
    assert version.state == VersionState.DRAFT
    version.nodes.filter(code="1").update(title="Opraveno")
    again = workflow.open_approval(version, actor=coordinator)
    assert [(step.round, step.order) for step in again] == [(2, 1), (2, 2)]
    assert [step.state for step in version.steps.filter(round=1)] == ["passed", "returned"]


def test_return_from_the_first_step_leaves_the_second_unreached():
    coordinator, version, steps = opened()

    workflow.return_step(steps[0], actor=coordinator, note="Znovu projednat se skupinou.")

    assert [step.state for step in version.steps.all()] == ["returned", "cancelled"]


def test_return_needs_a_reason():
    coordinator, version, steps = opened()

    with pytest.raises(TransitionRefused, match="proč"):
        workflow.return_step(steps[0], actor=coordinator, note="  ")

    version.refresh_from_db()
    assert version.state == VersionState.IN_APPROVAL


def test_finishing_twice_makes_one_transition(django_capture_on_commit_callbacks):
    coordinator, version, steps = opened()
    with django_capture_on_commit_callbacks(execute=True):
        pass_all(coordinator, steps)

    assert workflow.finish_approval(version.pk) is False

    assert PlanVersionEvent.objects.filter(version=version, transition="approve").count() == 1


def test_what_a_crash_left_is_swept_up():
    coordinator, version, steps = opened()
    pass_all(coordinator, steps)  # the worker never ran

    assert workflow.sweep() == 1

    version.refresh_from_db()
    assert version.is_approved


# --- The pages ---


def form_data(**changes):
    return {
        "number": "4/5",
        "adopted_on": "2020-11-12",
        "mode": "meeting",
        "verb": "schvaluje",
        "text": "Komise schvaluje akční plán.",
        "votes_for": "8",
        "votes_against": "0",
        "abstained": "1",
        "members_total": "9",
        "members_present": "9",
    } | changes


def test_the_coordinator_walks_the_approval_on_the_page(client, django_capture_on_commit_callbacks):
    version = plan_ready_for_approval()
    client.force_login(PersonFactory(superuser=True))
    page = reverse("approvals:approval", args=[version.plan.slug, version.number])

    client.post(reverse("approvals:open", args=[version.plan.slug, version.number]))
    first, second = version.steps.all()
    client.post(reverse("approvals:record", args=[first.pk]), form_data())
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("approvals:record", args=[second.pk]), form_data(adopted_on="2020-12-16")
        )

    version.refresh_from_db()
    assert version.is_approved
    assert (
        reverse("plans:version_pdf", args=[version.plan.slug, 1])
        in client.get(page).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"votes_for": "4", "abstained": "5"}, "nebylo přijato"),
        ({"members_present": "3"}, "přítomn"),
        ({"adopted_on": "2999-01-01"}, "nenastal"),
        ({"adopted_on": "1999-01-01"}, "jednací řád"),
        ({"number": ""}, "povinn"),
    ],
)
def test_a_wrong_resolution_comes_back_with_its_input(client, changes, message):
    version = plan_ready_for_approval()
    client.force_login(PersonFactory(superuser=True))
    workflow.open_approval(version, actor=PersonFactory(superuser=True))
    step = version.steps.first()

    response = client.post(reverse("approvals:record", args=[step.pk]), form_data(**changes))

    assert response.status_code == 422
    assert message in response.content.decode()
    assert "Komise schvaluje akční plán." in response.content.decode()
    assert not Resolution.objects.exists()
    step.refresh_from_db()
    assert step.state == StepState.WAITING


def test_five_hundred_retries_make_one_step(client):
    """Trial S7: a double click, back, reload, retry."""
    version = plan_ready_for_approval()
    client.force_login(PersonFactory(superuser=True))
    workflow.open_approval(version, actor=PersonFactory(superuser=True))
    step = version.steps.first()

    answers = {
        client.post(reverse("approvals:record", args=[step.pk]), form_data()).status_code
        for _retry in range(500)
    }

    assert answers == {302}
    assert Resolution.objects.count() == 1
    assert ApprovalStepEvent.objects.filter(step=step, transition="pass").count() == 1


def test_a_known_resolution_can_be_used(client):
    version = plan_ready_for_approval()
    client.force_login(PersonFactory(superuser=True))
    workflow.open_approval(version, actor=PersonFactory(superuser=True))
    step = version.steps.first()
    known = resolution_for(step)

    client.post(reverse("approvals:use", args=[step.pk]), {"resolution": known.pk})

    step.refresh_from_db()
    assert (step.state, step.resolution) == (StepState.PASSED, known)


def test_the_page_hides_a_draft_from_strangers_and_its_actions_from_members(client):
    version = plan_ready_for_approval()
    RulesFactory(committee=version.plan.committee, valid_from=datetime.date(2019, 1, 1))
    page = reverse("approvals:approval", args=[version.plan.slug, version.number])
    member = SeatFactory(committee=version.plan.committee).person
    stranger = SeatFactory().person

    assert client.get(page).status_code == 302
    client.force_login(stranger)
    assert client.get(page).status_code == 404
    client.force_login(member)
    seen = client.get(page)
    assert seen.status_code == 200
    assert reverse("approvals:open", args=[version.plan.slug, 1]) not in seen.content.decode()
    assert client.post(reverse("approvals:open", args=[version.plan.slug, 1])).status_code == 403


def test_only_fitting_resolutions_are_offered_with_their_words(client):
    version = plan_ready_for_approval()
    client.force_login(PersonFactory(superuser=True))
    workflow.open_approval(version, actor=PersonFactory(superuser=True))
    step = version.steps.first()
    resolution_for(step, text="Komise schvaluje akční plán na rok 2021.")
    resolution_for(step, text="Komise bere na vědomí zprávu.", verb=Verb.TAKES_NOTE)
    resolution_for(step, text="Komise zamítla návrh.", is_adopted=False)

    page = client.get(
        reverse("approvals:approval", args=[version.plan.slug, version.number])
    ).content.decode()

    assert "Komise schvaluje akční plán na rok 2021." in page
    assert "Komise bere na vědomí zprávu." not in page
    assert "Komise zamítla návrh." not in page
