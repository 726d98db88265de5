from django.urls import path

from documents.library import views

app_name = "library"

urlpatterns = [
    path("", views.document_list, name="document_list"),
    path("<slug:slug>/", views.document_detail, name="document_detail"),
    path("<slug:slug>/soubor/", views.document_file, name="document_file"),
    path("<slug:slug>/zneni/<int:number>/soubor/", views.version_file, name="version_file"),
]
