from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from resellerhub.kernel.refusals import Refusal
from tenants.services.proofs import DOMAIN, SENDER, vouch


class Command(BaseCommand):
    help = "Vouch for the domain and the sender's address of a tenant's brand: both count as verified from now on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tenant", type=int, help="its id")
        parser.add_argument("--only", choices=[DOMAIN, SENDER], help="one of them alone")

    def handle(self, *args: Any, **options: Any) -> None:
        what = [options["only"]] if options["only"] else [DOMAIN, SENDER]
        try:
            brand = vouch(tenant_id=options["tenant"], what=what, request_id="verify_brand", now=timezone.now())
        except Refusal as refusal:
            raise CommandError(f"{refusal.detail} {refusal.errors or ''}") from refusal
        self.stdout.write(f"{brand.product_name}: {brand.verified_domain or '–'}, {brand.verified_sender or '–'}")
