"""A plan as a flat list of things that can be compared: each with its lineage, place and facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kpss.czech import czk, number
from planning.plans.content import (
    ChapterContent,
    NetworkContent,
    NodeContent,
    PlanContent,
    TaskContent,
)
from planning.plans.templatetags.plan_words import term


class What(StrEnum):
    """What kind of thing it is."""

    CHAPTER = "chapter"
    NODE = "node"
    TASK = "task"
    SERVICE = "service"


@dataclass(frozen=True)
class Fact:
    """One thing said: a long or short text whose words are compared, or a value that is one whole."""

    name: str
    text: str
    is_text: bool = False


@dataclass(frozen=True)
class Item:
    """A chapter, node, task or service of the network; ``parent`` and ``key`` are lineages."""

    what: What
    key: str
    parent: str
    code: str
    title: str
    level: str
    depth: int
    facts: tuple[Fact, ...]


def items_of(content: PlanContent) -> list[Item]:
    """Everything in the plan in reading order: chapters, the tree from the top, the network."""
    chapters = [_chapter(chapter) for chapter in content.chapters]
    tree = [item for node in content.nodes for item in _walk(node, "", content.task_singular)]
    return [*chapters, *tree, *map(_service, content.network)]


def _chapter(chapter: ChapterContent) -> Item:
    facts = (Fact("title", chapter.title, True), Fact("body", chapter.body, True))
    return Item(What.CHAPTER, chapter.lineage, "", "", chapter.title, "", 1, facts)


def _walk(node: NodeContent, parent: str, task_word: str) -> Iterator[Item]:
    facts = (
        Fact("title", node.title, True),
        Fact("need", node.need, True),
        Fact("goal", node.goal, True),
        Fact("description", node.description, True),
        Fact("planning_group", node.planning_group),
        Fact("target_groups", ", ".join(node.target_groups)),
        Fact("municipalities", ", ".join(node.municipalities)),
    )
    yield Item(
        What.NODE, node.lineage, parent, node.code, node.title, node.level, node.depth, facts
    )
    for task in node.tasks:
        yield _task(task, node, task_word)
    for child in node.children:
        yield from _walk(child, node.lineage, task_word)


def _task(task: TaskContent, node: NodeContent, task_word: str) -> Item:
    facts = (
        Fact("title", task.title, True),
        Fact("description", task.description, True),
        Fact("responsible", ", ".join(task.responsible)),
        Fact("partners", ", ".join(task.partners)),
        Fact("term", " – ".join(part for part in (term(task), task.term_text) if part)),
        Fact("cost", czk(task.cost_planned)),
        Fact("cost_note", task.cost_note, True),
        Fact("funding", ", ".join(_funding(task))),
        Fact("indicators", ", ".join(_indicators(task))),
    )
    return Item(
        What.TASK,
        task.lineage,
        node.lineage,
        task.code,
        task.title,
        task_word,
        node.depth + 1,
        facts,
    )


def _funding(task: TaskContent) -> Iterator[str]:
    for line in task.funding:
        more = " ".join(part for part in (czk(line.amount), line.note and f"({line.note})") if part)
        yield f"{line.source_name}: {more}" if more else line.source_name


def _indicators(task: TaskContent) -> Iterator[str]:
    for one in task.indicators:
        planned = " ".join(part for part in (number(one.planned), one.unit) if part)
        yield f"{one.name}: {planned}" if planned else one.name


def _service(entry: NetworkContent) -> Item:
    facts = (
        Fact("fte", number(entry.fte)),
        Fact("beds", number(entry.beds)),
        Fact("note", entry.note, True),
    )
    key = f"{entry.name}\0{entry.provider}"
    title = f"{entry.name} ({entry.provider})"
    return Item(What.SERVICE, key, "", "", title, "", 1, facts)
