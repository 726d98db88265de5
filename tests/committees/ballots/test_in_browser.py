"""Voting by a personal link on a phone, without JavaScript and by keyboard alone."""

import pytest

from committees.ballots.models import Vote
from committees.ballots.notifications import voting_link
from tests.committees.ballots.building import committee_of, members_of, opened, path_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_member_votes_on_a_phone_without_javascript_by_keyboard(chromium, live_server):
    committee = committee_of(3)
    ballot = opened(committee, background="Proto.")
    person = members_of(committee)[1]
    context = chromium.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
        locale="cs-CZ",
    )
    page = context.new_page()

    page.goto(path_of(voting_link(ballot, person)))
    page.locator("[name=reason]").focus()
    page.keyboard.type("Je to drahé.")
    tab_to(page, "Proti")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Váš hlas: proti").wait_for()
    assert Vote.objects.count() == 0
    tab_to(page, "Zpět, chci to změnit")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Zdržuji se").wait_for()
    assert page.locator("[name=reason]").input_value() == "Je to drahé."
    tab_to(page, "Zdržuji se")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Váš hlas: zdržení se").wait_for()
    tab_to(page, "Odevzdat hlas")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Váš hlas je započítaný").wait_for()
    receipt = page.locator(".receipt-code").inner_text()
    page.reload()
    page.get_by_role("heading", name="Váš hlas je započítaný").wait_for()
    context.close()

    vote = Vote.objects.get()
    assert (vote.voter.person, vote.choice, vote.reason) == (person, "zdrzel", "Je to drahé.")
    assert vote.receipt == receipt


def tab_to(page, name: str) -> None:
    """Press Tab until the button of that name has the focus."""
    wanted = page.get_by_role("button", name=name, exact=True)
    for _press in range(40):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached by keyboard")
