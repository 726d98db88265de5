"""Nodes and tasks: added, written, deleted."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from planning.plans import services
from planning.plans.fields import CrownsField
from planning.plans.forms import ConfirmForm, NodeForm, TaskInput, lines_as_typed
from planning.plans.models import PlanNode, Task
from planning.plans.outline import differs
from planning.plans.stamps import stamp_new, stamp_saved
from planning.plans.values import node_values, plain, task_values

from .common import Drawn, crumbs, editing, editor_url, find, gone, row_url, write


def _done(request, version, item, sentence: str):
    messages.success(request, sentence)
    return redirect(row_url(version, item))


# --- Nodes -----------------------------------------------------------------------------------------------------------


def _node_form(data=None, *, initial=None, loaded=None, is_new=False) -> NodeForm:
    return NodeForm(data, initial=initial, is_new=is_new)


def _draw_node(request, version, drawn: Drawn, *, node=None, parent=None):
    depth = node.depth if node else parent.depth + 1 if parent else 1
    level = version.plan.levels.filter(depth=depth).first()
    context = {
        **drawn.context(),
        "version": version,
        "plan": version.plan,
        "crumbs": crumbs(version),
        "node": node,
        "parent": parent,
        "back": row_url(version, node or parent)
        if node or parent
        else editor_url(version, "editor"),
        "level": level.singular if level else "",
    }
    return render(request, "plans/editor/node.html", context, status=drawn.status)


@require_http_methods(["GET", "POST"])
@editing
def node_add(request, version):
    """A new node, at the top or under the node ``?parent=``."""
    asked = request.GET.get("parent")
    parent = find(PlanNode, version, asked) if asked else None
    if request.method == "GET":
        code = services.propose_code(version, parent)
        form = _node_form(initial={"code": code}, is_new=True)
        return _draw_node(request, version, Drawn(form, stamp_new(), []), parent=parent)
    result = write(
        request,
        partial(_node_form, is_new=True),
        saved=None,
        save=lambda values, stamp: services.add_node(
            version, actor=request.user, parent=parent, values=values, lineage=stamp.lineage
        ),
    )
    if isinstance(result, Drawn):
        return _draw_node(request, version, result, parent=parent)
    return _done(request, version, result, _t("Added: %(what)s") % {"what": result})


@require_http_methods(["GET", "POST"])
@editing
def node_edit(request, version, pk):
    """What a node says."""
    if request.method == "GET":
        node = find(PlanNode, version, pk)
        values = node_values(node)
        form = _node_form(initial=plain(values))
        return _draw_node(request, version, Drawn(form, stamp_saved(values), []), node=node)
    node = PlanNode.objects.filter(version=version, pk=pk).first()
    if node is None:
        return gone(request, version, NodeForm(request.POST))
    result = write(
        request,
        _node_form,
        saved=node_values(node),
        save=lambda values, stamp: services.update_node(
            node, actor=request.user, values=values, loaded=stamp.loaded
        ),
    )
    if isinstance(result, Drawn):
        return _draw_node(request, version, result, node=node)
    return _done(request, version, result, _t("Saved: %(what)s") % {"what": result})


@require_http_methods(["GET", "POST"])
@editing
def node_delete(request, version, pk):
    """The question before a node is deleted: what goes with it."""
    node = PlanNode.objects.filter(version=version, pk=pk).first()
    if node is None:
        raise services.Vanished
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    sentence = ""
    if form.is_valid():
        told = (form.cleaned_data["nodes"], form.cleaned_data["tasks"])
        try:
            services.delete_node(node, actor=request.user, confirmed=told)
        except services.Vanished:
            raise
        except services.EditRefused as refused:
            sentence = str(refused)
        else:
            messages.success(request, _t("Deleted: %(what)s") % {"what": node})
            anchor = f"#n{node.parent_id}" if node.parent_id else ""
            return redirect(f"{editor_url(version, 'editor')}{anchor}")
    nodes, tasks = services.burden(node)
    below = services.subtree(node)
    context = {
        "version": version,
        "plan": version.plan,
        "crumbs": crumbs(version),
        "item": node,
        "back": row_url(version, node),
        "form": ConfirmForm(initial={"nodes": nodes, "tasks": tasks}),
        "sentence": sentence,
        "nodes": PlanNode.objects.filter(pk__in=below - {node.pk}).order_by("code"),
        "tasks": Task.objects.filter(node__in=below).order_by("code"),
    }
    return render(request, "plans/editor/delete.html", context)


# --- Tasks -----------------------------------------------------------------------------------------------------------


def _draw_task(request, version, drawn: Drawn, *, node, task=None):
    total, is_wrong = _money(drawn.form)
    context = {
        **drawn.context(),
        "version": version,
        "plan": version.plan,
        "crumbs": crumbs(version),
        "node": node,
        "task": task,
        "back": row_url(version, task or node),
        "total": total,
        "total_differs": is_wrong,
    }
    return render(request, "plans/editor/task.html", context, status=drawn.status)


def _money(page: TaskInput) -> tuple[int, bool]:
    """What the sources in the form give together, and whether that contradicts the planned costs."""
    field = CrownsField(required=False)

    def read(value: object) -> int | None:
        try:
            return field.clean(value if isinstance(value, str) or value is None else str(value))
        except ValidationError:
            return None

    amounts = [
        read(line["amount"].value())
        for line in page.lists["funding"].forms
        if line["source"].value() or line["amount"].value()
    ]
    known = sum(amount for amount in amounts if amount is not None)
    return known, differs(read(page.form["cost_planned"].value()), amounts)


def _line_buttons(request, *, is_new: bool = False) -> Drawn | None:
    """A press of "add another" or "take away" in a list of lines: the form as it was typed, changed by a line."""
    add, remove = request.POST.get("add_line", ""), request.POST.get("remove_line", "")
    if not add and not remove:
        return None
    typed = lines_as_typed(request.POST)
    name, _dash, index = remove.partition("-")
    if isinstance(typed.get(name), list) and index.isdecimal() and int(index) < len(typed[name]):
        del typed[name][int(index)]
    blank = {add: 1} if isinstance(typed.get(add), list) else None
    return Drawn(
        TaskInput(initial=typed, blank=blank, is_new=is_new), request.POST.get("stamp", ""), []
    )


@require_http_methods(["GET", "POST"])
@editing
def task_add(request, version):
    """A new task under the node ``?node=``."""
    node = find(PlanNode, version, request.GET.get("node"))
    if request.method == "GET":
        form = TaskInput(initial={"code": services.propose_code(version, node)}, is_new=True)
        return _draw_task(request, version, Drawn(form, stamp_new(), []), node=node)
    result = _line_buttons(request, is_new=True) or write(
        request,
        partial(TaskInput, is_new=True),
        saved=None,
        save=lambda values, stamp: services.add_task(
            node, actor=request.user, values=values, lineage=stamp.lineage
        ),
    )
    if isinstance(result, Drawn):
        return _draw_task(request, version, result, node=node)
    if "save_and_add" in request.POST:
        messages.success(request, _t("Added: %(what)s") % {"what": result})
        return redirect(f"{editor_url(version, 'editor_task_add')}?node={node.pk}")
    return _done(request, version, result, _t("Added: %(what)s") % {"what": result})


@require_http_methods(["GET", "POST"])
@editing
def task_edit(request, version, pk):
    """What a task says: who, when, for how much, measured how."""
    if request.method == "GET":
        task = get_object_or_404(Task.objects.select_related("node"), version=version, pk=pk)
        values = task_values(task)
        drawn = Drawn(TaskInput(initial=plain(values)), stamp_saved(values), [])
        return _draw_task(request, version, drawn, node=task.node, task=task)
    task = Task.objects.select_related("node").filter(version=version, pk=pk).first()
    if task is None:
        return gone(request, version, TaskInput(request.POST))
    result = _line_buttons(request) or write(
        request,
        TaskInput,
        saved=task_values(task),
        save=lambda values, stamp: services.save_task(
            task, actor=request.user, values=values, loaded=stamp.loaded
        ),
    )
    if isinstance(result, Drawn):
        return _draw_task(request, version, result, node=task.node, task=task)
    return _done(request, version, result, _t("Saved: %(what)s") % {"what": result})


@require_http_methods(["GET", "POST"])
@editing
def task_delete(request, version, pk):
    """The question before a task is deleted."""
    task = Task.objects.filter(version=version, pk=pk).first()
    if task is None:
        raise services.Vanished
    if request.method == "POST":
        services.delete_task(task, actor=request.user)
        messages.success(request, _t("Deleted: %(what)s") % {"what": task})
        return redirect(f"{editor_url(version, 'editor')}?open={task.node_id}#n{task.node_id}")
    context = {
        "version": version,
        "plan": version.plan,
        "crumbs": crumbs(version),
        "item": task,
        "back": row_url(version, task),
    }
    return render(request, "plans/editor/delete.html", context)
