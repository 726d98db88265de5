"""Addresses of a running meeting; ``urls.py`` of the room takes them in."""

from django.urls import path

from . import views_live as live
from . import views_live_board as board
from . import views_live_member as member

_AT = "<slug:slug>/<int:year>-<int:number>/zive/"

urlpatterns = [
    path(_AT, live.operator, name="live"),
    path(f"{_AT}stav/", live.state, name="live_state"),
    path(f"{_AT}prubeh/<slug:step>/", live.run, name="live_run"),
    path(f"{_AT}lide/", live.person, name="live_person"),
    path(f"{_AT}vsichni/", live.everybody, name="live_everybody"),
    path(f"{_AT}host/", live.guest, name="live_guest"),
    path(f"{_AT}zastoupeni/", live.represent, name="live_represent"),
    path(f"{_AT}bod/<int:pk>/", live.take_up, name="live_take_up"),
    path(f"{_AT}bod/<int:pk>/stret/", live.conflict, name="live_conflict"),
    path(f"{_AT}bod/<int:pk>/navrh/", live.proposal, name="live_proposal"),
    path(f"{_AT}bod/<int:pk>/ukol/", live.task, name="live_task"),
    path(f"{_AT}hlasovani/<int:pk>/soucet/", live.count, name="live_count"),
    path(f"{_AT}hlasovani/<int:pk>/hlas/", live.call_out, name="live_call_out"),
    path(f"{_AT}hlasovani/<int:pk>/uzavrit/", live.close, name="live_close"),
    path(f"{_AT}hlasovani/<int:pk>/zrusit/", live.call_off, name="live_call_off"),
    path(f"{_AT}platno/", board.board, name="live_board"),
    path(f"{_AT}platno/stav/", board.board_state, name="live_board_state"),
    path(f"{_AT}muj-hlas/", member.mine, name="live_mine"),
    path(f"{_AT}muj-hlas/<path:rest>", member.mine, name="live_mine_step"),
]
