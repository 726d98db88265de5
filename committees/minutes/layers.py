"""The public layer of minutes: hidden passages, internal items and names without consent left out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from kpss.passages import public_text

from .content import (
    Attendance,
    ConflictContent,
    ItemContent,
    MinutesContent,
    TaskContent,
    VoteContent,
    Who,
)
from .texts import name_or_sign, without_names

INTERNAL_ITEM = "Neveřejný bod"  # a phrase of the document, which is Czech whoever asks for it


def public_layer(content: MinutesContent, *, withdrawn: Collection[int] = ()) -> MinutesContent:
    """What everybody may read of ``content``.

    ``withdrawn`` are keys of seats whose consent to be named has been taken back since the minutes
    were written: their names go even from the typed texts.
    """
    layer = _Layer(
        frozenset(withdrawn),
        content.hidden_surnames(withdrawn),
        frozenset(w.surname for w in content.people() if w.surname and w.seat in withdrawn),
    )
    return replace(
        content,
        title=public_text(content.title),
        presided=layer.maybe(content.presided),
        writer=layer.who(content.writer),
        verifiers=tuple(layer.who(who) for who in content.verifiers),
        sides=tuple(replace(side, lines=layer.lines(side.lines)) for side in content.sides),
        others=layer.lines(content.others),
        guests=(),
        guest_count=len(content.guests),
        opening=layer.typed(content.opening),
        closing=layer.typed(content.closing),
        items=tuple(layer.item(item) for item in content.items),
        per_rollam=tuple(layer.vote(vote) for vote in content.per_rollam),
        tasks=layer.tasks(content.tasks),
        is_whole=False,
    )


@dataclass(frozen=True)
class _Layer:
    """Whose names are hidden: from facts by ``surnames``, from typed texts by ``since``."""

    withdrawn: frozenset[int]
    surnames: frozenset[str]
    since: frozenset[str]

    def shows(self, who: Who) -> bool:
        return who.is_public and who.seat not in self.withdrawn

    def who(self, who: Who) -> Who:
        return Who(name=who.name if self.shows(who) else who.label)

    def maybe(self, who: Who | None) -> Who | None:
        return self.who(who) if who else None

    def typed(self, text: str) -> str:
        return without_names(text, self.since, markdown=True)

    def lines(self, lines: Iterable[Attendance]) -> tuple[Attendance, ...]:
        """Hidden members come last, so that the order does not give a name away."""
        ordered = sorted(lines, key=lambda line: not self.shows(line.who))
        return tuple(
            replace(
                line,
                who=self.who(line.who),
                organisation=line.organisation if self.shows(line.who) else "",
                stands_for=self.maybe(line.stands_for),
                represented_by=self.maybe(line.represented_by),
            )
            for line in ordered
        )

    def item(self, item: ItemContent) -> ItemContent:
        if item.is_internal:
            return ItemContent(item.key, item.number, INTERNAL_ITEM, is_internal=True)
        return replace(
            item,
            title=public_text(item.title),
            presenter=name_or_sign(item.presenter, self.surnames),
            text=self.typed(item.text),
            conflicts=tuple(ConflictContent(self.who(one.who)) for one in item.conflicts),
            votes=tuple(self.vote(vote) for vote in item.votes),
            tasks=self.tasks(item.tasks),
            children=tuple(self.item(child) for child in item.children),
        )

    def vote(self, vote: VoteContent) -> VoteContent:
        voices = sorted(vote.voices, key=lambda voice: not self.shows(voice.who))
        return replace(
            vote,
            title=public_text(vote.title),
            text=public_text(vote.text),
            voices=tuple(replace(voice, who=self.who(voice.who)) for voice in voices)
            if vote.voices_public
            else (),
        )

    def tasks(self, tasks: Iterable[TaskContent]) -> tuple[TaskContent, ...]:
        return tuple(
            replace(
                task,
                text=without_names(task.text, self.surnames),
                who=self.maybe(task.who),
                responsible=name_or_sign(task.responsible, self.surnames),
            )
            for task in tasks
        )
