import datetime
import xml.etree.ElementTree as ET

import pytest
from django.urls import reverse
from django.utils import timezone

from documents.news.enums import ArticleKind
from documents.news.models import Article
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def article(title, *, days_ago=1, **fields):
    published = None if days_ago is None else timezone.now() - datetime.timedelta(days=days_ago)
    return Article.objects.create(title=title, lead="Krátce.", published_at=published, **fields)


@pytest.mark.parametrize("count", [1, 3])
def test_list_shows_news_newest_first_in_a_constant_number_of_queries(
    client, count, django_assert_num_queries
):
    for number in range(count):
        article(f"Zpráva {number}", days_ago=count - number)
    article("O nás", kind=ArticleKind.PAGE)

    with django_assert_num_queries(3):  # region, count, one page of articles
        response = client.get(reverse("news:article_list"))

    assert [item.title for item in response.context["page"]] == [
        f"Zpráva {number}" for number in reversed(range(count))
    ]


@pytest.mark.parametrize("days_ago", [None, -1])
def test_unpublished_is_seen_by_the_coordinator_only(client, days_ago):
    hidden = article("Tajemství", days_ago=days_ago)
    address = hidden.get_absolute_url()

    assert client.get(address).status_code == 404
    assert "Tajemství" not in client.get(reverse("news:article_list")).content.decode()
    assert "Tajemství" not in client.get(reverse("news:article_feed")).content.decode()
    client.force_login(PersonFactory(superuser=True))
    assert "Tajemství" in client.get(address).content.decode()


def test_article_says_when_it_was_made_and_updated(client):
    item = article("Zpráva", days_ago=30, body="**Tučně** <script>alert(1)</script>")
    Article.objects.filter(pk=item.pk).update(
        published_at=datetime.datetime(2021, 1, 6, 10, tzinfo=datetime.UTC),
        updated_at=datetime.datetime(2021, 2, 3, 10, tzinfo=datetime.UTC),
    )

    page = client.get(item.get_absolute_url()).content.decode()

    assert "6.\xa01.\xa02021" in page
    assert "3.\xa02.\xa02021" in page
    assert "<strong>Tučně</strong>" in page
    assert "<script>alert" not in page


def test_feed_is_atom_with_the_newest_article(client):
    article("První zpráva", days_ago=2)
    article("Druhá zpráva")

    response = client.get(reverse("news:article_feed"))

    text = response.content.decode()
    assert response["Content-Type"].startswith("application/atom+xml")
    assert text.index("Druhá zpráva") < text.index("První zpráva")
    assert not response.cookies


def test_texts_are_never_markup_in_the_feed_and_never_break_it(client):
    article("Zpráva\x0b & <b>tučně</b>", days_ago=1)
    Article.objects.update(lead="<script>alert(1)</script>\x0bkonec")

    (entry,) = ET.fromstring(client.get(reverse("news:article_feed")).content).findall(
        "{http://www.w3.org/2005/Atom}entry"
    )

    assert entry.findtext("{http://www.w3.org/2005/Atom}title") == "Zpráva  & <b>tučně</b>"
    assert (
        entry.findtext("{http://www.w3.org/2005/Atom}summary")
        == "&lt;script&gt;alert(1)&lt;/script&gt; konec"
    )
