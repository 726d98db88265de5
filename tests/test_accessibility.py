"""Everybody can use every page: the demonstration district walked page by page with axe, in one go.

Each page is opened on a phone in the light scheme and on a desk in the dark one, with all its folds open. The walk must
come through every address that draws a page and through every template of a page, so that a new one cannot be forgotten.
"""

import datetime
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as project
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core import mail
from django.shortcuts import render
from django.test import override_settings
from django.test.signals import template_rendered
from django.urls import Resolver404, path, resolve, reverse
from django.utils import timezone

from committees.ballots.notifications import voting_link
from committees.ballots.services import cancel_ballot
from committees.bodies import demo as committees_demo
from committees.bodies.enums import Side
from committees.bodies.models import Committee, Seat
from committees.meetings import services as meetings
from committees.meetings.pages import address as in_meeting
from committees.meetings.pages import place_of
from committees.meetings.services import live
from committees.minutes.notifications import verifier_link
from committees.minutes.services import approve, confirm, send_to_verifiers
from committees.nominations.models import Interest, Nomination
from committees.nominations.views.public import receipt_of
from committees.people.exchange import uploads as people_uploads
from committees.people.models import Person
from documents.library.models import Document
from documents.news.models import Article
from kpss import robots, urls, views
from kpss.links import services as links
from kpss.outbox.services.preferences import unsubscribe_link
from kpss.spreadsheets import Column, Sheet, write_workbook
from planning.approvals import workflow
from planning.approvals.preview import request_preview
from planning.front import demo
from planning.plans.exchange.layout import TASK_SHEET
from planning.plans.exchange.uploads import receive_upload
from planning.plans.models import Plan, PlanVersion
from planning.plans.notifications import reading_link
from planning.plans.services import make_snapshot, start_version
from providers.directory.models import Organisation, Service
from tests.browsing import faults_as_it_stands, faults_of_page, sign_in
from tests.committees.ballots import building as ballots
from tests.committees.ballots.building import committee_of, path_of
from tests.committees.meetings import live_table
from tests.committees.minutes import held as minutes_held
from tests.committees.people_sheets import cells
from tests.committees.people_sheets import workbook as people_workbook
from tests.demo_pages import PUBLIC_FILES, public_pages
from tests.factories import PersonFactory, PlanFactory
from tests.test_public_pages import FRAGMENTS, address, addresses, in_admin

pytestmark = pytest.mark.django_db(transaction=True)

# Addresses which answer with a file, a fragment or a redirect and never with a page of their own.
NOT_PAGES = (
    FRAGMENTS
    | PUBLIC_FILES
    | {
        "account_confirm_email",
        "account_email",
        "account_email_verification_sent",
        "approvals:bring_per_rollam",
        "approvals:discard",
        "approvals:open",
        "approvals:preview",
        "approvals:put_on_agenda",
        "approvals:record",
        "approvals:retry",
        "approvals:return",
        "approvals:use",
        "arms",
        "ballots:ballot_cancel",
        "ballots:ballot_close",
        "ballots:ballot_open",
        "ballots:ballot_paper",
        "ballots:ballot_protocol_internal",
        "ballots:ballot_remind",
        "ballots:paper_add",
        "ballots:paper_remove",
        "bodies:consent_withdraw",
        "differences:changes_pdf",
        "following:address",
        "following:archive_file",
        "front:daily_mail",
        "health",
        "meetings:agenda_copy",
        "meetings:announce",
        "meetings:answer_more",
        "meetings:guest_add",
        "meetings:guest_remove",
        "meetings:invitation",
        "meetings:item_move",
        "meetings:live_call_off",
        "meetings:live_call_out",
        "meetings:live_close",
        "meetings:live_conflict",
        "meetings:live_count",
        "meetings:live_everybody",
        "meetings:live_guest",
        "meetings:live_mine_step",
        "meetings:live_person",
        "meetings:live_proposal",
        "meetings:live_represent",
        "meetings:live_run",
        "meetings:live_take_up",
        "meetings:live_task",
        "meetings:paper_add",
        "meetings:paper_publish",
        "meetings:paper_remove",
        "meetings:sheet",
        "meetings:task_settle",
        "mfa_download_recovery_codes",
        "minutes:approve",
        "minutes:retry",
        "minutes:save_field",
        "minutes:send",
        "minutes:start",
        "minutes:take_back",
        "minutes:take_over",
        "minutes:whole_extract",
        "minutes:whole_json",
        "minutes:whole_pdf",
        "nominations:appoint",
        "nominations:interest_decline",
        "nominations:interest_nominate",
        "nominations:interest_thank",
        "nominations:nomination_decline",
        "nominations:nomination_withdraw",
        "people:exchange_content",
        "people:exchange_template",
        "people:upload_apply",
        "people:upload_report",
        "plans:editor_reorder",
        "plans:snapshot_make",
        "plans:exchange_content",
        "plans:exchange_template",
        "plans:upload_apply",
        "plans:upload_report",
        "printing:job_file",
        "set_language",
        "style_page",
    }
)
# Templates which are no pages: parts and frames of them, paper; and the style page, which has its own test.
PARTS = (
    "_",
    "admin/",
    "allauth/",
    "ballots/pdf/",
    "bodies/admin/",
    "components/",
    "differences/pdf/",
    "django/",
    "exchange/",
    "errors/in_site.html",
    "errors/layout.html",
    "meetings/pdf/",
    "minutes/pdf/",
    "pdf/",
    "plans/pdf/",
    "styleguide.html",
)
MEMBER = "clenka@example.cz"
# Models which people write in the admin from an empty form.
WRITTEN = {Article, Committee, Document, Organisation, Person, Plan, Service}


