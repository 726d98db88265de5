"""Addresses of the editor; every one of them needs somebody who may edit the version."""

from django.urls import path

from .views.editor import items, parts, tree, versions

_EDITOR = "<slug:slug>/<int:number>/editor/"

urlpatterns = [
    path("<slug:slug>/nova-verze/", versions.version_start, name="version_start"),
    path(_EDITOR, tree.editor, name="editor"),
    path(f"{_EDITOR}poradi/", tree.reorder, name="editor_reorder"),
    path(f"{_EDITOR}presun/", tree.move, name="editor_move"),
    path(f"{_EDITOR}prevzit/", tree.derive, name="editor_derive"),
    path(f"{_EDITOR}cast/nova/", items.node_add, name="editor_node_add"),
    path(f"{_EDITOR}cast/<int:pk>/", items.node_edit, name="editor_node"),
    path(f"{_EDITOR}cast/<int:pk>/smazat/", items.node_delete, name="editor_node_delete"),
    path(f"{_EDITOR}ukol/novy/", items.task_add, name="editor_task_add"),
    path(f"{_EDITOR}ukol/<int:pk>/", items.task_edit, name="editor_task"),
    path(f"{_EDITOR}ukol/<int:pk>/smazat/", items.task_delete, name="editor_task_delete"),
    path(f"{_EDITOR}kapitoly/", parts.chapters, name="editor_chapters"),
    path(f"{_EDITOR}kapitoly/nova/", parts.chapter_add, name="editor_chapter_add"),
    path(f"{_EDITOR}kapitoly/<int:pk>/", parts.chapter_edit, name="editor_chapter"),
    path(f"{_EDITOR}kapitoly/<int:pk>/smazat/", parts.chapter_delete, name="editor_chapter_delete"),
    path(f"{_EDITOR}sit/", parts.network, name="editor_network"),
    path(f"{_EDITOR}sit/pridat/", parts.network_add, name="editor_network_add"),
    path(f"{_EDITOR}sit/<int:pk>/", parts.network_edit, name="editor_network_entry"),
    path(f"{_EDITOR}sit/<int:pk>/odebrat/", parts.network_remove, name="editor_network_remove"),
]
