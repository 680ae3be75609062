"""Addresses of the shell: `urlpatterns` at the root, `shell` under both prefixes."""

from django.urls import path

from resellerhub.web import views
from resellerhub.web.dashboard import dashboard
from resellerhub.web.search import search

urlpatterns = [
    path("", views.home, name="home"),
    path("appearance/", views.appearance, name="appearance"),
    path("language/", views.language, name="set_language"),
]
shell = [
    path("", dashboard, name="dashboard"),
    path("search/", search, name="search"),
    path("columns/", views.list_columns, name="list_columns"),
]
