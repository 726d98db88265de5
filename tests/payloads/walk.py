"""Every address of the scene, as each who may open it."""

from collections.abc import Iterator

from django.contrib import admin
from django.urls import reverse

from committees.ballots.notifications import voting_link
from committees.bodies.models import Committee, Seat
from committees.following.subscription import subscription_of
from committees.meetings.models import AgendaPaper
from committees.meetings.notifications import personal_link
from committees.meetings.pages import place_of
from committees.minutes.models import Minutes
from committees.minutes.notifications import verifier_link
from committees.nominations.views.public import receipt_of
from documents.library.models import Document
from documents.news.models import Article
from kpss.outbox.services.preferences import unsubscribe_link
from providers.directory.models import LifeSituation, Organisation, Service
from tests.committees.ballots.building import path_of
from tests.test_public_pages import PRIVATE, PUBLIC, STAFF, addresses

from .scene import Scene

Stop = tuple  # who opens (None is anybody) and what
# What changes something or leads elsewhere when it is opened, and paths that need a word of their own.
LEFT_OUT = {
    "meetings:answer_more",
    "meetings:live_mine_step",
    *(name for name in PRIVATE if name.startswith(("account", "mfa"))),
}
SAME_FOR_ALL = ("directory:", "library:", "news:", "region_colours")
OTHER_FOR_MEMBERS = ("ballots:", "front:", "meetings:", "minutes:")
AT_MOST = 3  # objects of one kind


def walk(scene: Scene) -> Iterator[Stop]:
    """Public pages as anybody and as a member, all the others as who may open them."""
    places = _places(scene)
    for name in sorted((PUBLIC | PRIVATE | STAFF) - LEFT_OUT):
        for url in _urls(name, places):
            if name in PUBLIC:
                yield None, url
            if not name.startswith(SAME_FOR_ALL):
                yield scene.coordinator, url
            if name in PRIVATE | PUBLIC and name.startswith(OTHER_FOR_MEMBERS):
                yield scene.member, url
    yield from _personal(scene)
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield scene.coordinator, reverse(f"{name}_changelist")
        kept = model._default_manager.first()
        if kept:
            yield scene.coordinator, reverse(f"{name}_change", args=[kept.pk])
        if kept and model is Seat:
            yield scene.coordinator, reverse(f"{name}_end", args=[kept.pk])
            yield scene.coordinator, reverse(f"{name}_consent", args=[kept.pk])
        if kept and model is Committee:
            yield scene.coordinator, reverse(f"{name}_grants", args=[kept.pk])


def _urls(name: str, places: dict[str, list[dict]]) -> list[str]:
    """The addresses of that name at each place where its parameters lead to something."""
    wanted = addresses()[name]
    found = places.get(name) or places.get(name.split(":")[0], [{}])
    fitting = [place for place in found if wanted <= place.keys()]
    urls = [reverse(name, kwargs={key: place[key] for key in wanted}) for place in fitting]
    return list(dict.fromkeys(urls))


def _personal(scene: Scene) -> Iterator[Stop]:
    """What is opened by a link or only by one person."""
    person = scene.member
    for ballot in (scene.open, scene.closed, scene.called_off):
        for voter in ballot.voters.all()[:3]:
            yield None, path_of(voting_link(ballot, voter.person))
    for meeting in (scene.called, scene.cancelled, scene.running):
        someone = meeting.participants.exclude(person=None).first().person
        yield None, path_of(personal_link(meeting, someone))
        yield someone, reverse("meetings:live_mine", kwargs=place_of(meeting))
    for meeting in (scene.running, scene.called):
        yield None, reverse("meetings:live_board", kwargs=place_of(meeting))
    for held in (scene.published, scene.written):
        for verifier in Minutes.objects.get(meeting=held.meeting).verifiers.all():
            yield None, path_of(verifier_link(verifier))
            yield held.secretary, reverse("minutes:editor", kwargs=place_of(held.meeting))
    yield None, path_of(unsubscribe_link(person))
    addresses_of = subscription_of(person)
    for url in (addresses_of.calendar_url, addresses_of.feed_url):
        yield None, "/" + url.split("/", 3)[3]
    yield None, reverse("nominations:interest_receipt", args=[receipt_of(scene.interests[0])])
    for seat in person.seats.all()[:1]:
        yield person, reverse("bodies:consent_give", args=[seat.pk])
    for words in ("q=kpssx", "q=%3Ckpssx001%3E%22"):
        for name in ("directory:service_list", "library:document_list", "minutes:resolution_list"):
            yield None, f"{reverse(name)}?{words}"


