"""Files made in the background: asked for once, made once, taken up after a crash, read by those who may."""

import datetime
import logging
import os

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from documents.engine import EngineError
from documents.printing import cache, registry, services
from documents.printing.enums import JobState, Lane
from documents.printing.layout import layout
from documents.printing.models import PrintJob
from documents.printing.registry import Made, Maker
from documents.store.files import read
from kpss import clock
from tests.factories import CommitteeFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def made(settings, monkeypatch):
    """A kind of file, made only when a worker comes; the list says what was made."""
    settings.PRINTS_AT_ONCE = False
    calls = []

    def make(job, tell):
        tell("Kreslí se stránky.", 1, 2)
        calls.append(job.pk)
        return Made(b"%PDF-1.7 nahled", "application/pdf", "nahled.pdf")

    def may_read(user, job):
        return user.is_staff

    monkeypatch.setattr(
        registry, "_makers", {"trial": Maker("trial", "Zkouška", make, may_read, Lane.FAST)}
    )
    return calls


def ask(about, key="a", actor=None, **more):
    return services.request("trial", about=about, key=key, actor=actor, **more)


def set_maker(monkeypatch, make):
    maker = Maker("trial", "Zkouška", make, lambda user, job: True, Lane.FAST)
    monkeypatch.setattr(registry, "_makers", {"trial": maker})


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_five_hundred_clicks_make_one_file(made):
    committee, person = CommitteeFactory(), PersonFactory()

    jobs = {ask(committee, actor=person).pk for _click in range(500)}
    assert services.work_next(Lane.FAST) is True
    assert services.work_next(Lane.FAST) is False
    again = ask(committee, actor=person)

    assert jobs == {again.pk}
    assert made == [again.pk]
    assert (again.state, again.file_name) == (JobState.READY, "nahled.pdf")
    assert services.file_of(again) == b"%PDF-1.7 nahled"


def test_the_same_key_about_another_thing_is_another_file(made):
    assert ask(CommitteeFactory()).pk != ask(CommitteeFactory()).pk


def test_a_newer_wish_drops_those_of_the_same_person_that_nobody_has_begun(made):
    committee, person, other = CommitteeFactory(), PersonFactory(), PersonFactory()
    kept = ask(committee, "b", actor=other)
    begun = ask(committee, "c", actor=person)
    services.work(begun.pk)
    ask(committee, "d", actor=person)

    newest = ask(committee, "e", actor=person, supersede=True)

    assert set(PrintJob.objects.all()) == {kept, begun, newest}


def test_a_forgotten_file_is_made_again(made):
    committee = CommitteeFactory()
    job = ask(committee)
    services.work(job.pk)
    cache.shrink(0)

    again = ask(committee)
    assert services.file_of(PrintJob.objects.get(pk=job.pk)) is None
    services.work_next(Lane.FAST)

    assert again.pk == job.pk
    assert services.file_of(PrintJob.objects.get(pk=job.pk)) == b"%PDF-1.7 nahled"


def test_what_failed_may_be_asked_for_anew(made, monkeypatch):
    committee = CommitteeFactory()
    set_maker(monkeypatch, lambda job, tell: (_ for _ in ()).throw(EngineError("Chybí písmo.")))
    failed = ask(committee)
    services.work(failed.pk)
    failed.refresh_from_db()

    assert (failed.state, failed.error) == (JobState.FAILED, "Chybí písmo.")
    assert ask(committee).pk != failed.pk


# --- Making -----------------------------------------------------------------------------------------------------------


def test_only_one_worker_makes_it(made):
    job = ask(CommitteeFactory())

    assert [services.work(job.pk) for _worker in range(3)] == [True, False, False]
    assert made == [job.pk]


def test_progress_is_written_down_while_it_is_made(made, monkeypatch):
    seen = []

    def make(job, tell):
        tell("Kapitola 2", 2, 5)
        seen.append(PrintJob.objects.values_list("stage", "done", "total").get(pk=job.pk))
        return Made(b"x", "text/csv", "a.csv")

    set_maker(monkeypatch, make)
    services.work(ask(CommitteeFactory()).pk)

    assert seen == [("Kapitola 2", 2, 5)]


def test_an_unknown_fault_is_a_sentence_and_a_line_in_the_log(made, monkeypatch, caplog):
    set_maker(monkeypatch, lambda job, tell: 1 / 0)
    job = ask(CommitteeFactory())

    with caplog.at_level(logging.ERROR):
        services.work(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "Správce" in job.error
    assert "ZeroDivisionError" in caplog.text


def test_a_job_of_a_dead_worker_is_taken_up_and_fails_after_three_attempts(made, monkeypatch):
    def die(job, tell):
        raise SystemExit

    set_maker(monkeypatch, die)
    job = ask(CommitteeFactory())
    later = clock.now()
    for _attempt in range(3):
        with clock.at(later), pytest.raises(SystemExit):
            services.work(job.pk)
        assert services.sweep(later) == 0
        later += services.LEASE * 2
        with clock.at(later):
            assert services.sweep(later) == 1

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 3)


