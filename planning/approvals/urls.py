from django.urls import path

from . import views

app_name = "approvals"

urlpatterns = [
    path("<slug:slug>/<int:number>/nahled/", views.preview, name="preview"),
    path("<slug:slug>/<int:number>/schvaleni/", views.approval, name="approval"),
    path("<slug:slug>/<int:number>/schvaleni/stav/", views.progress, name="progress"),
    path("<slug:slug>/<int:number>/schvaleni/otevrit/", views.open_route, name="open"),
    path("<slug:slug>/<int:number>/schvaleni/dokoncit/", views.retry, name="retry"),
    path("<slug:slug>/<int:number>/schvaleni/zahodit/", views.discard, name="discard"),
    path("schvaleni/krok/<int:pk>/usneseni/", views.record, name="record"),
    path("schvaleni/krok/<int:pk>/pouzit/", views.use, name="use"),
    path("schvaleni/krok/<int:pk>/per-rollam/", views.bring_per_rollam, name="bring_per_rollam"),
    path("schvaleni/krok/<int:pk>/na-program/", views.put_on_agenda, name="put_on_agenda"),
    path("schvaleni/krok/<int:pk>/vratit/", views.send_back, name="return"),
]
