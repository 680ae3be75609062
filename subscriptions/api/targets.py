"""The targets of a job over subscriptions as CSV."""

from django.http.response import HttpResponseBase

from resellerhub.rest.views import ReadApi
from resellerhub.web.exports import csv_file

COLUMNS = {
    "position": "position",
    "subscription": "subject_id",
    "subscription_name": "subscription_name",
    "tenant": "holder",
    "tenant_name": "holder_name",
}


def targets_csv(api: ReadApi, name: str, **more: str) -> HttpResponseBase:
    """All targets, or those of the filter; `more` are further columns and where they come from."""
    columns = COLUMNS | more
    rows = api.filter_queryset(api.get_queryset()).order_by("position").values_list(*columns.values())
    lines = (line for part in ([list(columns)], map(list, rows.iterator(2_000))) for line in part)
    return csv_file(lines, f"{name}.csv")