@login_not_required
def _error(request, template):
    return render(request, template)


urlpatterns = [path("chyba/<path:template>/", _error), *urls.urlpatterns]
handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error


@pytest.fixture
def district():
    """The demonstration data; beside its approved plans a working version of one and another in approval."""
    list(demo.seed())
    actor = committees_demo.coordinator()
    action, community = (
        PlanVersion.objects.get(plan__slug=slug)
        for slug in ("akcni-plan-2021", "komunitni-plan-2020-2023")
    )
    draft = start_version(action.plan, actor=actor, based_on=action)
    waiting = start_version(community.plan, actor=actor, based_on=community)
    workflow.open_approval(waiting, actor=actor)
    rows = [("1.1.1", "1.1", "Jiný název", "31. 2. 2021"), ("9.9.9", "9.9", "Sirotek", None)]
    headings = [Column("Kód"), Column("Opatření"), Column("Název"), Column("Od")]
    upload = receive_upload(
        draft,
        data=write_workbook([Sheet(TASK_SHEET, headings, rows)]),
        file_name="plan.xlsx",
        token=uuid.uuid4(),
        actor=actor,
    )
    return {"approved": action, "draft": draft, "waiting": waiting, "upload": upload}


def test_every_page_is_for_everybody(page, district, settings):
    settings.ROOT_URLCONF = __name__
    settings.DEBUG = False
    seen: set[str] = set()
    drawn: set[str] = set()
    faults: list[str] = []

    def note_template(template, **_more):
        drawn.add(template.name)

    template_rendered.connect(note_template)
    try:
        for person, url in _walk(district):
            page.context.clear_cookies()
            page.goto("/zdravi/")
            if person:
                sign_in(page, person)
            faults += faults_of_page(page, url)
            seen.add(_name(page.url))
        for step in (_forms_with_errors, _voting, _taking_part, _account, _second_step):
            for _stop in step(page, district):
                faults += faults_as_it_stands(page)
                seen.add(_name(page.url))
    finally:
        template_rendered.disconnect(note_template)

    assert faults == [], "\n".join(faults)
    named = {name for name in addresses() if not in_admin(name) and not name.startswith("chyba/")}
    assert sorted(named - seen - NOT_PAGES) == []
    assert sorted(_page_templates() - drawn) == []


def _name(url: str) -> str:
    """The name of the address; nothing for one that leads nowhere."""
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def _page_templates() -> set[str]:
    folder = Path(project.BASE_DIR) / "templates"
    names = {file.relative_to(folder).as_posix() for file in folder.rglob("*.html")}
    return {name for name in names if not name.startswith(PARTS) and "/_" not in name}


