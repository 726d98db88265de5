"""The catalogue: services, organisations, life situations."""

from django.urls import path

from . import views

app_name = "directory"

urlpatterns = [
    path("sluzby/", views.service_list, name="service_list"),
    path("sluzby/<slug:slug>/", views.service_detail, name="service_detail"),
    path("poskytovatele/", views.organisation_list, name="organisation_list"),
    path("poskytovatele/<slug:slug>/", views.organisation_detail, name="organisation_detail"),
    path("situace/", views.situation_list, name="situation_list"),
    path("situace/<slug:slug>/", views.situation_detail, name="situation_detail"),
]
