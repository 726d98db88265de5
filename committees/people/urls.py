from django.urls import path

from . import views

app_name = "people"

urlpatterns = [
    # Stands in the way of the sign-in library's own page, where people would add addresses.
    path("email/", views.email, name="email"),
]
