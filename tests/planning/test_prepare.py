"""What is done before the portal starts; in production it is tried by tests/test_deploy.py."""

import pytest
from django.core.management import call_command

from committees.bodies.demo import ACCOUNTS
from kpss.territory.models import Region
from planning.front.management.commands import prepare
from planning.plans.models import PlanVersion
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data_dir(settings, tmp_path):
    """The mark of a filling under way is kept there."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def commands(monkeypatch):
    """The names of the commands called, which are not run."""
    called = []
    monkeypatch.setattr(
        prepare, "call_command", lambda name, **options: called.append((name, options))
    )
    return called


def fillings(commands):
    return [name for name, options in commands if name == "seed_demo" and "accounts" not in options]


@pytest.mark.any_engine  # tests/test_public_pages.py fills a portal on each
def test_empty_local_portal_is_filled_and_tells_the_accounts(capsys):
    call_command("prepare")

    assert Region.load().is_demo
    assert {version.state for version in PlanVersion.objects.all()} == {"approved"}
    output = capsys.readouterr().out
    assert [line.split()[0] for line in output.splitlines()] == [email for email, _who in ACCOUNTS]


def test_portal_with_real_data_is_left_alone(commands):
    PersonFactory()

    call_command("prepare")

    assert fillings(commands) == []


def test_filling_that_was_cut_short_is_taken_up_again(commands, own_data_dir):
    Region.objects.create(pk=1, name="Kraj", short_name="Kraj", is_demo=True)
    (own_data_dir / "seeding").touch()

    call_command("prepare")
    call_command("prepare")

    assert fillings(commands) == ["seed_demo"]
    assert not (own_data_dir / "seeding").exists()


def test_production_is_never_filled(commands, settings):
    settings.PRODUCTION = True

    call_command("prepare")

    assert [name for name, _options in commands] == [
        "migrate",
        "createcachetable",
        "load_codelists",
        "sync_roles",
        "collectstatic",
    ]
