"""The steps of the portal's main job in a browser, from the sign-in of the coordinator to a citizen's reading.

``tests.test_journey`` takes them as most people do, ``tests.test_without_javascript`` without scripts. Each expects the
page where the one before it ended.
"""

import hashlib

from playwright.sync_api import expect

from committees.bodies import demo as committees_demo
from documents.store.files import read
from planning.plans import codelists as plan_codelists
from planning.plans.models import PlanVersion
from providers.directory import codelists
from providers.directory import demo as providers_demo

RESOLUTIONS = [
    # body, date, number, verb, members, present, for, against, abstained
    ("Komise", "2020-11-12", "2/2020/1", "schvaluje", 9, 9, 8, 0, 1),
    ("Rada", "2020-11-20", "R 48/2020/7", "doporucuje", 5, 5, 5, 0, 0),
    ("Zastupitelstvo", "2020-12-16", "13/9", "schvaluje", 15, 14, 13, 0, 1),
]


def make_district():
    """Code lists, organisations and committees of the demonstration district, and no plan; the coordinator."""
    codelists.load()
    plan_codelists.load()
    coordinator = committees_demo.coordinator()
    providers_demo.seed(coordinator)
    committees_demo.seed(coordinator)
    return coordinator


def sign_in_by_password(page, coordinator):
    page.get_by_label("E-mail", exact=True).fill(coordinator.email)
    page.get_by_label("Heslo", exact=True).fill(committees_demo.PASSWORD)
    page.get_by_role("button", name="Přihlásit se").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pult koordinátorky")


def make_plan(page):
    page.get_by_role("link", name="Založit plán").first.click()
    page.locator("#id_kind").select_option("action")
    page.locator("#id_title").fill("Akční plán sociálních služeb na rok 2021")
    page.locator("#id_slug").fill("akcni-plan-2021")
    page.locator("#id_period_from").fill("1. 1. 2021")
    page.locator("#id_period_to").fill("31. 12. 2021")
    for index, (one, many) in enumerate([("priorita", "priority"), ("opatření", "opatření")]):
        page.locator(f"#id_levels-{index}-depth").fill(str(index + 1))
        page.locator(f"#id_levels-{index}-singular").fill(one)
        page.locator(f"#id_levels-{index}-plural").fill(many)
    route = [("Komise pro", "approves"), ("Rada", "recommends"), ("Zastupitelstvo", "approves")]
    for index, (body, verb) in enumerate(route):
        page.locator(f"#id_route-{index}-order").fill(str(index + 1))
        committee = page.locator(f"#id_route-{index}-committee")
        committee.select_option(
            committee.locator("option", has_text=body).first.get_attribute("value")
        )
        page.locator(f"#id_route-{index}-verb").select_option(verb)
    page.locator("input[name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def start_version(page):
    page.get_by_role("link", name="Nová verze").first.click()
    page.get_by_role("button", name="Založit verzi").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Akční plán")


def fill_tree(page):
    page.get_by_role("link", name="Přidat: priorita").click()
    page.get_by_label("Název").fill("Podpora setrvání seniorů doma")
    page.get_by_role("button", name="Uložit", exact=True).last.click()
    page.get_by_role("link", name="Přidat: opatření").first.click()
    page.get_by_label("Název").fill("Pečovatelská služba ve všech obcích")
    page.get_by_role("button", name="Uložit", exact=True).last.click()
    page.get_by_role("link", name="Přidat: úkol").last.click()
    page.locator("#id_title").fill("Udržet kapacitu pečovatelské služby")
    page.locator("#id_parties-0-name").fill("Charita Podvýhoní")
    page.locator("#id_date_from").fill("2021-01-01")
    page.locator("#id_date_to").fill("2021-12-31")
    page.locator("#id_cost_planned").fill("480 000")
    page.locator("#id_funding-0-source").select_option(index=1)
    page.locator("#id_funding-0-amount").fill("300 000")
    page.get_by_role("button", name="Přidat další zdroj").click()
    page.locator("#id_funding-1-source").select_option(index=2)
    page.locator("#id_funding-1-amount").fill("180 000")
    page.locator("#id_indicators-0-name").fill("Počet úvazků")
    page.locator("#id_indicators-0-planned").fill("9,5")
    page.get_by_role("button", name="Uložit", exact=True).last.click()
    expect(page.get_by_role("link", name="Udržet kapacitu pečovatelské služby")).to_be_visible()


def upload_excel(page, folder):
    """Download the content, upload the same file: the dry run finds nothing to change."""
    page.get_by_role("link", name="Excel").click()
    with page.expect_download() as download:
        page.locator("a[href$='obsah.xlsx']").click()
    workbook = folder / download.value.suggested_filename
    download.value.save_as(workbook)
    page.locator("input[type=file]").set_input_files(workbook)
    page.get_by_role("main").locator("form.fields button").click()
    expect(page.get_by_role("main")).to_contain_text("Stejné v souboru i v plánu (3)")
    page.goto(page.url.split("/excel/")[0] + "/schvaleni/")


def approve(page):
    page.locator("form[action$='/otevrit/'] button").click()
    for body, day, number, verb, members, present, votes_for, against, abstained in RESOLUTIONS:
        expect(page.get_by_role("heading", name=f"Usnesení: {body}")).to_be_visible()
        page.locator("#id_number").fill(number)
        page.locator("#id_adopted_on").fill(day)
        page.locator("#id_verb").select_option(verb)
        page.locator("#id_text").fill(f"Usnesení č. {number} o akčním plánu na rok 2021.")
        page.locator("#id_members_total").fill(str(members))
        page.locator("#id_members_present").fill(str(present))
        page.locator("#id_votes_for").fill(str(votes_for))
        page.locator("#id_votes_against").fill(str(against))
        page.locator("#id_abstained").fill(str(abstained))
        page.locator("form[action$='/usneseni/'] button[type=submit]").click()
    expect(page.locator("main a[href$='plan.pdf']")).to_be_visible()


def sign_out(page):
    page.get_by_role("link", name="Odhlásit se").first.click()
    page.get_by_role("main").get_by_role("button", name="Odhlásit se").click()
    expect(page.get_by_role("link", name="Přihlásit se").first).to_be_visible()


def read_as_a_citizen(page, live_server, **options):
    """In a new browser without an account; ``options`` are those of its context."""
    version = PlanVersion.objects.get(plan__slug="akcni-plan-2021")
    page = page.context.browser.new_context(locale="cs-CZ", **options).new_page()
    page.goto(f"{live_server.url}/plany/")
    page.get_by_role("link", name="Akční plán sociálních služeb na rok 2021").first.click()
    page.goto(f"{live_server.url}{version.get_absolute_url()}")
    chain = page.locator(".chain").inner_text().replace("\xa0", " ")
    assert chain.index("12. 11. 2020") < chain.index("20. 11. 2020") < chain.index("16. 12. 2020")
    assert "pro 13, proti 0" in chain
    expect(page.get_by_text("Udržet kapacitu pečovatelské služby").first).to_be_visible()

    printed = page.get_by_role("main").inner_text().replace(" ", "").replace("\n", "")
    served = page.request.get(f"{live_server.url}{version.get_absolute_url()}plan.pdf").body()

    assert hashlib.sha256(served).hexdigest() == version.pdf.sha256
    assert version.pdf.sha256 in printed
    assert served == read(version.pdf)
    assert page.context.cookies() == []
    page.context.close()
