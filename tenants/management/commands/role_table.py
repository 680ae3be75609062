"""`manage.py role_table`: write the page of the documentation about roles."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tenants.role_table import markdown

FILE = Path(settings.BASE_DIR) / "docs" / "roles.md"


class Command(BaseCommand):
    help = "Write docs/roles.md from the permissions, pages and endpoints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only say whether it would change.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        text = markdown()
        if check:
            same = FILE.exists() and FILE.read_text(encoding="utf-8") == text
            self.stdout.write("Up to date." if same else "Stale: run `python manage.py role_table`.")
            return
        FILE.write_text(text, encoding="utf-8")
