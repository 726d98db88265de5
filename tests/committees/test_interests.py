"""Taking part: the public form with its check and receipt, robots, answers, and forgetting in time."""

import datetime
import re
import time
import uuid
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.cache import cache

from committees.bodies.enums import CommitteeKind, Side
from committees.nominations import services
from committees.nominations.enums import Channel, InterestState, NominationState, Standing
from committees.nominations.forms import InterestForm
from committees.nominations.models import Interest, InterestEvent, Nomination
from committees.nominations.services.erasing import KEPT_FOR
from committees.nominations.views import public
from committees.people.models import Person
from committees.people.services import erase
from kpss import clock, desk, robots
from kpss.outbox.models import Message
from kpss.workflow import TransitionRefused
from tests.committees.nominating import coordinator, interest, nomination
from tests.committees.test_people_erasure import rooms_with
from tests.factories import CommitteeFactory, PersonFactory

pytestmark = pytest.mark.django_db

FORM = "/zapojit-se/"


@pytest.fixture(autouse=True)
def _empty_counters():
    cache.clear()


@pytest.fixture
def group():
    return CommitteeFactory(kind=CommitteeKind.WORKING_GROUP, name="Skupina pro seniory")


def stamp(age=60):
    """The stamp of a form drawn so many seconds ago."""
    return str(robots.Stamp(uuid.uuid4(), time.time() - age))


def answers(*committees, **said):
    said = {
        "name": "Jana Nová",
        "email": "Jana@Example.cz",
        "standing": "needs",
        "words": "Tatínek potřebuje pečovatelku.",
        "agrees": "on",
        "web": "",
        "stamp": stamp(),
        "committees": [committee.pk for committee in committees],
        **said,
    }
    return {name: value for name, value in said.items() if value is not None}


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# --- From the form to the receipt ---------------------------------------------------------------------------------------


def test_from_the_form_to_the_receipt(client, group, django_capture_on_commit_callbacks):
    page = client.get(FORM)
    assert dict(page.cookies) == {}
    assert "Skupina pro seniory" in text_of(page)
    assert "Co s vašimi údaji uděláme" in text_of(page)

    checked = client.post(FORM, answers(group, step="check"))

    assert "Zatím se nic neodeslalo." in text_of(checked)
    assert "Tatínek potřebuje pečovatelku." in text_of(checked)
    assert not Interest.objects.exists()
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', checked.content.decode())  # fmt: skip

    with django_capture_on_commit_callbacks(execute=True):
        sent = client.post(
            FORM,
            urlencode([*hidden, ("step", "send")]),
            content_type="application/x-www-form-urlencoded",
        )

    made = Interest.objects.get()
    assert (made.email, made.standing, made.channel, made.state, made.side) == (
        "jana@example.cz",
        Standing.NEEDS,
        Channel.FORM,
        InterestState.NEW,
        Side.USER,
    )
    assert list(made.committees.all()) == [group]
    assert made.agreed_at
    receipt = text_of(client.get(sent["Location"]))
    assert made.number in receipt
    assert "Nová" not in receipt
    [letter] = mail.outbox
    assert letter.to == ["jana@example.cz"]
    assert made.number in letter.body
    assert "Skupina pro seniory" in letter.body


def test_answers_can_be_corrected_before_they_are_sent(client, group):
    back = client.post(FORM, answers(group, step="edit"))

    page = back.content.decode()
    assert 'value="Jana Nová"' in page
    assert re.search(r'name="committees" value="\d+"[^>]*checked', page)
    assert not Interest.objects.exists()


def test_phone_is_enough_and_no_mail_is_then_sent(client, group):
    sent = client.post(FORM, answers(group, step="send", email="", phone="777123456"))

    assert Interest.objects.get().phone == "+420 777 123 456"
    assert "Poslali jsme vám e-mail" not in text_of(client.get(sent["Location"]))
    assert not Message.objects.exists()


