"""Addresses of minutes and resolutions; those of approved minutes and of resolutions are permanent."""

from django.urls import path

from .views import reading, register, verifying, writing

app_name = "minutes"

_MINUTES = "skupiny/<slug:slug>/<int:year>-<int:number>/zapis/"
# Name of the address, of the file, the column where it is kept, and whether everybody may have it.
_FILES = [
    ("public_pdf", "zapis.pdf", "public_pdf", True),
    ("public_json", "zapis.json", "public_content", True),
    ("public_extract", "usneseni.pdf", "public_extract", True),
    ("whole_pdf", "uplny.pdf", "pdf", False),
    ("whole_json", "uplny.json", "content", False),
    ("whole_extract", "usneseni-uplne.pdf", "extract", False),
]

urlpatterns = [
    path(_MINUTES, reading.minutes_detail, name="minutes_detail"),
    *(
        path(
            f"{_MINUTES}{file}",
            reading.minutes_file,
            {"column": column, "is_public": is_public},
            name=name,
        )
        for name, file, column, is_public in _FILES
    ),
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
