"""People who write into one plan at the very same moment."""

import threading
import uuid

import pytest
from django.db import connection, models

from planning.plans import services
from planning.plans.models import Plan, PlanNode, PlanVersion
from planning.plans.services import tree
from planning.plans.values import NodeValues, TaskValues
from tests.factories import PlanFactory
from tests.planning.factories import add_node, coordinator, empty_version
from tests.planning.trees import assert_is_tree

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LEVELS = [("priorita", "priority"), ("cíl", "cíle"), ("opatření", "opatření")]


def at_once(*works):
    """Call each work in a thread and a connection of its own; returns what came of them, in order."""
    start = threading.Barrier(len(works))
    results = [None] * len(works)

    def run(index, work):
        try:
            start.wait(timeout=20)
            results[index] = work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def each_under_the_other():
    """Two people move two priorities, each under the other one, at once; returns the version and the outcomes."""
    version, actor = empty_version(levels=LEVELS), coordinator()
    first, second = add_node(version), add_node(version)
    outcomes = at_once(
        lambda: services.move_node(first, actor=actor, parent=second),
        lambda: services.move_node(second, actor=actor, parent=first),
    )
    return version, outcomes


def test_two_opposite_moves_keep_a_tree():
    for _round in range(10):
        version, outcomes = each_under_the_other()

        assert_is_tree(version)
        refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert [type(outcome) for outcome in refused] == [services.EditRefused]


def test_opposite_moves_would_break_the_tree_without_the_lock(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("On SQLite the immediate transaction itself is the guard")
    both_have_read = threading.Barrier(2)
    read = tree.subtree

    def read_and_wait(node):
        keys = read(node)
        both_have_read.wait(timeout=20)
        return keys

    monkeypatch.setattr(tree, "subtree", read_and_wait)
    monkeypatch.setattr(
        models.QuerySet, "select_for_update", lambda queryset, **options: queryset.all()
    )

    version, _outcomes = each_under_the_other()

    with pytest.raises(AssertionError, match="hangs under itself"):
        assert_is_tree(version)


def test_many_people_add_at_once_and_nothing_shares_a_code_or_a_place():
    version, actor = empty_version(), coordinator()
    parent = add_node(version)

    outcomes = at_once(
        *[
            lambda: services.add_node(
                version, actor=actor, parent=parent, values=NodeValues(title="Nové opatření")
            )
        ]
        * 8
    )

    assert all(isinstance(outcome, PlanNode) for outcome in outcomes), outcomes
    assert_is_tree(version)
    assert sorted(node.code for node in outcomes) == [f"1.{number}" for number in range(1, 9)]


def test_one_form_sent_eight_times_at_once_makes_one_task():
    version, actor = empty_version(), coordinator()
    node = add_node(version)
    lineage = uuid.uuid4()

    outcomes = at_once(
        *[
            lambda: services.add_task(
                node, actor=actor, values=TaskValues(title="Uspořádat setkání"), lineage=lineage
            )
        ]
        * 8
    )

    assert {getattr(outcome, "pk", outcome) for outcome in outcomes} == {version.tasks.get().pk}


def test_eight_starts_at_once_make_one_version():
    plan, actor = PlanFactory(), coordinator()

    outcomes = at_once(
        *[lambda: services.start_version(Plan.objects.get(pk=plan.pk), actor=actor)] * 8
    )

    made = [outcome for outcome in outcomes if isinstance(outcome, PlanVersion)]
    refused = [str(outcome) for outcome in outcomes if isinstance(outcome, services.EditRefused)]
    assert made == [plan.versions.get()]
    assert refused == ["Tento plán už má otevřenou verzi."] * 7
    assert made[0].events.count() == 1
