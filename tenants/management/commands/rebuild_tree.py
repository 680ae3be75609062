from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tenants.services.rebuild import rebuild_branch


class Command(BaseCommand):
    help = "Compute the bounds and levels of one branch anew from its parents; siblings keep their order."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tree", type=int, help="tree_id of the branch, as `verify` names it")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_branch(tree_id=options['tree'])} tenants put right")
