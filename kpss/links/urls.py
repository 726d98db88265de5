from django.urls import re_path

from . import views

app_name = "links"

urlpatterns = [
    re_path(r"^(?P<token>[^/]+)/(?P<rest>.*)$", views.open_link, name="open"),
]