def _walk(district) -> Iterator[tuple]:
    """Who opens which address, page after page; None is anybody."""
    coordinator = committees_demo.coordinator()
    member = Person.objects.get(email=MEMBER)
    approved, draft, waiting = (district[name] for name in ("approved", "draft", "waiting"))
    yield from ((None, url) for url in public_pages(approved))
    yield None, reverse("directory:service_list") + "?q=seniori&obec=rajhrad"
    yield None, reverse("directory:service_list") + "?q=zzzzzz"
    for name in (
        "account_login",
        "account_signup",
        "account_inactive",
        "account_reset_password_done",
        "front:language",
    ):
        yield None, reverse(name)
    yield None, reverse("account_reset_password_from_key", args=["a", "b-c"])
    yield None, "/neni/"
    yield None, reverse("links:open", kwargs={"token": "neplatny", "rest": ""})
    yield None, links.url_of(unsubscribe_link(member)).removeprefix(project.SITE_URL)
    for template in sorted(_page_templates()):
        if template.startswith("errors/") or template == "429.html":
            yield None, f"/chyba/{template}/"

    commission = Committee.objects.get(slug=committees_demo.COMMISSION)
    for day in ("2020-08-31", "2019-12-31", "včera"):
        yield None, f"{commission.get_absolute_url()}?ke-dni={day}"
    yield None, Document.objects.exclude(versions=None).first().get_absolute_url()
    for seat in commission.seats.filter(side=Side.USER, person__email__isnull=False):
        yield seat.person, reverse("bodies:consent_give", args=[seat.pk])
    for person in (member, coordinator):
        yield person, reverse("front:my_desk")
    yield PersonFactory(password="!"), reverse("account_set_password")
    yield member, draft.get_absolute_url()
    yield member, reverse("front:coordinator_desk")

    yield coordinator, reverse("front:coordinator_desk")
    yield (
        coordinator,
        reverse(
            "following:archive_list", args=[Committee.objects.filter(is_public=True).first().slug]
        ),
    )
    yield coordinator, reverse("plans:version_start", args=[PlanFactory().slug])
    for version in (draft, waiting, approved):
        yield coordinator, reverse("approvals:approval", args=[version.plan.slug, version.number])
    job = request_preview(draft, actor=coordinator)
    with override_settings(PRINTS_AT_ONCE=False):
        draft.tasks.filter(pk=draft.tasks.first().pk).update(description="Náhled se teprve vyrábí.")
        waiting_job = request_preview(draft, actor=coordinator)
    for one in (job, waiting_job):
        yield coordinator, one.get_absolute_url()
    places = {"plans": {"slug": draft.plan.slug, "number": draft.number}}
    snapshot = make_snapshot(draft, actor=coordinator, token=uuid.uuid4(), note="Po připomínkách.")
    for name in ("plans:snapshots", "plans:snapshot", "plans:snapshot_send"):
        yield coordinator, address(name, {"plans": places["plans"] | {"order": snapshot.number}})
    yield None, links.url_of(reading_link(snapshot, coordinator)).removeprefix(project.SITE_URL)
    for name, pk in {
        "editor": None,
        "exchange": None,
        "upload_detail": district["upload"].pk,
        "editor_derive": None,
        "editor_node_add": None,
        "editor_node": draft.nodes.first().pk,
        "editor_node_delete": draft.nodes.first().pk,
        "editor_task": draft.tasks.first().pk,
        "editor_task_delete": draft.tasks.first().pk,
        "editor_chapters": None,
        "editor_chapter_add": None,
        "editor_chapter": draft.chapters.first().pk,
        "editor_chapter_delete": draft.chapters.first().pk,
        "editor_network": None,
        "editor_network_add": None,
        "editor_network_entry": draft.network.first().pk,
        "editor_network_remove": draft.network.first().pk,
    }.items():
        yield coordinator, address(f"plans:{name}", {"plans": places["plans"] | {"pk": pk}})
    yield coordinator, address("plans:editor_move", places) + f"?item=t{draft.tasks.first().pk}"
    measure = draft.nodes.filter(depth=2).first()
    yield coordinator, address("plans:editor_task_add", places) + f"?node={measure.pk}"
    yield coordinator, address("plans:editor", {"plans": {"slug": waiting.plan.slug, "number": 2}})
    yield coordinator, address("plans:editor_task", {"plans": places["plans"] | {"pk": 999_999}})
    yield from _meeting_pages(coordinator)
    yield from _live_pages(coordinator)
    yield from _ballot_pages(coordinator)
    yield from _minutes_pages()
    yield from _people_pages(coordinator)
    yield from ((coordinator, url) for url in _admin_pages())


