from django.urls import path

from . import views

app_name = "bodies"

urlpatterns = [
    path("", views.committee_list, name="committee_list"),
    path("<slug:slug>/", views.committee_detail, name="committee_detail"),
    path("clenstvi/<int:pk>/souhlas/", views.consent_give, name="consent_give"),
    path("clenstvi/<int:pk>/souhlas/odvolat/", views.consent_withdraw, name="consent_withdraw"),
    path("<slug:slug>/usneseni/<int:pk>.pdf", views.resolution_paper, name="resolution_paper"),
]