def test_box_of_the_committee_from_which_one_came_is_ticked(client, group):
    CommitteeFactory(kind=CommitteeKind.WORKING_GROUP)

    page = client.get(FORM, {"organ": group.slug}).content.decode()

    ticked = re.findall(r'name="committees" value="(\d+)"[^>]*checked', page)
    assert ticked == [str(group.pk)]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"email": "", "phone": ""}, "email"),
        ({"email": "jana"}, "email"),
        ({"phone": "ráno"}, "phone"),
        ({"standing": ""}, "standing"),
        ({"standing": "king"}, "standing"),
        ({"agrees": None}, "agrees"),
        ({"committees": []}, "committees"),
        ({"committees": ["x"]}, "committees"),
        ({"words": "x" * 2001}, "words"),
    ],
)
def test_faults_stand_at_their_fields(client, group, said, wrong):
    response = client.post(FORM, answers(group, **{"step": "send", **said}))

    assert list(errors_of(response)) == [wrong]
    assert not Interest.objects.exists()


def test_advice_may_be_wanted_instead_of_a_committee(client):
    client.post(FORM, answers(step="send", wants_advice="on"))

    assert Interest.objects.get().wants_advice


def test_only_committees_that_one_may_join_are_offered(client, group):
    for hidden in (
        CommitteeFactory(kind=CommitteeKind.COUNCIL),
        CommitteeFactory(kind=CommitteeKind.WORKING_GROUP, is_public=False),
        CommitteeFactory(kind=CommitteeKind.WORKING_GROUP, dissolved_on=datetime.date(2020, 1, 1)),
    ):
        assert hidden.name not in text_of(client.get(FORM))
        response = client.post(FORM, answers(hidden, step="send"))
        assert list(errors_of(response)) == ["committees"]


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_people_write_is_only_text(client, group, payload):
    said = answers(group, name=payload, words=payload, organisation=payload, reach=payload)

    assert payload not in client.post(FORM, {**said, "step": "check"}).content.decode()
    client.post(FORM, {**said, "step": "send"})
    client.force_login(coordinator())
    for page in ("/zajemci/", f"/zajemci/{Interest.objects.get().pk}/", "/pult/"):
        assert payload not in client.get(page).content.decode()


def test_pages_lead_to_the_form(client, group):
    for page in ("/skupiny/", group.get_absolute_url(), "/o-planovani/"):
        assert f'href="{FORM}' in client.get(page).content.decode()
    council = CommitteeFactory(kind=CommitteeKind.COUNCIL)
    assert "Chtěli byste tu zasedat?" not in text_of(client.get(council.get_absolute_url()))


def test_receipt_of_nobody_is_not_found(client):
    for receipt in ("x", "MQ:1abc:xyz", str(interest().pk)):
        assert client.get(f"{FORM}odeslano/{receipt}/").status_code == 404


# --- Sent again ---------------------------------------------------------------------------------------------------------


def test_five_hundred_repeats_make_one_interest(client, group):
    said = answers(group, step="send")

    places = {client.post(FORM, said)["Location"].split(":")[0] for _time in range(500)}

    assert len(places) == Interest.objects.count() == InterestEvent.objects.count() == 1
    assert Message.objects.count() == 1


def test_other_words_in_a_form_sent_before_are_asked_about(client, group):
    said = answers(group, step="send")
    client.post(FORM, said)

    response = client.post(FORM, said | {"words": "Ještě doplňuji."})

    assert "Tento formulář už jste odeslali" in text_of(response)
    fresh = re.search(r'name="stamp" value="([^"]+)"', response.content.decode())[1]
    assert fresh != said["stamp"]
    assert Interest.objects.count() == 1


# --- Robots (H9) --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"stamp": ""}, "příliš dlouho"),
        ({"stamp": "x" * 200}, "příliš dlouho"),
        ({"stamp": str(robots.Stamp(uuid.UUID(int=1), 0))}, "příliš dlouho"),
        ({"stamp": str(robots.Stamp(uuid.UUID(int=1), 9e12))}, "příliš rychlé"),
        ({"web": "http://spam.example"}, "vyplňují ho jen roboti"),
    ],
)
def test_robot_reads_a_sentence_and_nothing_is_written(client, group, said, sentence):
    response = client.post(FORM, answers(group, step="send", **said))

    assert response.status_code == 200
    assert sentence in text_of(response)
    assert not Interest.objects.exists()


