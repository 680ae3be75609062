"""A package whose limits and fees change after it was sold, and pushes of what it became."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from catalog.models import Package
from catalog.services.fees import Charging, revise_fee
from catalog.services.packages import Content, change_package, content_on
from resellerhub.kernel.jobs.run import run
from resellerhub.kernel.models import JobItem
from subscriptions.models import Push, Subscription
from subscriptions.services.pushes.previews import Preview, preview_push
from subscriptions.services.pushes.starting import start_push
from subscriptions.services.pushes.terms import Asked
from tests.subscriptions.market import Market
from tests.subscriptions.prices import TODAY, recording
from tests.world import NOW, Player, World


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


@dataclass(frozen=True)
class Sold:
    """Call recording: one mailbox; 10 to resellers, 20 recommended. North holds 100 mailboxes."""

    market: Market
    package: Package

    @property
    def world(self) -> World:
        return self.market.world

    def sell(self, customer: Player, by: Player, **options) -> Subscription:
        return self.market.sell(customer, by=by, package=self.package, **options)

    def asked(self, **options) -> Asked:
        return Asked(self.package.pk, **{"effective_on": TODAY, **options})

    def grant(self, mailboxes: int, **options) -> None:
        """A new version of the package, with so many mailboxes."""
        self.become(replace(content_on(self.package, TODAY), limits={self.market.mailbox.pk: mailboxes}), **options)

    def become(self, content: Content, **options) -> None:
        change_package(
            actor=self.world.provider.actor,
            package_id=self.package.pk,
            name=self.package.name,
            content=content,
            is_shared=True,
            is_active=True,
            now=NOW,
            **options,
        )

    def charge(self, kind: str, amount: str, **changes) -> None:
        """A new version of one of its fees."""
        version = self.package.versions.latest("pk")
        fee = getattr(version, f"{kind}_fee")
        had = fee.versions.latest("pk")
        revise_fee(
            actor=self.world.provider.actor,
            fee_id=fee.pk,
            charging=replace(Charging.of(had), amount=Decimal(amount), **changes),
            effective_on=TODAY,
            now=NOW,
        )

    def preview(self, by: Player, **options) -> Preview:
        return preview_push(actor=by.actor, asked=self.asked(**options), now=NOW)

    def start(self, by: Player, request_id=None, **options) -> Push:
        return start_push(actor=by.actor, asked=self.asked(**options), request_id=request_id or uuid4(), now=NOW)

    def push(self, by: Player, **options) -> dict[int, str]:
        """Look at it, start it and do the workers' part: the outcome of each subscription, as the preview said."""
        foreseen = self.preview(by, **options).counts
        ended = work(self.start(by, **options))
        if options.get("effective_on", TODAY) == TODAY:
            counts = dict.fromkeys(foreseen, 0)
            for outcome in ended.values():
                counts[outcome] += 1
            assert counts == foreseen, "the preview said something else"
        return ended


def build_sold(market: Market) -> Sold:
    market.subscribe(market.world.north)
    return Sold(market, recording(market))


def work(push: Push) -> dict[int, str]:
    run(push.job_id, seconds=60)
    return outcomes(push)


def outcomes(push: Push) -> dict[int, str]:
    rows = JobItem.objects.filter(job=push.job_id).order_by("position").values_list("subject_id", "state", "reason")
    return {subject: reason or ("changed" if state == "done" else state) for subject, state, reason in rows}
