"""Who may open which address: every address of the portal stands in exactly one of the lists below.

A new address fails ``test_every_address_stands_in_one_list`` until somebody decides where it belongs;
the decision is one line here, for the reviewer to see.
"""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.test import override_settings
from django.urls import URLPattern, get_resolver, reverse

from committees.bodies.models import Committee
from committees.meetings.models import AgendaItem, AgendaPaper, Meeting
from committees.meetings.pages import place_of
from committees.minutes.models import Minutes
from documents.library.models import Document
from documents.news.models import Article
from documents.store.files import put
from planning.approvals.preview import request_preview
from planning.plans.enums import VersionState
from planning.plans.models import PlanVersion
from planning.plans.services import make_snapshot, start_version
from providers.directory.models import LifeSituation, Organisation, Service
from tests.committees.ballots.building import places_of_ballot
from tests.factories import PersonFactory, ResolutionFactory, SeatFactory

# Anybody reads them; they set no cookie, so that they may be kept in a cache.
PUBLIC = {
    "front:home",
    "front:about",
    "front:accessibility",
    "directory:service_list",
    "directory:service_detail",
    "directory:organisation_list",
    "directory:organisation_detail",
    "directory:situation_list",
    "directory:situation_detail",
    "plans:plan_list",
    "plans:plan_detail",
    "plans:current_version",
    "plans:version_detail",
    "plans:version_pdf",
    "differences:changes",
    "minutes:minutes_detail",
    "minutes:public_pdf",
    "minutes:public_json",
    "minutes:public_extract",
    "minutes:resolution_list",
    "minutes:resolution_detail",
    "minutes:resolutions_csv",
    "minutes:resolutions_xlsx",
    "bodies:committee_list",
    "bodies:committee_detail",
    "ballots:ballot_list",
    "ballots:ballot_detail",
    "ballots:ballot_protocol",
    "bodies:resolution_paper",
    "meetings:meeting_list",
    "meetings:meeting_detail",
    "meetings:meeting_calendar",
    "meetings:paper",
    "library:document_list",
    "library:document_detail",
    "library:document_file",
    "library:version_file",
    "news:article_list",
    "news:article_detail",
    "news:article_feed",
    "following:calendar",
    "following:feed",
    "following:committee_calendar",
    "following:committee_feed",
    "region_colours",
    "nominations:interest_form",
}

# Anybody opens them, but they are a step of something (signing in, choosing a language) or answer only sometimes.
ENTRANCE = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_email_verification_sent",
    "mfa_authenticate",
    "set_language",
    "front:language",
    "links:open",
    "arms",
    "style_page",
    "health",
    "meetings:live_board",
    "meetings:live_board_state",
    "nominations:interest_receipt",
}

# Somebody who has signed in; what of it that person may see or do, the view asks the rights.
PRIVATE = {
    "account_change_password",
    "account_set_password",
    "account_email",
    "account_reauthenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "ballots:ballot_paper",
    "ballots:ballot_protocol_internal",
    "ballots:vote",
    "front:my_desk",
    "front:daily_mail",
    "following:address",
    "people:email",
    "bodies:consent_give",
    "bodies:consent_withdraw",
    "approvals:approval",
    "approvals:preview",
    "differences:changes_pdf",
    "plans:snapshots",
    "plans:snapshot",
    "plans:snapshot_send",
    "plans:snapshot_make",
    "approvals:progress",
    "printing:job",
    "printing:job_file",
    "printing:job_state",
    "meetings:answer",
    "meetings:answer_more",
    "meetings:invitation",
    "meetings:task_list",
    "meetings:task_settle",
    "meetings:live_mine",
    "meetings:live_mine_step",
    "minutes:progress",
    "minutes:verify",
    "minutes:whole_pdf",
    "minutes:whole_json",
    "minutes:whole_extract",
}

