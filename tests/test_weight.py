"""What a reader's phone has to fetch: every public page with all that it loads, as it stands decoded in the phone."""

import pytest

from planning.front import demo
from planning.plans.models import PlanVersion
from tests.demo_pages import public_pages

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 150_000


def test_every_public_page_weighs_little_and_leaves_no_cookie(chromium, live_server):
    list(demo.seed())
    version = PlanVersion.objects.get(plan__slug="akcni-plan-2021")
    assert version.tasks.count() == 25
    weights = {}

    for url in [*public_pages(version), "/sluzby/?q=seniori&obec=rajhrad"]:
        context = chromium.new_context(base_url=live_server.url, locale="cs-CZ")
        page = context.new_page()
        sizes: list[int] = []
        page.on("response", lambda response, sizes=sizes: sizes.append(len(response.body())))
        page.goto(url, wait_until="networkidle")
        assert context.cookies() == [], url
        context.close()
        assert len(sizes) > 4, f"{url} loads hardly anything: {sizes}"
        weights[url] = sum(sizes)

    assert version.get_absolute_url() in weights
    assert {url: weight for url, weight in weights.items() if weight >= MOST} == {}
