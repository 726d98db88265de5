"""Recording what a committee decided: by the rules of its day, refused with a sentence at the field."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.bodies.deciding import has_quorum, is_carried
from committees.bodies.enums import CommitteeKind, Majority, Mode, Quorum, Verb
from committees.bodies.forms import ResolutionForm
from committees.bodies.models import Resolution
from committees.bodies.services import correct_resolution, record_resolution
from documents.store import read as store_read
from documents.store.uploads import CheckedFile
from planning.approvals import workflow
from tests.factories import (
    CommitteeFactory,
    PersonFactory,
    ResolutionFactory,
    RulesFactory,
    SeatFactory,
    plan_ready_for_approval,
)

pytestmark = pytest.mark.django_db

PAPER = b"%PDF-1.7 paper %%EOF"
DAY = datetime.date(2020, 11, 12)


def facts(committee, **changes):
    return {
        "committee": committee,
        "number": "2/2020",
        "adopted_on": DAY,
        "mode": Mode.IN_PERSON,
        "verb": Verb.APPROVES,
        "text": "Komise schvaluje akční plán.",
        "votes_for": 8,
        "votes_against": 0,
        "abstained": 1,
        "members_total": 9,
        "members_present": 9,
        "actor": None,
    } | changes


def refusal(committee, **changes):
    """The sentences by field with which a record is refused; nothing may remain of it."""
    with pytest.raises(ValidationError) as refused:
        record_resolution(**facts(committee, **changes))
    assert not Resolution.objects.filter(committee=committee).exists()
    return refused.value.message_dict


def test_record_keeps_facts_rules_and_who_wrote_it():
    rules = RulesFactory()
    actor = PersonFactory()

    resolution = record_resolution(
        **facts(rules.committee, actor=actor, number=" 2/2020 ", url="https://example.cz/2")
    )

    resolution.refresh_from_db()
    assert resolution.is_adopted
    assert resolution.rules == rules
    assert resolution.recorded_by == actor
    assert resolution.number == "2/2020"
    assert resolution.url == "https://example.cz/2"
    assert resolution.file is None


def test_record_keeps_the_paper_in_the_store():
    committee = RulesFactory().committee
    paper = CheckedFile("usneseni.pdf", "application/pdf", PAPER)

    resolution = record_resolution(**facts(committee, file=paper))

    assert store_read(resolution.file) == PAPER
    assert resolution.file.content_type == "application/pdf"


def test_rules_of_the_day_decide_not_those_of_today():
    committee = CommitteeFactory(kind=CommitteeKind.WORKING_GROUP)
    old = RulesFactory(
        committee=committee, valid_from=datetime.date(2019, 1, 1), majority=Majority.OF_PRESENT
    )
    new = RulesFactory(
        committee=committee, valid_from=datetime.date(2020, 6, 1), majority=Majority.OF_ALL
    )
    vote = {"votes_for": 4, "votes_against": 3, "abstained": 0, "members_present": 7}

    before = record_resolution(
        **facts(
            committee, number="1", adopted_on=datetime.date(2020, 5, 31), members_total=11, **vote
        )
    )
    after = record_resolution(
        **facts(
            committee, number="2", adopted_on=datetime.date(2020, 6, 1), members_total=11, **vote
        )
    )

    assert (before.rules, before.is_adopted) == (old, True)
    assert (after.rules, after.is_adopted) == (new, False)


def test_statutory_body_needs_more_than_half_of_all_whatever_its_rules_say():
    committee = CommitteeFactory(kind=CommitteeKind.ASSEMBLY)
    RulesFactory(
        committee=committee,
        majority=Majority.OF_PRESENT,
        quorum=Quorum.NONE,
        chair_decides_tie=True,
    )
    vote = {"members_total": 15, "members_present": 9, "votes_against": 0, "abstained": 0}

    seven = record_resolution(**facts(committee, number="1", votes_for=7, **vote))
    eight = record_resolution(**facts(committee, number="2", votes_for=8, **vote))

    assert not seven.is_adopted
    assert eight.is_adopted


def test_vote_without_quorum_is_not_adopted():
    committee = CommitteeFactory(kind=CommitteeKind.STEERING)
    RulesFactory(committee=committee, majority=Majority.OF_PRESENT, quorum=Quorum.MAJORITY_OF_ALL)
    vote = {"members_total": 10, "votes_against": 0, "abstained": 0}

    five = record_resolution(**facts(committee, number="1", members_present=5, votes_for=5, **vote))
    six = record_resolution(**facts(committee, number="2", members_present=6, votes_for=4, **vote))

    assert not five.is_adopted
    assert six.is_adopted


@pytest.mark.parametrize(("chair_for", "adopted"), [(True, True), (False, False)])
def test_tie_is_decided_by_the_chair_where_the_rules_say_so(chair_for, adopted):
    committee = CommitteeFactory(kind=CommitteeKind.STEERING)
    RulesFactory(committee=committee, majority=Majority.OF_PRESENT, chair_decides_tie=True)
    tie = {
        "members_total": 6, "members_present": 6, "votes_for": 3, "votes_against": 3, "abstained": 0,
    }  # fmt: skip

    assert list(refusal(committee, **tie)) == ["chair_voted_for"]
    resolution = record_resolution(**facts(committee, chair_voted_for=chair_for, **tie))

    assert resolution.is_adopted is adopted


def test_unknown_day_asks_for_rules():
    committee = RulesFactory(valid_from=datetime.date(2021, 1, 1)).committee

    sentences = refusal(committee)

    assert list(sentences) == ["adopted_on"]
    assert "12.\u00a011.\u00a02020" in sentences["adopted_on"][0]


def test_day_to_come_is_refused():
    committee = RulesFactory().committee
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    assert list(refusal(committee, adopted_on=tomorrow)) == ["adopted_on"]
    assert record_resolution(**facts(committee, adopted_on=timezone.localdate())).pk


def test_committee_that_did_not_exist_is_refused():
    committee = CommitteeFactory(
        established_on=datetime.date(2020, 2, 1), dissolved_on=datetime.date(2020, 12, 31)
    )
    RulesFactory(committee=committee, valid_from=datetime.date(2019, 1, 1))

    assert list(refusal(committee, adopted_on=datetime.date(2020, 1, 31))) == ["adopted_on"]
    assert list(refusal(committee, adopted_on=datetime.date(2021, 1, 1))) == ["adopted_on"]
    assert record_resolution(**facts(committee, adopted_on=datetime.date(2020, 2, 1))).pk


def test_per_rollam_only_where_rules_know_it():
    committee = RulesFactory(per_rollam_allowed=False).committee

    assert list(refusal(committee, mode=Mode.PER_ROLLAM)) == ["mode"]

    RulesFactory(committee=committee, valid_from=datetime.date(2020, 6, 1), per_rollam_allowed=True)
    assert record_resolution(**facts(committee, mode=Mode.PER_ROLLAM)).is_adopted


@pytest.mark.parametrize(
    "votes",
    [
        {"members_present": 10},
        {"votes_for": 9, "abstained": 1},
        {"votes_for": 3, "votes_against": 3, "abstained": 0, "members_present": 5},
    ],
)
def test_impossible_numbers_are_refused_at_the_field(votes):
    assert list(refusal(RulesFactory().committee, **votes)) == ["members_present"]


@pytest.mark.parametrize(
    "votes",
    [
        {"members_present": 10},
        {"votes_for": 9, "abstained": 1},
        {"votes_for": 8, "abstained": 1, "excluded": 1},
        {"votes_for": -1},
    ],
)
def test_impossible_numbers_are_refused_by_the_database_too(votes):
    rules = RulesFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        ResolutionFactory(committee=rules.committee, **votes)


def test_excluded_members_do_not_count_where_the_present_decide():
    committee = RulesFactory(
        committee=CommitteeFactory(kind=CommitteeKind.WORKING_GROUP),
        quorum=Quorum.HALF_OF_ALL,
        majority=Majority.OF_PRESENT,
    ).committee
    vote = {"members_present": 6, "votes_for": 3, "votes_against": 2, "abstained": 0}

    without = record_resolution(**facts(committee, number="1", **vote))
    with_one = record_resolution(**facts(committee, number="2", excluded=1, **vote))

    assert (without.is_adopted, without.excluded) == (False, 0)
    assert (with_one.is_adopted, with_one.excluded) == (True, 1)


def test_more_voters_and_excluded_than_present_are_refused_at_the_excluded():
    committee = RulesFactory().committee

    assert list(refusal(committee, votes_for=8, abstained=1, excluded=1)) == ["excluded"]


def test_form_takes_excluded_members_and_none_when_left_empty():
    committee = RulesFactory().committee
    vote = {"votes_for": "7", "abstained": "1"}

    for given, kept in [("1", 1), ("", 0)]:
        form = ResolutionForm(
            posted(number=f"č. {kept}", excluded=given, **vote), committee=committee
        )
        assert form.is_valid(), form.errors
        resolution = record_resolution(committee=committee, actor=None, **form.cleaned_data)
        assert resolution.excluded == kept


def test_number_and_day_are_used_once():
    committee = RulesFactory().committee
    first = record_resolution(**facts(committee))

    with pytest.raises(ValidationError) as refused:
        record_resolution(**facts(committee))

    assert list(refused.value.message_dict) == ["number"]
    assert list(Resolution.objects.all()) == [first]
    assert record_resolution(**facts(RulesFactory().committee)).number == first.number
    assert record_resolution(**facts(committee, adopted_on=datetime.date(2020, 11, 13))).pk


@pytest.mark.parametrize("total", [0, 1, 5, 9, 15])
def test_every_count_is_decided_as_the_pure_functions_say(total):
    committee = RulesFactory().committee
    number = 0
    for present in range(total + 1):
        for votes_for in range(present + 1):
            number += 1
            vote = {
                "members_total": total, "members_present": present, "votes_for": votes_for,
                "votes_against": present - votes_for, "abstained": 0,
            }  # fmt: skip
            if not total:
                assert "members_total" in refusal(committee, **vote)
                continue

            resolution = record_resolution(**facts(committee, number=str(number), **vote))

            assert resolution.is_adopted is (
                has_quorum(Quorum.MAJORITY_OF_ALL, members_total=total, members_present=present)
                and is_carried(
                    Majority.OF_ALL,
                    votes_for=votes_for,
                    members_total=total,
                    members_present=present,
                )
            )


# --- Correcting -------------------------------------------------------------------------------------------------------


def test_correction_decides_anew():
    committee = RulesFactory().committee
    resolution = record_resolution(**facts(committee))

    corrected = correct_resolution(
        resolution, votes_for=4, votes_against=5, abstained=0, text=" Opraveno. "
    )

    corrected.refresh_from_db()
    assert corrected.pk == resolution.pk
    assert not corrected.is_adopted
    assert corrected.text == "Opraveno."
    assert corrected.number == "2/2020"


def test_used_resolution_is_never_corrected():
    version = plan_ready_for_approval()
    resolution = used_resolution(version)

    with pytest.raises(ValidationError):
        correct_resolution(resolution, votes_for=1, abstained=0)

    resolution.refresh_from_db()
    assert resolution.votes_for == 8
    assert resolution.is_used


def used_resolution(version):
    """A resolution by which the first step of the version's approval was passed."""
    superuser = PersonFactory(superuser=True)
    step = workflow.open_approval(version, actor=superuser)[0]
    resolution = ResolutionFactory(committee=step.committee)
    assert not resolution.is_used
    workflow.pass_step(step, resolution, actor=superuser)
    return resolution


