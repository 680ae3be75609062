"""What tests of documents share: who has an address and a rate, and charges that can be put on paper."""

from datetime import date
from decimal import Decimal

from django.db import connection, transaction

from invoicing.models import Charge, Document
from invoicing.selectors.taxes import liability_of
from invoicing.services.composing import compose, write
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


@transaction.atomic
def drafts_of_hand_made_charges(office: Office, count: int) -> list[int]:
    """So many drafts of North for Shop, each with one charge made by hand."""
    world = office.world
    with connection.cursor() as cursor:
        cursor.execute(
            HAND_MADE, [world.provider.id, world.north.id, world.shop.id, world.shop.id, world.north.id, count]
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    taxation = liability_of(world.north.id, world.shop.id, TODAY)
    same = {"payer_id": world.shop.id, "issuer_id": world.north.id, "seller_id": world.north.id}
    drafts = [
        Document(provider_id=world.provider.id, kind="invoice", currency="EUR", language="en", made_at=NOW, **same)
        for _each in ids
    ]
    rows = Charge.objects.in_bulk(ids)
    composed = [compose(draft, [rows[pk]], taxation) for draft, pk in zip(drafts, ids, strict=True)]
    Document.objects.bulk_create(drafts)
    write(composed)
    return [draft.pk for draft in drafts]


HAND_MADE = """
INSERT INTO invoicing_charge (id, provider_id, issuer_id, payer_id, holder_id, seller_id, stream, source_kind,
       source_id,
       kind, label, service_start, service_end, billing_start, billing_end, quantity, unit_price, part, whole,
       amount, currency, due_on, nth, made_at)
SELECT k.id, %s, %s, %s, %s, %s, 'manual', 'manual', k.id, 'one_off', 'Work', d, d, d, d, 1, 10, 1, 1, 10, 'EUR', d, 0,
       now()
  FROM (SELECT nextval(pg_get_serial_sequence('invoicing_charge', 'id')) AS id, date '2026-11-20' AS d
          FROM generate_series(1, %s)) AS k
RETURNING id
"""