def test_form_open_too_long_can_be_sent_again_as_it_is(client, group):
    response = client.post(FORM, answers(group, step="check", stamp=stamp(age=25 * 60 * 60)))

    page = response.content.decode()
    assert 'value="Jana Nová"' in page
    renewed = robots.read_stamp(re.search(r'name="stamp" value="([^"]+)"', page)[1])
    assert renewed.age < 60


@pytest.mark.slow
def test_of_ten_thousand_robot_posts_at_most_one_percent_pass(client, group, rf):
    """Blunt robots, hasty ones, those that fill in everything, and patient ones with changing addresses."""
    said = answers(group, step="send", email="", phone="777123456")
    kinds = [
        lambda: {"stamp": ""},
        lambda: {"stamp": robots.fresh_stamp()},
        lambda: {"stamp": stamp(), "web": "http://spam.example"},
        lambda: {"stamp": stamp(age=30 * 60 * 60)},
        lambda: {"stamp": stamp()},
    ]
    for number in range(10_000):
        data = said | kinds[number % 5]()
        # What the first form refuses, the second one, which extends it, refuses as well.
        if robots.GuardedForm(data).is_valid():
            request = rf.post(FORM, data, REMOTE_ADDR=f"10.{number % 250}.{number // 250}.7")
            form = InterestForm(request.POST)
            if form.is_valid() and public.is_within_limits(request):
                services.receive_interest(form.values, token=form.cleaned_data["stamp"].token)

    assert 0 < Interest.objects.count() <= 100
    response = client.post(FORM, said | {"stamp": stamp()})
    assert response.status_code == 429
    assert "Během hodiny přišlo příliš mnoho formulářů" in text_of(response)
    assert 'value="777123456"' in text_of(response)


def test_limit_of_one_address_does_not_stop_others(client, group):
    for _post in range(30):
        client.post(FORM, answers(group, step="send"), REMOTE_ADDR="10.0.0.1")
    assert Interest.objects.count() == 20

    client.post(FORM, answers(group, step="send"), REMOTE_ADDR="10.0.0.2")

    assert Interest.objects.count() == 21


# --- The coordinator's pages --------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(client):
    client.force_login(coordinator(last_name="Koordinátorka"))
    return client


def test_interest_on_paper_is_written_down(signed_in, group):
    said = answers(group, email="", reach="poštou, Hlavní 1", channel="paper", received_on="2021-02-03", token=uuid.uuid4())  # fmt: skip

    for _time in range(2):
        signed_in.post("/zajemci/zapsat/", said)

    made = Interest.objects.get()
    assert (made.channel, made.reach, made.received_at.year) == (Channel.PAPER, "poštou, Hlavní 1", 2021)  # fmt: skip
    assert made.recorded_by.last_name == "Koordinátorka"
    assert made.agreed_at is None
    assert made.number.endswith("/2021")


def test_list_shows_those_who_wait_first_and_filters(signed_in, group):
    waiting = interest(name="Anna Čekající", committees=[group])
    settled = interest(name="Eva Vyřízená", standing=Standing.WORKS)
    services.thank_interest(settled, reply="díky", actor=PersonFactory(superuser=True))

    def names(**filters):
        return [made.name for made in signed_in.get("/zajemci/", filters).context["page"]]

    assert names() == ["Anna Čekající", "Eva Vyřízená"]
    assert names(state="thanked") == ["Eva Vyřízená"]
    assert names(committee=group.pk) == names(standing="needs") == [waiting.name]
    assert names(state="nonsense") == names()
    assert "Tomuto výběru nikdo neodpovídá." in text_of(signed_in.get("/zajemci/?state=declined"))