# --- The form ---------------------------------------------------------------------------------------------------------


def posted(**changes):
    return {
        "number": "2/2020", "adopted_on": "2020-11-12", "mode": "meeting", "verb": "schvaluje",
        "text": "Komise schvaluje.", "votes_for": "8", "votes_against": "0", "abstained": "1",
        "members_total": "9", "members_present": "9", "chair_voted_for": "", "url": "",
    } | changes  # fmt: skip


def test_form_gives_what_the_service_takes():
    committee = RulesFactory().committee
    paper = SimpleUploadedFile("usneseni.pdf", PAPER)

    form = ResolutionForm(posted(), {"paper": paper}, committee=committee)

    assert form.is_valid(), form.errors
    assert "committee" not in form.fields
    resolution = record_resolution(committee=committee, actor=None, **form.cleaned_data)
    assert resolution.is_adopted
    assert resolution.file.size == len(PAPER)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"adopted_on": "2999-01-01"}, "adopted_on"),
        ({"adopted_on": "2019-01-01"}, "adopted_on"),
        ({"adopted_on": "včera"}, "adopted_on"),
        ({"mode": "per_rollam"}, "mode"),
        ({"mode": "telepathy"}, "mode"),
        ({"verb": "zpívá"}, "verb"),
        ({"members_present": "10"}, "members_present"),
        ({"votes_for": "9"}, "members_present"),
        ({"votes_for": "-1"}, "votes_for"),
        ({"votes_for": "mnoho"}, "votes_for"),
        ({"members_total": "0", "members_present": "0", "votes_for": "0", "abstained": "0"}, "members_total"),
        ({"members_total": "99999999"}, "members_total"),
        ({"number": ""}, "number"),
        ({"number": "used"}, "number"),
        ({"excluded": "1"}, "excluded"),
        ({"excluded": "-1"}, "excluded"),
        ({"text": " "}, "text"),
        ({"url": "javascript:alert(1)"}, "url"),
    ],
)  # fmt: skip
def test_form_puts_every_fault_at_its_field(changes, field):
    rules = RulesFactory(per_rollam_allowed=False)
    ResolutionFactory(committee=rules.committee, number="used", adopted_on=DAY)

    form = ResolutionForm(posted(**changes), committee=rules.committee)

    assert list(form.errors) == [field]


def test_form_refuses_a_paper_that_is_no_pdf(settings):
    settings.KPSS_UPLOAD_MAX_BYTES = 100
    committee = RulesFactory().committee

    page = SimpleUploadedFile("usneseni.pdf", b"<html>", content_type="application/pdf")
    huge = SimpleUploadedFile("usneseni.pdf", PAPER + b"0" * 100 + PAPER)
    picture = SimpleUploadedFile("usneseni.png", b"\x89PNG")

    for paper in (page, huge, picture):
        form = ResolutionForm(posted(), {"paper": paper}, committee=committee)
        assert list(form.errors) == ["paper"]


def test_form_offers_members_of_today_and_only_asked_verbs():
    committee = RulesFactory().committee
    SeatFactory.create_batch(2, committee=committee)
    SeatFactory(committee=committee, ended=True)
    SeatFactory(committee=committee, secretary=True)

    form = ResolutionForm(committee=committee, verbs=[Verb.RECOMMENDS])

    assert form["members_total"].initial == 2
    assert [value for value, _label in form.fields["verb"].choices] == ["doporucuje"]
    refused = ResolutionForm(posted(), committee=committee, verbs=[Verb.RECOMMENDS])
    assert list(refused.errors) == ["verb"]
