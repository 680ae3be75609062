"""The Celery application: a message carries an id, the truth is in PostgreSQL."""

import os

from celery import Celery
from celery.signals import setup_logging, worker_init
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resellerhub.settings")

app = Celery("resellerhub")
app.set_default()  # the current one is a thread's own
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()
app.autodiscover_tasks(["resellerhub.kernel"])


@setup_logging.connect
def keep_django_logging(**_: object) -> None:
    """Celery would replace the handlers; being connected is enough to keep Django's."""


@worker_init.connect
def refuse_power(**_: object) -> None:
    from resellerhub.kernel.owner import refuse_power

    refuse_power()
