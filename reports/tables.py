"""Columns of the reports, on the page and in their exports."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.models import ReportRun
from reports.selectors import WITHDRAWN
from resellerhub.kernel.models import Job
from resellerhub.web.shells import shell_link
from resellerhub.web.statuses import status
from resellerhub.web.tables import ChoiceColumn, Column, LinkColumn, MomentColumn, NumberColumn, Table
from subscriptions.models import Grant, Holding, Subscription
from tenants.roles import Kind


class WordColumn(ChoiceColumn):
    """In files, too: rows of values do not bring their words along."""

    turns_value = True

    def value(self, value: str) -> str:
        return ChoiceColumn.render(self, value)


class StateColumn(WordColumn):
    def render(self, value: str) -> SafeString:
        return status(value, self.words.get(value))


class RemediesColumn(Column):
    """What can be done about a row that is over: the links that the reader may follow."""

    css = "sticks"

    def render(self, record: dict[str, Any], table: Any) -> SafeString:
        request, key = table.request, (record["subscription_id"], record["resource_id"])
        actor = request.actor
        links = [("over_usage_behind", _("View detail"))]
        if record["remaining"] < 0 and record["tenant_id"] != actor.tenant_id and actor.can("subscription.edit"):
            links.append(("over_usage_raise", _("Raise")))
        if record["remaining"] < 0 and record["tenant_id"] != actor.tenant_id and actor.can("add_on.sell"):
            links.append(("over_usage_sell", _("Sell add-on")))
        named = f"{record['title']}, {record['resource__name']}"
        return format_html_join(
            " · ",
            '<a class="text-nowrap" href="{}" aria-label="{}: {}">{}</a>',
            ((shell_link(request, name, *key), label, named, label) for name, label in links),
        )


class OverUsageTable(Table):
    reseller = Column(accessor="reseller_name", verbose_name=gettext_lazy("Reseller"))
    holder = Column(accessor="holder_name", verbose_name=gettext_lazy("Holder"))
    kind = WordColumn(Kind.choices, accessor="tenant__kind", verbose_name=gettext_lazy("Held by"))
    subscription = LinkColumn(
        "subscription",
        key="subscription_id",
        accessor="title",
        verbose_name=gettext_lazy("Subscription"),
    )
    subscription_id = Column(accessor="subscription_id", verbose_name=gettext_lazy("Subscription ID"))
    state = StateColumn(Subscription.State.choices, accessor="subscription__state", verbose_name=gettext_lazy("Status"))
    service_type = Column(accessor="resource__service_type__name", verbose_name=gettext_lazy("Service type"))
    resource = Column(accessor="resource__name", verbose_name=gettext_lazy("Resource"))
    unit = Column(accessor="resource__unit", verbose_name=gettext_lazy("Unit"))
    allocated = NumberColumn(verbose_name=gettext_lazy("Allocated"))
    sold = NumberColumn(verbose_name=gettext_lazy("Sold"))
    used = NumberColumn(verbose_name=gettext_lazy("Used"))
    basis = WordColumn(Holding.Basis.choices, verbose_name=gettext_lazy("Counts"))
    utilised = NumberColumn(verbose_name=gettext_lazy("Utilised"))
    remaining = NumberColumn(verbose_name=gettext_lazy("Remaining"))
    remedies = RemediesColumn(
        accessor="id", verbose_name=gettext_lazy("Detail"), orderable=False, exclude_from_export=True
    )

    of_values = True
    default_columns = (
        "reseller",
        "subscription",
        "subscription_id",
        "resource",
        "allocated",
        "sold",
        "used",
        "utilised",
        "remaining",
        "remedies",
    )


class BranchColumn(Column):
    """A branch, indented as deep as it stands, with a link to its rows in the report; of a sum, that it is one."""

    empty_values = ()

    def value(self, value: Any) -> Any:
        return value or _("Total")

    def render(self, value: str | None, record: dict[str, Any], table: Any) -> SafeString | str:
        if value is None:
            return str(self.value(None))
        url = shell_link(table.request, "over_usage")
        asked = f"branch={record['branch_id']}&resource={record['resource_id']}"
        everything = "" if record["over"] else "&all=true"
        return format_html(
            '<a class="depth-{}" href="{}?{}{}">{}</a>', min(record["depth"], 6), url, asked, everything, value
        )


class RollUpTable(Table):
    branch = BranchColumn(verbose_name=gettext_lazy("Branch"))
    branch_id = Column(verbose_name=gettext_lazy("Branch ID"))
    level = NumberColumn(accessor="depth", verbose_name=gettext_lazy("Level"))
    resource = Column(verbose_name=gettext_lazy("Resource"))
    over = NumberColumn(verbose_name=gettext_lazy("Rows over quota"))
    excess = NumberColumn(verbose_name=gettext_lazy("Excess"))
    rows = NumberColumn(verbose_name=gettext_lazy("All rows"), accessor="rows")
    allocated = NumberColumn(verbose_name=gettext_lazy("Allocated"))
    sold = NumberColumn(verbose_name=gettext_lazy("Sold"))
    used = NumberColumn(verbose_name=gettext_lazy("Used"))
    utilised = NumberColumn(verbose_name=gettext_lazy("Utilised"))
    remaining = NumberColumn(verbose_name=gettext_lazy("Remaining"))

    default_columns = ("branch", "resource", "over", "excess", "allocated", "sold", "used", "utilised", "remaining")


class SoldPartTable(Table):
    subscription = LinkColumn(
        "subscription",
        key="subscription_id",
        accessor="title",
        verbose_name=gettext_lazy("Subscription"),
    )
    subscription_id = Column(accessor="subscription_id", verbose_name=gettext_lazy("Subscription ID"))
    holder = Column(accessor="holder_name", verbose_name=gettext_lazy("Holder"))
    kind = WordColumn(Kind.choices, accessor="tenant__kind", verbose_name=gettext_lazy("Held by"))
    package = Column(accessor="subscription__package__name", verbose_name=gettext_lazy("Package"))
    state = StateColumn(Subscription.State.choices, accessor="subscription__state", verbose_name=gettext_lazy("Status"))
    allocated = NumberColumn(verbose_name=gettext_lazy("Allocated"))
    used = NumberColumn(verbose_name=gettext_lazy("Used"))

    of_values = True


class UsedPartTable(Table):
    event_id = Column(verbose_name=gettext_lazy("Event"))
    subscription = Column(accessor="title", verbose_name=gettext_lazy("Subscription"))
    at = MomentColumn(verbose_name=gettext_lazy("Measured"))
    received_at = MomentColumn(verbose_name=gettext_lazy("Received"))
    quantity = NumberColumn(verbose_name=gettext_lazy("Quantity"))

    of_values = True


class GrantTable(Table):
    made_at = MomentColumn(verbose_name=gettext_lazy("Granted"))
    kind = WordColumn(Grant.Kind.choices, verbose_name=gettext_lazy("Reason"))
    source_id = Column(verbose_name=gettext_lazy("Reference"))
    amount = NumberColumn(verbose_name=gettext_lazy("Amount"))

    of_values = True


def state_of(run: Any) -> tuple[str, str]:
    """The state of a run and its word: a job that is at its end without a file has failed."""
    if run.reason == WITHDRAWN:
        return "closed", _("Withdrawn")
    if run.reason:
        return "failed", _("Failed")
    return run.job.state, str(Job.State(run.job.state).label)


class ReportRunTable(Table):
    report = Column(accessor="get_report_display", verbose_name=gettext_lazy("Report"), order_by="report")
    pk = NumberColumn(verbose_name=gettext_lazy("ID"))
    format = Column(verbose_name=gettext_lazy("Format"))
    state = Column(accessor="job__state", verbose_name=gettext_lazy("Status"))
    rows = NumberColumn(accessor="rows", verbose_name=gettext_lazy("Rows"))
    user = Column(accessor="user__get_full_name", verbose_name=gettext_lazy("Started by"), orderable=False)
    created_at = MomentColumn(verbose_name=gettext_lazy("Started"))
    file = Column(empty_values=(), verbose_name=gettext_lazy("File"), orderable=False, exclude_from_export=True)

    default_columns = ("report", "format", "state", "rows", "user", "created_at", "file")

    def render_report(self, value: str, record: ReportRun) -> SafeString:
        return format_html('<a href="{}">{}</a>', shell_link(self.request, "report_run", record.pk), value)

    def render_state(self, record: ReportRun) -> SafeString:
        return status(*state_of(record))

    def value_state(self, record: ReportRun) -> str:
        return state_of(record)[1]

    def render_file(self, record: Any) -> SafeString | str:
        """A link once there is a file; what went wrong stands on the page of the run."""
        if not record.file or record.reason:
            return "–"
        return format_html('<a href="{}">{}</a>', shell_link(self.request, "report_run_file", record.pk), _("Download"))
