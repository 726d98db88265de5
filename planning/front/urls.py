"""The front pages: home, about, the desks."""

from django.urls import path

from . import views

app_name = "front"

urlpatterns = [
    path("", views.home, name="home"),
    path("o-planovani/", views.about, name="about"),
    path("pristupnost/", views.accessibility, name="accessibility"),
    path("jazyk/zvolit/", views.language, name="language"),
    path("muj-stul/", views.my_desk, name="my_desk"),
    path("muj-stul/denni-mail/", views.daily_mail, name="daily_mail"),
    path("pult/", views.coordinator_desk, name="coordinator_desk"),
]
