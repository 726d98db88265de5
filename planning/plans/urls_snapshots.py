"""Addresses of working versions that were sent out; they need somebody who works on the plan."""

from django.urls import path

from .views import snapshots

_AT = "<slug:slug>/<int:number>/pracovni-verze/"

urlpatterns = [
    path(_AT, snapshots.snapshot_list, name="snapshots"),
    path(f"{_AT}nova/", snapshots.snapshot_make, name="snapshot_make"),
    path(f"{_AT}<int:order>/", snapshots.snapshot_detail, name="snapshot"),
    path(f"{_AT}<int:order>/rozeslat/", snapshots.snapshot_send, name="snapshot_send"),
]
