"""The group of coordinators says what the table in code says, and the document says it too."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command

from committees.bodies.enums import Role
from committees.bodies.rules import SEAT_PERMISSIONS
from committees.people import roles
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).parents[2] / "docs" / "roles.md"


def held(group):
    return {
        f"{p.content_type.app_label}.{p.codename}"
        for p in group.permissions.select_related("content_type")
    }


def asked():
    table = roles.ROLES[roles.COORDINATORS]
    return {f"{app}.{codename}" for app, codenames in table.items() for codename in codenames}


def test_sync_gives_exactly_the_table_and_again_changes_nothing(capsys):
    call_command("sync_roles")
    group = Group.objects.get()
    assert group.name == "Koordinátoři"
    assert held(group) == asked()
    assert "přidáno" in capsys.readouterr().out

    call_command("sync_roles")

    assert held(group) == asked()
    assert capsys.readouterr().out == ""


def test_sync_takes_back_what_was_added_by_hand():
    roles.sync()
    group = Group.objects.get()
    group.permissions.add(Permission.objects.get(codename="add_group"))
    group.permissions.remove(Permission.objects.get(codename="edit_content"))

    [change] = roles.sync()

    assert (change.added, change.removed) == (["plans.edit_content"], ["auth.add_group"])
    assert held(group) == asked()


def test_missing_permission_is_an_error_and_changes_nothing(monkeypatch):
    table = {app: list(codenames) for app, codenames in roles.ROLES[roles.COORDINATORS].items()}
    table["plans"].append("fly")
    monkeypatch.setitem(roles.ROLES, roles.COORDINATORS, table)

    with pytest.raises(CommandError, match=r"plans\.fly"):
        call_command("sync_roles")

    assert not Group.objects.exists()


def test_coordinator_cannot_make_herself_more():
    roles.sync()
    person = PersonFactory(coordinator=True)
    person.groups.add(Group.objects.get())

    for permission in ("auth.change_group", "auth.add_group", "auth.change_permission"):
        assert not person.has_perm(permission)
    for permission in ("plans.edit_content", "plans.pass_step", "bodies.add_resolution"):
        assert person.has_perm(permission)


def test_document_names_every_role_and_permission():
    text = DOCUMENT.read_text(encoding="utf-8")

    for permission in asked():
        app, _dot, codename = permission.partition(".")
        action, _underscore, model = codename.partition("_")
        assert f"`{permission}`" in text or f"`{app}.{model}`" in text, permission
    for role in Role:
        assert f"`{role.value}`" in text
    for permissions in SEAT_PERMISSIONS.values():
        for permission in permissions:
            assert f"`{permission}`" in text
