from typing import Any

from django.core.management.commands import migrate

from resellerhub.kernel.owner import as_owner, grant


class Command(migrate.Command):
    """Django's, as the owner; afterwards the application is given its rights again, even when a migration failed."""

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check_unapplied"] or options["plan"]:
            super().handle(*args, **options)
            return
        with as_owner(options["database"]):
            try:
                super().handle(*args, **options)
            finally:
                grant(options["database"])
