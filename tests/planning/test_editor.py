"""The editor of a working version, by plain forms as a browser without JavaScript sends them."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from guardian.shortcuts import assign_perm

from planning.plans import services
from planning.plans.content import content_of
from planning.plans.enums import PartyRole, PlanKind
from planning.plans.models import FundingSource, PlanNode, PlanVersion, Task
from planning.plans.outline import differs
from planning.plans.values import (
    ChapterValues,
    NodeValues,
    TaskValues,
    node_values,
    task_values,
)
from planning.plans.workflow import VERSION_WORKFLOW
from tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    PersonFactory,
    PlanFactory,
    SeatFactory,
    ServiceFactory,
    TargetGroupFactory,
)
from tests.planning.factories import (
    add_node,
    add_task,
    coordinator,
    empty_version,
    frozen,
    rich_version,
)
from tests.planning.pages import messages_of, sent_by, words_of

pytestmark = pytest.mark.django_db


def url(version: PlanVersion, name: str = "editor", *args) -> str:
    return reverse(f"plans:{name}", args=[version.plan.slug, version.number, *args])


@pytest.fixture
def person(client):
    """A coordinator who is signed in."""
    person = coordinator()
    client.force_login(person)
    return person


@pytest.fixture
def version():
    return rich_version()


def codes(things) -> list[str]:
    return [thing.code for thing in things.order_by("position", "pk")]


def form_page(client, address: str, **changes) -> dict:
    """What the form at the address would send, with changes."""
    return sent_by(client.get(address), **changes)


# --- The tree --------------------------------------------------------------------------------------------------------


def test_editor_shows_the_tree_with_facts(client, person, version):
    response = client.get(url(version))

    first, second = response.context["outline"].nodes
    assert [first.code, second.code] == ["1", "2"]
    assert [child.code for child in first.children] == ["1.1", "1.2"]
    assert (first.task_count, first.cost) == (3, 3_850_000)
    task = first.children[0].tasks[0]
    assert (task.code, task.facts, task.lacks) == (
        "1.1.1",
        ["Charita Horka", "průběžně", "3\u00a0850\u00a0000\u00a0Kč"],
        [],
    )
    assert "Charita Horka" in words_of(response)


def test_editor_says_what_a_task_lacks(client, person):
    version = empty_version()
    services.add_task(add_node(version), actor=person, values=TaskValues(title="Uspořádat veletrh"))

    words = words_of(client.get(url(version)))

    assert "chybí, kdo odpovídá" in words
    assert "chybí termín" in words


@pytest.mark.parametrize(
    ("cost", "amounts", "is_wrong"),
    [
        (100, [60, 40], False),
        (100, [60, 30], True),
        (100, [60, None], False),
        (100, [160, None], True),
        (100, [], False),
        (100, [None], False),
        (None, [60], False),
        (0, [0], False),
    ],
)
def test_sources_contradict_the_costs(cost, amounts, is_wrong):
    assert differs(cost, amounts) is is_wrong


def test_editor_of_an_empty_plan_says_how_to_begin(client, person):
    version = empty_version()

    response = client.get(url(version))

    assert "Plán je zatím prázdný." in words_of(response)
    assert url(version, "editor_node_add") in response.content.decode()


def test_editor_of_a_plan_without_levels_leads_to_naming_them(client, person):
    plan = PlanFactory()
    plan.levels.all().delete()
    version = services.start_version(plan, actor=person)

    response = client.get(url(version))

    assert reverse("admin:plans_plan_change", args=[plan.pk]) in response.content.decode()
    assert url(version, "editor_node_add") not in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_editor_query_count(client, django_assert_num_queries, count):
    version = empty_version()
    for _ in range(count):
        measure = add_node(version, add_node(version))
        for _ in range(count):
            add_task(measure, funding=(), cost_planned=1000)
    client.force_login(coordinator())
    client.get(url(version))  # warms what is read once a process

    with django_assert_num_queries(14):
        response = client.get(url(version))

    assert response.context["outline"].task_count == count * count


def test_large_tree_shows_the_tasks_of_one_node(client, person, version, monkeypatch):
    monkeypatch.setattr("planning.plans.outline.FOLDED_FROM", 3)
    care, respite = version.nodes.get(code="1.1"), version.nodes.get(code="1.2")

    def shown(response) -> list[str]:
        return [
            task.code
            for priority in response.context["outline"].nodes
            for node in [priority, *priority.children]
            for task in node.tasks
        ]

    closed = client.get(url(version))
    assert shown(closed) == []
    assert closed.context["outline"].task_count == 4
    assert f'href="?open={care.pk}#n{care.pk}"' in closed.content.decode()
    assert shown(client.get(url(version), {"open": care.pk})) == ["1.1.1", "1.1.2"]
    assert shown(client.get(url(version), {"open": "nesmysl"})) == []
    assert shown(client.get(url(version), {"open": "9" * 30})) == []

    task = version.tasks.get(code="1.1.1")
    moved = client.post(
        url(version, "editor_move"),
        {"item": f"t{task.pk}", "parent": str(respite.pk), "place": "first", "open": str(care.pk)},
        headers={"HX-Request": "true"},
    )
    assert shown(moved) == ["1.1.1", "1.2.1"]
    node_moved = client.post(
        url(version, "editor_reorder"),
        {"down": f"n{care.pk}", "open": str(care.pk)},
        headers={"HX-Request": "true"},
    )
    assert shown(node_moved) == ["1.1.2"]


def test_editor_shows_what_was_typed_and_runs_none_of_it(client, person):
    payload = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    version = empty_version()
    node = add_node(version, title=payload, need=payload)
    task = add_task(node, title=payload, description=payload)
    chapter = services.add_chapter(version, actor=person, values=ChapterValues(payload, payload))
    pages = [
        url(version),
        url(version, "editor_node", node.pk),
        url(version, "editor_node_delete", node.pk),
        url(version, "editor_task", task.pk),
        url(version, "editor_chapters"),
        url(version, "editor_chapter", chapter.pk),
        url(version, "editor_move") + f"?item=n{node.pk}",
    ]

    for page in pages:
        content = client.get(page).content.decode()
        assert "&lt;script&gt;" in content, page
        assert "<script>" not in content, page
        assert "<img src=x" not in content, page

    preview = client.post(
        url(version, "editor_chapter", chapter.pk),
        {"title": payload, "body": payload, "preview": "1"},
    ).content.decode()
    assert "<script>" not in preview
    assert "<img" not in preview.partition('id="preview"')[2]


# --- Who is let in ---------------------------------------------------------------------------------------------------


def every_page(version: PlanVersion) -> dict[str, str]:
    """Each address of the editor, by the name of its page."""
    node, task = version.nodes.get(code="1.1"), version.tasks.get(code="1.1.1")
    chapter, entry = version.chapters.first(), version.network.first()
    return {
        "tree": url(version),
        "node_add": url(version, "editor_node_add"),
        "node_add_under": url(version, "editor_node_add") + f"?parent={node.parent_id}",
        "node": url(version, "editor_node", node.pk),
        "node_delete": url(version, "editor_node_delete", node.pk),
        "task_add": url(version, "editor_task_add") + f"?node={node.pk}",
        "task": url(version, "editor_task", task.pk),
        "task_delete": url(version, "editor_task_delete", task.pk),
        "move": url(version, "editor_move") + f"?item=t{task.pk}",
        "chapters": url(version, "editor_chapters"),
        "chapter_add": url(version, "editor_chapter_add"),
        "chapter": url(version, "editor_chapter", chapter.pk),
        "chapter_delete": url(version, "editor_chapter_delete", chapter.pk),
        "network": url(version, "editor_network"),
        "network_add": url(version, "editor_network_add"),
        "network_entry": url(version, "editor_network_entry", entry.pk),
        "network_remove": url(version, "editor_network_remove", entry.pk),
    }


def writer_by_name(version: PlanVersion):
    """A person with a grant on this version, by name."""
    writer = PersonFactory()
    assign_perm("plans.edit_content", writer, version)
    return writer


def coordinator_by_group(_version: PlanVersion):
    """A coordinator whose right comes from the permissions of her group, not from being a superuser."""
    person = PersonFactory(coordinator=True)
    person.user_permissions.add(Permission.objects.get(codename="edit_content"))
    return person


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 302),  # to the sign-in page
        (lambda version: PersonFactory(), 404),
        (lambda version: SeatFactory(committee=version.plan.committee).person, 403),
        (lambda version: SeatFactory(committee=version.plan.committee, chair=True).person, 403),
        (lambda version: SeatFactory(committee=version.plan.committee, ended=True).person, 404),
        (lambda version: SeatFactory().person, 404),
        (lambda version: writer_by_name(empty_version()), 404),
        (lambda version: PersonFactory(coordinator=True), 403),
        (writer_by_name, 200),
        (coordinator_by_group, 200),
    ],
    ids=[
        "anonymous",
        "stranger",
        "member",
        "chair",
        "former-member",
        "member-elsewhere",
        "writer-of-another-version",
        "staff-without-permission",
        "writer-by-name",
        "coordinator",
    ],
)
def test_every_page_lets_in_only_those_who_may_edit(client, version, who, status):
    if who:
        client.force_login(who(version))
    said = content_of(version)

    for name, address in every_page(version).items():
        assert client.get(address).status_code == status, name
    if status != 200:
        for name, address in every_page(version).items():
            response = client.post(address, {"up": "n1", "title": "x", "nodes": 2, "tasks": 2})
            assert response.status_code in {status, 405}, name
            if status == 302:
                assert response.url.startswith(reverse("account_login"))
        assert content_of(version) == said


def test_a_version_of_another_plan_is_not_reached_through_this_one(client, person, version):
    elsewhere = rich_version()
    task, node = elsewhere.tasks.first(), elsewhere.nodes.first()

    for address in [
        url(version, "editor_task", task.pk),
        url(version, "editor_node", node.pk),
        url(version, "editor_task_add") + f"?node={node.pk}",
        url(version, "editor_node_add") + f"?parent={node.pk}",
    ]:
        assert client.get(address).status_code == 404
    client.post(url(version, "editor_task_delete", task.pk))
    client.post(url(version, "editor_reorder"), {"down": f"n{node.pk}"})

    assert Task.objects.filter(pk=task.pk).exists()
    assert codes(elsewhere.nodes.filter(parent=None)) == ["1", "2"]


def test_a_locked_version_says_why_and_changes_nothing(client, person):
    version = rich_version(routed=True)
    VERSION_WORKFLOW.advance(version, "open_approval", actor=person)
    said = content_of(version)

    response = client.get(url(version))

    assert "Tato verze se schvaluje" in words_of(response)
    assert "<form" not in response.content.decode().partition("<main")[2].partition("</main>")[0]
    for name, address in every_page(version).items():
        if name == "tree":
            continue
        for answer in (client.get(address), client.post(address, {"title": "Jiný"})):
            assert answer.status_code == 405 or answer.url == url(version), name
    assert content_of(version) == said


def test_a_discarded_version_is_not_for_writing(client, person, version):
    VERSION_WORKFLOW.advance(version, "discard", actor=person, note="Začneme znovu.")

    assert "Tato verze byla zahozena" in words_of(client.get(url(version)))


# --- Moves -----------------------------------------------------------------------------------------------------------


def test_arrow_moves_and_comes_back_to_the_row(client, person, version):
    task = version.tasks.get(code="1.1.1")

    response = client.post(url(version, "editor_reorder"), {"down": f"t{task.pk}"}, follow=True)

    assert response.redirect_chain == [(f"{url(version)}?open={task.node_id}#t{task.pk}", 302)]
    assert messages_of(response) == [
        "Přesunuto: 1.1.1 je teď v\u00a0části 1.1 na 2. místě z\u00a02."
    ]
    assert codes(task.node.tasks) == ["1.1.2", "1.1.1"]


def test_arrow_at_the_end_says_so(client, person, version):
    task = version.tasks.get(code="1.1.1")

    response = client.post(url(version, "editor_reorder"), {"up": f"t{task.pk}"}, follow=True)

    assert messages_of(response) == ["Položka 1.1.1 už je první."]


def test_arrow_with_htmx_answers_with_the_tree_only(client, person, version):
    node = version.nodes.get(code="1.1")

    response = client.post(
        url(version, "editor_reorder"), {"down": f"n{node.pk}"}, headers={"HX-Request": "true"}
    )

    content = response.content.decode()
    assert content.lstrip().startswith('<form id="outline"')
    assert f'data-kpss-moved="n{node.pk}"' in content
    assert "Přesunuto: 1.1 je teď" in words_of(response)
    assert "<html" not in content
    whole = client.get(url(version)).content.decode()
    row = f'id="n{node.pk}" tabindex="-1" data-kpss-row="n{node.pk}"'
    assert row in content
    assert row in whole


@pytest.mark.parametrize(
    "data", [{}, {"up": "n1", "down": "n1"}, {"up": "x1"}, {"up": "n"}, {"up": "n1'--"}]
)
def test_arrow_refuses_nonsense(client, person, version, data):
    assert client.post(url(version, "editor_reorder"), data).status_code == 400


@pytest.mark.parametrize("htmx", [False, True])
def test_arrow_beside_a_deleted_row_says_so(client, person, version, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    response = client.post(
        url(version, "editor_reorder"), {"up": "t999999"}, headers=headers, follow=not htmx
    )

    assert "Tohle mezitím někdo smazal." in words_of(response)


def test_move_page_offers_only_places_that_fit(client, person, version):
    measure, priority = version.nodes.get(code="1.1"), version.nodes.get(code="1")
    task = version.tasks.get(code="2.1.1")

    def offered(item):
        page = client.get(url(version, "editor_move"), {"item": item})
        return [
            label.strip()[:3]
            for _key, label in page.context["form"].fields["parent"].widget.choices
        ]

    assert offered(f"n{measure.pk}") == ["nej", "1 P", "2 K"]
    assert offered(f"n{priority.pk}") == ["nej"]
    assert offered(f"t{task.pk}") == ["1 P", "1.1", "1.2", "2 K", "2.1"]


@pytest.mark.parametrize(("place", "order"), [("first", ["1.2", "2.1"]), ("last", ["2.1", "1.2"])])
def test_move_page_moves_a_node_under_another(client, person, version, place, order):
    measure, other = version.nodes.get(code="1.2"), version.nodes.get(code="2")
    address = url(version, "editor_move") + f"?item=n{measure.pk}"

    response = client.post(
        address, form_page(client, address, parent=str(other.pk), place=place), follow=True
    )

    assert response.redirect_chain == [(f"{url(version)}#n{measure.pk}", 302)]
    assert codes(version.nodes.filter(parent=other)) == order


def test_move_of_a_measure_to_the_top(client, person, version):
    measure = version.nodes.get(code="1.2")

    client.post(
        url(version, "editor_move"), {"item": f"n{measure.pk}", "parent": "0", "place": "first"}
    )

    assert codes(version.nodes.filter(depth=1)) == ["1.2", "1", "2"]


def test_drop_puts_a_task_exactly_there(client, person, version):
    task, after = version.tasks.get(code="2.1.1"), version.tasks.get(code="1.1.1")

    response = client.post(
        url(version, "editor_move"),
        {"item": f"t{task.pk}", "parent": str(after.node_id), "place": str(after.pk)},
        headers={"HX-Request": "true"},
    )

    assert response.content.decode().lstrip().startswith('<form id="outline"')
    assert codes(after.node.tasks) == ["1.1.1", "2.1.1", "1.1.2"]


@pytest.mark.parametrize("htmx", [False, True])
def test_move_too_deep_is_refused_with_a_sentence(client, person, version, htmx):
    priority, measure = version.nodes.get(code="2"), version.nodes.get(code="1.1")
    data = {"item": f"n{priority.pk}", "parent": str(measure.pk), "place": "last"}

    response = client.post(
        url(version, "editor_move"),
        data,
        headers={"HX-Request": "true"} if htmx else {},
        follow=True,
    )

    assert "Strom tohoto plánu má 2 úrovně. Hlouběji jít nemůže." in words_of(response)
    priority.refresh_from_db()
    assert priority.parent is None


@pytest.mark.parametrize(
    "data",
    [
        {"item": "c1"},
        {"item": "n1x"},
        {},
    ],
)
def test_move_refuses_nonsense(client, person, version, data):
    assert client.get(url(version, "editor_move"), data).status_code == 400
    assert client.post(url(version, "editor_move"), data).status_code == 400


def test_move_without_a_place_shows_the_page_again(client, person, version):
    task = version.tasks.get(code="1.1.1")

    response = client.post(
        url(version, "editor_move"), {"item": f"t{task.pk}", "parent": str(task.node_id)}
    )

    assert response.context["form"].errors == {"place": ["Vyberte umístění."]}


# --- Nodes -----------------------------------------------------------------------------------------------------------


def test_node_is_added_under_another_with_the_proposed_code(client, person, version):
    priority = version.nodes.get(code="2")
    address = url(version, "editor_node_add") + f"?parent={priority.pk}"
    group, place = TargetGroupFactory(), MunicipalityFactory()

    response = client.post(
        address,
        form_page(
            client,
            address,
            title="Koordinace obcí",
            target_groups=[str(group.pk)],
            municipalities=[str(place.pk)],
        ),
        follow=True,
    )

    node = version.nodes.get(title="Koordinace obcí")
    assert (node.code, node.parent, node.depth) == ("2.2", priority, 2)
    assert list(node.municipalities.all()) == [place]
    assert response.redirect_chain == [(f"{url(version)}#n{node.pk}", 302)]
    assert messages_of(response) == ["Přidáno: 2.2 Koordinace obcí"]


def test_node_form_sent_twice_makes_one_node(client, person, version):
    address = url(version, "editor_node_add")
    data = form_page(client, address, title="Podpora rodin")

    first, second = client.post(address, data), client.post(address, data)

    assert version.nodes.filter(title="Podpora rodin").count() == 1
    assert first.url == second.url


def test_node_form_sent_again_with_other_words_keeps_them(client, person, version):
    address = url(version, "editor_node_add")
    data = form_page(client, address, title="Podpora rodin")
    client.post(address, data)

    response = client.post(address, {**data, "title": "Podpora mládeže", "code": ""})

    assert response.status_code == 409
    assert "už byl jednou odeslán a vzniklo z něj: 3 Podpora rodin" in words_of(response)
    again = sent_by(response)
    assert again["title"] == ["Podpora mládeže"]
    client.post(address, again)
    assert codes(version.nodes.filter(parent=None)) == ["1", "2", "3", "4"]


def test_node_with_a_wrong_field_keeps_the_input(client, person, version):
    address = url(version, "editor_node_add")

    response = client.post(
        address, form_page(client, address, title="", code="1..2", need="Potřeba zůstává")
    )

    assert set(response.context["form"].errors) == {"title", "code"}
    assert response.context["form"].errors["title"] == ["Napište název."]
    content = response.content.decode()
    assert 'href="#id_title"' in content
    assert "Potřeba zůstává" in content
    assert version.nodes.count() == 5


def test_node_with_a_taken_code_is_refused_at_the_field(client, person, version):
    node = version.nodes.get(code="1.2")
    address = url(version, "editor_node", node.pk)

    response = client.post(address, form_page(client, address, code="1.1"))

    assert response.context["form"].errors == {"code": ["Tento kód už v\u00a0této verzi je."]}


def test_node_is_written(client, person, version):
    node = version.nodes.get(code="1")
    address = url(version, "editor_node", node.pk)
    before = node_values(node)

    response = client.post(address, form_page(client, address, title="Podpora doma"), follow=True)

    assert messages_of(response) == ["Uloženo: 1 Podpora doma"]
    node.refresh_from_db()
    assert node_values(node) == NodeValues(**{**vars(before), "title": "Podpora doma"})


def test_node_changed_by_somebody_else_shows_the_difference(client, person, version):
    node = version.nodes.get(code="1")
    address = url(version, "editor_node", node.pk)
    mine = form_page(client, address, title="Můj název")
    services.update_node(
        node,
        actor=coordinator(),
        values=NodeValues(
            **{**vars(node_values(node)), "title": "Jejich název", "goal": "Jejich cíl"}
        ),
    )

    response = client.post(address, mine)

    assert response.status_code == 409
    assert [
        (one.label, one.saved, one.mine, one.is_clash) for one in response.context["differences"]
    ] == [
        (
            PlanNode._meta.get_field("title").verbose_name.capitalize(),
            "Jejich název",
            "Můj název",
            True,
        ),
        (PlanNode._meta.get_field("goal").verbose_name.capitalize(), "Jejich cíl", "", False),
    ]
    node.refresh_from_db()
    assert node.title == "Jejich název"

    again = sent_by(response)
    assert (again["title"], again["goal"]) == (["Můj název"], ["Jejich cíl"])
    client.post(address, again)
    node.refresh_from_db()
    assert (node.title, node.goal) == ("Můj název", "Jejich cíl")


@pytest.mark.parametrize("stamp", ["", "nesmysl", "eyJ4IjoxfQ:1abcde:podpis"])
def test_form_with_a_damaged_stamp_comes_back_filled(client, person, version, stamp):
    node = version.nodes.get(code="1")
    address = url(version, "editor_node", node.pk)

    response = client.post(address, form_page(client, address, title="Jiný název", stamp=stamp))

    assert "Formulář se cestou poškodil" in words_of(response)
    node.refresh_from_db()
    assert node.title == "Podpora seniorů doma"
    client.post(address, sent_by(response))
    node.refresh_from_db()
    assert node.title == "Jiný název"


def test_stamp_of_a_new_form_does_not_overwrite_a_saved_thing(client, person, version):
    node = version.nodes.get(code="1")
    stamp = form_page(client, url(version, "editor_node_add"))["stamp"]
    address = url(version, "editor_node", node.pk)

    response = client.post(address, form_page(client, address, title="Jiný název", stamp=stamp))

    assert "Formulář se cestou poškodil" in words_of(response)


def test_form_of_a_deleted_node_gives_the_words_back(client, person, version):
    node = version.nodes.get(code="1.2")
    address = url(version, "editor_node", node.pk)
    data = form_page(client, address, need="Dlouhý text, který nechci psát znovu")
    services.delete_node(node, actor=coordinator())

    response = client.post(address, data)

    assert response.status_code == 409
    assert "Dlouhý text, který nechci psát znovu" in words_of(response)


def test_node_is_deleted_after_saying_what_goes_with_it(client, person, version):
    node = version.nodes.get(code="1")
    address = url(version, "editor_node_delete", node.pk)

    page = client.get(address)
    words = words_of(page)
    assert "1.1 Pečovatelská služba" in words
    assert "1.1.2 Navýšit o jeden úvazek" in words

    response = client.post(address, sent_by(page), follow=True)

    assert messages_of(response) == ["Smazáno: 1 Podpora seniorů doma"]
    assert codes(version.nodes) == ["2", "2.1"]


def test_node_is_not_deleted_when_more_would_go(client, person, version):
    node = version.nodes.get(code="1.2")
    address = url(version, "editor_node_delete", node.pk)
    data = form_page(client, address)
    add_task(node, title="Přibyl mezitím")

    response = client.post(address, data)

    assert "Mezitím se pod ním něco změnilo" in words_of(response)
    assert "Přibyl mezitím" in words_of(response)
    client.post(address, sent_by(response))
    assert not version.nodes.filter(pk=node.pk).exists()


def test_deleting_twice_says_that_it_is_gone(client, person, version):
    task = version.tasks.get(code="2.1.1")
    address = url(version, "editor_task_delete", task.pk)

    first, second = client.post(address, follow=True), client.post(address, follow=True)

    assert messages_of(first) == ["Smazáno: 2.1.1 Uspořádat veletrh služeb"]
    assert messages_of(second) == ["Tohle mezitím někdo smazal."]


# --- Tasks -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def task(version):
    return version.tasks.get(code="1.1.1")


def test_task_is_added_with_all_its_lines(client, person, version):
    node = version.nodes.get(code="1.2")
    partner = OrganisationFactory(name="Diakonie Dolní")
    source = FundingSource.objects.get(code="kraj")
    address = url(version, "editor_task_add") + f"?node={node.pk}"
    data = form_page(
        client,
        address,
        title="Navýšit kapacitu\r\n o dva úvazky",
        date_from="2021-03-01",
        date_to="2021-12-31",
        cost_planned="1 291 040 Kč",
        **{
            "parties-TOTAL_FORMS": "3",
            "parties-0-role": "responsible",
            "parties-0-name": "charita horka",
            "parties-1-role": "partner",
            "parties-1-name": partner.name,
            "parties-2-role": "partner",
            "parties-2-name": "obce",
            "funding-0-source": str(source.pk),
            "funding-0-amount": "1.291.040,-",
            "indicators-0-name": "Počet úvazků",
            "indicators-0-planned": "2,5",
            "indicators-0-unit": "úvazek",
        },
    )

    response = client.post(address, data, follow=True)

    made = version.tasks.get(code="1.2.2")
    assert made.title == "Navýšit kapacitu o dva úvazky"
    assert made.date_from == datetime.date(2021, 3, 1)
    assert made.cost_planned == 1_291_040
    assert [
        (p.role, p.name, p.organisation and p.organisation.name) for p in made.parties.all()
    ] == [
        (PartyRole.RESPONSIBLE, "Charita Horka", "Charita Horka"),
        (PartyRole.PARTNER, "Diakonie Dolní", "Diakonie Dolní"),
        (PartyRole.PARTNER, "obce", None),
    ]
    assert [(line.source, line.amount) for line in made.funding.all()] == [(source, 1_291_040)]
    assert [(i.name, i.planned, i.unit) for i in made.indicators.all()] == [
        ("Počet úvazků", Decimal("2.5"), "úvazek")
    ]
    assert response.redirect_chain == [(f"{url(version)}?open={made.node_id}#t{made.pk}", 302)]


def test_task_form_sent_twice_makes_one_task(client, person, version):
    node = version.nodes.get(code="1.2")
    address = url(version, "editor_task_add") + f"?node={node.pk}"
    data = form_page(client, address, title="Uspořádat setkání")

    answers = [client.post(address, data) for _ in range(3)]

    assert version.tasks.filter(title="Uspořádat setkání").count() == 1
    assert len({answer.url for answer in answers}) == 1


def test_save_and_add_another_opens_the_next_form(client, person, version):
    node = version.nodes.get(code="1.2")
    address = url(version, "editor_task_add") + f"?node={node.pk}"

    response = client.post(
        address, form_page(client, address, title="První z několika", save_and_add="1"), follow=True
    )

    assert response.redirect_chain == [(address, 302)]
    assert response.context["form"].form["code"].value() == "1.2.3"


def test_task_form_unchanged_saves_the_same(client, person, version, task):
    before = task_values(task)
    address = url(version, "editor_task", task.pk)

    response = client.post(address, form_page(client, address))

    assert response.status_code == 302
    assert task_values(Task.objects.get(pk=task.pk)) == before


def test_task_keeps_the_name_of_a_party_as_it_was_written(client, person, version, task):
    provider = task.parties.get(role=PartyRole.RESPONSIBLE).organisation
    provider.name = "Oblastní charita Horka"
    provider.save()
    address = url(version, "editor_task", task.pk)

    client.post(address, form_page(client, address, title="Jiný název"))

    kept = task.parties.get(role=PartyRole.RESPONSIBLE)
    assert (kept.name, kept.organisation) == ("Charita Horka", provider)

    client.post(address, form_page(client, address, **{"parties-0-name": "vlastní síly"}))

    changed = task.parties.get(role=PartyRole.RESPONSIBLE)
    assert (changed.name, changed.organisation) == ("vlastní síly", None)


def test_namesakes_are_told_apart(client, person, version, task):
    first = OrganisationFactory(name="Spolek pomoc")
    OrganisationFactory(name="Spolek pomoc")
    address = url(version, "editor_task", task.pk)
    page = client.get(address)
    label = f"Spolek pomoc (IČO {first.ico})"
    assert f'<option value="{label}">' in page.content.decode()

    client.post(address, sent_by(page, **{"parties-0-name": label}))

    party = task.parties.get(role=PartyRole.RESPONSIBLE)
    assert (party.name, party.organisation) == ("Spolek pomoc", first)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": "  "}, "Napište, co se má udělat."),
        ({"code": "1.1.2"}, "Tento kód už v této verzi je."),
        ({"date_from": "2021-12-31", "date_to": "2021-01-01"}, "Termín nemůže skončit dřív, než začne."),
        ({"date_to": "31. 2. 2021"}, "Napište den jako 1. 3. 2021."),
        ({"cost_planned": "asi milion"}, "Napište částku v celých korunách, například 1 291 040."),
        ({"cost_planned": "-5"}, "Částka nemůže být záporná."),
        ({"cost_planned": "9" * 30}, "Částka je příliš velká. Napište ji v korunách, ne v haléřích."),
        ({"parties-1-role": "responsible", "parties-1-name": "charita horka"}, "Tato organizace nebo osoba už tu je."),
        ({"funding-1-source": None}, "Vyberte zdroj peněz."),
        ({"funding-0-amount": "dost"}, "Napište částku v celých korunách, například 1 291 040."),
        ({"indicators-1-name": "počet úvazků"}, "Tento ukazatel už tu je."),
        ({"indicators-0-name": ""}, "Napište, co se měří."),
        ({"indicators-0-planned": "hodně"}, "Napište číslo, například 9,5."),
    ],
)  # fmt: skip
def test_task_with_a_wrong_field_keeps_the_input(client, person, version, task, change, message):
    before = task_values(task)
    address = url(version, "editor_task", task.pk)

    response = client.post(
        address, form_page(client, address, **{"description": "Popis zůstává", **change})
    )

    assert response.status_code == 200
    assert message in words_of(response)
    assert "error-summary" in response.content.decode()
    again = sent_by(response)
    assert again["description"] == ["Popis zůstává"]
    for name, value in change.items():
        assert again[name] == [value or ""]
    assert task_values(Task.objects.get(pk=task.pk)) == before


def test_the_same_source_twice_is_refused_at_the_second_line(client, person, version, task):
    address = url(version, "editor_task", task.pk)
    data = form_page(client, address)
    data["funding-1-source"] = data["funding-0-source"]

    response = client.post(address, data)

    lines = response.context["form"].lists["funding"].forms
    assert [dict(line.errors) for line in lines] == [{}, {"source": ["Tento zdroj už tu je."]}]
    assert 'href="#id_funding-1-source"' in response.content.decode()


@pytest.mark.parametrize("name", ["parties", "funding", "indicators"])
def test_a_line_is_added_without_saving_and_without_losing_anything(
    client, person, version, task, name
):
    before = task_values(task)
    address = url(version, "editor_task", task.pk)
    data = form_page(client, address, title="Rozepsaný", cost_planned="asi tolik", add_line=name)

    response = client.post(address, data)

    again = sent_by(response)
    assert int(again[f"{name}-TOTAL_FORMS"][0]) == int(data[f"{name}-TOTAL_FORMS"][0]) + 1
    assert (again["title"], again["cost_planned"]) == (["Rozepsaný"], ["asi tolik"])
    kept = {key: value for key, value in data.items() if "TOTAL" not in key and key != "add_line"}
    assert {key: again[key] for key in kept} == kept
    assert "error-summary" not in response.content.decode()
    assert response.content.decode().count(" autofocus") == 1
    assert task_values(Task.objects.get(pk=task.pk)) == before


def test_a_line_is_taken_away(client, person, version, task):
    address = url(version, "editor_task", task.pk)
    data = form_page(client, address)

    response = client.post(address, {**data, "remove_line": "indicators-0"})
    again = sent_by(response)
    assert again["indicators-TOTAL_FORMS"] == ["1"]
    assert again["indicators-0-name"] == ["Počet klientů"]
    client.post(address, again)

    assert [indicator.name for indicator in task.indicators.all()] == ["Počet klientů"]


@pytest.mark.parametrize("press", ["funding-99", "stamp-0", "funding-x", "x"])
def test_taking_away_a_line_that_is_not_there_changes_nothing(client, person, version, task, press):
    address = url(version, "editor_task", task.pk)
    data = form_page(client, address)

    response = client.post(address, {**data, "remove_line": press})

    assert sent_by(response) == data


def test_a_line_emptied_is_a_line_taken_away(client, person, version, task):
    address = url(version, "editor_task", task.pk)

    client.post(
        address,
        form_page(
            client,
            address,
            **{"indicators-0-name": "", "indicators-0-planned": "", "indicators-0-unit": ""},
        ),
    )

    assert [indicator.name for indicator in task.indicators.all()] == ["Počet klientů"]


def test_task_page_says_whether_the_sources_add_up(client, person, version, task):
    address = url(version, "editor_task", task.pk)
    warning = "to se liší od plánovaných nákladů"
    page = client.get(address)
    assert (page.context["total"], page.context["total_differs"]) == (3_850_000, False)

    page = client.post(
        address, {**sent_by(page, **{"funding-0-amount": "1"}), "add_line": "parties"}
    )

    assert (page.context["total"], page.context["total_differs"]) == (1_850_001, True)
    assert warning in words_of(page)
    # It may be saved as it is: the tree warns.
    assert client.post(address, sent_by(page)).status_code == 302
    assert "zdroje nesedí s\u00a0náklady".replace("\u00a0", " ") in words_of(
        client.get(url(version))
    )


def test_task_changed_by_somebody_else_shows_the_difference(client, person, version, task):
    address = url(version, "editor_task", task.pk)
    mine = form_page(client, address, title="Můj název", **{"funding-0-amount": "7"})
    saved = task_values(task)
    services.save_task(
        task,
        actor=coordinator(),
        values=TaskValues(
            **{
                **vars(saved),
                "term_text": "do konce roku",
                "funding": saved.funding[1:],
                "parties": saved.parties[:1],
            }
        ),
    )

    response = client.post(address, mine)

    assert response.status_code == 409
    said = {
        one.label: (one.saved, one.mine.splitlines()[0] if one.is_clash else None)
        for one in response.context["differences"]
    }
    assert said["Zdroje financování"] == (
        "Rozpočet kraje, 1\u00a0850\u00a0000\u00a0Kč, podle výzvy",
        "Rozpočet města (ORP), 7\u00a0Kč",
    )
    assert said["Kdo"][0].endswith(": Charita Horka")
    assert len(said) == 3
    again = sent_by(response)
    assert (again["title"], again["term_text"]) == (["Můj název"], ["do konce roku"])
    assert again["parties-TOTAL_FORMS"] == ["1"]
    assert client.post(address, again).status_code == 302
    now = task_values(Task.objects.get(pk=task.pk))
    assert (now.title, now.term_text, now.parties) == (
        "Můj název",
        "do konce roku",
        saved.parties[:1],
    )
    assert [line.amount for line in now.funding] == [7, 1_850_000]


def test_form_of_a_deleted_task_gives_the_words_back(client, person, version, task):
    address = url(version, "editor_task", task.pk)
    data = form_page(client, address, description="Popis, který nechci psát znovu")
    services.delete_task(task, actor=coordinator())

    response = client.post(address, data)

    assert response.status_code == 409
    assert "Popis, který nechci psát znovu" in words_of(response)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_task_page_query_count(client, django_assert_num_queries, count):
    version = empty_version()
    task = add_task(add_node(version))
    for number in range(count):
        FundingSource.objects.create(code=f"zdroj{number}", name_cs=f"Zdroj {number}")
        task.funding.create(source=FundingSource.objects.get(code=f"zdroj{number}"), amount=1)
        task.indicators.create(name=f"Ukazatel {number}")
        OrganisationFactory()
    client.force_login(coordinator())
    address = url(version, "editor_task", task.pk)
    client.get(address)

    with django_assert_num_queries(10):
        client.get(address)


# --- Chapters and the network ------------------------------------------------------------------------------------------


def test_chapter_is_added_previewed_written_moved_and_deleted(client, person):
    version = empty_version()
    add = url(version, "editor_chapter_add")
    data = form_page(client, add, title="Úvod", body="Vznikl **společně**.")

    preview = client.post(add, {**data, "preview": "1"})
    assert "<strong>společně</strong>" in preview.content.decode()
    assert not version.chapters.exists()

    for _ in range(2):
        client.post(add, sent_by(preview))
    chapter = version.chapters.get()
    other = services.add_chapter(version, actor=person, values=ChapterValues("Závěr"))
    edit = url(version, "editor_chapter", chapter.pk)
    client.post(edit, form_page(client, edit, title="Úvodem"))
    response = client.post(url(version, "editor_reorder"), {"down": f"c{chapter.pk}"}, follow=True)
    assert response.redirect_chain == [(f"{url(version, 'editor_chapters')}#c{chapter.pk}", 302)]
    assert [row.title for row in response.context["rows"]] == ["Závěr", "Úvodem"]

    client.post(url(version, "editor_chapter_delete", chapter.pk))

    assert version.chapters.get() == other


def test_chapter_changed_by_somebody_else_is_not_overwritten(client, person, version):
    chapter = version.chapters.get(title="Úvod")
    address = url(version, "editor_chapter", chapter.pk)
    mine = form_page(client, address, body="Moje znění")
    services.save_chapter(
        chapter, actor=coordinator(), values=ChapterValues("Úvod", "Jejich znění")
    )

    response = client.post(address, mine)

    assert response.status_code == 409
    assert "Jejich znění" in words_of(response)
    assert sent_by(response)["body"] == ["Moje znění"]
    chapter.refresh_from_db()
    assert chapter.body == "Jejich znění"


def test_network_entry_is_added_written_and_removed(client, person, version):
    service = ServiceFactory(name="Denní stacionář", organisation__name="Diakonie Dolní")
    add = url(version, "editor_network_add")
    data = form_page(client, add, service=str(service.pk), fte="2,5", beds="")
    for _ in range(2):
        assert client.post(add, data).status_code == 302
    entry = version.network.get(service=service)
    assert (entry.name, entry.provider_name, entry.fte) == (
        "Denní stacionář",
        "Diakonie Dolní",
        Decimal("2.5"),
    )

    refused = client.post(add, form_page(client, add, service=str(service.pk), fte="3"))
    assert refused.context["form"].errors == {"service": ["Tato služba už v\u00a0síti je."]}

    edit = url(version, "editor_network_entry", entry.pk)
    client.post(edit, form_page(client, edit, beds="10", note="od dubna"))
    entry.refresh_from_db()
    assert (entry.beds, entry.note, entry.fte) == (10, "od dubna", Decimal("2.5"))
    words = words_of(client.get(url(version, "editor_network")))
    assert "úvazky: 12, lůžka: 10" in words

    client.post(url(version, "editor_network_remove", entry.pk))
    assert not version.network.filter(pk=entry.pk).exists()


def test_network_keeps_a_service_that_has_left_the_catalogue(client, person, version):
    entry = version.network.get()
    entry.service.is_public = False
    entry.service.save()
    address = url(version, "editor_network_entry", entry.pk)

    assert client.post(address, form_page(client, address, note="končí")).status_code == 302

    entry.refresh_from_db()
    assert entry.note == "končí"


# --- Versions --------------------------------------------------------------------------------------------------------


def test_next_version_starts_as_a_copy_chosen_on_the_page(client, person, version):
    VERSION_WORKFLOW.advance(version, "discard", actor=person, note="Začneme znovu.")
    address = reverse("plans:version_start", args=[version.plan.slug])

    response = client.post(address, form_page(client, address, note="Po připomínkách"), follow=True)

    copy = version.plan.versions.get(number=2)
    assert (copy.based_on, copy.change_note, copy.created_by) == (
        version,
        "Po připomínkách",
        person,
    )
    assert copy.tasks.count() == 4
    assert response.redirect_chain == [(url(copy), 302)]


def test_next_version_can_start_empty(client, person):
    plan = PlanFactory()
    address = reverse("plans:version_start", args=[plan.slug])

    client.post(address, form_page(client, address))

    assert plan.versions.get().nodes.count() == 0


def test_next_version_sent_twice_opens_the_one_that_was_made(client, person):
    plan = PlanFactory()
    address = reverse("plans:version_start", args=[plan.slug])
    data = form_page(client, address)
    client.post(address, data)

    response = client.post(address, data, follow=True)

    assert plan.versions.count() == 1
    assert messages_of(response)[-1] == "Tento plán už má otevřenou verzi."
    assert response.redirect_chain[0][0] == url(plan.versions.get())


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (lambda plan: PersonFactory(), 404),
        (lambda plan: PersonFactory(coordinator=True), 403),
        (lambda plan: SeatFactory(committee=plan.committee).person, 404),
    ],
)
def test_next_version_is_started_by_coordinators_only(client, who, status):
    plan = PlanFactory()
    client.force_login(who(plan))
    address = reverse("plans:version_start", args=[plan.slug])

    assert client.get(address).status_code == status
    assert client.post(address, {"based_on": "", "note": ""}).status_code == status
    assert not plan.versions.exists()


def test_parts_are_taken_only_from_an_approved_plan_above(client, person):
    community = rich_version(kind=PlanKind.COMMUNITY)
    action = empty_version(parent=community.plan)

    response = client.get(url(action, "editor_derive"), follow=True)

    assert messages_of(response) == [
        "Nad tímto plánem není schválený plán, ze kterého by šlo něco převzít."
    ]
    assert url(action, "editor_derive") not in response.content.decode()


def test_parts_of_the_plan_above_are_chosen_and_taken(client, person):
    community = frozen(rich_version(kind=PlanKind.COMMUNITY))
    action = empty_version(parent=community.plan)
    address = url(action, "editor_derive")
    measure = community.nodes.get(code="1.2")

    page = client.get(address)
    assert [node.code for node, _is_here, _chosen in page.context["rows"]] == [
        "1",
        "1.1",
        "1.2",
        "2",
        "2.1",
    ]
    nothing = client.post(address, {})
    assert "Vyberte aspoň jednu část plánu." in words_of(nothing)
    response = client.post(address, {"nodes": [str(measure.pk)]}, follow=True)

    assert messages_of(response) == ["Převzaty 2 části plánu."]
    assert codes(action.nodes.filter(parent=None)) == ["1"]
    page = client.get(address)
    assert [node.code for node, is_here, _chosen in page.context["rows"] if is_here] == ["1", "1.2"]