def _people_pages(coordinator) -> Iterator[tuple]:
    """People from Excel, those who want to take part, nominations."""
    known = Person.objects.exclude(email=None).first()
    rows = [
        cells(first=known.first_name, last="Jinak", email=known.email),
        cells(first="Nová", last="Osoba"),
        cells(first="Chybná", last="Osoba", email="x", phone="y"),
    ]
    upload = people_uploads.receive_upload(
        data=people_workbook(*rows), file_name="lide.xlsx", token=uuid.uuid4(), actor=coordinator
    )
    yield coordinator, reverse("people:exchange")
    yield coordinator, reverse("people:upload_detail", args=[upload.pk])
    yield coordinator, reverse("nominations:interest_list")
    yield coordinator, reverse("nominations:interest_list") + "?state=declined"
    yield coordinator, reverse("nominations:interest_record")
    for interest in Interest.objects.all():
        yield coordinator, interest.get_absolute_url()
    yield None, reverse("nominations:interest_receipt", args=[receipt_of(interest)])
    yield coordinator, reverse("nominations:nomination_list")
    slug = Nomination.objects.first().committee.slug
    yield coordinator, reverse("nominations:committee_nominations", args=[slug])
    yield coordinator, reverse("nominations:nomination_add", args=[slug]) + "?q=nov"
    yield coordinator, reverse("nominations:nomination_add", args=[slug]) + f"?person={known.pk}"


def _meeting_pages(coordinator) -> Iterator[tuple]:
    """Pages of a meeting that is being prepared, and of one to which people have been called."""
    committee = Committee.objects.get(slug=committees_demo.COMMISSION)
    called, planned = (
        meetings.plan_meeting(
            committee=committee,
            actor=coordinator,
            token=uuid.uuid4(),
            starts_at=timezone.now() + datetime.timedelta(days=days),
            place="Radnice",
        )
        for days in (3, 30)
    )
    for meeting in (called, planned):
        meetings.add_item(meeting, actor=coordinator, title="Zahájení")
    meetings.call_meeting(called, actor=coordinator, short_notice_confirmed=True)
    meetings.add_guest(called, actor=coordinator, name="Jan Host")
    meetings.add_task(called, actor=coordinator, text="Zjistit ceny", person=coordinator)
    item = planned.items.first().pk
    yield coordinator, reverse("meetings:plan", args=[committee.slug])
    yield coordinator, reverse("meetings:task_list", args=[committee.slug])
    for name in ("call", "change", "cancel", "agenda", "item_add"):
        yield coordinator, in_meeting(name, planned)
    for name in ("item_change", "item_remove"):
        yield coordinator, in_meeting(name, planned, pk=item)
    for name in ("attendance", "meeting_detail", "change"):
        yield coordinator, in_meeting(name, called)
    participant = called.participants.exclude(seat=None).first()
    yield coordinator, in_meeting("participant", called, pk=participant.pk)
    yield participant.person, in_meeting("answer", called)


def _live_pages(coordinator) -> Iterator[tuple]:
    """A meeting under way: for who runs it, on the wall, and on a member's telephone."""
    meeting = live_table.running(4, format="hybrid", public=True, substitutes_allowed=True)
    live_table.substitute(meeting.committee)
    item, member = live_table.item(meeting), live_table.members_of(meeting)[1]
    live.take_up(item, actor=coordinator)
    yield member, in_meeting("live_mine_step", meeting, rest="stret/")
    chair = live_table.participants(meeting)[0]
    live.declare_conflict(item, chair, reason="Zaměstnavatel", actor=coordinator)
    yield coordinator, in_meeting("live", meeting)
    hands = live_table.put(meeting, actor=coordinator)
    yield coordinator, in_meeting("live", meeting)
    live_table.count(hands, 3)
    named = live_table.put(meeting, method="named", actor=coordinator)
    yield coordinator, in_meeting("live", meeting)
    yield None, in_meeting("live_board", meeting)
    yield member, in_meeting("live_mine", meeting)
    check = in_meeting("live_mine_step", meeting, rest="hlas/")
    yield member, f"{check}?hlasovani={named.pk}&volba=pro"
    live.close_vote(named, actor=coordinator)
    live.end_meeting(meeting, actor=coordinator)
    yield coordinator, in_meeting("live", meeting)


