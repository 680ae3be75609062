"""Addresses of the reports in the console, the portal and the API."""

from django.urls import path
from django.urls.resolvers import URLPattern

from reports.views import over_usage, remedies, runs

ROW = "reports/usage/quota-over-usage/<int:subscription_id>/<int:resource_id>/"

console: list[URLPattern] = [
    path("reports/usage/quota-over-usage/", over_usage.over_usage, name="over_usage"),
    path("reports/usage/quota-over-usage/roll-up/", over_usage.over_usage_roll_up, name="over_usage_roll_up"),
    path(ROW, over_usage.over_usage_behind, name="over_usage_behind"),
    path(f"{ROW}raise/", remedies.over_usage_raise, name="over_usage_raise"),
    path(f"{ROW}sell/", remedies.over_usage_sell, name="over_usage_sell"),
    path("reports/runs/", runs.report_runs, name="report_runs"),
    path("reports/runs/new/", runs.report_run_create, name="report_run_create"),
    path("reports/runs/<int:run_id>/", runs.report_run, name="report_run"),
    path("reports/runs/<int:run_id>/file/", runs.report_run_file, name="report_run_file"),
]
portal = console
api: list[URLPattern] = []
