"""Addresses of minutes and resolutions; those of approved minutes and of resolutions are permanent."""

from django.urls import path

from .views import reading, register, verifying, writing

app_name = "minutes"

_MINUTES = "skupiny/<slug:slug>/<int:year>-<int:number>/zapis/"
# Name of the address, of the file, and the column where it is kept.
_PUBLIC = [
    ("public_pdf", "zapis.pdf", "public_pdf"),
    ("public_json", "zapis.json", "public_content"),
    ("public_extract", "usneseni.pdf", "public_extract"),
]
_WHOLE = [
    ("whole_pdf", "uplny.pdf", "pdf"),
    ("whole_json", "uplny.json", "content"),
    ("whole_extract", "usneseni-uplne.pdf", "extract"),
]


def _files(view, files):
    return [
        path(f"{_MINUTES}{file}", view, {"column": column}, name=name)
        for name, file, column in files
    ]


urlpatterns = [
    path(_MINUTES, reading.minutes_detail, name="minutes_detail"),
    *_files(reading.public_file, _PUBLIC),
    *_files(reading.whole_file, _WHOLE),
    path(f"{_MINUTES}stav/", reading.progress, name="progress"),
    path(f"{_MINUTES}zalozit/", writing.start, name="start"),
    path(f"{_MINUTES}psat/", writing.editor, name="editor"),
    path(f"{_MINUTES}psat/pole/", writing.save_field, name="save_field"),
    path(f"{_MINUTES}psat/prevzit/", writing.take_over, name="take_over"),
    path(f"{_MINUTES}nahled/", writing.preview, name="preview"),
    path(f"{_MINUTES}odeslat/", verifying.send, name="send"),
    path(f"{_MINUTES}overit/", verifying.verify, name="verify"),
    path(f"{_MINUTES}vzit-zpet/", verifying.take_back, name="take_back"),
    path(f"{_MINUTES}schvalit/", verifying.approve, name="approve"),
    path(f"{_MINUTES}dokoncit/", verifying.retry, name="retry"),
    path("usneseni/", register.resolution_list, name="resolution_list"),
    path("usneseni/usneseni.csv", register.export_csv, name="resolutions_csv"),
    path("usneseni/usneseni.xlsx", register.export_xlsx, name="resolutions_xlsx"),
    path(
        "skupiny/<slug:slug>/usneseni/<int:pk>/",
        register.resolution_detail,
        name="resolution_detail",
    ),
]
