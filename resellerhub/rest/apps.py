from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "resellerhub.rest"
    label = "rest"
