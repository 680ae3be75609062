"""Addresses of the reports in the console, the portal and the API."""

from django.urls import path
from django.urls.resolvers import URLPattern

from reports.api.over_usage import (
    GrantApi,
    OverUsageApi,
    OverUsageRowApi,
    RollUpApi,
    RollUpTotalApi,
    SoldPartApi,
    UsedPartApi,
)
from reports.api.remedies import RaiseApi, SellApi
from reports.api.runs import DocumentExportApi, ReportRunApi
from reports.views import over_usage, remedies, runs
from resellerhub.rest.views import api_paths

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

REPORT = "reports/quota-over-usage"
BEHIND = f"{REPORT}/<int:subscription>/<int:resource>"
api: list[URLPattern] = [
    *api_paths(REPORT, OverUsageApi),
    *api_paths(f"{REPORT}/roll-up", RollUpApi),
    *api_paths(f"{REPORT}/roll-up/totals", RollUpTotalApi),
    path(BEHIND, OverUsageRowApi.as_view({"get": "retrieve_row"}), name="over_usage_row"),
    path(f"{BEHIND}/raise", RaiseApi.as_view({"get": "preview", "post": "perform"}), name="over_usage_raise"),
    path(f"{BEHIND}/sell", SellApi.as_view({"get": "preview", "post": "perform"}), name="over_usage_sell"),
    *api_paths(f"{BEHIND}/subscriptions", SoldPartApi),
    *api_paths(f"{BEHIND}/measures", UsedPartApi),
    *api_paths(f"{BEHIND}/grants", GrantApi),
    *api_paths("report-runs", ReportRunApi),
    path("invoices/export", DocumentExportApi.as_view({"post": "export"}), name="invoices_export"),
    path("report-runs/<int:pk>/file", ReportRunApi.as_view({"get": "file"}), name="report_run_file"),
]
