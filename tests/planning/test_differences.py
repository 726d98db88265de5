"""What changed between two texts of a plan: found by lineage, marked in words, read by those who may."""

import dataclasses
import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from documents.printing.models import PrintJob
from documents.printing.services import file_of
from documents.store.files import put
from kpss.canonical import canonical
from planning.differences.compare import Kind, difference
from planning.differences.printing import annex_pdf
from planning.differences.readings import reading_of
from planning.differences.words import PieceKind, word_changes
from planning.plans.content import NetworkContent, content_of
from planning.plans.services import start_version
from tests.factories import PersonFactory, freeze
from tests.pdf_checks import assert_accessible_pdf, text_of
from tests.planning.factories import coordinator, rich_version

TEXTS = st.text(alphabet="ab čř.,\n1", max_size=60)


def marked(old, new):
    signs = {PieceKind.SAME: "", PieceKind.ADDED: "+", PieceKind.REMOVED: "-"}
    return [f"{signs[piece.kind]}{piece.text}" for piece in word_changes(old, new)]


# --- Words ------------------------------------------------------------------------------------------------------------


@given(TEXTS, TEXTS)
def test_pieces_make_both_texts(old, new):
    pieces = word_changes(old, new)

    assert "".join(p.text for p in pieces if p.kind != PieceKind.ADDED) == old
    assert "".join(p.text for p in pieces if p.kind != PieceKind.REMOVED) == new


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Udržet kapacitu.", "Rozšířit kapacitu.", ["-Udržet", "+Rozšířit", " kapacitu."]),
        ("dva nové byty", "tři levné pokoje", ["-dva nové byty", "+tři levné pokoje"]),
        ("služba", "služba i o víkendu", ["služba", "+ i o víkendu"]),
        ("v\u00a0obci", "v obci", ["v obci"]),
    ],
)
def test_changes_are_phrases_and_spaces_are_spaces(old, new, expected):
    assert marked(old, new) == expected


def test_long_texts_are_compared_by_sentences():
    sentences = [f"Věta číslo {n} o pomoci lidem v obci." for n in range(300)]
    changed = [*sentences[:100], "Tahle přibyla.", *sentences[100:150], *sentences[151:]]

    pieces = word_changes(" ".join(sentences), " ".join(changed))

    assert [p.text.strip() for p in pieces if p.kind == PieceKind.ADDED] == ["Tahle přibyla."]
    (removed,) = (p.text for p in pieces if p.kind == PieceKind.REMOVED)
    assert len(removed) == len(sentences[150]) + 1


# --- Things -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def content(db):
    return content_of(rich_version())


def with_nodes(content, *nodes):
    return dataclasses.replace(content, nodes=nodes)


def kinds_of(found):
    return {change.item.title: set(change.kinds) for change in found.changes}


def test_the_same_text_has_no_changes(content):
    assert difference(content, content).is_empty


def test_a_task_reworded_dearer_and_later_is_one_change(content):
    first, second = content.nodes
    care, respite = first.children
    task = dataclasses.replace(
        care.tasks[0],
        title="Udržet a rozšířit kapacitu",
        cost_planned=4_000_000,
        date_to=datetime.date(2021, 12, 31),
    )
    care = dataclasses.replace(care, tasks=(task, *care.tasks[1:]))

    found = difference(
        content, with_nodes(content, dataclasses.replace(first, children=(care, respite)), second)
    )

    (change,) = found.changes
    assert set(change.kinds) == {Kind.REWORDED, Kind.VALUE}
    facts = {fact.name: (fact.old, fact.new) for fact in change.facts}
    assert facts["cost"] == ("3\u00a0850\u00a0000\u00a0Kč", "4\u00a0000\u00a0000\u00a0Kč")
    assert facts["term"] == ("průběžně", "do\u00a031.\u00a012.\u00a02021 – průběžně")
    assert (found.cost_before, found.cost_now) == (3_850_000, 4_000_000)


def test_one_of_many_moved_is_one_change(content):
    first, second = content.nodes
    care, respite = first.children
    tasks = tuple(
        dataclasses.replace(care.tasks[1], lineage=f"t{n}", code=f"1.1.{n}", title=f"Úkol {n}")
        for n in range(9)
    )
    before = with_nodes(
        content,
        dataclasses.replace(first, children=(dataclasses.replace(care, tasks=tasks), respite)),
        second,
    )
    shuffled = (tasks[8], *tasks[:8])
    now = with_nodes(
        content,
        dataclasses.replace(first, children=(dataclasses.replace(care, tasks=shuffled), respite)),
        second,
    )

    assert kinds_of(difference(before, now)) == {"Úkol 8": {Kind.MOVED}}


def test_a_measure_under_another_priority_takes_its_tasks_along(content):
    first, second = content.nodes
    care, respite = first.children
    now = with_nodes(
        content,
        dataclasses.replace(first, children=(care,)),
        dataclasses.replace(
            second, children=(*second.children, dataclasses.replace(respite, code="2.2"))
        ),
    )

    found = difference(content, now)

    assert kinds_of(found) == {"Odlehčovací služby": {Kind.MOVED, Kind.RENUMBERED}}
    (change,) = found.changes
    assert (change.above_before, change.above_now) == (
        "1 Podpora seniorů doma",
        "2 Koordinace a informovanost",
    )


