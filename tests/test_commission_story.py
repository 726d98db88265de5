"""The commission lives through its year in three browsers at once: stories 1.2 and 1.5 of 2020.

The coordinator works on a desk, the chair is signed in on a tablet, and a member without a password comes by the links
in her mail, on a telephone. They hold an online meeting with its minutes, and the action plan goes by a vote per rollam,
the council and the assembly to its approved PDF. For the vote per rollam the telephone runs no scripts and the chair
uses the keyboard alone.
"""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from committees.bodies import demo as committees_demo
from committees.bodies.models import Committee, Resolution
from committees.meetings.models import Meeting
from committees.minutes.enums import MinutesState
from committees.minutes.models import Minutes
from planning.approvals import workflow
from planning.approvals.enums import StepVerb
from planning.plans.enums import VersionState
from tests.browsing import sign_in, watch
from tests.factories import plan_ready_for_approval
from tests.journey import make_district

pytestmark = pytest.mark.django_db(transaction=True)

MEMBER = "clenka@example.cz"
CHAIR = "predsedkyne@example.cz"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
TABLET = {"width": 820, "height": 1180}


@pytest.fixture
def people(request, chromium, live_server):
    """Pages of the coordinator, the chair and the member; each must stay without a fault to the end."""
    coordinator = make_district()
    chair = committees_demo.person_of("drapalova")
    contexts, pages, faults = [], [], []
    for person, size in ((coordinator, DESK), (chair, TABLET), (None, PHONE)):
        context = chromium.new_context(
            base_url=live_server.url,
            locale="cs-CZ",
            reduced_motion="reduce",
            viewport=size,
            java_script_enabled=size != PHONE or request.param == "scripts",
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        faults.append(watch(page, live_server.url))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/zdravi/")
        if person:
            sign_in(page, person)
        contexts.append(context)
        pages.append(page)
    yield pages
    for context in contexts:
        context.close()
    assert faults == [[], [], []]


def link_in_mail(to, words):
    """The path of the personal link in the newest mail to that address whose subject has the words."""
    letters = [m for m in mail.outbox if m.to == [to] and words in m.subject]
    assert letters, [(m.to, m.subject) for m in mail.outbox]
    (token,) = set(re.findall(r"/o/([\w-]+)/", letters[-1].body))
    assert token not in letters[-1].subject
    return f"/o/{token}/"


def commission():
    return Committee.objects.get(slug=committees_demo.COMMISSION)


# --- Story 1.2 -------------------------------------------------------------------------------------------------------


def plan_and_call(page):
    page.goto(reverse("meetings:plan", args=[committees_demo.COMMISSION]))
    page.locator("#id_day").fill(timezone.localdate().isoformat())
    page.locator("#id_start").fill("23:58")
    page.locator("input[name=format][value=online]").check()
    page.locator("#id_online_url").fill("https://jednani.example.cz/komise")
    submit(page)
    meeting = Meeting.objects.get()
    page.goto(reverse("meetings:item_add", args=[*place(meeting)]))
    page.locator("#id_title").fill("Harmonogram přípravy akčního plánu")
    page.locator("#id_presenter").fill("koordinátorka")
    page.locator("#id_verb").select_option("schvaluje")
    page.locator("#id_proposal").fill("Komise schvaluje harmonogram přípravy akčního plánu.")
    submit(page)
    page.goto(reverse("meetings:call", args=[*place(meeting)]))
    page.locator("#id_short_notice_confirmed").check()
    submit(page)
    expect(page.get_by_role("main")).to_contain_text("Harmonogram přípravy akčního plánu")
    return meeting


def submit(page, form="main form.fields"):
    """Send the form by its main button and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(f"{form} button[type=submit]").first.click()


def press(page, button):
    with page.expect_navigation():
        page.locator(button).first.click()


def place(meeting):
    return meeting.committee.slug, meeting.year, meeting.number


def live(name, meeting):
    slug, year, number = place(meeting)
    return reverse(f"meetings:{name}", kwargs={"slug": slug, "year": year, "number": number})


@pytest.mark.parametrize("people", ["scripts"], indirect=True)
def test_meeting_from_the_invitation_to_the_published_minutes(people):
    desk, tablet, phone = people
    meeting = plan_and_call(desk)

    # The member answers by the link in her mail, without signing in.
    link = link_in_mail(MEMBER, "Pozvánka")
    phone.goto(link)
    expect(phone.get_by_role("main")).to_contain_text("Harmonogram přípravy akčního plánu")
    phone.locator("input[name=answer][value=online]").check()
    submit(phone)
    expect(phone.locator("main .notice-good")).to_be_visible()

    # The coordinator begins; the chair and the member join from where they are.
    desk.goto(live("live", meeting))
    press(desk, "form[action$='/prubeh/zahajit/'] button")
    for page, path in ((tablet, live("live_mine", meeting)), (phone, link)):
        page.goto(path)
        press(page, "form[action$='/online/'] button")
        expect(page.locator("button[name=leave]")).to_be_visible()
    press(desk, "form[action$='/vsichni/'] button")
    expect(desk.get_by_role("main")).to_contain_text("Přítomno 9 z 9 členů")

    # The item is put to the vote by name: on a tablet, on a telephone, and read out.
    press(desk, "#program form button")
    desk.locator("input[name=method][value=named]").check()
    press(desk, "form[action$='/navrh/'] button[type=submit]")
    for page in (tablet, phone):
        press(page, "button[name=volba][value=pro]")
        press(page, "form[action$='/hlas/'] button[type=submit]")
        expect(page.get_by_role("main")).to_contain_text("Váš hlas je započítán")
    desk.goto(live("live", meeting))
    voted = desk.locator("[data-voted]")
    for voter in range(7):
        expect(voted).to_have_count(2 + voter)
        waiting = ".person:has(.person-standing:not([data-voted]))"
        press(desk, f"{waiting} button[name=vote][value$='-pro']")
    expect(voted).to_have_count(9)
    press(desk, "form[action$='/uzavrit/'] button")
    expect(desk.get_by_role("main")).to_contain_text("Přijato: pro 9, proti 0")
    resolution = Resolution.objects.get()
    assert resolution.number == f"1/{meeting.year}/1"

    # The minutes: written, verified by the chair's link, approved, published with their PDF.
    press(desk, "form[action$='/prubeh/ukoncit/'] button")
    write_minutes(desk, meeting)
    verify_by_link(tablet)
    approve_minutes(desk, meeting)
    phone.goto(reverse("minutes:minutes_detail", args=[*place(meeting)]))
    public = phone.get_by_role("main")
    expect(public).to_contain_text(resolution.number)
    expect(public).to_contain_text("Komise se shodla na termínech.")
    expect(public).not_to_contain_text("Nikdo jiný to nečte")
    expect(public).not_to_contain_text("Matoušková")


def write_minutes(page, meeting):
    page.goto(reverse("minutes:minutes_detail", args=[*place(meeting)]))
    submit(page, "form[action$='/zalozit/']")
    page.locator("textarea[name^='item-']").first.fill(
        "Komise se shodla na termínech. [[Nikdo jiný to nečte.]]"
    )
    press(page, "button[name=finish]")
    page.get_by_role("checkbox", name=re.compile("Drápalová")).check()
    submit(page, "form[action$='/odeslat/']")
    assert Minutes.objects.get().state == MinutesState.VERIFYING


def verify_by_link(page):
    page.context.clear_cookies()
    page.goto(link_in_mail(CHAIR, "věř"))
    expect(page.get_by_role("main")).to_contain_text("Komise se shodla na termínech.")
    press(page, "button[name=answer][value=confirm]")
    assert Minutes.objects.get().verifiers.get().confirmed_at


def approve_minutes(page, meeting):
    page.goto(reverse("minutes:minutes_detail", args=[*place(meeting)]))
    page.locator("form[action$='/schvalit/'] input[name=publish]").check()
    submit(page, "form[action$='/schvalit/']")
    expect(page.locator("main a[href$='.pdf']").first).to_be_visible()
    minutes = Minutes.objects.get()
    assert minutes.state == MinutesState.APPROVED
    assert minutes.public_pdf


# --- Story 1.5 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", ["no scripts"], indirect=True)
def test_action_plan_by_per_rollam_council_and_assembly_to_its_pdf(people):
    desk, tablet, phone = people
    version = plan_on_its_way()
    approval = reverse("approvals:approval", args=[version.plan.slug, version.number])

    desk.goto(approval)
    desk.get_by_text("Předložit plán k hlasování tady v portálu").click()
    submit(desk, "form[action$='/per-rollam/']")
    expect(desk.get_by_role("main")).to_contain_text(version.plan.title)
    ballot = urlsplit(desk.url).path
    press(desk, "form[action$='/otevrit/'] button")
    link = link_in_mail(MEMBER, "Hlasujte")
    vote(phone, link)
    vote(tablet, f"{ballot}hlasovat/", press=press_by_keyboard)
    for _member in range(3):  # with the fifth vote it is decided, and the rules end it then
        enter_vote(desk, ballot)
    desk.goto(approval)
    expect(desk.get_by_role("main")).to_contain_text("Hlasování skončilo a návrh byl přijat.")
    submit(desk, "form[action$='/pouzit/']")

    for body, number, verb, present, members in (
        ("Rada", "R 48/2020/7", "doporucuje", 5, 5),
        ("Zastupitelstvo", "13/9", "schvaluje", 14, 15),
    ):
        expect(desk.get_by_role("heading", name=f"Usnesení: {body}")).to_be_visible()
        desk.locator("#id_number").fill(number)
        desk.locator("#id_adopted_on").fill(timezone.localdate().isoformat())
        desk.locator("#id_verb").select_option(verb)
        desk.locator("#id_text").fill(f"{body} k akčnímu plánu.")
        desk.locator("#id_members_total").fill(str(members))
        desk.locator("#id_members_present").fill(str(present))
        desk.locator("#id_votes_for").fill(str(present))
        desk.locator("#id_votes_against").fill("0")
        desk.locator("#id_abstained").fill("0")
        desk.locator("form[action$='/usneseni/'] button[type=submit]").click()
    expect(desk.locator("main a[href$='plan.pdf']")).to_be_visible()
    version.refresh_from_db()
    assert version.state == VersionState.APPROVED
    assert [step.resolution.number for step in version.steps.order_by("order")] == [
        f"PR 1/{timezone.localdate().year}", "R 48/2020/7", "13/9",
    ]  # fmt: skip
    phone.goto(link)
    expect(phone.get_by_role("main")).to_contain_text("Přijato")


def plan_on_its_way():
    """The action plan in approval by commission, council and assembly."""
    version = plan_ready_for_approval()
    version.plan.route.all().delete()
    for order, (slug, verb) in enumerate(
        [
            (committees_demo.COMMISSION, StepVerb.APPROVES),
            (committees_demo.COUNCIL, StepVerb.RECOMMENDS),
            (committees_demo.ASSEMBLY, StepVerb.APPROVES),
        ],
        start=1,
    ):
        committee = Committee.objects.get(slug=slug)
        version.plan.route.create(order=order, committee=committee, verb=verb)
    workflow.open_approval(version, actor=committees_demo.coordinator())
    return version


def vote(page, path, press=press):
    page.goto(path)
    press(page, "button[name=answer][value=pro]")
    press(page, "main form button.button-big")
    expect(page.get_by_role("main")).to_contain_text("Váš hlas je započítaný")


def press_by_keyboard(page, button):
    """Walk by Tab to the button, as far as it takes, and press it."""
    reached = f"document.activeElement.matches({button!r})"
    for _stop in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            break
    assert page.evaluate(reached), f"Tab never comes to {button}"
    with page.expect_navigation():
        page.keyboard.press("Enter")


def enter_vote(page, ballot):
    page.goto(ballot)
    press(page, "a:has-text('Zapsat hlas')")
    page.locator("input[name=answer][value=pro]").check()
    submit(page)
