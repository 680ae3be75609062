from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports.models import ReportRun
        from reports.views.dashboard import over_quota
        from resellerhub.web import dashboard
        from resellerhub.web.navigation import NavItem, register
        from tenants import event_values, event_words

        dashboard.register(counters=over_quota)
        rows = NavItem(_("Quota over usage"), "over_usage", "report.view")
        branches = NavItem(_("Roll-up by branch"), "over_usage_roll_up", "report.view")
        runs = NavItem(_("Report runs"), "report_runs", "report.run")
        register(rows, branches, shells=("console",), under="reports/usage")
        register(runs, shells=("console",), under="reports")
        usage = NavItem(_("Usage"), "over_usage", "report.view", "chart", kinds=("reseller",))
        register(usage, shells=("portal",))
        event_words.register(
            {"report_run.started": _("Report started")},
            {"report": _("Report"), "format": _("Format"), "filters": _("Filters")},
            {"reportrun": _("Report run")},
        )
        codes = {"report": dict(ReportRun.Report.choices), "format": dict(ReportRun.Format.choices)}
        event_values.register({}, codes)