def test_what_was_left_out_stands_where_it_used_to_be(content):
    first, second = content.nodes
    care, respite = first.children
    now = with_nodes(content, dataclasses.replace(first, children=(care,)), second)
    added = dataclasses.replace(
        respite, lineage="nova", code="2.9", title="Dluhová poradna", tasks=()
    )
    now = with_nodes(
        now, now.nodes[0], dataclasses.replace(second, children=(*second.children, added))
    )

    changes = difference(content, now).changes

    assert [(change.item.title, change.kinds) for change in changes] == [
        ("Odlehčovací služby", (Kind.REMOVED,)),
        ("Uspořádat svépomocná setkání", (Kind.REMOVED,)),
        ("Dluhová poradna", (Kind.ADDED,)),
    ]


def test_chapters_network_and_head_are_compared_too(content):
    intro = dataclasses.replace(content.chapters[0], body="Vznikl **společně** a veřejně.")
    (service,) = content.network
    now = dataclasses.replace(
        content,
        summary="O čem to je.",
        chapters=(intro, content.chapters[1]),
        network=(
            dataclasses.replace(service, fte=Decimal(11)),
            NetworkContent("Raná péče", "Slunce", None, None, ""),
        ),
    )

    found = difference(content, now)

    assert [fact.name for fact in found.head] == ["summary"]
    assert [set(change.kinds) for change in found.changes] == [
        {Kind.REWORDED},
        {Kind.VALUE},
        {Kind.ADDED},
    ]


# --- Pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_versions(db):
    """An approved version and a working one after it, in which a task got another title."""
    approved = rich_version()
    put(canonical(content_of(approved)), content_type="application/json")
    approved = freeze(approved)
    working = start_version(approved.plan, actor=coordinator(), based_on=approved)
    task = working.tasks.get(title="Udržet kapacitu")
    working.tasks.filter(pk=task.pk).update(title="Rozšířit kapacitu")
    return approved, working


def address(version):
    return reverse("differences:changes", args=[version.plan.slug])


def test_who_sees_both_texts_reads_what_changed(client, two_versions):
    _approved, working = two_versions
    client.force_login(PersonFactory(superuser=True))

    page = client.get(address(working))

    html = page.content.decode()
    assert "1 část má jiný text" in html.replace("\u00a0", " ")
    assert "Udržet" in html.split("<del>")[1].split("</del>")[0]
    assert page["Cache-Control"] == "private, no-store"


def test_strangers_do_not_learn_what_is_being_prepared(client, two_versions):
    approved, working = two_versions

    page = client.get(address(approved))
    asked = client.get(
        address(approved),
        {"od": f"{approved.plan.slug}:1", "do": f"{working.plan.slug}:{working.number}"},
    )

    assert "Rozšířit" not in page.content.decode()
    assert "není ho s čím porovnat" in page.content.decode()
    assert asked.status_code == 404


@pytest.mark.parametrize("query", ["od=x", "od=a:1&do=b:2", "do=<script>", "jen=vše&od=&do="])
def test_nonsense_is_not_found(client, two_versions, query):
    client.force_login(PersonFactory(superuser=True))

    assert client.get(f"{address(two_versions[1])}?{query}").status_code == 404


def test_one_kind_of_change_is_shown_alone(client, two_versions):
    _approved, working = two_versions
    client.force_login(PersonFactory(superuser=True))

    page = client.get(f"{address(working)}?jen=moved")

    assert "Rozšířit" not in page.content.decode()
    assert "Ukázat zase všechny změny" in page.content.decode()


def test_query_count_does_not_grow(client, two_versions, django_assert_num_queries):
    _approved, working = two_versions
    client.force_login(PersonFactory(superuser=True))
    client.get(address(working))

    for _round in range(2):
        with django_assert_num_queries(16):
            client.get(address(working))
        for node in working.nodes.filter(depth=2):
            node.description = "Nově."
            node.save()


def test_the_annex_is_accessible_and_says_the_same(
    client, two_versions, django_capture_on_commit_callbacks, settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    approved, working = two_versions
    client.force_login(PersonFactory(superuser=True))
    refs = {"od": f"{approved.plan.slug}:1", "do": f"{working.plan.slug}:{working.number}"}

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("differences:changes_pdf", args=[working.plan.slug]), refs)

    data = file_of(PrintJob.objects.get())
    assert_accessible_pdf(data, f"Co se změnilo: {working.plan.title}")
    text = " ".join(text_of(data))
    assert "Rozšířit" in text
    assert "Udržet" in text


def test_equal_texts_give_equal_bytes(two_versions):
    old, new = map(reading_of, two_versions)

    assert annex_pdf(old, new) == annex_pdf(old, new)


def test_the_annex_is_for_those_who_see_both_texts(client, two_versions, settings):
    settings.PRINTS_AT_ONCE = False
    approved, working = two_versions
    refs = {"od": f"{approved.plan.slug}:1", "do": f"{working.plan.slug}:{working.number}"}
    client.force_login(PersonFactory(superuser=True))
    job_page = client.post(reverse("differences:changes_pdf", args=[working.plan.slug]), refs)[
        "Location"
    ]
    client.force_login(PersonFactory())

    assert client.get(job_page).status_code == 404
    assert (
        client.post(reverse("differences:changes_pdf", args=[working.plan.slug]), refs).status_code
        == 404
    )


PAYLOADS = [
    "<script>alert(1)</script>", "</ins><img src=x onerror=alert(1)>", "\"'><svg/onload=alert(1)>",
    "<del>x</del>", "&lt;script&gt;",
]  # fmt: skip


def test_words_of_a_plan_never_become_a_page(client, two_versions):
    _approved, working = two_versions
    working.tasks.update(description="\n".join(PAYLOADS))
    working.nodes.update(need=PAYLOADS[0], goal=PAYLOADS[1], description=PAYLOADS[2])
    client.force_login(PersonFactory(superuser=True))

    html = client.get(address(working)).content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<svg/onload" not in html
    assert "&lt;script&gt;alert(1)" in html