def _minutes_pages() -> Iterator[tuple]:
    """Minutes that nobody has begun, being written, verified by a link and signed in, and approved."""
    held = minutes_held.hold()
    here = place_of(held.meeting)
    yield held.secretary, reverse("minutes:minutes_detail", kwargs=here)
    minutes = minutes_held.begun(held)
    minutes_held.write(minutes, held.secretary, item_2=f"Paní {minutes_held.SURNAME} [[souhlasí.")
    for name in ("minutes_detail", "editor", "preview"):
        yield held.secretary, reverse(f"minutes:{name}", kwargs=here)
    yield held.chair, reverse("minutes:editor", kwargs=here)
    minutes_held.write(minutes, held.secretary, item_2="Souhlasí.")
    sent = send_to_verifiers(minutes, [held.chair, held.provider], actor=held.secretary)
    asked = [minutes_held.verifier_of(sent, person) for person in (held.chair, held.provider)]
    yield held.chair, reverse("minutes:verify", kwargs=here)
    for verifier in asked:
        link = path_of(verifier_link(verifier))
        yield None, link
        confirm(verifier, actor=verifier.person)
        yield None, link
    yield held.chair, reverse("minutes:minutes_detail", kwargs=here)
    approve(sent, actor=held.chair, publish=True)
    yield held.chair, reverse("minutes:minutes_detail", kwargs=here)
    yield held.chair, reverse("minutes:minutes_detail", kwargs=here) + "?zneni=verejne"
    yield None, reverse("minutes:resolution_list") + "?q=zzzzzz"


def _ballot_pages(coordinator) -> Iterator[tuple]:
    """A vote per rollam in each of its states, for who runs it and for who votes by a link."""
    committee = committee_of(3)
    running = ballots.opened(committee, actor=coordinator, background="## Proč\n\nProto.")
    called_off = ballots.opened(committee, actor=coordinator)
    cancel_ballot(called_off, actor=coordinator, note="Chyba v podkladech.")
    waiting, answered, _third = ballots.members_of(committee)
    ballots.cast(running, answered, reason="Je to potřeba.")
    yield coordinator, reverse("ballots:ballot_add", args=[committee.slug])
    prepared = ballots.draft(committee, actor=coordinator)
    yield coordinator, reverse("ballots:ballot_edit", args=[committee.slug, prepared.pk])
    for ballot in (prepared, running, called_off):
        yield coordinator, ballot.get_absolute_url()
    voter = running.voters.get(person=waiting)
    yield coordinator, reverse("ballots:vote_enter", args=[committee.slug, running.pk, voter.pk])
    yield waiting, reverse("ballots:vote", args=[committee.slug, running.pk, ""])
    for person, ballot in ((waiting, running), (answered, running), (waiting, called_off)):
        yield None, path_of(voting_link(ballot, person))


def _admin_pages() -> Iterator[str]:
    """The index, every list, and of every model an object; of the main ones also what else can be done with it."""
    yield reverse("admin:index")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        kept = model._default_manager.first()
        if kept:
            yield reverse(f"{name}_change", args=[kept.pk])
        if not kept or model in WRITTEN:
            yield reverse(f"{name}_add")
        if model is Seat:
            yield reverse(f"{name}_end", args=[kept.pk])
            yield reverse(f"{name}_consent", args=[kept.pk])
        if model is Document:
            yield reverse(f"{name}_delete", args=[kept.pk])
            yield reverse(f"{name}_history", args=[kept.pk])


# --- Pages which come after a step: the walker is given each as it stands ---------------------------------------------


def _forms_with_errors(page, district) -> Iterator[None]:
    page.goto("/zdravi/")
    sign_in(page, committees_demo.coordinator())
    draft, waiting = district["draft"], district["waiting"]
    page.goto(reverse("approvals:approval", args=[waiting.plan.slug, waiting.number]))
    page.locator("form[action$='/usneseni/'] button[type=submit]").click()
    page.locator(".error-summary").wait_for()
    yield
    task = draft.tasks.first()
    page.goto(reverse("plans:editor_task", args=[draft.plan.slug, draft.number, task.pk]))
    page.fill("[name=title]", "")
    page.get_by_role("button", name="Uložit", exact=True).last.click()
    page.locator(".error-summary").wait_for()
    yield
    task.delete()
    page.fill("[name=title]", "Úkol, který mezitím někdo smazal")
    with page.expect_response(lambda response: response.status == 409):
        page.get_by_role("button", name="Uložit", exact=True).last.click()
    page.wait_for_load_state()
    yield
    page.goto(reverse("admin:plans_plan_add"))
    page.locator("input[name=_save]").click()
    page.locator(".errornote").wait_for()
    yield
    page.goto(reverse("admin:bodies_committee_add"))
    page.locator(".select2-selection").first.click()
    page.locator(".select2-results__option[role=option]").first.wait_for()
    yield


