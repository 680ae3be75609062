from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from resellerhub.web import messages


class Command(BaseCommand):
    help = "Bring the German catalogue up to the sources; with --check, fail when a string is missing or untranslated."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        catalog = messages.update()
        if not check:
            messages.write(catalog)
        missing = messages.untranslated(catalog)
        for text in missing:
            self.stdout.write(f"  {text}")
        if check and missing:
            raise CommandError(f"{len(missing)} strings have no German. Run make_messages and fill in the catalogue.")
        self.stdout.write(f"{len(catalog)} strings, {len(missing)} without German")