def test_a_slow_job_that_never_came_to_the_worker_is_asked_for_again(made, monkeypatch, settings):
    maker = Maker("trial", "Zkouška", registry.maker_of("trial").make, lambda user, job: True)
    monkeypatch.setattr(registry, "_makers", {"trial": maker})
    job = ask(CommitteeFactory())  # nothing is committed here, so the worker hears nothing
    later = clock.now() + services.LEASE * 2

    assert services.sweep(clock.now()) == 0
    assert services.sweep(later) == 1
    assert services.sweep(later) == 0

    assert made == [job.pk]


def test_a_worker_that_comes_back_too_late_changes_nothing(made, monkeypatch):
    def sleep_over(job, tell):
        services.sweep(clock.now() + services.LEASE * 2)  # somebody else gives it up for dead
        return Made(b"late", "application/pdf", "late.pdf")

    set_maker(monkeypatch, sleep_over)
    job = ask(CommitteeFactory())
    services.work(job.pk)

    job.refresh_from_db()
    assert (job.state, job.file_name) == (JobState.QUEUED, "")


def test_what_is_to_be_kept_goes_into_the_store(made, monkeypatch):
    set_maker(
        monkeypatch, lambda job, tell: Made(b"%PDF kept", "application/pdf", "a.pdf", is_kept=True)
    )
    job = ask(CommitteeFactory())
    services.work(job.pk)
    services.forget_old(clock.now() + services.KEEP * 2)

    job = PrintJob.objects.get(pk=job.pk)
    assert read(job.file) == b"%PDF kept"
    assert job.cached == ""


def test_old_previews_and_failures_are_forgotten(made):
    job = ask(CommitteeFactory())
    services.work(job.pk)
    waiting = ask(CommitteeFactory())

    assert services.forget_old(clock.now() + services.KEEP - datetime.timedelta(minutes=1)) == 0
    assert services.forget_old(clock.now() + services.KEEP * 2) == 1
    assert list(PrintJob.objects.all()) == [waiting]


def test_the_worker_of_the_quick_lane_makes_what_waits(made):
    jobs = [ask(CommitteeFactory()) for _job in range(3)]

    call_command("print_worker", "--once")

    assert made == [job.pk for job in jobs]


@pytest.mark.parametrize(
    "row",
    [
        {"state": "ready"},
        {"state": "running"},
        {"cached": "a" * 64},
        {"done": 2, "total": 1},
    ],
)
def test_the_database_refuses_a_job_that_cannot_be(made, row):
    job = ask(CommitteeFactory())

    with pytest.raises(IntegrityError), transaction.atomic():
        PrintJob.objects.filter(pk=job.pk).update(**row)


# --- The cache --------------------------------------------------------------------------------------------------------


def test_a_damaged_file_counts_as_missing():
    name = cache.name_of("a", "b")
    cache.put(name, b"obsah")
    (path,) = [p for p in (project.DATA_DIR / "prints").rglob("*") if p.is_file()]
    assert cache.get(name) == b"obsah"

    path.write_bytes(path.read_bytes()[:-1] + b"!")

    assert cache.get(name) is None


def test_what_was_not_used_for_longest_goes_first():
    names = [cache.name_of(str(n)) for n in range(3)]
    for age, name in enumerate(names):
        cache.put(name, b"x" * 100)
        at = 1_700_000_000 + age
        os.utime(project.DATA_DIR / "prints" / name[:2] / name, (at, at))
    cache.get(names[0])

    assert cache.shrink(2 * 132) == 1

    assert [cache.get(name) is None for name in names] == [False, True, False]


def test_names_are_hashes_and_nothing_else():
    with pytest.raises(ValueError, match="SHA-256"):
        cache.get("../../etc/passwd")


def test_another_look_is_another_key(settings, tmp_path):
    (tmp_path / "templates").mkdir()
    settings.BASE_DIR = tmp_path
    keys = set()
    for words in ("<p>a", "<p>b"):
        (tmp_path / "templates" / "a.html").write_text(words)
        layout.cache_clear()
        keys.add(layout("templates/*.html"))
    layout.cache_clear()

    assert len(keys) == 2


# --- Pages ------------------------------------------------------------------------------------------------------------


def page(job, name="job"):
    return reverse(f"printing:{name}", args=[job.pk])


def test_the_page_waits_and_then_leads_to_the_file(client, made):
    job = ask(CommitteeFactory())
    client.force_login(PersonFactory(superuser=True))

    assert "Čeká, až na něj přijde řada" in client.get(page(job)).content.decode()
    assert client.get(page(job, "job_file")).status_code == 302
    services.work(job.pk)

    assert "nahled.pdf" in client.get(page(job)).content.decode()
    answer = client.get(page(job, "job_state"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == page(job, "job_file")
    file = client.get(page(job, "job_file"))
    assert (file.content, file["Content-Type"]) == (b"%PDF-1.7 nahled", "application/pdf")
    assert file["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["job", "job_state", "job_file"])
def test_a_stranger_learns_nothing(client, made, name):
    job = ask(CommitteeFactory())
    services.work(job.pk)
    client.force_login(PersonFactory())

    assert client.get(page(job, name)).status_code == 404


def test_a_kind_that_is_no_more_is_not_found(client, made, monkeypatch):
    job = ask(CommitteeFactory())
    monkeypatch.setattr(registry, "_makers", {})
    client.force_login(PersonFactory(superuser=True))

    assert client.get(page(job)).status_code == 404
