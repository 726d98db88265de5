"""Trial H7: whatever stands behind the question mark, lists answer, and none of it becomes a part of SQL."""

from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from committees.minutes import register
from tests.committees.minutes import held as h
from tests.committees.nominating import interest, nomination
from tests.factories import PersonFactory, ResolutionFactory
from tests.trials import chance, rounds

pytestmark = pytest.mark.django_db

# Whether the address belongs to one committee, and what it reads; "page", "sort" and "x" are tried everywhere.
PUBLIC = {
    "bodies:committee_list": (False, []),
    "bodies:committee_detail": (True, ["ke-dni"]),
    "ballots:ballot_list": (True, []),
    "meetings:meeting_list": (False, ["skupina"]),
    "minutes:resolution_list": (False, ["q", "organ", "rok", "sloveso", "zpusob"]),
    "minutes:resolutions_csv": (False, ["q", "organ", "rok", "sloveso", "zpusob"]),
    "minutes:resolutions_xlsx": (False, ["q", "organ", "rok", "sloveso", "zpusob"]),
    "following:calendar": (False, []),
    "following:feed": (False, []),
    "following:committee_calendar": (True, []),
    "following:committee_feed": (True, []),
    "nominations:interest_form": (False, ["organ"]),
}
OF_COORDINATORS = {
    "following:archive_list": (True, []),
    "meetings:task_list": (True, []),
    "nominations:interest_list": (False, ["state", "committee", "standing"]),
    "nominations:nomination_list": (False, []),
    "nominations:committee_nominations": (True, []),
    "nominations:nomination_add": (True, ["q", "person"]),
    "people:exchange": (False, []),
    "admin:people_person_changelist": (
        False,
        ["q", "o", "p", "all", "is_active__exact", "_facets"],
    ),
    "admin:bodies_seat_changelist": (False, ["q", "o", "p", "committee__id__exact", "role__exact"]),
    "admin:bodies_resolution_changelist": (False, ["q", "o", "p", "adopted_on__year", "e"]),
    "admin:outbox_message_changelist": (False, ["q", "o", "p", "state__exact", "created_at__gte"]),
}
EVERYWHERE = ["page", "sort", "x"]
CANARY = "kanarek"
PIECES = [
    "", "a", f"{CANARY}' OR 1=1 --", f'{CANARY}"; DROP TABLE people_person; --', f"{CANARY})", "*", "NEAR(", "\x00",
    "ů", "🎈", "%", "-1", "0", "1", "9" * 400, "komise", "2020", "2020-02-30", "AND", "OR NOT", "(", "<script>", "\\",
    "1e9", "None", "[]", "last", "-name", "1.-2", "١", "\u202e", "a" * 3000, "__class__", "id__in", b"\xff\xfe", "&", "=",
]  # fmt: skip


@pytest.fixture
def committee(settings):
    """A commission with a meeting held, people who want to join it and resolutions to be found."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    held = h.hold()
    ResolutionFactory.create_batch(2, committee=held.committee)
    interest()
    nomination(held.committee)
    register.index()
    return held.committee


def fuzzed(dice, names: list[str]) -> str:
    """A query string: some of the names, in any order and number, with anything in them."""
    chosen = dice.choices([*names * 2, *EVERYWHERE], k=dice.randint(1, 4))
    pairs = []
    for name in chosen:
        pieces = dice.choices(PIECES, k=dice.randint(1, 3))
        pairs.append((name, b"".join(p if isinstance(p, bytes) else p.encode() for p in pieces)))
    return dice.choice(["", "&&", "%zz&", "=&"]) + urlencode(pairs, quote_via=quote)


@pytest.mark.parametrize("name", [*PUBLIC, *OF_COORDINATORS])
def test_whatever_is_asked_for_a_list_answers_and_nothing_of_it_is_sql(name, committee):
    of_one, names = (PUBLIC | OF_COORDINATORS)[name]
    path = reverse(name, args=[committee.slug] if of_one else [])
    dice, statements = chance(sum(path.encode())), []
    client = Client()
    if name in OF_COORDINATORS:
        client.force_login(PersonFactory(superuser=True))

    def listen(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        for _try in range(rounds(250, 10)):
            query = fuzzed(dice, names)
            headers = {"HX-Request": "true"} if dice.random() < 0.3 else {}
            response = client.get(f"{path}?{query}", headers=headers)
            # The admin sends away whoever asks for a filter that it does not have.
            assert response.status_code == 200 or response.get("Location", "").endswith("?e=1"), (
                response.status_code,
                query,
            )

    assert statements
    assert not [sql for sql in statements if CANARY in sql.lower()]


def test_the_admin_asked_wrongly_once_more_answers_with_a_page(client):
    """Django draws this page without anything that pages of the admin know."""
    client.force_login(PersonFactory(superuser=True))
    path = reverse("admin:bodies_resolution_changelist")

    once = client.get(path, {"adopted_on__year": "kdysi"})
    twice = client.get(path, {"adopted_on__year": "kdysi", "e": "1"})

    assert once["Location"] == f"{path}?e=1"
    assert (twice.status_code, twice.context["title"]) == (200, "Chyba databáze")


@pytest.mark.django_db(
    transaction=True
)  # a refusal by PostgreSQL would spoil the transaction of a test
@pytest.mark.parametrize("asked", [{"adopted_on__year": "9" * 400}, {"id__in": "9" * 30}])
def test_the_admin_asked_for_a_number_beyond_all_columns_shows_the_plain_list(client, asked):
    client.force_login(PersonFactory(superuser=True))
    path = reverse("admin:bodies_resolution_changelist")

    response = client.get(path, asked, follow=True)

    assert response.status_code == 200
    assert response.redirect_chain in ([], [(f"{path}?e=1", 302)])  # PostgreSQL compares any number


def test_a_value_pasted_into_sql_would_be_noticed():
    statements = []

    def listen(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen), connection.cursor() as cursor:
        cursor.execute("SELECT 1 WHERE 'x' = '" + CANARY + "'")

    assert [sql for sql in statements if CANARY in sql.lower()]
