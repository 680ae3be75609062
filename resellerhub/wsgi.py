"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resellerhub.settings")
application = get_wsgi_application()

from resellerhub.celery import app  # noqa: E402  tasks sent from here must find the broker
from resellerhub.kernel.owner import refuse_power  # noqa: E402

app.set_default()
refuse_power()