@pytest.mark.parametrize("count", [1, 3])
def test_list_has_a_constant_query_count(signed_in, group, count, django_assert_num_queries):
    for _one in range(count):
        interest(committees=[group])

    signed_in.get("/zajemci/")
    with django_assert_num_queries(9):
        signed_in.get("/zajemci/")


def test_thanks_and_refusal_go_by_mail(signed_in):
    for path, state in (("podekovat", "thanked"), ("odmitnout", "declined")):
        made = interest()
        prefix = {"podekovat": "thank", "odmitnout": "decline"}[path]
        words = f"Vaše slova dojdou: {path}."

        answer = signed_in.post(f"/zajemci/{made.pk}/{path}/", {f"{prefix}-reply": words}, follow=True)  # fmt: skip

        assert "Odpověď jde e-mailem." in text_of(answer)
        made.refresh_from_db()
        assert (made.state, made.reply) == (state, words)
        assert words in Message.objects.get(kind=f"interest-{prefix}").body


def test_answer_without_words_is_asked_for(signed_in):
    made = interest()

    response = signed_in.post(f"/zajemci/{made.pk}/odmitnout/", {"decline-reply": " "})

    assert response.context["decline_form"].errors
    assert made.events.count() == 1


def test_second_answer_loses(signed_in):
    made = interest()
    services.thank_interest(made, reply="díky", actor=PersonFactory(superuser=True))

    with pytest.raises(TransitionRefused):
        services.decline_interest(
            Interest.objects.get(pk=made.pk), reply="plno", actor=PersonFactory(superuser=True)
        )
    response = signed_in.post(f"/zajemci/{made.pk}/odmitnout/", {"decline-reply": "plno"}, follow=True)  # fmt: skip
    assert "není v současném stavu možný" in text_of(response) or response.status_code == 200
    assert Interest.objects.get().state == InterestState.THANKED


def nominated(made, committee, **said):
    return {
        "token": uuid.uuid4(),
        "person": "new",
        "first_name": "Jana",
        "last_name": "Nová",
        "committee": committee.pk,
        "role": "member",
        "side": "uzivatel",
        **said,
    }


def test_interest_becomes_a_nomination_of_a_new_person(signed_in, group):
    made = interest(committees=[group], phone="777123456")

    page = signed_in.get(f"/zajemci/{made.pk}/")
    form = page.context["nominate_form"]
    assert (form.initial["first_name"], form.initial["last_name"]) == ("Jana", "Nová")
    assert (form.initial["committee"], form.initial["side"]) == (group.pk, Side.USER)
    data = nominated(made, group)
    for _time in range(2):
        signed_in.post(f"/zajemci/{made.pk}/nominovat/", data)

    made.refresh_from_db()
    person = Person.objects.get(email="jana@example.cz")
    assert (made.state, made.person) == (InterestState.NOMINATED, person)
    assert person.phone == "777123456"
    assert not person.has_usable_password()
    open_one = Nomination.objects.get()
    assert (open_one.person, open_one.interest, open_one.committee) == (person, made, group)


def test_interest_of_somebody_known_belongs_to_them(signed_in, group):
    known = PersonFactory(email="jana@example.cz", first_name="Jana", last_name="Nová")
    made = interest()

    refused = signed_in.post(f"/zajemci/{made.pk}/nominovat/", nominated(made, group))
    assert "patří osobě Jana Nová" in text_of(refused)
    assert not Nomination.objects.exists()
    made.refresh_from_db()
    assert made.state == InterestState.NEW

    signed_in.post(f"/zajemci/{made.pk}/nominovat/", nominated(made, group, person=known.pk))

    assert Nomination.objects.get().person == known


def test_nomination_refused_leaves_the_interest_waiting(signed_in, group):
    known = PersonFactory(email="jana@example.cz")
    nomination(group, person=known)
    made = interest()

    response = signed_in.post(f"/zajemci/{made.pk}/nominovat/", nominated(made, group, person=known.pk))  # fmt: skip

    assert "už je do tohoto orgánu nominována" in text_of(response)
    assert Interest.objects.get(pk=made.pk).state == InterestState.NEW


