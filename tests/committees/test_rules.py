"""Rules of procedure: what the law allows, and that what was decided by them stays so."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from committees.bodies.enums import CommitteeKind, Mode, Silence, Verb
from committees.bodies.models import Rules
from committees.bodies.services import record_resolution
from tests.factories import CommitteeFactory, ResolutionFactory, RulesFactory

pytestmark = pytest.mark.django_db


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def used():
    rules = RulesFactory(valid_from=day("2020-01-01"))
    ResolutionFactory(committee=rules.committee, rules=rules, adopted_on=day("2020-11-12"))
    return rules


@pytest.mark.parametrize("kind", CommitteeKind)
def test_only_a_body_with_its_own_charter_may_take_silence_for_consent(kind):
    rules = Rules(
        committee=CommitteeFactory(kind=kind),
        valid_from=day("2020-01-01"),
        per_rollam_silence=Silence.CONSENT,
    )

    if not kind.is_statutory:
        rules.full_clean()
        return
    with pytest.raises(ValidationError) as refused:
        rules.full_clean()
    assert list(refused.value.message_dict) == ["per_rollam_silence"]


# --- Used rules stay --------------------------------------------------------------------------------------------------


def test_used_rules_are_locked_by_the_database(used):
    free = RulesFactory(committee=used.committee, valid_from=day("2021-01-01"))

    for change in ({"notice_days": 1}, {"valid_from": day("2019-01-01")}, {"majority": "of_all"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rules.objects.filter(pk=used.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rules.objects.filter(pk=used.pk)._raw_delete("default")
    Rules.objects.filter(pk=free.pk).update(notice_days=1)
    free.delete()

    assert list(Rules.objects.values_list("pk", "notice_days")) == [(used.pk, 7)]


def test_used_rules_are_not_replaced_by_raw_sql(used):
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite has REPLACE; elsewhere it is an update")
    columns = [field.column for field in Rules._meta.concrete_fields]
    names = ", ".join(columns)
    values = ", ".join("1" if column == "notice_days" else column for column in columns)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"REPLACE INTO bodies_rules ({names}) SELECT {values} FROM bodies_rules")

    used.refresh_from_db()
    assert used.notice_days == 7


def test_rules_know_when_they_are_used(used):
    assert used.is_used
    assert not RulesFactory(committee=used.committee, valid_from=day("2021-01-01")).is_used


# --- The past counts by its own rules -----------------------------------------------------------------------------------


@pytest.mark.parametrize("valid_from", ["2020-06-01", "2020-11-12", "2020-01-02"])
def test_rules_cannot_be_laid_over_a_time_already_decided(used, valid_from):
    late = Rules(committee=used.committee, valid_from=day(valid_from))

    with pytest.raises(ValidationError) as refused:
        late.full_clean()

    [sentence] = refused.value.message_dict["valid_from"]
    assert "zůstává podle nich" in sentence


@pytest.mark.parametrize("valid_from", ["2020-11-13", "2021-01-01"])
def test_rules_from_the_day_after_the_last_decision_are_free(used, valid_from):
    rules = Rules(committee=used.committee, valid_from=day(valid_from))

    rules.full_clean()
    rules.save()

    assert used.committee.rules_on(day("2020-11-12")) == used
    assert used.committee.rules_on(day(valid_from)) == rules


def test_second_rules_from_the_same_day_are_refused_at_the_day(used):
    second = Rules(committee=used.committee, valid_from=used.valid_from)

    with pytest.raises(ValidationError) as refused:
        second.clean()

    assert list(refused.value.message_dict) == ["valid_from"]


def test_rules_may_be_added_before_a_time_decided_by_later_ones(used):
    earlier = Rules(committee=used.committee, valid_from=day("2019-01-01"))

    earlier.full_clean()
    earlier.save()

    assert used.committee.rules_on(day("2019-06-01")) == earlier


def test_unused_rules_cannot_be_moved_over_a_decision(used):
    later = RulesFactory(committee=used.committee, valid_from=day("2021-01-01"))
    later.full_clean()

    later.valid_from = day("2020-03-01")

    with pytest.raises(ValidationError):
        later.full_clean()


def test_decisions_of_another_committee_do_not_matter(used):
    Rules(committee=CommitteeFactory(), valid_from=day("2020-06-01")).full_clean()


def test_record_is_decided_by_the_rules_of_its_day_and_locks_them():
    old = RulesFactory(valid_from=day("2020-01-01"), per_rollam_closes_early=False)
    new = RulesFactory(
        committee=old.committee, valid_from=day("2021-03-01"), per_rollam_closes_early=True
    )

    resolution = record_resolution(
        committee=old.committee,
        number="1/2021/1",
        adopted_on=day("2021-02-28"),
        mode=Mode.IN_PERSON,
        verb=Verb.APPROVES,
        text="Komise schvaluje.",
        votes_for=5,
        votes_against=0,
        abstained=0,
        members_total=9,
        members_present=5,
        actor=None,
    )

    assert resolution.rules == old
    assert (old.is_used, new.is_used) == (True, False)