def _places(scene: Scene) -> dict[str, list[dict]]:
    committee = scene.published.committee
    committees = [committee, scene.running.committee, scene.draft.plan.committee]
    meetings = [scene.called, scene.planned, scene.cancelled, scene.running]
    held = [scene.published.meeting, scene.written.meeting]
    ballots = [scene.prepared, scene.to_open, scene.open, scene.closed, scene.called_off]
    versions = [scene.draft, scene.waiting, scene.approved]
    return {
        "admin": [],
        "front": [{}],
        "approvals": [
            {"slug": v.plan.slug, "number": v.number, "pk": getattr(v.steps.first(), "pk", 0)}
            for v in versions
        ],
        "ballots": [
            {
                "slug": ballot.committee.slug,
                "pk": ballot.pk,
                "rest": "",
                "voter_pk": getattr(ballot.voters.first(), "pk", 0),
                "paper_pk": getattr(ballot.papers.first(), "pk", 0),
            }
            for ballot in ballots
        ],
        "bodies": [{"slug": one.slug} for one in committees],
        "bodies:resolution_paper": [],
        "directory:service_detail": _slugs(Service),
        "directory:organisation_detail": _slugs(Organisation),
        "directory:situation_detail": _slugs(LifeSituation),
        "following": [
            {},
            *(
                {"slug": committee.slug, "year": year}
                for year in {meeting.year for meeting in committee.meetings.all()}
            ),
        ],
        "library": _slugs(Document),
        "library:version_file": [
            {"slug": Document.objects.exclude(versions=None).first().slug, "number": 1}
        ],
        "meetings": [
            {},
            *(
                place_of(meeting) | {"pk": getattr(meeting.items.first(), "pk", 0)}
                for meeting in [*meetings, *held]
            ),
        ],
        "meetings:participant": [
            place_of(scene.called) | {"pk": scene.called.participants.exclude(seat=None).first().pk}
        ],
        "meetings:paper": [
            place_of(paper.item.meeting) | {"pk": paper.pk}
            for paper in AgendaPaper.objects.select_related("item__meeting__committee")[:1]
        ],
        "minutes": [{}, *(place_of(meeting) for meeting in held)],
        "minutes:resolution_detail": [
            {"slug": one.committee.slug, "pk": one.pk}
            for one in committee.resolutions.all()[:AT_MOST]
        ],
        "news": [{}, *_slugs(Article)],
        "nominations": [{"slug": committee.slug}],
        "nominations:interest_detail": [{"pk": one.pk} for one in scene.interests],
        "people": [{"pk": scene.people_upload.pk}],
        "plans": [
            {"slug": version.plan.slug, "number": version.number}
            for version in (scene.draft, scene.approved)
        ],
        "plans:editor_node": _parts(scene.draft, scene.draft.nodes),
        "plans:editor_node_delete": _parts(scene.draft, scene.draft.nodes),
        "plans:editor_task": _parts(scene.draft, scene.draft.tasks),
        "plans:editor_task_delete": _parts(scene.draft, scene.draft.tasks),
        "plans:editor_chapter": _parts(scene.draft, scene.draft.chapters),
        "plans:editor_chapter_delete": _parts(scene.draft, scene.draft.chapters),
        "plans:editor_network_entry": _parts(scene.draft, scene.draft.network),
        "plans:editor_network_remove": _parts(scene.draft, scene.draft.network),
        "plans:upload_detail": _parts(scene.draft, scene.draft.uploads),
        "plans:upload_report": _parts(scene.draft, scene.draft.uploads),
    }


def _slugs(model) -> list[dict]:
    return [{}, *({"slug": row.slug} for row in model.objects.order_by("pk")[:AT_MOST])]


def _parts(version, parts) -> list[dict]:
    return [{"slug": version.plan.slug, "number": version.number, "pk": parts.first().pk}]
