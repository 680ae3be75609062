from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "resellerhub.web"
    label = "web"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from resellerhub.web import context, navigation
        from resellerhub.web.jobs import jobs_running

        navigation.register(navigation.NavItem(_("Dashboard"), "dashboard", icon="dashboard"))
        navigation.register(navigation.NavItem(_("Jobs"), "jobs", "job.view", "jobs"))
        context.register_job_counter(jobs_running)
