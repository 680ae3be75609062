from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tenants.services.rebuild import rebuild_ancestors, rebuild_branch


class Command(BaseCommand):
    help = "Compute bounds, levels, ancestors and veils of one branch anew from its parents; siblings keep their order."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tree", type=int, help="tree_id of the branch, as `verify` names it")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_branch(tree_id=options['tree'])} tenants put right")
        if settings.DATABASE_OWNER:
            self.stdout.write(f"{rebuild_ancestors(tree_id=options['tree'])} tenants got other ancestors or veils")
        else:
            self.stdout.write(
                "Ancestors and veils were not looked at: set DATABASE_OWNER_URL to have them repaired too."
            )
