"""Public addresses of plans; ``urls.py`` includes them last, because they take any slug."""

from django.urls import path

from .views import public

urlpatterns = [
    path("", public.plan_list, name="plan_list"),
    path("<slug:slug>/", public.plan_detail, name="plan_detail"),
    path("<slug:slug>/aktualni/", public.current_version, name="current_version"),
    path("<slug:slug>/<int:number>/", public.version_detail, name="version_detail"),
    path("<slug:slug>/<int:number>/plan.pdf", public.version_pdf, name="version_pdf"),
]
