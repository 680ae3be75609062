from argparse import ArgumentParser
from typing import Any

from babel.core import get_global
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from resellerhub.kernel.refusals import Refusal
from tenants.forms.people import generated_password
from tenants.services.details import Details
from tenants.services.people import Person
from tenants.services.providers import create_provider


class Command(BaseCommand):
    help = "Make a provider and its first administrator, and print the password: it cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="the company")
        parser.add_argument("--email", required=True, help="e-mail address of the administrator")
        parser.add_argument("--language", default="en", choices=[code for code, _name in settings.LANGUAGES])
        parser.add_argument("--currency", default="EUR", choices=sorted(get_global("all_currencies")))

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person(options["email"], password=generated_password(), language=options["language"])
        house = {name: options[name] for name in ("name", "language", "currency")}
        try:
            validate_email(person.email)
            Details(name=options["name"]).check()
            create_provider(administrator=person, now=timezone.now(), **house)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        except Refusal as refusal:
            raise CommandError(f"{refusal.detail} {refusal.errors or ''}") from refusal
        self.stdout.write(person.password or "")
