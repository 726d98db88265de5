"""The PDF of a working version, for those who see the version."""

import pytest
from django.urls import reverse

from documents.printing.enums import JobState
from documents.printing.models import PrintJob
from documents.printing.services import file_of, work_next
from planning.approvals.preview import request_preview
from planning.plans.models import PlanVersion
from tests.factories import PersonFactory, plan_ready_for_approval
from tests.pdf_checks import text_of
from tests.planning.approving import approve, complete_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def address(version):
    return reverse("approvals:preview", args=[version.plan.slug, version.number])


def test_whoever_sees_the_version_gets_its_preview(client, django_capture_on_commit_callbacks):
    version = plan_ready_for_approval()
    client.force_login(PersonFactory(superuser=True))

    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(address(version), follow=True)

    job = PrintJob.objects.get()
    assert job.state == JobState.READY
    assert page.redirect_chain[-1][0] == job.get_absolute_url()
    pages = text_of(file_of(job))
    assert "Návrh, dosud neschválený" in pages[0]
    assert "Udržet kapacitu" in " ".join(pages)


def test_strangers_do_not_learn_that_there_is_a_draft(client):
    version = plan_ready_for_approval()
    client.force_login(PersonFactory())

    assert client.post(address(version)).status_code == 404
    assert not PrintJob.objects.exists()


def test_the_same_words_are_set_once_and_a_change_anew(settings):
    settings.PRINTS_AT_ONCE = False
    version, actor = plan_ready_for_approval(), PersonFactory(superuser=True)

    first = request_preview(version, actor=actor)
    assert request_preview(version, actor=actor).pk == first.pk
    assert work_next("fast")
    version.tasks.update(title="Rozšířit kapacitu")
    second = request_preview(version, actor=actor)

    assert second.pk != first.pk


def test_a_plan_that_moved_on_meanwhile_is_asked_for_once_more(settings):
    settings.PRINTS_AT_ONCE = False
    version, actor = plan_ready_for_approval(), PersonFactory(superuser=True)
    job = request_preview(version, actor=actor)
    version.tasks.update(title="Rozšířit kapacitu")

    work_next("fast")

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "mezitím změnil" in job.error


def test_an_approved_version_shows_its_own_pdf(client):
    version = approve(complete_version())
    client.force_login(PersonFactory(superuser=True))

    answer = client.post(address(version))

    assert answer["Location"] == reverse(
        "plans:version_pdf", args=[version.plan.slug, version.number]
    )
    assert PlanVersion.objects.get(pk=version.pk).pdf_id
