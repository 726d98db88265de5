"""What the pages of the editor share: who is let in, how a form is drawn, written and drawn again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature
from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from planning.plans import services
from planning.plans.merging import merge
from planning.plans.models import Chapter, NetworkEntry, PlanNode, PlanVersion, Task
from planning.plans.stamps import Stamp, read_stamp, stamp_new, stamp_saved
from planning.plans.values import Values, plain

T = TypeVar("T", bound=models.Model)

LETTERS = {PlanNode: "n", Task: "t", Chapter: "c", NetworkEntry: "s"}
MODELS = {letter: model for model, letter in LETTERS.items()}


def editing(view):
    """The view gets the version instead of its address, only for people who may edit its content.

    A version the person may not see is a 404, one that is only seen a 403. A locked version has no
    forms: everything but the front page of the editor goes back there, which says why.
    """

    @wraps(view)
    def wrapper(request, slug, number, **kwargs):
        version = get_object_or_404(
            PlanVersion.objects.visible_to(request.user).select_related("plan__parent"),
            plan__slug=slug,
            number=number,
        )
        if not request.user.has_perm("plans.edit_content", version):
            raise PermissionDenied
        front = reverse("plans:editor", args=[slug, number])
        if not version.is_editable and request.path != front:
            return redirect(front)
        try:
            return view(request, version, **kwargs)
        except services.EditRefused as refused:
            messages.error(request, str(refused))
            return redirect(front)

    return wrapper


def editor_url(version: PlanVersion, name: str, *args) -> str:
    return reverse(f"plans:{name}", args=[version.plan.slug, version.number, *args])


def ref_of(item: models.Model) -> str:
    """The name of a thing on the pages of the editor: ``n12``, ``t5``…"""
    return f"{LETTERS[type(item)]}{item.pk}"


def row_url(version: PlanVersion, item: models.Model) -> str:
    """The row of a thing in its list; in a large tree a task shows only when its node is open."""
    lists = {Chapter: "editor_chapters", NetworkEntry: "editor_network"}
    query = f"?open={item.node_id}" if isinstance(item, Task) else ""
    return f"{editor_url(version, lists.get(type(item), 'editor'))}{query}#{ref_of(item)}"


def item_of(version: PlanVersion, ref: str) -> models.Model:
    """The thing that ``ref`` names. Raise Vanished when the version has none such (any more)."""
    found = MODELS[ref[0]]._default_manager.filter(version=version, pk=int(ref[1:])).first()
    if found is None:
        raise services.Vanished
    return found


def find(model: type[T], version: PlanVersion, pk: int | str | None) -> T:
    """The version's row with this key, or 404."""
    text = str(pk or "")
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return get_object_or_404(model, version=version, pk=int(text))


def crumbs(version: PlanVersion, *more: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of the editor."""
    return [
        {"title": _t("Plans"), "url": reverse("plans:plan_list")},
        {"title": version.plan.title, "url": version.plan.get_absolute_url()},
        {"title": _t("Editor"), "url": editor_url(version, "editor")},
        *({"title": title, "url": url} for title, url in more),
    ]


@dataclass(frozen=True)
class Difference:
    """One field that somebody else has changed meanwhile; ``is_clash`` when this person did too."""

    label: str
    saved: str
    mine: str
    is_clash: bool


@dataclass
class Drawn:
    """A form to draw: with its stamp, and what to say about it."""

    form: Any
    stamp: str
    differences: list[Difference]
    sentence: str = ""
    status: int = 200

    def context(self) -> dict[str, Any]:
        return {
            "form": self.form,
            "stamp": self.stamp,
            "differences": self.differences,
            "sentence": self.sentence,
        }


def write(
    request,
    make_form: Callable[..., Any],
    *,
    saved: Values | None,
    save: Callable[[Values, Stamp], T],
) -> T | Drawn:
    """Read the posted form and save it; return what was saved, or the form to draw again.

    ``make_form`` takes ``data`` and ``loaded``, or ``initial``. ``saved`` are the values of the thing
    as it is now, None for a new one. Nothing typed is lost: a form refused, sent twice with other
    words or overtaken by somebody else comes back filled, with a sentence.
    """
    fresh_stamp = stamp_saved(saved) if saved is not None else stamp_new()
    try:
        stamp = read_stamp(request.POST.get("stamp", ""))
    except BadSignature:
        stamp = None
    form = make_form(data=request.POST, loaded=(stamp.loaded if stamp else None) or {})
    if stamp is None or (saved is not None and stamp.loaded is None):
        sentence = _t("The form was damaged on its way. Check it and send it again.")
        form.is_valid()
        return Drawn(form, fresh_stamp, [], sentence)
    posted_stamp = request.POST["stamp"]
    if not form.is_valid():
        return Drawn(form, posted_stamp, [])
    values = form.values()
    try:
        return save(values, stamp)
    except ValidationError as error:
        form.add_errors(error)
        return Drawn(form, posted_stamp, [])
    except services.AlreadyMade as refused:
        return Drawn(form, stamp_new(), [], str(refused), status=409)
    except services.EditConflict as conflict:
        return _overtaken(make_form, stamp, conflict, values)


def _overtaken(make_form, stamp: Stamp, conflict: services.EditConflict, values: Values) -> Drawn:
    saved, mine = plain(conflict.saved), plain(values)
    merged = merge(stamp.loaded or {}, saved, mine)
    form = make_form(initial=merged.values)
    differences = [
        Difference(
            form.label_of(name), form.say(name, saved[name]), form.say(name, mine[name]), is_clash
        )
        for names, is_clash in ((merged.clashing, True), (merged.taken, False))
        for name in names
    ]
    return Drawn(form, stamp_saved(conflict.saved), differences, str(conflict), status=409)


def gone(request, version: PlanVersion, form: Any):
    """The page for a form whose thing somebody has deleted: what was written stays to be copied."""
    written = [
        (field.label, field.value())
        for field in form
        if not field.is_hidden and isinstance(field.value(), str) and field.value().strip()
    ]
    context = {"version": version, "crumbs": crumbs(version), "written": written}
    return render(request, "plans/editor/gone.html", context, status=409)
