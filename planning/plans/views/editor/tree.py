"""The front page of the editor, moves, and parts taken from the plan above."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from planning.plans import services
from planning.plans.enums import PlanKind
from planning.plans.forms import DeriveForm, ItemForm, MoveForm, OpenForm, StepForm
from planning.plans.models import Chapter, NetworkEntry, PlanNode, PlanVersion, Task
from planning.plans.outline import outline_of
from planning.plans.workflow import missing_for_approval

from .common import crumbs, editing, editor_url, item_of, row_url


@require_safe
@editing
def editor(request, version):
    """The tree of the version, with what can be done with each part of it."""
    context = {
        "version": version,
        "plan": version.plan,
        "crumbs": crumbs(version)[:-1],
        "tab": "tree",
        "locked": services.why_locked(version),
    }
    if version.is_editable:
        context |= {
            "open_node": _open_node(request.GET),
            "outline": outline_of(version, open_node=_open_node(request.GET)),
            "missing": list(missing_for_approval(version)),
            "can_derive": _source_for(version) is not None,
        }
    return render(request, "plans/editor/editor.html", context)


def _open_node(data) -> int | None:
    """Whose tasks are shown in a large tree: the key asked for, None for nonsense."""
    form = OpenForm(data)
    return form.cleaned_data["open"] if form.is_valid() else None


@require_POST
@vary_on_headers("HX-Request")
@editing
def reorder(request, version):
    """↑ or ↓ beside a thing."""
    form = StepForm(request.POST)
    if not form.is_valid():
        raise BadRequest(form.errors.as_text())
    try:
        item = item_of(version, form.ref())
        place = services.reorder(item, actor=request.user, step=form.step())
    except services.EditRefused as refused:
        return _after_move(request, version, form.ref(), str(refused))
    return _after_move(request, version, form.ref(), _where(item, place), item=item)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@editing
def move(request, version):
    """A node or a task to another place: the page with the choice, and the move itself."""
    asked = ItemForm(request.GET if request.method == "GET" else request.POST)
    if not asked.is_valid():
        raise BadRequest(asked.errors.as_text())
    ref = asked.cleaned_data["item"]
    try:
        item = item_of(version, ref)
        parents = _places_for(version, item)
        standing = item.parent_id if isinstance(item, PlanNode) else item.node_id
        data = request.POST if request.method == "POST" else None
        form = MoveForm(
            data, parents=parents, initial={"parent": standing or MoveForm.TOP, "place": "last"}
        )
        if form.is_valid():
            place = _move(
                item, form.cleaned_data["parent"], form.cleaned_data["place"], request.user
            )
            return _after_move(request, version, ref, _where(item, place), item=item)
    except services.EditRefused as refused:
        return _after_move(request, version, ref, str(refused))
    if request.htmx:
        return _after_move(request, version, ref, _t("It cannot be put there."))
    context = {
        "version": version,
        "plan": version.plan,
        "crumbs": crumbs(version),
        "item": item,
        "ref": ref,
        "back": row_url(version, item),
        "form": form,
    }
    return render(request, "plans/editor/move.html", context)


# An em space, because a list of choices drops ordinary ones.
_INDENT = "\u2003"


def _places_for(version: PlanVersion, item: PlanNode | Task) -> list[tuple[int, str]]:
    """What the item can stand under, in the order of the tree: key and label."""
    own, height, levels = set(), 0, version.plan.levels.count()
    if isinstance(item, PlanNode):
        own = services.subtree(item)
        deepest = PlanNode.objects.filter(pk__in=own).order_by("-depth").first().depth
        height = deepest - item.depth
    children: dict[int | None, list[PlanNode]] = {}
    for node in version.nodes.order_by("position", "pk").only(
        "pk", "parent", "depth", "code", "title"
    ):
        children.setdefault(node.parent_id, []).append(node)
    places: list[tuple[int, str]] = []
    if isinstance(item, PlanNode):
        places.append((MoveForm.TOP, _t("the top of the plan")))

    def walk(parent: int | None) -> None:
        for node in children.get(parent, []):
            if node.pk in own:
                continue
            if isinstance(item, Task) or node.depth + 1 + height <= levels:
                places.append((node.pk, f"{_INDENT * (node.depth - 1)}{node.code} {node.title}"))
            walk(node.pk)

    walk(None)
    return places


def _move(item: PlanNode | Task, parent_key: int, where: str, actor) -> services.Place:
    """Put the item under the node with the key; ``where`` is first, last or the key of the one before."""
    parent = None
    if parent_key != MoveForm.TOP or isinstance(item, Task):
        parent = PlanNode.objects.filter(version=item.version_id, pk=parent_key).first()
        if parent is None:
            raise services.Vanished
    if isinstance(item, PlanNode):
        beside = PlanNode.objects.filter(version=item.version_id, parent=parent)
    else:
        beside = Task.objects.filter(node=parent)
    after: int | None = None
    if where == "last":
        last = beside.exclude(pk=item.pk).order_by("position", "pk").last()
        after = last.pk if last else None
    elif where != "first":
        after = int(where)
    if isinstance(item, PlanNode):
        return services.move_node(item, actor=actor, parent=parent, after=after)
    return services.move_task(item, actor=actor, node=parent, after=after)


def _where(item, place: services.Place) -> str:
    """The sentence that says where a thing stands now; it is read aloud."""
    name = (
        item.title
        if isinstance(item, Chapter)
        else item.name
        if isinstance(item, NetworkEntry)
        else item.code
    )
    facts = {"name": name, "number": place.number, "count": place.count}
    if not place.moved:
        if place.number == 1:
            return _t("%(name)s is already the first one.") % facts
        return _t("%(name)s is already the last one.") % facts
    item.refresh_from_db()
    above = (
        item.parent if isinstance(item, PlanNode) else item.node if isinstance(item, Task) else None
    )
    if above:
        facts["above"] = above.code
        return _t("Moved: %(name)s is now number %(number)s of %(count)s under %(above)s.") % facts
    return _t("Moved: %(name)s is now number %(number)s of %(count)s.") % facts


def _after_move(request, version: PlanVersion, ref: str, sentence: str, *, item=None):
    """The tree as it is now for htmx; without it, back to the row with the sentence.

    Without an ``item`` nothing has moved and the sentence says why.
    """
    if request.htmx and ref[0] in "nt":
        open_node = item.node_id if isinstance(item, Task) else _open_node(request.POST)
        context = {
            "version": version,
            "plan": version.plan,
            "outline": outline_of(version, open_node=open_node),
            "open_node": open_node,
            "moved": ref,
            "sentence": sentence,
            "is_refused": item is None,
        }
        return render(request, "plans/editor/_moved.html", context)
    if item is None:
        messages.error(request, sentence)
        return redirect(f"{editor_url(version, 'editor')}#{ref}")
    messages.success(request, sentence)
    return redirect(row_url(version, item))


# --- From the plan above -------------------------------------------------------------------------------------------------


def _source_for(version: PlanVersion) -> PlanVersion | None:
    """The newest approved version of the plan above an action plan."""
    if version.plan.kind != PlanKind.ACTION or not version.plan.parent_id:
        return None
    approved = PlanVersion.objects.approved().filter(plan=version.plan.parent_id)
    return approved.select_related("plan").order_by("-number").first()


@require_http_methods(["GET", "POST"])
@editing
def derive(request, version):
    """Parts of the approved plan above to choose from."""
    source = _source_for(version)
    if source is None:
        raise services.EditRefused(
            _t("There is no approved plan above this one to take parts from.")
        )
    nodes = source.nodes.order_by("position", "pk")
    form = DeriveForm(request.POST if request.method == "POST" else None, nodes=nodes)
    if form.is_valid():
        made = services.derive_action_plan_tree(
            version, source, form.cleaned_data["nodes"], actor=request.user
        )
        messages.success(
            request,
            ngettext(
                "%(count)s part was taken over.", "%(count)s parts were taken over.", len(made)
            )
            % {"count": len(made)},
        )
        return redirect(editor_url(version, "editor"))
    here = set(version.nodes.values_list("lineage", flat=True))
    chosen = set(request.POST.getlist("nodes"))
    context = {
        "version": version,
        "plan": version.plan,
        "crumbs": crumbs(version),
        "source": source,
        "form": form,
        "rows": [
            (node, node.lineage in here, str(node.pk) in chosen) for node in _in_tree_order(nodes)
        ],
    }
    return render(request, "plans/editor/derive.html", context)


def _in_tree_order(nodes) -> list[PlanNode]:
    children: dict[int | None, list[PlanNode]] = {}
    for node in nodes:
        children.setdefault(node.parent_id, []).append(node)
    ordered: list[PlanNode] = []

    def walk(parent: int | None) -> None:
        for node in children.get(parent, []):
            ordered.append(node)
            walk(node.pk)

    walk(None)
    return ordered
