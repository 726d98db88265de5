from django.urls import path, re_path

from .views import reading, running, voting

app_name = "ballots"

urlpatterns = [
    path("<slug:slug>/hlasovani/", reading.ballot_list, name="ballot_list"),
    path("<slug:slug>/hlasovani/nove/", running.ballot_add, name="ballot_add"),
    path("<slug:slug>/hlasovani/<int:pk>/", reading.ballot_detail, name="ballot_detail"),
    path(
        "<slug:slug>/hlasovani/<int:pk>/protokol.pdf",
        reading.ballot_protocol,
        name="ballot_protocol",
    ),
    path(
        "<slug:slug>/hlasovani/<int:pk>/protokol-pro-cleny.pdf",
        reading.ballot_protocol_internal,
        name="ballot_protocol_internal",
    ),
    path(
        "<slug:slug>/hlasovani/<int:pk>/podklady/<int:paper_pk>/",
        reading.ballot_paper,
        name="ballot_paper",
    ),
    path("<slug:slug>/hlasovani/<int:pk>/upravit/", running.ballot_edit, name="ballot_edit"),
    path("<slug:slug>/hlasovani/<int:pk>/podklady/", running.paper_add, name="paper_add"),
    path(
        "<slug:slug>/hlasovani/<int:pk>/podklady/<int:paper_pk>/odebrat/",
        running.paper_remove,
        name="paper_remove",
    ),
    path("<slug:slug>/hlasovani/<int:pk>/otevrit/", running.ballot_open, name="ballot_open"),
    path(
        "<slug:slug>/hlasovani/<int:pk>/pripomenout/", running.ballot_remind, name="ballot_remind"
    ),
    path("<slug:slug>/hlasovani/<int:pk>/uzavrit/", running.ballot_close, name="ballot_close"),
    path("<slug:slug>/hlasovani/<int:pk>/zrusit/", running.ballot_cancel, name="ballot_cancel"),
    path(
        "<slug:slug>/hlasovani/<int:pk>/zapsat/<int:voter_pk>/",
        running.vote_enter,
        name="vote_enter",
    ),
    re_path(
        r"^(?P<slug>[-\w]+)/hlasovani/(?P<pk>[0-9]+)/hlasovat/(?P<rest>.*)$",
        voting.vote,
        name="vote",
    ),
]
