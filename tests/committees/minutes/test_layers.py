"""The public layer: names by consent, internal items by their number only."""

from dataclasses import replace

from committees.minutes.content import (
    Attendance,
    ConflictContent,
    ItemContent,
    MinutesContent,
    SideAttendance,
    TaskContent,
    Voice,
    VoteContent,
    Who,
)
from committees.minutes.layers import public_layer
from committees.minutes.texts import HIDDEN
from kpss.canonical import canonical, fingerprint, parse
from tests.committees.minutes.held import YESTERDAY

LABEL = "zástupce uživatelů a pečujících"
KEPT = Who("Dana Kanárková", "Kanárková", LABEL, seat=1, is_public=False)
AGREED = Who("Karel Veselý", "Veselý", LABEL, seat=2)
ZEMAN = Who("Ivo Zeman", "Zeman", "", seat=3)


def content(**values) -> MinutesContent:
    return MinutesContent(
        **{
            "committee": "Komise",
            "number": 1,
            "year": 2026,
            "title": "",
            "date": YESTERDAY.date(),
            "started_at": YESTERDAY,
            "ended_at": YESTERDAY,
            "place": "Radnice",
            "format": "osobně",
            "presided": ZEMAN,
            "writer": ZEMAN,
            "verifiers": (),
            "sides": (),
            "others": (),
            "guests": (),
            "quorum": (),
            "opening": "",
            "items": (),
            "closing": "",
        }
        | values
    )


def vote(**values) -> VoteContent:
    return VoteContent(
        **{
            "title": "Návrh",
            "text": "Komise schvaluje.",
            "method": "named",
            "is_adopted": True,
            "result": "Přijato",
        }
        | values
    )


def test_hidden_members_come_last_without_name_and_organisation():
    lines = tuple(
        Attendance(who, "pritomen", organisation="Rodiče, z. s.") for who in (KEPT, AGREED)
    )
    public = public_layer(content(sides=(SideAttendance("uzivatel", "uživatelé", lines),)))

    shown = [(line.who.name, line.organisation) for line in public.sides[0].lines]
    assert shown == [("Karel Veselý", "Rodiče, z. s."), (LABEL, "")]
    assert public.sides[0].lines[1].who == Who(LABEL)


def test_guests_are_counted_not_named():
    public = public_layer(content(guests=(replace(KEPT, seat=None), replace(KEPT, seat=None))))

    assert (public.guests, public.guest_count) == ((), 2)


def test_internal_item_keeps_only_its_number():
    item = ItemContent(
        7, "2.", "Tajný bod", "Kdo", is_internal=True, text="text", votes=(vote(),),
        children=(ItemContent(8, "2.1", "Pod tajným", is_internal=True),),
    )  # fmt: skip

    public = public_layer(content(items=(item,)))

    assert public.items == (ItemContent(7, "2.", "Neveřejný bod", is_internal=True),)


def test_conflict_is_public_without_its_reason():
    item = ItemContent(1, "1.", "Bod", conflicts=(ConflictContent(KEPT, "Je to sestra."),))

    public = public_layer(content(items=(item,)))

    assert public.items[0].conflicts == (ConflictContent(Who(LABEL)),)


def test_who_voted_how_is_public_only_by_the_rules():
    voices = (Voice(KEPT, "pro"), Voice(ZEMAN, "proti"))
    secret, open_ = vote(voices=voices), vote(voices=voices, voices_public=True)

    public = public_layer(content(items=(ItemContent(1, "1.", "Bod", votes=(secret, open_)),)))

    assert public.items[0].votes[0].voices == ()
    assert public.items[0].votes[1].voices == (
        Voice(Who("Ivo Zeman"), "proti"),
        Voice(Who(LABEL), "pro"),
    )


def test_names_are_covered_in_tasks_and_presenters():
    task = TaskContent("Zeptat se paní Kanárkové", who=KEPT, responsible="Dana Kanárková")
    item = ItemContent(1, "1.", "Bod", presenter="Dana Kanárková", tasks=(task,))

    public = public_layer(content(items=(item,))).items[0]

    assert public.presenter == HIDDEN
    assert public.tasks == (TaskContent(f"Zeptat se paní {HIDDEN}", Who(LABEL), HIDDEN),)


def test_consent_taken_back_hides_the_name_even_in_typed_texts():
    item = ItemContent(1, "1.", "Bod", text="Pan Veselý navrhl změnu. Pan Zeman souhlasil.")
    whole = content(items=(item,), tasks=(TaskContent("Zavolat", who=AGREED),))

    before, after = public_layer(whole), public_layer(whole, withdrawn={2})

    assert before.items[0].text == item.text
    assert before.tasks[0].who == Who("Karel Veselý")
    assert after.items[0].text == r"Pan \[neveřejné\] navrhl změnu. Pan Zeman souhlasil."
    assert after.tasks[0].who == Who(LABEL)


def test_content_comes_back_from_its_bytes():
    whole = content(
        items=(ItemContent(1, "1.", "Bod", votes=(vote(voices=(Voice(KEPT, "pro"),)),)),),
        tasks=(TaskContent("Zavolat", due_on=YESTERDAY.date()),),
    )

    again = parse(MinutesContent, canonical(whole))

    assert again == whole
    assert fingerprint(again) == fingerprint(whole)
