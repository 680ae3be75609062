"""Addresses of the shell: `urlpatterns` at the root, `shell` under both prefixes."""

from django.urls import path

from resellerhub.web import jobs, views
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
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/items/", jobs.job_items, name="job_items"),
    path("jobs/<int:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("jobs/<int:pk>/retry/", jobs.job_retry, name="job_retry"),
]
