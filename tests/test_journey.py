"""The portal's main job from the first screen to the last: the action plan for 2021 as it was approved in 2020.

The coordinator signs in, makes the plan, fills its tree in the editor and from Excel, and walks it through the three
bodies with their real dates. Then a citizen without an account reads it, and its PDF is the one whose hash stands there.
"""

import pytest

from tests.journey import (
    approve,
    fill_tree,
    make_district,
    make_plan,
    read_as_a_citizen,
    sign_in_by_password,
    sign_out,
    start_version,
    upload_excel,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_new_plan_to_the_citizen(page, live_server, tmp_path):
    coordinator = make_district()
    page.goto(f"{live_server.url}/pult/")

    sign_in_by_password(page, coordinator)
    make_plan(page)
    start_version(page)
    fill_tree(page)
    upload_excel(page, tmp_path)
    approve(page)
    sign_out(page)
    read_as_a_citizen(page, live_server)
