from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "resellerhub.demo"
    label = "demo"
