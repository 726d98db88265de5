from django.urls import path

from . import views
from .feeds import ArticleFeed

app_name = "news"

urlpatterns = [
    path("", views.article_list, name="article_list"),
    path("atom/", ArticleFeed(), name="article_feed"),
    path("<slug:slug>/", views.article_detail, name="article_detail"),
]
