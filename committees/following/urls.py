"""Calendars and feeds at permanent addresses, and the archive of a year."""

from django.urls import path

from . import views

app_name = "following"

urlpatterns = [
    path("kalendar.ics", views.calendar, name="calendar"),
    path("novinky.atom", views.feed, name="feed"),
    path("skupiny/<slug:slug>/kalendar.ics", views.calendar, name="committee_calendar"),
    path("skupiny/<slug:slug>/novinky.atom", views.feed, name="committee_feed"),
    path("skupiny/<slug:slug>/archiv/", views.archive_list, name="archive_list"),
    path("skupiny/<slug:slug>/archiv/<int:year>.zip", views.archive_file, name="archive_file"),
    path("muj-stul/odbery/", views.address, name="address"),
]
