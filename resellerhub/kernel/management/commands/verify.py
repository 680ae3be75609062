from typing import Any

from django.core.management.base import BaseCommand, CommandError

from resellerhub.kernel.verify import findings


class Command(BaseCommand):
    help = "Compare every counter with its ledger and every bound of the tree with its parents."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for name, sentences in findings().items():
            self.stdout.write(f"{name}: {'ok' if not sentences else f'{len(sentences)} wrong'}")
            for sentence in sentences:
                self.stdout.write(f"  {sentence}")
            wrong += len(sentences)
        if wrong:
            raise CommandError(f"{wrong} findings")
