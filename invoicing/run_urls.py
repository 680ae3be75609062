"""Addresses of billing runs."""

from django.urls import path
from django.urls.resolvers import URLPattern

from invoicing.api import runs as api_of_runs
from invoicing.views import runs

shells: list[URLPattern] = [
    path("billing-runs/", runs.billing_runs, name="billing_runs"),
    path("billing-runs/new/", runs.billing_run_create, name="billing_run_create"),
    path("billing-runs/<int:pk>/", runs.billing_run, name="billing_run"),
    path("billing-runs/<int:pk>/approve/", runs.billing_run_approve, name="billing_run_approve"),
    path("billing-runs/<int:pk>/recount/", runs.billing_run_recount, name="billing_run_recount"),
    path("billing-runs/<int:pk>/cancel/", runs.billing_run_cancel, name="billing_run_cancel"),
    path("billing-runs/<int:pk>/continue/", runs.billing_run_continue, name="billing_run_continue"),
    path("billing-runs/<int:pk>/issue/", runs.billing_run_issue, name="billing_run_issue"),
    path("billing-runs/counted-by/<int:job_id>/", runs.billing_run_of_job, name="billing_run_of_job"),
]
api: list[URLPattern] = api_of_runs.urls
