"""Addresses: Czech, short, permanent. A published address never dies."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from kpss import views

urlpatterns = [
    path("", include("planning.front.urls")),
    path("", include("providers.directory.urls")),
    path("", include("committees.following.urls")),
    path("plany/", include("planning.approvals.urls")),
    path("plany/", include("planning.differences.urls")),
    path("plany/", include("planning.plans.urls")),
    path("", include("committees.minutes.urls")),
    path("", include("committees.meetings.urls")),
    path("skupiny/", include("committees.bodies.urls")),
    path("skupiny/", include("committees.ballots.urls")),
    path("dokumenty/", include("documents.library.urls")),
    path("tisky/", include("documents.printing.urls")),
    path("aktuality/", include("documents.news.urls")),
    path("", include("committees.people.urls")),
    path("", include("committees.nominations.urls")),
    path("ucet/", include("allauth.urls")),
    path("o/", include("kpss.links.urls")),
    path("jazyk/nastavit/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("barvy.css", views.region_colours, name="region_colours"),
    path("zdravi/", views.health, name="health"),
    path("znak.png", views.arms, name="arms"),
    path("styl/", views.style_page, name="style_page"),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error
