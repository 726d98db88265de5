"""Everything that writes plans: what it does, what it keeps, what it refuses."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from guardian.shortcuts import assign_perm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning.approvals.enums import StepVerb
from planning.plans import services
from planning.plans.content import content_of
from planning.plans.enums import IndicatorKind, PartyRole, PlanKind, VersionState
from planning.plans.models import (
    Chapter,
    FundingLine,
    Indicator,
    NetworkEntry,
    PlanNode,
    PlanVersion,
    Task,
    TaskParty,
)
from planning.plans.values import (
    ChapterValues,
    FundingValues,
    IndicatorValues,
    NetworkValues,
    NodeValues,
    PartyValues,
    TaskValues,
    chapter_values,
    network_values,
    node_values,
    plain,
    task_values,
)
from planning.plans.workflow import VERSION_WORKFLOW
from tests.factories import (
    CommitteeFactory,
    FundingSourceFactory,
    OrganisationFactory,
    PersonFactory,
    PlanFactory,
    PlanVersionFactory,
    SeatFactory,
    ServiceFactory,
    plan_ready_for_approval,
)
from tests.planning.factories import (
    add_node,
    add_task,
    coordinator,
    empty_version,
    frozen,
    rich_version,
)
from tests.planning.trees import assert_is_tree

pytestmark = pytest.mark.django_db


def in_approval(version: PlanVersion) -> PlanVersion:
    VERSION_WORKFLOW.advance(version, "open_approval", actor=coordinator())
    return version


def codes(things) -> list[str]:
    return [thing.code for thing in things.order_by("position", "pk")]


# --- Plans and versions ----------------------------------------------------------------------------------------------


def test_create_plan_makes_levels_and_route():
    commission, assembly = CommitteeFactory(), CommitteeFactory()

    plan = services.create_plan(
        actor=coordinator(),
        kind=PlanKind.COMMUNITY,
        title="Komunitní plán 2020–2023",
        period_from=datetime.date(2020, 1, 1),
        period_to=datetime.date(2023, 12, 31),
        levels=[("priorita", "priority"), ("opatření", "opatření")],
        task_names=("aktivita", "aktivity"),
        route=[(commission, StepVerb.RECOMMENDS), (assembly, StepVerb.APPROVES)],
    )

    assert plan.slug == "komunitni-plan-2020-2023"
    assert plan.task_plural == "aktivity"
    assert [(level.depth, level.singular) for level in plan.levels.order_by("depth")] == [
        (1, "priorita"),
        (2, "opatření"),
    ]
    assert [(step.order, step.committee, step.verb) for step in plan.route.order_by("order")] == [
        (1, commission, StepVerb.RECOMMENDS),
        (2, assembly, StepVerb.APPROVES),
    ]


def test_create_plan_finds_a_free_address():
    plans = [
        services.create_plan(
            actor=coordinator(),
            kind=PlanKind.ACTION,
            title="Akční plán 2021",
            period_from=datetime.date(2021, 1, 1),
            period_to=datetime.date(2021, 12, 31),
            levels=[("priorita", "priority")],
        )
        for _ in range(2)
    ]

    assert [plan.slug for plan in plans] == ["akcni-plan-2021", "akcni-plan-2021-2"]


def test_create_plan_refuses_an_action_plan_above_a_community_plan():
    with pytest.raises(ValidationError, match="akční plán"):
        services.create_plan(
            actor=coordinator(),
            kind=PlanKind.COMMUNITY,
            title="Komunitní plán",
            parent=PlanFactory(),
            period_from=datetime.date(2021, 1, 1),
            period_to=datetime.date(2021, 12, 31),
            levels=[],
        )


def test_create_plan_needs_the_permission():
    with pytest.raises(PermissionDenied):
        services.create_plan(
            actor=PersonFactory(),
            kind=PlanKind.ACTION,
            title="Akční plán",
            period_from=datetime.date(2021, 1, 1),
            period_to=datetime.date(2021, 12, 31),
            levels=[],
        )


def test_start_version_is_born_with_an_event():
    actor = coordinator()

    version = services.start_version(PlanFactory(), actor=actor, note=" První pracovní verze ")

    assert (version.number, version.state, version.created_by) == (1, VersionState.DRAFT, actor)
    assert version.change_note == "První pracovní verze"
    assert [
        (event.transition, event.from_state, event.to_state, event.actor, event.note)
        for event in version.events.all()
    ] == [("create", "", "draft", actor, "První pracovní verze")]


def test_start_version_refuses_a_second_open_one():
    version = empty_version()

    with pytest.raises(services.EditRefused, match="už má otevřenou verzi"):
        services.start_version(version.plan, actor=coordinator())

    assert version.plan.versions.count() == 1


def test_start_version_numbers_grow_past_a_discarded_one():
    version = empty_version()
    VERSION_WORKFLOW.advance(version, "discard", actor=coordinator(), note="Jiná osnova.")

    following = services.start_version(version.plan, actor=coordinator())

    assert following.number == 2


def test_start_version_needs_the_permission():
    plan = PlanFactory()
    member = SeatFactory(committee=plan.committee).person

    with pytest.raises(PermissionDenied):
        services.start_version(plan, actor=member)


def test_start_version_copy_says_the_same_and_is_its_own():
    source = rich_version()
    VERSION_WORKFLOW.advance(source, "discard", actor=coordinator(), note="Začneme znovu.")

    copy = services.start_version(source.plan, actor=coordinator(), based_on=source)

    said, copied = content_of(source), content_of(copy)
    assert copied == type(said)(**{**vars(said), "version": 2})  # lineage, codes and order included
    assert copy.based_on == source
    for model, count in [(PlanNode, 5), (Task, 4), (Chapter, 2), (NetworkEntry, 1)]:
        assert model.objects.filter(version=copy).count() == count
        assert model.objects.filter(version=source).count() == count
    organisations = TaskParty.objects.filter(task__version=copy).exclude(organisation=None)
    assert [party.organisation.name for party in organisations] == ["Charita Horka"]
    assert {node.parent.version_id for node in copy.nodes.exclude(parent=None)} == {copy.pk}


@pytest.mark.parametrize("more_tasks", [0, 30])
def test_start_version_copies_in_a_constant_number_of_queries(
    more_tasks, django_assert_max_num_queries
):
    source = rich_version()
    node = source.nodes.get(code="1.1")
    for number in range(more_tasks):
        add_task(node, title=f"Úkol {number}")
    VERSION_WORKFLOW.advance(source, "discard", actor=coordinator(), note="Začneme znovu.")
    actor = coordinator()

    with django_assert_max_num_queries(40):
        services.start_version(source.plan, actor=actor, based_on=source)


def test_start_version_refuses_a_copy_deeper_than_the_plan():
    source = rich_version()
    flat = PlanFactory(levels=[("priorita", "priority")])

    with pytest.raises(services.EditRefused, match="kopie se do něj nevejde"):
        services.start_version(flat, actor=coordinator(), based_on=source)

    assert not flat.versions.exists()


# --- An action plan's tree from the plan above -------------------------------------------------------------------------


@pytest.fixture
def community():
    return rich_version(kind=PlanKind.COMMUNITY)


@pytest.fixture
def action(community):
    return empty_version(parent=community.plan)


def test_derive_takes_chosen_nodes_with_those_above_them(community, action):
    measure = community.nodes.get(code="1.2")

    made = services.derive_action_plan_tree(
        action, frozen(community), [measure], actor=coordinator()
    )

    assert {node.code for node in made} == {"1", "1.2"}
    assert {node.lineage for node in made} == {measure.lineage, measure.parent.lineage}
    assert action.nodes.get(code="1.2").parent.code == "1"
    assert action.nodes.get(code="1").target_groups.count() == 1
    assert not action.tasks.exists()


def test_derive_again_adds_only_what_is_missing_after_what_stands(community, action):
    actor = coordinator()
    services.derive_action_plan_tree(
        action, frozen(community), [community.nodes.get(code="1.2")], actor=actor
    )

    made = services.derive_action_plan_tree(action, community, community.nodes.all(), actor=actor)

    assert {node.code for node in made} == {"1.1", "2", "2.1"}
    assert codes(action.nodes.filter(parent__code="1")) == ["1.2", "1.1"]
    assert codes(action.nodes.filter(parent=None)) == ["1", "2"]


def test_derive_puts_nodes_under_a_parent_that_has_moved(community, action):
    actor = coordinator()
    services.derive_action_plan_tree(
        action, frozen(community), [community.nodes.get(code="2")], actor=actor
    )
    own = add_node(action, title="Vlastní priorita", code="9")
    services.move_node(action.nodes.get(code="2"), actor=actor, parent=own)

    with pytest.raises(services.EditRefused, match="kopie se do něj nevejde"):
        services.derive_action_plan_tree(
            action, community, [community.nodes.get(code="2.1")], actor=actor
        )

    assert not action.nodes.filter(code="2.1").exists()


def test_derive_refuses_a_version_not_approved(community, action):
    with pytest.raises(services.EditRefused, match="schválené verze"):
        services.derive_action_plan_tree(
            action, community, community.nodes.all(), actor=coordinator()
        )


def test_derive_refuses_another_plan(community):
    stranger = empty_version()

    with pytest.raises(services.EditRefused, match="pod kterým"):
        services.derive_action_plan_tree(
            stranger, frozen(community), community.nodes.all(), actor=coordinator()
        )


def test_derive_refuses_a_code_used_for_something_else(community, action):
    add_node(action, title="Vlastní priorita", code="2")

    with pytest.raises(services.EditRefused, match=": 2\\."):
        services.derive_action_plan_tree(
            action, frozen(community), community.nodes.all(), actor=coordinator()
        )


# --- Codes -----------------------------------------------------------------------------------------------------------


def test_codes_are_proposed_in_order():
    version = empty_version()

    priority = add_node(version)
    measures = [add_node(version, priority) for _ in range(2)]
    tasks = [add_task(measures[1]) for _ in range(2)]

    assert priority.code == "1"
    assert [measure.code for measure in measures] == ["1.1", "1.2"]
    assert [task.code for task in tasks] == ["1.2.1", "1.2.2"]


def test_a_code_once_used_is_not_proposed_again():
    version = empty_version()
    priority = add_node(version)
    add_node(version, priority)
    VERSION_WORKFLOW.advance(version, "discard", actor=coordinator(), note="Jiná osnova.")
    following = services.start_version(version.plan, actor=coordinator())
    parent = add_node(following, code="1")

    assert services.propose_code(following, parent) == "1.2"
    assert services.propose_code(following, None) == "2"


def test_a_code_of_the_plan_above_is_not_proposed(community, action):
    parent = add_node(action, code="1")

    assert services.propose_code(action, parent) == "1.3"


def test_codes_with_letters_do_not_count():
    version = empty_version()
    priority = add_node(version)
    add_node(version, priority, code="1.A")

    assert services.propose_code(version, priority) == "1.1"


def test_a_taken_code_is_refused_at_the_field():
    version = empty_version()
    add_node(version, code="1")

    with pytest.raises(ValidationError) as refused:
        add_node(version, code="1")

    assert list(refused.value.error_dict) == ["code"]
    assert version.nodes.count() == 1


# --- Nodes -----------------------------------------------------------------------------------------------------------


def test_add_node_appends_with_depth_and_place():
    version = empty_version()
    priority = add_node(version)

    measure = add_node(version, priority, title="Pečovatelská služba")
    another = add_node(version, priority, title="Odlehčovací služba")

    assert [(node.depth, node.position) for node in (priority, measure, another)] == [
        (1, 1),
        (2, 1),
        (2, 2),
    ]


def test_add_node_refuses_to_go_below_the_named_levels():
    version = empty_version()
    measure = add_node(version, add_node(version))

    with pytest.raises(services.EditRefused, match="2 úrovně"):
        add_node(version, measure)


def test_add_node_refuses_a_plan_without_levels():
    plan = PlanFactory()
    plan.levels.all().delete()
    version = services.start_version(plan, actor=coordinator())

    with pytest.raises(services.EditRefused, match="nemají jména"):
        add_node(version)


def test_add_node_sent_twice_makes_one():
    version, actor = empty_version(), coordinator()
    lineage = uuid.uuid4()
    values = NodeValues(title="Podpora seniorů")

    first, second = (
        services.add_node(version, actor=actor, values=values, lineage=lineage) for _ in range(2)
    )

    assert first == second
    assert version.nodes.count() == 1


def test_add_node_sent_again_with_other_words_is_refused():
    version, actor = empty_version(), coordinator()
    lineage = uuid.uuid4()
    made = services.add_node(
        version, actor=actor, values=NodeValues(title="Podpora seniorů"), lineage=lineage
    )

    with pytest.raises(services.AlreadyMade) as refused:
        services.add_node(
            version, actor=actor, values=NodeValues(title="Podpora rodin"), lineage=lineage
        )

    assert refused.value.made == made
    assert version.nodes.count() == 1


def test_update_node_writes_words_and_groups():
    version = rich_version()
    node = version.nodes.get(code="1")
    values = NodeValues(title="Jiný název", code="1", need="", goal="Cíl", description="Popis")

    services.update_node(node, actor=coordinator(), values=values)

    node.refresh_from_db()
    assert node_values(node) == values


def test_update_node_refuses_to_overwrite_another_persons_work():
    version = empty_version()
    node = add_node(version, title="Původní")
    loaded = plain(node_values(node))
    services.update_node(
        node,
        actor=coordinator(),
        values=NodeValues(title="Změna první", code="1"),
        loaded=loaded,
    )

    with pytest.raises(services.EditConflict) as refused:
        services.update_node(
            node,
            actor=coordinator(),
            values=NodeValues(title="Změna druhá", code="1"),
            loaded=loaded,
        )

    assert refused.value.saved.title == "Změna první"
    node.refresh_from_db()
    assert node.title == "Změna první"


def test_two_writers_never_overwrite_each_other_unseen():
    actor = coordinator()
    node = add_node(empty_version())

    for number in range(200):
        loaded = plain(node_values(PlanNode.objects.get(pk=node.pk)))
        early = NodeValues(title=f"Dřívější {number}", code="1")
        services.update_node(node, actor=actor, values=early, loaded=loaded)
        with pytest.raises(services.EditConflict) as refused:
            services.update_node(
                node,
                actor=actor,
                values=NodeValues(title=f"Pozdější {number}", code="1"),
                loaded=loaded,
            )
        assert refused.value.saved == early
        assert PlanNode.objects.get(pk=node.pk).title == early.title


def test_delete_node_takes_everything_under_it_and_closes_the_gap():
    version = rich_version()
    priority = version.nodes.get(code="1")
    assert services.burden(priority) == (3, 3)

    services.delete_node(priority, actor=coordinator(), confirmed=(3, 3))

    assert codes(version.nodes) == ["2", "2.1"]
    assert version.nodes.get(code="2").position == 1
    assert codes(version.tasks) == ["2.1.1"]


def test_delete_node_refuses_when_more_would_go_than_was_said():
    version = rich_version()
    measure = version.nodes.get(code="2.1")
    add_task(measure)

    with pytest.raises(services.EditRefused, match="se pod ním něco změnilo"):
        services.delete_node(measure, actor=coordinator(), confirmed=(1, 1))

    assert version.nodes.filter(pk=measure.pk).exists()


def test_delete_node_twice_says_that_it_is_gone():
    version = empty_version()
    node = add_node(version)
    services.delete_node(PlanNode.objects.get(pk=node.pk), actor=coordinator())

    with pytest.raises(services.Vanished):
        services.delete_node(node, actor=coordinator())


# --- Moves -----------------------------------------------------------------------------------------------------------


def test_move_node_under_another_keeps_code_and_order():
    version = rich_version()
    measure, other = version.nodes.get(code="1.2"), version.nodes.get(code="2")

    place = services.move_node(
        measure, actor=coordinator(), parent=other, after=version.nodes.get(code="2.1").pk
    )

    assert (place.number, place.count) == (2, 2)
    assert codes(version.nodes.filter(parent=other)) == ["2.1", "1.2"]
    assert codes(version.nodes.filter(parent__code="1")) == ["1.1"]
    assert codes(version.tasks.filter(node=measure)) == ["1.2.1"]


def test_move_node_brings_its_depth():
    version = empty_version(
        levels=[("priorita", "priority"), ("cíl", "cíle"), ("opatření", "opatření")]
    )
    first, second = add_node(version), add_node(version)
    add_node(version, second)

    services.move_node(second, actor=coordinator(), parent=first)

    assert {node.code: node.depth for node in version.nodes.all()} == {"1": 1, "2": 2, "2.1": 3}


def test_move_node_refuses_its_own_subtree():
    version = rich_version()
    priority, measure = version.nodes.get(code="1"), version.nodes.get(code="1.1")

    for target in (priority, measure):
        with pytest.raises(services.EditRefused, match="sama pod sebe"):
            services.move_node(priority, actor=coordinator(), parent=target)


def test_move_node_refuses_to_go_below_the_named_levels():
    version = rich_version()

    with pytest.raises(services.EditRefused, match="2 úrovně"):
        services.move_node(
            version.nodes.get(code="2"), actor=coordinator(), parent=version.nodes.get(code="1")
        )


def test_move_node_refuses_a_place_that_is_gone():
    version = rich_version()
    stranger = version.nodes.get(code="2.1")

    with pytest.raises(services.EditRefused, match="mezitím"):
        services.move_node(
            version.nodes.get(code="1.1"),
            actor=coordinator(),
            parent=version.nodes.get(code="1"),
            after=stranger.pk,
        )


def test_move_node_refuses_a_parent_of_another_version():
    version, elsewhere = rich_version(), empty_version()
    stranger = add_node(elsewhere)

    with pytest.raises(services.Vanished):
        services.move_node(version.nodes.get(code="1.1"), actor=coordinator(), parent=stranger)


def test_move_task_elsewhere_and_back():
    version, actor = rich_version(), coordinator()
    task = version.tasks.get(code="1.1.1")
    home, away = task.node, version.nodes.get(code="2.1")

    place = services.move_task(
        task, actor=actor, node=away, after=version.tasks.get(code="2.1.1").pk
    )

    assert (place.number, place.count) == (2, 2)
    assert codes(away.tasks) == ["2.1.1", "1.1.1"]
    assert [(t.code, t.position) for t in home.tasks.all()] == [("1.1.2", 1)]

    services.move_task(Task.objects.get(pk=task.pk), actor=actor, node=home)

    assert codes(home.tasks) == ["1.1.1", "1.1.2"]


def test_reorder_goes_one_step_and_stops_at_the_end():
    version, actor = rich_version(), coordinator()
    task = version.tasks.get(code="1.1.1")

    down = services.reorder(task, actor=actor, step=1)
    end = services.reorder(task, actor=actor, step=1)

    assert (down.number, down.count, down.moved) == (2, 2, True)
    assert (end.number, end.count, end.moved) == (2, 2, False)
    assert codes(task.node.tasks) == ["1.1.2", "1.1.1"]


@pytest.mark.parametrize("relation", ["chapters", "nodes", "network"])
def test_reorder_serves_everything_that_has_an_order(relation):
    version, actor = rich_version(), coordinator()
    services.add_network_entry(version, actor=actor, values=NetworkValues(ServiceFactory().pk))
    things = getattr(version, relation)
    things = things.filter(parent=None) if relation == "nodes" else things
    before = list(things.order_by("position"))

    services.reorder(before[1], actor=actor, step=-1)

    assert list(things.order_by("position")) == [before[1], before[0]]


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["node", "task", "step"]),
        st.integers(0, 30),
        st.one_of(st.none(), st.integers(0, 30)),
        st.one_of(st.none(), st.integers(0, 30)),
    ),
    max_size=12,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=MOVES)
def test_any_moves_keep_a_tree(moves):
    with transaction.atomic():
        actor = coordinator()
        version = empty_version(
            levels=[("priorita", "priority"), ("cíl", "cíle"), ("opatření", "opatření")]
        )
        for _ in range(3):
            priority = add_node(version)
            goal = add_node(version, priority)
            measures = [add_node(version, goal), add_node(version, priority)]
            for measure in measures:
                add_task(measure)
                add_task(measure)
        names = {(n.pk, n.code, n.lineage) for n in version.nodes.all()}
        tasks = {(t.pk, t.code, t.lineage) for t in version.tasks.all()}

        for kind, which, target, after in moves:
            nodes = list(version.nodes.order_by("pk"))
            parent = None if target is None else nodes[target % len(nodes)]
            try:
                with transaction.atomic():
                    if kind == "node":
                        beside = list(version.nodes.filter(parent=parent).order_by("pk"))
                        place = beside[after % len(beside)].pk if beside and after else None
                        services.move_node(
                            nodes[which % len(nodes)], actor=actor, parent=parent, after=place
                        )
                    elif kind == "task" and parent:
                        things = list(version.tasks.order_by("pk"))
                        beside = list(parent.tasks.order_by("pk"))
                        place = beside[after % len(beside)].pk if beside and after else None
                        services.move_task(
                            things[which % len(things)], actor=actor, node=parent, after=place
                        )
                    else:
                        services.reorder(
                            nodes[which % len(nodes)], actor=actor, step=1 if after else -1
                        )
            except services.EditRefused:
                pass
            assert_is_tree(version)

        assert {(n.pk, n.code, n.lineage) for n in version.nodes.all()} == names
        assert {(t.pk, t.code, t.lineage) for t in version.tasks.all()} == tasks
        transaction.set_rollback(True)


# --- Tasks -----------------------------------------------------------------------------------------------------------


def full_values(**changes) -> TaskValues:
    provider = OrganisationFactory(name="Charita Horka")
    return TaskValues(
        **{
            "title": "Navýšit kapacitu",
            "code": "1.1.1",
            "date_from": datetime.date(2021, 3, 1),
            "date_to": datetime.date(2021, 12, 31),
            "cost_planned": 480_000,
            "parties": (
                PartyValues(PartyRole.PARTNER, "obce"),
                PartyValues(PartyRole.RESPONSIBLE, organisation=provider.pk),
            ),
            "funding": (FundingValues(FundingSourceFactory().pk, 480_000),),
            "indicators": (
                IndicatorValues(IndicatorKind.OUTPUT, "Úvazky", "úvazek", Decimal("1.0")),
            ),
            **changes,
        }
    )


def test_add_task_fills_names_and_lists_the_responsible_first():
    version = empty_version()
    node = add_node(version, add_node(version))

    task = services.add_task(node, actor=coordinator(), values=full_values())

    assert [(party.role, party.name) for party in task.parties.all()] == [
        (PartyRole.RESPONSIBLE, "Charita Horka"),
        (PartyRole.PARTNER, "obce"),
    ]
    assert task.funding.get().amount == 480_000
    assert task.indicators.get().planned == 1
    assert (task.version, task.position) == (version, 1)


def test_add_task_sent_twice_makes_one():
    version, actor = empty_version(), coordinator()
    node = add_node(version)
    lineage, values = uuid.uuid4(), full_values(code="")

    first, second = (
        services.add_task(node, actor=actor, values=values, lineage=lineage) for _ in range(2)
    )

    assert first == second
    assert version.tasks.count() == 1
    with pytest.raises(services.AlreadyMade):
        services.add_task(
            node, actor=actor, values=full_values(title="Něco jiného"), lineage=lineage
        )


def lines_of(task: Task) -> set[tuple[str, int]]:
    return {
        (model.__name__, line.pk)
        for model in (TaskParty, FundingLine, Indicator)
        for line in model.objects.filter(task=task)
    }


def test_save_task_keeps_lines_that_stay():
    version = rich_version()
    task = version.tasks.get(code="1.1.1")
    before = task_values(task)
    kept = lines_of(task)
    values = TaskValues(
        **{
            **vars(before),
            "funding": (
                FundingValues(before.funding[1].source, 5),
                FundingValues(before.funding[0].source, 7, "zbytek"),
            ),
            "indicators": before.indicators[1:],
        }
    )

    services.save_task(task, actor=coordinator(), values=values, loaded=plain(before))

    assert task_values(Task.objects.get(pk=task.pk)) == values
    assert lines_of(task) < kept


def test_save_task_refuses_to_overwrite_another_persons_lines():
    version = rich_version()
    task = version.tasks.get(code="1.1.1")
    loaded = plain(task_values(task))
    Indicator.objects.filter(task=task, name="Počet klientů").update(planned=120)

    with pytest.raises(services.EditConflict):
        services.save_task(
            task,
            actor=coordinator(),
            values=TaskValues(title="Jiný název", code="1.1.1"),
            loaded=loaded,
        )

    task.refresh_from_db()
    assert task.title == "Udržet kapacitu"
    assert task.indicators.count() == 2


@pytest.mark.parametrize(
    "lines",
    [
        {
            "parties": (
                PartyValues(PartyRole.PARTNER, "obce"),
                PartyValues(PartyRole.PARTNER, "obce"),
            )
        },
        {
            "indicators": (
                IndicatorValues("output", "Setkání"),
                IndicatorValues("output", "Setkání"),
            )
        },
        {"parties": (PartyValues(PartyRole.PARTNER),)},
        {"date_from": datetime.date(2021, 12, 31), "date_to": datetime.date(2021, 1, 1)},
        {"title": ""},
        {"code": "1.1."},
    ],
)
def test_add_task_refuses_what_is_wrong_and_writes_nothing(lines):
    version = empty_version()
    node = add_node(version)

    with pytest.raises(ValidationError):
        services.add_task(node, actor=coordinator(), values=full_values(**lines))

    assert not version.tasks.exists()


def test_delete_task_closes_the_gap():
    version = rich_version()
    task = version.tasks.get(code="1.1.1")

    services.delete_task(task, actor=coordinator())

    assert [(t.code, t.position) for t in version.nodes.get(code="1.1").tasks.all()] == [
        ("1.1.2", 1)
    ]
    assert not FundingLine.objects.filter(task__version=version).exists()


# --- Chapters and the network ------------------------------------------------------------------------------------------


def test_chapters_are_added_written_and_deleted():
    version, actor = empty_version(), coordinator()
    lineage = uuid.uuid4()
    first = services.add_chapter(
        version, actor=actor, values=ChapterValues("Úvod"), lineage=lineage
    )
    services.add_chapter(version, actor=actor, values=ChapterValues("Úvod"), lineage=lineage)
    second = services.add_chapter(version, actor=actor, values=ChapterValues("Závěr"))

    services.save_chapter(
        first,
        actor=actor,
        values=ChapterValues("Úvodem", "Text"),
        loaded=plain(chapter_values(first)),
    )
    with pytest.raises(services.EditConflict):
        services.save_chapter(
            first,
            actor=actor,
            values=ChapterValues("Předmluva", ""),
            loaded=plain(ChapterValues("Úvod")),
        )
    assert list(version.chapters.values_list("title", "position")) == [("Úvodem", 1), ("Závěr", 2)]

    services.delete_chapter(first, actor=actor)

    second.refresh_from_db()
    assert (version.chapters.get(), second.position) == (second, 1)


def test_network_keeps_names_as_they_were():
    version, actor = empty_version(), coordinator()
    service = ServiceFactory(name="Pečovatelská služba", organisation__name="Charita Horka")
    entry = services.add_network_entry(
        version, actor=actor, values=NetworkValues(service.pk, Decimal("9.5"))
    )
    service.name = "Nová pečovatelská služba"
    service.save()

    services.save_network_entry(
        entry,
        actor=actor,
        values=NetworkValues(service.pk, Decimal(10), note="od dubna"),
        loaded=plain(network_values(entry)),
    )

    entry.refresh_from_db()
    assert (entry.name, entry.provider_name) == ("Pečovatelská služba", "Charita Horka")
    assert (entry.fte, entry.note) == (Decimal(10), "od dubna")


def test_network_has_a_service_once():
    version, actor = empty_version(), coordinator()
    service = ServiceFactory()
    values = NetworkValues(service.pk, Decimal(2))
    first, again = (
        services.add_network_entry(version, actor=actor, values=values) for _ in range(2)
    )
    assert first == again

    with pytest.raises(ValidationError) as refused:
        services.add_network_entry(
            version, actor=actor, values=NetworkValues(service.pk, Decimal(3))
        )

    assert list(refused.value.error_dict) == ["service"]
    services.remove_network_entry(first, actor=actor)
    assert not version.network.exists()


# --- Who may, and when ---------------------------------------------------------------------------------------------------


def every_write(version: PlanVersion):
    """Each service that writes into the version, as a call of the acting person."""
    node, task = version.nodes.get(code="1.1"), version.tasks.get(code="1.1.1")
    chapter, entry = version.chapters.first(), version.network.first()
    new = NodeValues(title="Nové")
    return {
        "add_node": lambda actor: services.add_node(version, actor=actor, values=new),
        "update_node": lambda actor: services.update_node(node, actor=actor, values=new),
        "delete_node": lambda actor: services.delete_node(node, actor=actor),
        "move_node": lambda actor: services.move_node(node, actor=actor, parent=node.parent),
        "reorder": lambda actor: services.reorder(node, actor=actor, step=1),
        "add_task": lambda actor: services.add_task(
            node, actor=actor, values=TaskValues(title="Nové")
        ),
        "save_task": lambda actor: services.save_task(
            task, actor=actor, values=TaskValues(title="Nové")
        ),
        "move_task": lambda actor: services.move_task(task, actor=actor, node=node),
        "delete_task": lambda actor: services.delete_task(task, actor=actor),
        "add_chapter": lambda actor: services.add_chapter(
            version, actor=actor, values=ChapterValues("Nové")
        ),
        "save_chapter": lambda actor: services.save_chapter(
            chapter, actor=actor, values=ChapterValues("Nové")
        ),
        "delete_chapter": lambda actor: services.delete_chapter(chapter, actor=actor),
        "add_network_entry": lambda actor: services.add_network_entry(
            version, actor=actor, values=NetworkValues(ServiceFactory().pk)
        ),
        "save_network_entry": lambda actor: services.save_network_entry(
            entry, actor=actor, values=NetworkValues(entry.service_id, beds=1)
        ),
        "remove_network_entry": lambda actor: services.remove_network_entry(entry, actor=actor),
        "derive_action_plan_tree": lambda actor: services.derive_action_plan_tree(
            version, version, [], actor=actor
        ),
    }


def test_nothing_is_written_into_a_locked_version():
    version = rich_version(routed=True)
    said = content_of(version)
    writes = every_write(version)
    task = version.tasks.first()
    assert task.parties.exists()
    in_approval(version)
    actor = coordinator()

    for write in writes.values():
        with pytest.raises(services.ContentLocked, match="schvaluje"):
            write(actor)

    assert content_of(version) == said


def test_nothing_is_written_by_people_without_the_permission():
    version = rich_version()
    said = content_of(version)
    member = SeatFactory(committee=version.plan.committee).person
    former = SeatFactory(committee=version.plan.committee, ended=True).person

    for write in every_write(version).values():
        for outsider in (member, former, PersonFactory(), None):
            with pytest.raises(PermissionDenied):
                write(outsider)

    assert content_of(version) == said


def test_a_grant_on_the_version_is_enough_for_its_content():
    version = empty_version()
    writer = PersonFactory()
    assign_perm("plans.edit_content", writer, version)

    node = services.add_node(version, actor=writer, values=NodeValues(title="Podpora rodin"))

    assert version.nodes.get() == node
    with pytest.raises(PermissionDenied):
        services.add_node(PlanVersionFactory(), actor=writer, values=NodeValues(title="Jinde"))


def test_every_locked_state_has_its_sentence():
    sentences = {state: services.why_locked(PlanVersion(state=state)) for state in VersionState}

    assert sentences.pop(VersionState.DRAFT) == ""
    assert len(set(sentences.values())) == 4
    assert all(sentences.values())


def test_a_version_returned_for_rework_can_be_written_again():
    version = in_approval(plan_ready_for_approval())
    VERSION_WORKFLOW.advance(version, "return_for_rework", note="Doplnit termíny.")

    services.reorder(version.nodes.first(), actor=coordinator(), step=1)

    version.refresh_from_db()
    assert version.is_editable