def test_pages_are_for_coordinators(client, group):
    made = interest()
    pages = ["/zajemci/", "/zajemci/zapsat/", f"/zajemci/{made.pk}/", "/nominace/", f"/nominace/{group.slug}/"]  # fmt: skip

    assert {client.get(page).status_code for page in pages} == {302}
    client.force_login(PersonFactory(coordinator=True))
    assert {client.get(page).status_code for page in pages} == {403}
    client.force_login(coordinator())
    assert {client.get(page).status_code for page in pages} == {200}


def test_desk_says_who_waits_and_where_people_are_nominated(group):
    made = interest(name="Anna Čekající")
    nomination(group)
    nomination(group)

    lines = desk.piles_for(coordinator())[desk.Pile.UNANSWERED]

    assert ("Chce se zapojit: Anna Čekající", f"/zajemci/{made.pk}/") in [
        (line.what, line.url) for line in lines
    ]
    assert f"/nominace/{group.slug}/" in [line.url for line in lines if line.count == 2]
    assert all("Anna" not in line.what for pile in desk.piles_for(PersonFactory()).values() for line in pile)  # fmt: skip


# --- Forgetting ---------------------------------------------------------------------------------------------------------


def test_interests_are_forgotten_a_year_after_the_last_step():
    actor, now = PersonFactory(superuser=True), clock.now()
    young, old, answered, long_answered = (interest() for _one in range(4))
    for made in (answered, long_answered):
        services.thank_interest(made, reply="díky", actor=actor)
    before = now - KEPT_FOR - datetime.timedelta(days=1)
    Interest.objects.exclude(pk=young.pk).update(received_at=before)
    Interest.objects.filter(pk=long_answered.pk).update(settled_at=before)

    assert services.erase_old_interests(now) == 2
    assert services.erase_old_interests(now) == 0

    kept = set(Interest.objects.kept())
    assert kept == {young, answered}
    gone = Interest.objects.get(pk=old.pk)
    assert (gone.name, gone.email, gone.words, gone.state) == ("", "", "", InterestState.ERASED)
    assert str(gone) == gone.number


def test_nothing_of_the_interest_remains_not_even_in_mails():
    made = interest(
        name="Kanárek Žlutý",
        email="kanarek@example.cz",
        organisation="Kanárek, z. s.",
        words="Kanárek zpívá",
        reach="klec Kanárek",
    )
    services.thank_interest(made, reply="Milý Kanárku", actor=PersonFactory(superuser=True))
    assert {"nominations_interest", "outbox_message"} <= {*rooms_with("kanár", "kanarek")}

    services.erase_interest(made)

    assert rooms_with("kanár", "kanarek") == []


def test_erasing_a_person_forgets_what_they_wrote_and_lets_nominations_lapse():
    administrator = PersonFactory(superuser=True)
    made = interest(name="Kanárek Žlutý", email="kanarek@example.cz", words="Kanárek zpívá")
    open_one = services.nominate_interest(
        made,
        services.NominationValues(committee=CommitteeFactory(), side=Side.USER, function="Kanárek"),
        actor=administrator,
        token=uuid.uuid4(),
        first_name="Kanárek",
        last_name="Žlutý",
    )
    ended = nomination(person=open_one.person)
    services.decline(ended, reason="Kanárek se nehodí", actor=administrator)
    assert {
        "nominations_interest",
        "nominations_nomination",
        "outbox_message",
        "people_person",
    } <= {*rooms_with("kanár", "kanarek")}

    erase(open_one.person, administrator)

    assert rooms_with("kanár", "kanarek") == []
    open_one.refresh_from_db()
    ended.refresh_from_db()
    assert (open_one.state, ended.state) == (NominationState.WITHDRAWN, NominationState.DECLINED)
    assert str(open_one.person) == "Smazaná osoba"
