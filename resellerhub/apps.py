from django.apps import AppConfig


class RootConfig(AppConfig):
    name = "resellerhub"

    def ready(self) -> None:
        from resellerhub import celery  # noqa: F401  a task sent from anywhere, in any thread, must find the broker
