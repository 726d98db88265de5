"""What stands beside the tree: chapters of text and the district network."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_safe

from kpss.czech import number
from planning.plans import services
from planning.plans.forms import ChapterForm, NetworkForm
from planning.plans.models import Chapter, NetworkEntry
from planning.plans.outline import chapter_rows, network_rows
from planning.plans.stamps import stamp_new, stamp_saved
from planning.plans.values import chapter_values, network_values, plain

from .common import Drawn, crumbs, editing, editor_url, find, gone, row_url, write


def _list(request, version, template: str, rows, **more):
    context = {
        "version": version,
        "plan": version.plan,
        "crumbs": crumbs(version),
        "rows": rows,
        **more,
    }
    return render(request, template, context)


def _done(request, version, item, sentence: str):
    messages.success(request, sentence % {"what": item})
    return redirect(row_url(version, item))


# --- Chapters --------------------------------------------------------------------------------------------------------


def _chapter_form(data=None, *, initial=None, loaded=None) -> ChapterForm:
    return ChapterForm(data, initial=initial)


def _draw_chapter(request, version, drawn: Drawn, *, chapter=None, preview=None):
    context = {
        **drawn.context(),
        "version": version,
        "plan": version.plan,
        "crumbs": crumbs(version, (_t("Chapters"), editor_url(version, "editor_chapters"))),
        "chapter": chapter,
        "preview": preview,
    }
    return render(request, "plans/editor/chapter.html", context, status=drawn.status)


def _preview(request, version, chapter=None):
    """The form as it was typed, with the text as it will be read; nothing is saved."""
    typed = {name: request.POST.get(name, "") for name in ("title", "body")}
    drawn = Drawn(_chapter_form(initial=typed), request.POST.get("stamp", ""), [])
    return _draw_chapter(request, version, drawn, chapter=chapter, preview=typed)


@require_safe
@editing
def chapters(request, version):
    """Chapters in order."""
    return _list(
        request, version, "plans/editor/chapters.html", chapter_rows(version), tab="chapters"
    )


@require_http_methods(["GET", "POST"])
@editing
def chapter_add(request, version):
    """A new chapter, the last one."""
    if request.method == "GET":
        return _draw_chapter(request, version, Drawn(_chapter_form(), stamp_new(), []))
    if "preview" in request.POST:
        return _preview(request, version)
    result = write(
        request,
        _chapter_form,
        saved=None,
        save=lambda values, stamp: services.add_chapter(
            version, actor=request.user, values=values, lineage=stamp.lineage
        ),
    )
    if isinstance(result, Drawn):
        return _draw_chapter(request, version, result)
    return _done(request, version, result, _t("Added: %(what)s"))


@require_http_methods(["GET", "POST"])
@editing
def chapter_edit(request, version, pk):
    """The title and the text of a chapter."""
    if request.method == "GET":
        chapter = find(Chapter, version, pk)
        values = chapter_values(chapter)
        drawn = Drawn(_chapter_form(initial=plain(values)), stamp_saved(values), [])
        return _draw_chapter(request, version, drawn, chapter=chapter)
    chapter = Chapter.objects.filter(version=version, pk=pk).first()
    if chapter is None:
        return gone(request, version, ChapterForm(request.POST))
    if "preview" in request.POST:
        return _preview(request, version, chapter)
    result = write(
        request,
        _chapter_form,
        saved=chapter_values(chapter),
        save=lambda values, stamp: services.save_chapter(
            chapter, actor=request.user, values=values, loaded=stamp.loaded
        ),
    )
    if isinstance(result, Drawn):
        return _draw_chapter(request, version, result, chapter=chapter)
    return _done(request, version, result, _t("Saved: %(what)s"))


@require_http_methods(["GET", "POST"])
@editing
def chapter_delete(request, version, pk):
    """The question before a chapter is deleted."""
    return _delete(request, version, Chapter, pk, services.delete_chapter, "editor_chapters")


# --- The district network ------------------------------------------------------------------------------------------------


def _network_form(data=None, *, initial=None, loaded=None) -> NetworkForm:
    return NetworkForm(
        data, initial=initial or ({"service": loaded["service"]} if loaded else None)
    )


def _draw_entry(request, version, drawn: Drawn, *, entry=None):
    context = {
        **drawn.context(),
        "version": version,
        "plan": version.plan,
        "crumbs": crumbs(version, (_t("District network"), editor_url(version, "editor_network"))),
        "entry": entry,
    }
    return render(request, "plans/editor/entry.html", context, status=drawn.status)


@require_safe
@editing
def network(request, version):
    """The services that the plan lays down for the district."""
    rows, fte, beds = network_rows(version)
    return _list(
        request,
        version,
        "plans/editor/network.html",
        rows,
        tab="network",
        fte=number(fte.normalize()),
        beds=beds,
    )


@require_http_methods(["GET", "POST"])
@editing
def network_add(request, version):
    """One more service in the network."""
    if request.method == "GET":
        return _draw_entry(request, version, Drawn(_network_form(), stamp_new(), []))
    result = write(
        request,
        _network_form,
        saved=None,
        save=lambda values, _stamp: services.add_network_entry(
            version, actor=request.user, values=values
        ),
    )
    if isinstance(result, Drawn):
        return _draw_entry(request, version, result)
    return _done(request, version, result, _t("Added: %(what)s"))


@require_http_methods(["GET", "POST"])
@editing
def network_edit(request, version, pk):
    """What the network says about a service."""
    if request.method == "GET":
        entry = find(NetworkEntry, version, pk)
        values = network_values(entry)
        drawn = Drawn(_network_form(initial=plain(values)), stamp_saved(values), [])
        return _draw_entry(request, version, drawn, entry=entry)
    entry = NetworkEntry.objects.filter(version=version, pk=pk).first()
    if entry is None:
        return gone(request, version, NetworkForm(request.POST))
    result = write(
        request,
        _network_form,
        saved=network_values(entry),
        save=lambda values, stamp: services.save_network_entry(
            entry, actor=request.user, values=values, loaded=stamp.loaded
        ),
    )
    if isinstance(result, Drawn):
        return _draw_entry(request, version, result, entry=entry)
    return _done(request, version, result, _t("Saved: %(what)s"))


@require_http_methods(["GET", "POST"])
@editing
def network_remove(request, version, pk):
    """The question before a service is taken out of the network."""
    return _delete(
        request, version, NetworkEntry, pk, services.remove_network_entry, "editor_network"
    )


def _delete(request, version, model, pk, delete, back: str):
    item = model.objects.filter(version=version, pk=pk).first()
    if item is None:
        raise services.Vanished
    if request.method == "POST":
        delete(item, actor=request.user)
        messages.success(request, _t("Deleted: %(what)s") % {"what": item})
        return redirect(editor_url(version, back))
    context = {
        "version": version,
        "plan": version.plan,
        "crumbs": crumbs(version),
        "item": item,
        "back": row_url(version, item),
    }
    return render(request, "plans/editor/delete.html", context)
