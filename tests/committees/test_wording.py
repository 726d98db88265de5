"""Votes and rules in sentences: right numbers, right Czech cases."""

import pytest
from django.template import Context, Template
from django.utils import translation

from committees.bodies.enums import CommitteeKind, Majority, Mode, Quorum, Role, Silence
from committees.bodies.models import Committee, Resolution, Rules
from committees.bodies.wording import (
    attendance_sentence,
    kind_in_words,
    public_role,
    rules_in_words,
    vote_sentence,
)


def resolution(**facts):
    return Resolution(
        **{
            "votes_for": 8, "votes_against": 0, "abstained": 1, "members_total": 9,
            "members_present": 9, "is_adopted": True, "mode": Mode.IN_PERSON,
        }
        | facts
    )  # fmt: skip


def plain(sentence):
    return sentence.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "Přijato: pro 8, proti 0, zdržel se 1 z 9 členů"),
        ({"abstained": 0}, "Přijato: pro 8, proti 0, zdrželo se 0 z 9 členů"),
        ({"abstained": 2}, "Přijato: pro 8, proti 0, zdrželi se 2 z 9 členů"),
        ({"abstained": 5}, "Přijato: pro 8, proti 0, zdrželo se 5 z 9 členů"),
        ({"is_adopted": False}, "Nepřijato: pro 8, proti 0, zdržel se 1 z 9 členů"),
        ({"members_total": 1}, "Přijato: pro 8, proti 0, zdržel se 1 z 1 člena"),
        ({"members_total": 2}, "Přijato: pro 8, proti 0, zdržel se 1 ze 2 členů"),
        ({"members_total": 7}, "Přijato: pro 8, proti 0, zdržel se 1 ze 7 členů"),
        ({"members_total": 15}, "Přijato: pro 8, proti 0, zdržel se 1 z 15 členů"),
        ({"members_total": 11}, "Přijato: pro 8, proti 0, zdržel se 1 z 11 členů"),
        ({"members_total": 21}, "Přijato: pro 8, proti 0, zdržel se 1 ze 21 členů"),
        ({"members_total": 50}, "Přijato: pro 8, proti 0, zdržel se 1 z 50 členů"),
        ({"members_total": 101}, "Přijato: pro 8, proti 0, zdržel se 1 ze 101 členů"),
    ],
)
def test_vote_is_a_czech_sentence(facts, sentence):
    assert plain(vote_sentence(resolution(**facts))) == sentence


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "Přítomno 9 z 9 členů"),
        ({"members_total": 15, "members_present": 14}, "Přítomno 14 z 15 členů"),
        ({"mode": Mode.PER_ROLLAM}, "Odpovědělo 9 z 9 členů"),
        ({"mode": Mode.PER_ROLLAM, "members_present": 1}, "Odpověděl 1 z 9 členů"),
        ({"mode": Mode.PER_ROLLAM, "members_present": 3}, "Odpověděli 3 z 9 členů"),
    ],
)
def test_attendance_is_a_czech_sentence(facts, sentence):
    assert plain(attendance_sentence(resolution(**facts))) == sentence


def test_english_reader_gets_english():
    with translation.override("en"):
        assert vote_sentence(resolution()) == "Adopted: for 8, against 0, abstained 1 of 9 members"


def test_template_filters_say_the_same():
    template = Template("{% load bodies %}{{ r|vote_sentence }}. {{ r|attendance_sentence }}.")

    said = template.render(Context({"r": resolution()}))

    assert said == f"{vote_sentence(resolution())}. {attendance_sentence(resolution())}."


def words(kind, **rules):
    defaults = {
        "notice_days": 7, "quorum": Quorum.HALF_OF_ALL, "majority": Majority.OF_PRESENT,
        "minutes_days": 10, "per_rollam_days": 5, "min_meetings_per_year": 0,
    }  # fmt: skip
    rows = rules_in_words(Committee(kind=kind), Rules(**defaults | rules))
    return [plain(row.value) for row in rows]


def test_rules_say_what_really_decides():
    group = words(CommitteeKind.WORKING_GROUP)
    commission = words(CommitteeKind.COMMISSION)

    assert "když pro ně hlasuje více než polovina přítomných" in group
    assert "když pro ně hlasuje více než polovina všech členů" in commission
    tie = {"chair_decides_tie": True}
    assert words(CommitteeKind.WORKING_GROUP, **tie) != group
    assert words(CommitteeKind.COMMISSION, **tie) == commission


def test_every_rule_changes_the_words():
    plainest = words(CommitteeKind.STEERING)
    changes = [
        {"notice_days": 1},
        {"quorum": Quorum.NONE},
        {"majority": Majority.TWO_THIRDS_OF_ALL},
        {"per_rollam_allowed": True},
        {"votes_public": True},
        {"substitutes_allowed": True},
        {"meetings_public": True},
        {"minutes_days": 3},
        {"min_meetings_per_year": 4},
    ]

    for change in changes:
        assert words(CommitteeKind.STEERING, **change) != plainest, change


def test_rules_say_what_silence_means_and_when_the_vote_ends():
    def per_rollam(kind, **rules):
        return words(kind, per_rollam_allowed=True, **rules)[3]

    asked = "je možné; na odpověď mají členové nejméně 5 dní; "
    group, consent = CommitteeKind.WORKING_GROUP, {"per_rollam_silence": Silence.CONSENT}
    assert per_rollam(group) == asked + "kdo neodpoví, počítá se, jako by nehlasoval"
    assert per_rollam(group, **consent) == asked + "kdo neodpoví, počítá se, jako by souhlasil"
    assert per_rollam(CommitteeKind.COMMISSION, **consent) == per_rollam(CommitteeKind.COMMISSION)
    early = per_rollam(group, per_rollam_closes_early=True)
    assert early.endswith("; hlasování skončí, jakmile je rozhodnuto")


@pytest.mark.parametrize(
    ("excluded", "end"),
    [
        (0, "zdržel se 1 z 9 členů"),
        (1, "zdržel se 1 z 9 členů, nehlasoval 1 pro střet zájmů"),
        (2, "zdržel se 1 z 9 členů, nehlasovali 2 pro střet zájmů"),
        (5, "zdržel se 1 z 9 členů, nehlasovalo 5 pro střet zájmů"),
    ],
)
def test_vote_tells_who_was_excluded(excluded, end):
    assert plain(vote_sentence(resolution(excluded=excluded))).endswith(end)


def test_every_kind_and_role_has_words():
    assert len({kind_in_words(kind) for kind in CommitteeKind}) == len(CommitteeKind)
    assert [role for role in Role if not public_role(role)] == [Role.MEMBER]
