"""Addresses of new terms for what is sold."""

from django.urls import path
from django.urls.resolvers import URLPattern

from resellerhub.rest.views import api_paths
from subscriptions.api.pushes import PackagePushApi, PushApi, PushTargetApi
from subscriptions.views import push_wizard, pushes

shared: list[URLPattern] = [
    path("packages/<int:pk>/push/", push_wizard.package_push, name="package_push"),
    path("pushes/", pushes.pushes, name="pushes"),
    path("pushes/<int:pk>/", pushes.push, name="push"),
    path("pushes/<int:pk>/cancel/", pushes.push_cancel, name="push_cancel"),
    path("pushes/<int:pk>/retry/", pushes.push_retry, name="push_retry"),
    path("pushes/job/<int:job_id>/", pushes.push_of_job, name="push_of_job"),
]
api: list[URLPattern] = [
    *api_paths("packages", PackagePushApi),
    *api_paths("pushes", PushApi),
    *api_paths("pushes/<int:push>/items", PushTargetApi),
    path("pushes/<int:push>/items.csv", PushTargetApi.as_view({"get": "csv"}), name="push_items_csv"),
]
