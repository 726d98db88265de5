"""The tools of the tests themselves: they can fail, and they clean up after tests."""

import socket

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from planning.plans.enums import VersionState
from planning.plans.models import PlanNode, PlanVersion
from tests.factories import PlanNodeFactory, PlanVersionFactory
from tests.strict import check_page

GOOD = (
    '<!DOCTYPE html><html lang="cs"><head><title>Plán</title><link rel="stylesheet" href="/a.css">'
    '<script src="/a.js" defer></script><script type="application/ld+json">{"a": 1}</script></head>'
    '<body><h1>Plán</h1><a href="https://example.cz/">jinam</a>%s</body></html>'
)


def test_good_page_has_no_faults():
    assert check_page(GOOD % "<p>Text</p>") == []


@pytest.mark.parametrize(
    "bad",
    [
        "{% translate 'x' %}",
        "{{ value }}",
        "<script>alert(1)</script>",
        '<p style="color: red">x</p>',
        "<style>p { color: red }</style>",
        '<button onclick="x()">x</button>',
        '<a href="javascript:x()">x</a>',
        '<img src="https://example.cz/x.png" alt="">',
        '<img src="//example.cz/x.png" alt="">',
        '<img srcset="/x.png 1x, https://example.cz/x.png 2x" src="/x.png" alt="">',
        '<link rel="stylesheet" href="https://example.cz/x.css">',
        '<svg><use href="https://example.cz/x.svg#a"/></svg>',
        "<h1>Druhý nadpis</h1>",
        "<p><div>x</div></p>",
        "<div>",
        "</section>",
        "<table><p>x</p></table>",
        "<p>&nbsp</p>",
        '<p class="a" class="b">x</p>',
        '<p id="a">x</p><p id="a">y</p>',
    ],
)
def test_bad_page_is_refused(bad):
    assert len(check_page(GOOD % bad)) >= 1


@pytest.mark.parametrize(
    ("part", "without"),
    [
        (' lang="cs"', ""),
        ("<title>Plán</title>", ""),
        ("<h1>Plán</h1>", ""),
        ("<!DOCTYPE html>", ""),
    ],
)
def test_page_without_a_needed_part_is_refused(part, without):
    assert len(check_page(GOOD.replace(part, without) % "")) == 1


def test_fragment_needs_no_heading():
    assert check_page("<li>Služba</li>", fragment=True) == []
    assert len(check_page("<li>Služba</p>", fragment=True)) == 1


FORM = '<form method="post" action="/plany/akcni-plan/2/nahled/">{}<button>Náhled</button></form>'
TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="x">'


def test_a_form_that_the_portal_would_not_take_is_refused():
    assert check_page(GOOD % FORM.format(TOKEN), address="/") == []
    (fault,) = check_page(GOOD % FORM.format(""), address="/")
    assert "no token" in fault
    assert check_page(GOOD % '<form method="get"></form>', address="/") == []


def test_network_is_out_of_reach():
    with socket.socket() as sock, pytest.raises(AssertionError, match="reaches for the network"):
        sock.connect(("192.0.2.1", 80))


@pytest.mark.django_db(transaction=True)
def test_flush_empties_frozen_tables_and_leaves_the_triggers():
    node = PlanNodeFactory()
    PlanVersion.objects.filter(pk=node.version.pk).update(state=VersionState.IN_APPROVAL)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanNode.objects.filter(pk=node.pk).update(title="Jiný")

    call_command("flush", verbosity=0, interactive=False)

    assert PlanNode.objects.count() == 0
    version = PlanVersionFactory()
    PlanVersion.objects.filter(pk=version.pk).update(state=VersionState.IN_APPROVAL)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanNodeFactory(version=version)


@pytest.mark.django_db
def test_database_checks_what_production_checks():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys")
            assert cursor.fetchone() == (1,)
            cursor.execute("PRAGMA recursive_triggers")
            assert cursor.fetchone() == (1,)
        else:
            cursor.execute("SHOW session_replication_role")
            assert cursor.fetchone() == ("origin",)
