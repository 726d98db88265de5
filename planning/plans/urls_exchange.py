"""Addresses of the exchange with Excel; ``urls.py`` includes them under ``plans``."""

from django.urls import path

from .views import exchange

urlpatterns = [
    path("<slug:slug>/<int:number>/excel/", exchange.exchange, name="exchange"),
    path(
        "<slug:slug>/<int:number>/excel/sablona.xlsx",
        exchange.template_file,
        name="exchange_template",
    ),
    path(
        "<slug:slug>/<int:number>/excel/obsah.xlsx", exchange.content_file, name="exchange_content"
    ),
    path("<slug:slug>/<int:number>/excel/<int:pk>/", exchange.upload_detail, name="upload_detail"),
    path(
        "<slug:slug>/<int:number>/excel/<int:pk>/pouzit/",
        exchange.upload_apply,
        name="upload_apply",
    ),
    path(
        "<slug:slug>/<int:number>/excel/<int:pk>/vysledek.xlsx",
        exchange.report_file,
        name="upload_report",
    ),
]
