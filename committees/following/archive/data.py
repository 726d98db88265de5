"""Meetings, called-off votes, resolutions and rules as plain data for those who read the archive after us.

What is empty stays there empty, codes have their words beside them, moments are local with their offset:
whoever opens the file in twenty years has only the file. No queries here; callers read all before.
"""

import csv
import datetime
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from committees.ballots.facts import BallotFacts
from committees.ballots.models import Ballot
from committees.bodies.models import Resolution, Rules
from committees.bodies.wording import attendance_sentence, rules_in_words, vote_sentence
from committees.meetings.agenda import AgendaLine, agenda_tree, walk
from committees.meetings.enums import Standing
from committees.meetings.models import Meeting, MeetingTask, Participant
from committees.meetings.workflow import MEETING_WORKFLOW


def local(value: datetime.datetime | None) -> str:
    """The moment as "2020-11-12T14:05:00+01:00"; nothing for nothing."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value else ""


def _day(value: datetime.date | None) -> str:
    return value.isoformat() if value else ""


# --- Meetings --------------------------------------------------------------------------------------------------------


def meeting_data(meeting: Meeting, votes: Mapping[int, BallotFacts]) -> dict[str, Any]:
    """The meeting with its agenda, attendance, tasks and history; ``votes`` by the keys of their ballots."""
    participants = list(meeting.participants.all())
    return {
        "uid": str(meeting.uid),
        "committee": meeting.committee.name,
        "year": meeting.year,
        "number": meeting.number,
        "title": meeting.title,
        "state": meeting.state,
        "state_label": meeting.get_state_display(),
        "format": meeting.format,
        "format_label": meeting.get_format_display(),
        "called_for": local(meeting.starts_at),
        "called_until": local(meeting.ends_at),
        "place": meeting.place,
        "is_public": meeting.is_public,
        "message": meeting.message,
        "called_at": local(meeting.invited_at),
        "started_at": local(meeting.started_at),
        "ended_at": local(meeting.ended_at),
        "agenda": [
            _item_data(line, votes) for line in walk(agenda_tree(meeting.items.all(), insider=True))
        ],
        "attendance": [_participant_data(one, participants) for one in participants],
        "tasks": [_task_data(task) for task in meeting.tasks.all()],
        "history": [
            {
                "at": local(event.at),
                "what": event.transition,
                "what_label": _step_in_words(event.transition),
                "who": str(event.actor or ""),
                "note": event.note,
            }
            for event in meeting.events.all()
        ],
    }


def _step_in_words(transition: str) -> str:
    known = MEETING_WORKFLOW.transitions.get(transition)
    return str(known.label) if known else pgettext("history", "Made")


def _item_data(line: AgendaLine, votes: Mapping[int, BallotFacts]) -> dict[str, Any]:
    item = line.item
    ballots = [motion.ballot_id for motion in item.motions.all()]
    return {
        "number": line.number,
        "title": item.title,
        "text": item.text,
        "presenter": item.presenter,
        "is_internal": line.is_internal,
        "proposal": item.proposal,
        "taken_up_at": local(item.taken_up_at),
        "papers": [
            {"name": paper.file_name, "sha256": paper.file.sha256} for paper in item.papers.all()
        ],
        "conflicts": [
            {
                "who": str(conflict.participant),
                "reason": conflict.reason,
                "declared_at": local(conflict.declared_at),
            }
            for conflict in item.conflicts.all()
        ],
        "votes": [asdict(votes[pk]) for pk in ballots if pk in votes],
    }


def _participant_data(participant: Participant, everybody: list[Participant]) -> dict[str, Any]:
    seat = participant.seat
    standing = standing_of(participant, everybody)
    return {
        "who": str(participant),
        "role": seat.role if seat else "",
        "role_label": seat.get_role_display() if seat else "",
        "side": seat.side if seat else "",
        "side_label": seat.get_side_display() if seat else "",
        "organisation": str(seat.organisation or "") if seat else "",
        "standing": standing.value,
        "standing_label": str(standing.label),
        "stands_for": str(participant.represents.person) if participant.represents else "",
        "answer": participant.answer,
        "answer_label": participant.get_answer_display(),
        "note": participant.note,
        "presences": [
            {
                "arrived_at": local(stretch.arrived_at),
                "left_at": local(stretch.left_at),
                "is_online": stretch.is_online,
            }
            for stretch in participant.presences.all()
        ],
    }


def standing_of(participant: Participant, everybody: Iterable[Participant]) -> Standing:
    """How somebody took part, by when they came and left and who stood in for them."""
    stretches = list(participant.presences.all())
    if stretches:
        if participant.seat_id is None and participant.represents_id is None:
            return Standing.GUEST
        is_online = all(stretch.is_online for stretch in stretches)
        return Standing.ONLINE if is_online else Standing.PRESENT
    if participant.seat_id and any(
        other.represents_id == participant.seat_id and other.presences.all() for other in everybody
    ):
        return Standing.REPRESENTED
    return Standing.EXCUSED if participant.is_excused else Standing.ABSENT


def _task_data(task: MeetingTask) -> dict[str, Any]:
    return {
        "text": task.text,
        "who": str(task.person or task.responsible),
        "due_on": _day(task.due_on),
        "state": task.state,
        "state_label": task.get_state_display(),
    }


# --- Votes and resolutions -------------------------------------------------------------------------------------------


def called_off_data(ballot: Ballot) -> dict[str, Any]:
    """A vote per rollam that had begun and was called off: it has no result, only its history."""
    return {
        "committee": ballot.committee.name,
        "title": ballot.title,
        "text": ballot.text,
        "background": ballot.background,
        "state": ballot.state,
        "state_label": ballot.get_state_display(),
        "opened_at": local(ballot.opened_at),
        "deadline": local(ballot.deadline),
        "history": [
            {
                "at": local(event.at),
                "what": event.transition,
                "who": str(event.actor or ""),
                "note": event.note,
            }
            for event in ballot.events.all()
        ],
    }


def resolution_data(resolution: Resolution) -> dict[str, Any]:
    """The resolution with its vote in numbers and in words."""
    return {
        "number": resolution.number,
        "adopted_on": _day(resolution.adopted_on),
        "mode": resolution.mode,
        "mode_label": resolution.get_mode_display(),
        "verb": resolution.verb,
        "verb_label": resolution.get_verb_display(),
        "text": resolution.text,
        "is_adopted": resolution.is_adopted,
        "votes_for": resolution.votes_for,
        "votes_against": resolution.votes_against,
        "abstained": resolution.abstained,
        "excluded": resolution.excluded,
        "members_present": resolution.members_present,
        "members_total": resolution.members_total,
        "result": vote_sentence(resolution),
        "attendance": attendance_sentence(resolution),
        "url": resolution.url,
        "recorded_at": local(resolution.recorded_at),
    }


# What a table editor would take for a formula; such a text gets an apostrophe in front.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def resolutions_table(resolutions: Iterable[Resolution]) -> bytes:
    """The resolutions as CSV that Czech Excel opens by itself: UTF-8 with its mark, semicolons."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            _t("number"),
            _t("date"),
            _t("how"),
            _t("text"),
            _t("result"),
            _t("attendance"),
            _t("link"),
        ]
    )
    for resolution in resolutions:
        cells = [
            resolution.number,
            _day(resolution.adopted_on),
            str(resolution.get_mode_display()),
            resolution.text,
            vote_sentence(resolution),
            attendance_sentence(resolution),
            resolution.url,
        ]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return target.getvalue().encode("utf-8-sig")


def rules_data(rules: Rules) -> dict[str, Any]:
    """The rules by which the committee counted, in sentences, and the wording in which they stand."""
    version = rules.document_version
    return {
        "valid_from": _day(rules.valid_from),
        "rules": [
            {"term": row.term, "value": row.value} for row in rules_in_words(rules.committee, rules)
        ],
        "document": str(rules.paper or ""),
        "wording_number": version.number if version else None,
        "wording_valid_from": _day(version.valid_from) if version else "",
        "wording_approved_by": version.note if version else "",
    }
