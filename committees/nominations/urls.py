from django.urls import path

from .views import interests, nominations, public

app_name = "nominations"

urlpatterns = [
    path("zapojit-se/", public.interest_form, name="interest_form"),
    path("zapojit-se/odeslano/<str:receipt>/", public.interest_receipt, name="interest_receipt"),
    path("zajemci/", interests.interest_list, name="interest_list"),
    path("zajemci/zapsat/", interests.interest_record, name="interest_record"),
    path("zajemci/<int:pk>/", interests.interest_detail, name="interest_detail"),
    path("zajemci/<int:pk>/podekovat/", interests.interest_thank, name="interest_thank"),
    path("zajemci/<int:pk>/odmitnout/", interests.interest_decline, name="interest_decline"),
    path("zajemci/<int:pk>/nominovat/", interests.interest_nominate, name="interest_nominate"),
    path("nominace/", nominations.nomination_list, name="nomination_list"),
    path("nominace/<slug:slug>/", nominations.committee_nominations, name="committee_nominations"),
    path("nominace/<slug:slug>/navrhnout/", nominations.nomination_add, name="nomination_add"),
    path("nominace/<slug:slug>/jmenovat/", nominations.nominations_appoint, name="appoint"),
    path(
        "nominace/<slug:slug>/<int:pk>/neprijata/",
        nominations.nomination_decline,
        name="nomination_decline",
    ),
    path(
        "nominace/<slug:slug>/<int:pk>/stazena/",
        nominations.nomination_withdraw,
        name="nomination_withdraw",
    ),
]
