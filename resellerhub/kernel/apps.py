from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "resellerhub.kernel"
    label = "kernel"
