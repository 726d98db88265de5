from django.urls import path

from . import views

app_name = "printing"

urlpatterns = [
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/stav/", views.state, name="job_state"),
    path("<int:pk>/soubor/", views.file, name="job_file"),
]
