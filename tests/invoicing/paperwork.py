"""What tests of documents share: who has an address and a rate, and charges that can be put on paper."""

from datetime import date
from decimal import Decimal

from invoicing.models import Charge, Document
from invoicing.services.drafting import draft_documents
from invoicing.services.issuing import issue_document
from invoicing.services.taxes import set_tax_rate
from resellerhub.kernel.periods import day_of
from tenants.models import Profile
from tests.invoicing.billing import Billing
from tests.subscriptions.life import Stage, package
from tests.subscriptions.market import build_market
from tests.world import NOW, Player, World

TODAY = day_of(NOW)


class Office:
    """North bills its customers, the provider bills North; all of them in Germany, at 19 percent."""

    def __init__(self, world: World) -> None:
        self.world, self.stage, self.billing = world, Stage(build_market(world)), Billing(world)
        Profile.objects.filter(provider_id=world.provider.id).update(
            country="DE", street="Hauptstraße 1", postal_code="10115", city="Berlin", payment_days=14
        )
        set_tax_rate(
            actor=world.provider.actor, country="DE", percent=Decimal(19), effective_on=date(2020, 1, 1), now=NOW
        )

    def sold(self, to: Player | None = None, price: str = "20", quantity: int = 1, name: str = "Mail"):
        """A subscription of North's customer: 20 a month for it, half of that for North."""
        of = package(self.stage.market, name, price)
        return self.stage.market.sell(to or self.world.shop, by=self.world.north, package=of, quantity=quantity)

    def charge(self) -> None:
        self.billing.run(NOW)

    def drafts(self, by: Player | None = None, *payers: Player) -> list[Document]:
        issuer = by or self.world.north
        ids = [payer.id for payer in payers] or None
        return draft_documents(actor=issuer.actor, payer_ids=ids, until=TODAY, now=NOW)

    def draft(self, payer: Player | None = None, by: Player | None = None) -> Document:
        (document,) = self.drafts(by, payer or self.world.shop)
        return document

    def invoice(self, payer: Player | None = None, by: Player | None = None) -> Document:
        """Sold before, charged and issued."""
        self.charge()
        draft = self.draft(payer, by)
        issue_document(actor=(by or self.world.north).actor, document_id=draft.pk, now=NOW)
        return Document.objects.get(pk=draft.pk)

    def owed(self, payer: Player) -> Decimal:
        return sum(Charge.objects.filter(payer=payer.id).values_list("amount", flat=True), Decimal(0))
