"""Fill an empty database with the demo."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from resellerhub.demo.seed import SIZES, NotEmpty, seed


class Command(BaseCommand):
    requires_system_checks: tuple[str, ...] = ()
    help = "Makes a provider with resellers, customers and usage by running the real services, in an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="small")
        parser.add_argument("--credentials", type=Path, help="Write the logins there, readable by the owner only.")
        parser.add_argument("--if-empty", action="store_true", help="Do nothing where there are tenants already.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now().replace(microsecond=0)
        try:
            made = seed(size=SIZES[options["size"]], url=settings.BASE_URL, say=self.stdout.write, now=now)
        except NotEmpty as refusal:
            if options["if_empty"]:
                self.stdout.write(refusal.detail)
                return
            raise CommandError(refusal.detail) from refusal
        if options["credentials"]:
            made.write(options["credentials"])
            self.stdout.write(f"The logins and API keys stand in {options['credentials']}.")
            return
        for login in made.users:
            self.stdout.write(f"{login.email}  {login.password}  {login.kind}, {login.tenant}")
        for key in made.api_keys:
            self.stdout.write(f"{key.key}  {key.kind}, {key.tenant}")
