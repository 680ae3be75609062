from typing import Any

from django.core.management.base import BaseCommand

from resellerhub.web.messages import compile_catalogue


class Command(BaseCommand):
    help = "Write the .mo file that Django reads from the German catalogue."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(compile_catalogue()))
