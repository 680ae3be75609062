from typing import Any

from django.core.management.commands import flush

from resellerhub.kernel.owner import as_owner


class Command(flush.Command):
    """Django's, as the owner: the application may not truncate."""

    def handle(self, **options: Any) -> None:
        with as_owner(options["database"]):
            super().handle(**options)
