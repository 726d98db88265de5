from django.urls import path

from . import views
from .exchange import views as exchange

app_name = "people"

urlpatterns = [
    # Stands in the way of the sign-in library's own page, where people would add addresses.
    path("ucet/email/", views.email, name="email"),
    path("lide/excel/", exchange.exchange, name="exchange"),
    path("lide/excel/sablona.xlsx", exchange.template_file, name="exchange_template"),
    path("lide/excel/soucasni.xlsx", exchange.content_file, name="exchange_content"),
    path("lide/excel/<int:pk>/", exchange.upload_detail, name="upload_detail"),
    path("lide/excel/<int:pk>/pouzit/", exchange.upload_apply, name="upload_apply"),
    path("lide/excel/<int:pk>/vysledek.xlsx", exchange.report_file, name="upload_report"),
]
