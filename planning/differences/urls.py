from django.urls import path

from . import views

app_name = "differences"

urlpatterns = [
    path("<slug:slug>/zmeny/", views.changes, name="changes"),
    path("<slug:slug>/zmeny/pdf/", views.changes_pdf, name="changes_pdf"),
]
