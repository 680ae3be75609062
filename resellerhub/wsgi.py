"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resellerhub.settings")
application = get_wsgi_application()

from resellerhub.kernel.owner import refuse_power  # noqa: E402

refuse_power()