# Somebody with the right to it: for a member without that right the page does not exist or is refused.
STAFF = {
    "minutes:start",
    "minutes:editor",
    "minutes:save_field",
    "minutes:take_over",
    "minutes:preview",
    "minutes:send",
    "minutes:take_back",
    "minutes:approve",
    "minutes:retry",
    "ballots:ballot_add",
    "ballots:ballot_cancel",
    "ballots:ballot_close",
    "ballots:ballot_edit",
    "ballots:ballot_open",
    "ballots:ballot_remind",
    "ballots:paper_add",
    "ballots:paper_remove",
    "ballots:vote_enter",
    "meetings:plan",
    "meetings:change",
    "meetings:call",
    "meetings:cancel",
    "meetings:announce",
    "meetings:attendance",
    "meetings:participant",
    "meetings:guest_add",
    "meetings:guest_remove",
    "meetings:sheet",
    "meetings:agenda",
    "meetings:agenda_copy",
    "meetings:item_add",
    "meetings:item_change",
    "meetings:item_move",
    "meetings:item_remove",
    "meetings:paper_add",
    "meetings:paper_remove",
    "meetings:paper_publish",
    "meetings:live",
    "meetings:live_state",
    "meetings:live_run",
    "meetings:live_person",
    "meetings:live_everybody",
    "meetings:live_guest",
    "meetings:live_represent",
    "meetings:live_take_up",
    "meetings:live_conflict",
    "meetings:live_proposal",
    "meetings:live_task",
    "meetings:live_count",
    "meetings:live_call_out",
    "meetings:live_close",
    "meetings:live_call_off",
    "front:coordinator_desk",
    "following:archive_list",
    "following:archive_file",
    "nominations:interest_list",
    "nominations:interest_record",
    "nominations:interest_detail",
    "nominations:interest_thank",
    "nominations:interest_decline",
    "nominations:interest_nominate",
    "nominations:nomination_list",
    "nominations:committee_nominations",
    "nominations:nomination_add",
    "nominations:appoint",
    "nominations:nomination_decline",
    "nominations:nomination_withdraw",
    "people:exchange",
    "people:exchange_template",
    "people:exchange_content",
    "people:upload_detail",
    "people:upload_apply",
    "people:upload_report",
    "approvals:bring_per_rollam",
    "approvals:put_on_agenda",
    "approvals:open",
    "approvals:retry",
    "approvals:discard",
    "approvals:record",
    "approvals:use",
    "approvals:return",
    "plans:exchange",
    "plans:exchange_template",
    "plans:exchange_content",
    "plans:upload_detail",
    "plans:upload_apply",
    "plans:upload_report",
    "plans:version_start",
    "plans:editor",
    "plans:editor_reorder",
    "plans:editor_move",
    "plans:editor_derive",
    "plans:editor_node_add",
    "plans:editor_node",
    "plans:editor_node_delete",
    "plans:editor_task_add",
    "plans:editor_task",
    "plans:editor_task_delete",
    "plans:editor_chapters",
    "plans:editor_chapter_add",
    "plans:editor_chapter",
    "plans:editor_chapter_delete",
    "plans:editor_network",
    "plans:editor_network_add",
    "plans:editor_network_entry",
    "plans:editor_network_remove",
}

# The admin lets in nobody but staff; its addresses are Django's, one for each model and action.
ADMIN = "admin:"
ADMIN_ENTRANCE = {"admin:login", "admin:logout", "admin:jsi18n"}

# Parts of a page, which the page itself asks for.
FRAGMENTS = {
    "approvals:progress",
    "meetings:live_state",
    "meetings:live_board_state",
    "minutes:progress",
    "printing:job_state",
}

LISTS = {"PUBLIC": PUBLIC, "ENTRANCE": ENTRANCE, "PRIVATE": PRIVATE, "STAFF": STAFF}


def addresses(resolver=None, namespace="", found=None):
    """The parameters of every address of the portal by its name; addresses without a name by their pattern."""
    found = {} if found is None else found
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else f"{namespace}{entry.pattern}"
            found.setdefault(name, set()).update(entry.pattern.regex.groupindex)
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            addresses(entry, inner, found)
    return found


def in_admin(name):
    return name.startswith(ADMIN)


def test_every_address_stands_in_one_list():
    listed = [name for names in LISTS.values() for name in names]
    found = {name for name in addresses() if not in_admin(name)}

    assert sorted(found - set(listed)) == []
    assert sorted(set(listed) - found) == []
    assert sorted(name for name in set(listed) if listed.count(name) > 1) == []


# --- The demonstration district, in which the addresses are opened ----------------------------------------------------


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker):
    """The demonstration data, and for names or namespaces the parameters which lead to something there."""
    with django_db_blocker.unblock():
        try:
            call_command("seed_demo", verbosity=0)
            yield _places()
        finally:
            call_command("flush", interactive=False, verbosity=0)