def _voting(page, district) -> Iterator[None]:
    ballot = ballots.opened(committee_of(2))
    page.context.clear_cookies()
    page.goto(path_of(voting_link(ballot, ballots.members_of(ballot.committee)[0])))
    page.fill("[name=reason]", "Je to potřeba.")
    page.get_by_role("button", name="Zdržuji se").click()
    page.get_by_role("heading", name="Zkontrolujte svůj hlas").wait_for()
    yield


def _taking_part(page, district) -> Iterator[None]:
    page.context.clear_cookies()
    page.goto(reverse("nominations:interest_form"))
    page.wait_for_timeout(robots.MIN_SECONDS * 1000 + 100)
    page.locator("main form button").click()
    page.locator(".error-summary").wait_for()
    yield
    page.fill("[name=name]", "Marie Nová")
    page.fill("[name=phone]", "777 123 456")
    for name in ("standing", "wants_advice", "agrees"):
        page.locator(f"[name={name}]").first.check()
    page.locator("main form button").click()
    page.locator("button[value=send]").wait_for()
    yield
    page.goto("/zdravi/")
    sign_in(page, committees_demo.coordinator())
    page.goto(reverse("admin:people_person_changelist"))
    page.locator("input.action-select").first.check()
    page.select_option("select[name=action]", "erase_people")
    page.locator("button[name=index]").click()
    page.locator("[name=confirmed]").wait_for()
    yield


def _account(page, district) -> Iterator[None]:
    page.context.clear_cookies()
    page.goto(reverse("account_request_login_code"))
    yield
    _fill_email(page)
    page.wait_for_url(f"**{reverse('account_confirm_login_code')}")
    yield
    page.context.clear_cookies()
    page.goto(reverse("account_reset_password"))
    yield
    _fill_email(page)
    page.wait_for_url(f"**{reverse('account_reset_password_done')}")
    (link,) = re.findall(r"https?://[^/]+(/\S+/key/\S+)", mail.outbox[-1].body)
    page.goto(link)
    yield
    for field in page.locator("main input[type=password]").all():
        field.fill(committees_demo.PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(f"**{reverse('account_reset_password_from_key_done')}")
    yield
    _sign_in_by_password(page)
    for name in (
        "account_change_password",
        "people:email",
        "account_logout",
        "mfa_index",
        "account_reauthenticate",
    ):
        page.goto(reverse(name))
        yield
    page.goto(reverse("mfa_activate_totp"))
    if page.locator("main input[type=password]").count():
        page.locator("main input[type=password]").fill(committees_demo.PASSWORD)
        page.locator("main form button").first.click()
        page.wait_for_url(f"**{reverse('mfa_activate_totp')}")
    yield


def _second_step(page, district) -> Iterator[None]:
    member = Person.objects.get(email=MEMBER)
    TOTP.activate(member, generate_totp_secret())
    codes = RecoveryCodes.activate(member)
    page.context.clear_cookies()
    _sign_in_by_password(page)
    page.wait_for_url(f"**{reverse('mfa_authenticate')}*")
    yield
    first, second, *_rest = codes.get_unused_codes()
    page.locator("#id_code").fill(first)
    page.locator("main form button").first.click()
    page.wait_for_url(f"**{reverse('front:my_desk')}")
    page.goto(reverse("mfa_reauthenticate"))
    yield
    page.locator("#id_code").fill(second)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: reverse("mfa_reauthenticate") not in url)
    for name in (
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
    ):
        page.goto(reverse(name))
        yield


def _fill_email(page) -> None:
    page.locator("main input[type=email]").fill(MEMBER)
    page.locator("main form button").first.click()


def _sign_in_by_password(page) -> None:
    page.goto(f"{reverse('account_login')}?next={reverse('front:my_desk')}")
    page.get_by_label("E-mail", exact=True).fill(MEMBER)
    page.get_by_label("Heslo", exact=True).fill(committees_demo.PASSWORD)
    page.get_by_role("button", name="Přihlásit se").click()
    page.wait_for_url(lambda url: reverse("account_login") not in url.split("?")[0])
