from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from resellerhub.kernel.refusals import Refusal
from tenants.actor import Actor
from tenants.models import Membership
from tenants.roles import PERMISSIONS
from tenants.services.api_keys import mint_api_key


class Command(BaseCommand):
    help = "Make an API key for a user and print it: it cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, help="e-mail address of its owner")
        named = 'what it may do at most: "*" (all, as without it), "read" (all that looks), or of these: '
        parser.add_argument("--scopes", nargs="+", default=["*"], help=named + ", ".join(sorted(PERMISSIONS)))
        parser.add_argument("--tenant", type=int, help="where the user has several memberships, in which")
        parser.add_argument("--name", default="manage.py api_key")

    def handle(self, *args: Any, **options: Any) -> None:
        memberships = Membership.objects.filter(user__email=options["user"].lower()).select_related("tenant")
        if options["tenant"]:
            memberships = memberships.filter(tenant_id=options["tenant"])
        membership = memberships.order_by("pk").first()
        if membership is None:
            raise CommandError(f"{options['user']} is a member nowhere.")
        scopes = [scope for given in options["scopes"] for scope in given.split(",") if scope]
        try:
            _key, secret = mint_api_key(
                membership=membership,
                actor=Actor.system(membership.provider_id, "manage.py"),
                name=options["name"],
                scopes=scopes,
                now=timezone.now(),
            )
        except Refusal as refusal:
            told = [sentence for sentences in refusal.errors.values() for sentence in sentences]
            raise CommandError(" ".join(told or [refusal.detail])) from refusal
        self.stdout.write(secret)