def _places():
    approved = PlanVersion.objects.filter(state=VersionState.APPROVED).latest("pk")
    draft = start_version(approved.plan, actor=PersonFactory(superuser=True), based_on=approved)
    make_snapshot(draft, actor=PersonFactory(superuser=True), token=uuid.uuid4())
    of_approved = {"slug": approved.plan.slug, "number": approved.number}
    of_draft = {"slug": draft.plan.slug, "number": draft.number}
    resolution = ResolutionFactory(
        committee=Committee.objects.filter(is_public=True).first(),
        file=put(b"%PDF-1.7", content_type="application/pdf"),
    )
    paper = _public_paper()
    of_meeting = place_of(paper.item.meeting) | {"rest": "jednani.ics"}
    return {
        "meetings": of_meeting | {"pk": paper.item.pk},
        "meetings:paper": of_meeting | {"pk": paper.pk},
        "meetings:paper_remove": of_meeting | {"pk": paper.pk},
        "meetings:paper_publish": of_meeting | {"pk": paper.pk},
        "meetings:participant": of_meeting
        | {"pk": paper.item.meeting.participants.exclude(seat=None).first().pk},
        "plans": of_draft,
        "plans:version_detail": of_approved,
        "plans:version_pdf": of_approved,
        "plans:snapshot": of_draft | {"order": 1},
        "plans:snapshot_send": of_draft | {"order": 1},
        "plans:editor_node": of_draft | {"pk": draft.nodes.first().pk},
        "plans:editor_task": of_draft | {"pk": draft.tasks.first().pk},
        "plans:editor_chapter": of_draft | {"pk": draft.chapters.first().pk},
        "differences": {"slug": approved.plan.slug},
        "approvals": of_approved | {"pk": approved.steps.first().pk},
        "printing": {"pk": _waiting_preview(draft).pk},
        "ballots": places_of_ballot(),
        "bodies": {"slug": resolution.committee.slug, "pk": resolution.pk},
        "minutes": place_of(Minutes.objects.published().first().meeting),
        "minutes:resolution_detail": {"slug": resolution.committee.slug, "pk": resolution.pk},
        "nominations": {"slug": resolution.committee.slug},
        "following": {"slug": resolution.committee.slug, "year": resolution.adopted_on.year},
        "directory:service_detail": {"slug": Service.objects.first().slug},
        "directory:organisation_detail": {"slug": Organisation.objects.first().slug},
        "directory:situation_detail": {"slug": LifeSituation.objects.first().slug},
        "library": {"slug": Document.objects.exclude(file=None).first().slug},
        "library:version_file": {
            "slug": Document.objects.exclude(versions=None).first().slug,
            "number": 1,
        },
        "news": {"slug": Article.objects.first().slug},
    }


def _waiting_preview(version):
    """The preview of a working version that nobody has begun to make."""
    with override_settings(PRINTS_AT_ONCE=False):
        return request_preview(version, actor=None)


def _public_paper():
    """A paper that everybody reads, at the last meeting of a public committee."""
    item = AgendaItem.objects.filter(
        meeting__in=Meeting.objects.visible_to(AnonymousUser()), parent=None, is_internal=False
    ).last()
    file = put(b"%PDF-1.7 paper", content_type="application/pdf")
    return AgendaPaper.objects.create(item=item, file=file, file_name="a.pdf", is_internal=False)


def address(name, district):
    """The address of that name in the district; what leads nowhere gets made-up parameters."""
    known = district.get(name) or district.get(name.split(":")[0], {})
    made_up = {
        "uidb36": "a",
        "key": "b-c",
        "object_id": "1",
        "content_type_id": 1,
        "app_label": "plans",
    }
    return reverse(name, kwargs={p: known.get(p, made_up.get(p, 1)) for p in addresses()[name]})


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_anybody_reads_public_pages_without_cookies(client, district, name):
    response = client.get(address(name, district))

    if response.status_code == 302:
        response = client.get(response["Location"])
    assert response.status_code == 200
    assert dict(response.cookies) == {}
    assert "private" not in response.get("Cache-Control", "")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(PRIVATE | STAFF))
@pytest.mark.parametrize("method", ["get", "post"])
def test_anonymous_visitor_is_sent_to_sign_in(client, district, name, method):
    target = address(name, district)

    response = getattr(client, method)(target)

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next={target}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(STAFF))
@pytest.mark.parametrize("method", ["get", "post"])
def test_member_without_the_right_is_refused(client, district, name, method):
    client.force_login(SeatFactory().person)

    response = getattr(client, method)(address(name, district))

    assert response.status_code in (403, 404, 405)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ENTRANCE | PRIVATE | STAFF))
@pytest.mark.parametrize("person", [None, "member", "coordinator"])
def test_no_address_breaks(client, district, name, person):
    if person:
        client.force_login(
            PersonFactory(superuser=True) if person == "coordinator" else SeatFactory().person
        )

    headers = {"HX-Request": "true"} if name in FRAGMENTS else {}
    response = client.get(address(name, district), headers=headers)
    response.close()  # a file that nobody reads

    assert response.status_code in (200, 302, 400, 403, 404, 405)


@pytest.mark.django_db
def test_admin_lets_in_nobody_but_staff(client, district):
    member = SeatFactory().person
    names = [name for name in addresses() if in_admin(name) and name not in ADMIN_ENTRANCE]
    targets = {address(name, district) for name in names if "<" not in name}
    assert len(targets) > 50

    for target in sorted(targets):
        response = client.get(target)
        assert response.status_code == 302, target
        assert "/login/" in response["Location"], target
    client.force_login(member)
    for target in sorted(targets):
        response = client.get(target)
        assert response.status_code in (302, 403), target
        if response.status_code == 302:
            assert "/login/" in response["Location"], target
