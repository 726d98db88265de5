"""Addresses of meetings before they begin and after; those of a meeting under way are in urls_live."""

from django.urls import include, path

from . import views, views_agenda, views_prepare, views_tasks

app_name = "meetings"

_MEETING = "skupiny/<slug:slug>/<int:year>-<int:number>/"

urlpatterns = [
    path("skupiny/", include("committees.meetings.urls_live")),
    path("jednani/", views.meeting_list, name="meeting_list"),
    path(_MEETING, views.meeting_detail, name="meeting_detail"),
    path(f"{_MEETING}jednani.ics", views.meeting_calendar, name="meeting_calendar"),
    path(f"{_MEETING}podklady/<int:pk>/", views.paper, name="paper"),
    path(f"{_MEETING}pozvanka.pdf", views.invitation, name="invitation"),
    path(f"{_MEETING}odpoved/", views.answer, {"rest": ""}, name="answer"),
    path(f"{_MEETING}odpoved/<path:rest>", views.answer, name="answer_more"),
    path("skupiny/<slug:slug>/jednani/nove/", views_prepare.plan, name="plan"),
    path(f"{_MEETING}upravit/", views_prepare.change, name="change"),
    path(f"{_MEETING}svolat/", views_prepare.call, name="call"),
    path(f"{_MEETING}zrusit/", views_prepare.cancel, name="cancel"),
    path(f"{_MEETING}oznamit/", views_prepare.announce, name="announce"),
    path(f"{_MEETING}kdo-prijde/", views_prepare.attendance, name="attendance"),
    path(f"{_MEETING}kdo-prijde/<int:pk>/", views_prepare.participant, name="participant"),
    path(f"{_MEETING}hoste/", views_prepare.guest_add, name="guest_add"),
    path(f"{_MEETING}hoste/<int:pk>/", views_prepare.guest_remove, name="guest_remove"),
    path(f"{_MEETING}prezencni-listina.pdf", views_prepare.sheet, name="sheet"),
    path(f"{_MEETING}program/", views_agenda.agenda, name="agenda"),
    path(f"{_MEETING}program/novy-bod/", views_agenda.item_add, name="item_add"),
    path(f"{_MEETING}program/prevzit/", views_agenda.copy, name="agenda_copy"),
    path(f"{_MEETING}program/<int:pk>/", views_agenda.item_change, name="item_change"),
    path(f"{_MEETING}program/<int:pk>/posunout/", views_agenda.item_move, name="item_move"),
    path(f"{_MEETING}program/<int:pk>/odebrat/", views_agenda.item_remove, name="item_remove"),
    path(f"{_MEETING}program/<int:pk>/podklady/", views_agenda.paper_add, name="paper_add"),
    path(f"{_MEETING}podklady/<int:pk>/odebrat/", views_agenda.paper_remove, name="paper_remove"),
    path(
        f"{_MEETING}podklady/<int:pk>/zverejnit/", views_agenda.paper_publish, name="paper_publish"
    ),
    path("skupiny/<slug:slug>/ukoly/", views_tasks.task_list, name="task_list"),
    path("skupiny/<slug:slug>/ukoly/<int:pk>/", views_tasks.task_settle, name="task_settle"),
]
