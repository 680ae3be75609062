from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "resellerhub.kernel"
    label = "kernel"

    def ready(self) -> None:
        from resellerhub.kernel import searching  # noqa: F401 - fields learn the lookup `resembles`
        from resellerhub.kernel.jobs.check import job_counters
        from resellerhub.kernel.verify import register

        register("job counters", job_counters)
