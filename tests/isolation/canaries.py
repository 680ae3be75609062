"""A customer in whose every text stands one word, with one of everything that can be a customer's."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from addons.services.bulk import start_bulk_sale
from addons.services.orders import Order
from addons.services.sales import sell_add_on
from catalog.services.prices import assign_price_list, create_price_list
from invoicing.services.billing import bill
from invoicing.services.crediting import credit_invoice
from invoicing.services.drafts import change_draft
from invoicing.services.issuing import issue_document
from invoicing.services.manual import OneOff, charge_by_hand
from reports.services.runs import start_report_run
from resellerhub.kernel.jobs.run import run as run_job
from resellerhub.kernel.money import Money
from subscriptions.models import Subscription
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.taking import take_step
from subscriptions.services.ordering.listings import Conditions, create_listing
from subscriptions.services.ordering.orders import place_order, reject_order
from subscriptions.services.pools.assigning import assign_seats
from subscriptions.services.pushes.starting import start_push
from subscriptions.services.pushes.terms import Asked
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from tenants.models import Event, Membership, Profile, User
from tenants.roles import Role
from tenants.services.accounts import Login, Service, create_account
from tenants.services.api_keys import create_api_key
from tenants.services.details import Details
from tenants.services.invitations import invite_member
from tenants.services.limits import create_mailbox
from tenants.services.people import Person, add_user
from tenants.services.status import resume_tenant, suspend_tenant
from tests.isolation.things import Things, own_add_on
from tests.pools.stage import Stage, mapped
from tests.subscriptions.market import Market
from tests.world import NOW, PASSWORD, Player, player

WORD = "Zinnober"
FRAGMENT = "innobe"
"""Enough of it to find it by, and not the word: what was searched for stands on the page."""


@dataclass(frozen=True)
class Canary:
    customer: Player
    ids: dict[str, int]
    """By the part of an address that stands before an id, as in `things`: those of the customer where it has one."""
    events: list[int]

    def rename(self, word: str) -> None:
        """Every text that a list could be ordered by."""
        texts = {name: f"{word} {name}" for name in ("name", "contact_name", "street", "city", "legal_name")}
        Profile.objects.filter(pk=self.customer.id).update(**texts, owner_email=f"{word.lower()}@owner.example")
        Subscription.objects.filter(tenant=self.customer.id).update(name=f"{word} subscription")
        for user in User.objects.filter(memberships__tenant=self.customer.id):
            User.objects.filter(pk=user.pk).update(name=word, email=f"{word.lower()}{user.pk}@user.example")


def details() -> Details:
    return Details(
        name=f"{WORD} Handel",
        owner_email=f"chef@{WORD.lower()}.example",
        contact_name=f"Clara {WORD}",
        phone="+49 30 7654321",
        street=f"{WORD}weg 3",
        postal_code="10115",
        city=f"{WORD}stadt",
        country="DE",
        legal_name=f"{WORD} Handel GmbH",
        billing_same=False,
        billing_name=f"{WORD} Rechnungen",
        billing_email=f"rechnung@{WORD.lower()}.example",
        billing_street=f"{WORD}platz 1",
        billing_postal_code="10115",
        billing_city=f"{WORD}dorf",
        billing_country="DE",
        memo=f"{WORD} pays late",
    )


def build_canary(market: Market, things: Things, at: datetime) -> Canary:
    """North-East's customer. `at` is now: what was written before names are hidden is told from what comes later."""
    world = market.world
    seller = world.north_east
    login = Login(f"{WORD.lower()}-konto", f"admin@{WORD.lower()}.example", name=f"{WORD} Admin", password=PASSWORD)
    tenant = create_account(
        actor=seller.actor,
        seller_id=seller.id,
        details=details(),
        login=login,
        service=Service(limits={"light": 5}),
        now=NOW,
    )
    customer = player(tenant)
    person = Person(f"colleague@{WORD.lower()}.example", name=f"{WORD} Colleague", password=PASSWORD)
    add_user(actor=customer.actor, tenant_id=customer.id, person=person, role=Role.READ_ONLY, now=NOW)
    mailbox = create_mailbox(
        actor=customer.actor, customer_id=customer.id, tariff="light", address=f"post@{WORD.lower()}.example", now=NOW
    )
    depot = market.package("Depot", "reseller", {market.mailbox: 20, market.storage: 100})
    market.subscribe(seller, by=world.provider, package=depot)
    held = market.sell(customer, by=seller, name=f"{WORD} mail")
    measure = Measure(f"{uuid4()}", subscription_id=held.pk, resource=market.mailbox.code, quantity=99, at=NOW)
    ingest_usage(actor=world.provider.actor, measures=[measure], now=NOW)
    listing = create_listing(
        actor=seller.actor, package_id=market.standard.pk, conditions=Conditions(market.instance.pk), now=NOW
    )
    ordered = place_order(actor=customer.actor, listing_id=listing.pk, note=f"{WORD} wants it", now=NOW)
    reject_order(actor=seller.actor, order_id=ordered.pk, comment=f"{WORD} has it", now=NOW)
    leaving = Cancel("period_end", f"{WORD} leaves")
    take_step(actor=seller.actor, subscription_id=held.pk, step=leaving, now=NOW)
    tier = create_price_list(actor=seller.actor, audience="customer", name="Tier", currency="EUR", now=NOW)
    assign_price_list(actor=seller.actor, price_list_id=tier.pk, tenant_ids=[customer.id], now=NOW)
    ids = {
        "price-lists": tier.pk,
        "orders": ordered.pk,
        "customers": customer.id,
        "customer": customer.id,
        "tenants": customer.id,
        "mailboxes": mailbox.pk,
        "subscriptions": held.pk,
        "quota-over-usage": held.pk,
        **_sales(market, held),
    }
    ids |= _pooled(market, customer)
    ids |= _billed(seller, customer)
    _talk(seller, customer)
    member = Membership.objects.get(tenant=customer.id, user=customer.user)
    ids |= {"users": member.pk, "user": member.pk}
    ids |= _told(world.provider, customer, at)
    events = list(Event.objects.filter(tenant=customer.id).values_list("pk", flat=True))
    assert len({Event.objects.get(pk=pk).kind for pk in events}) > 5
    return Canary(customer, things.ids | ids, events)


def _sales(market: Market, held: Subscription) -> dict[str, int]:
    """An add-on sold on it by the provider, one by one and in bulk."""
    provider = market.world.provider
    add_on = own_add_on(provider, market, packages=[market.standard.pk])
    sale = sell_add_on(
        actor=provider.actor, subscription_id=held.pk, add_on_id=add_on.pk, quantity=1, request_id=uuid4(), now=NOW
    )
    order = Order("customers", market.exchange.pk, add_on.pk, quantity=1, only_over_quota=False)
    bulk = start_bulk_sale(actor=provider.actor, order=order, request_id=uuid4(), now=NOW)
    run_job(bulk.job_id, seconds=60)
    push = start_push(actor=provider.actor, asked=Asked(held.package_id), request_id=uuid4(), now=NOW)
    run_job(push.job_id, seconds=60)
    return {
        "pushes": push.pk,
        "job": push.job_id,
        "add-ons": add_on.pk,
        "add-on-sales": sale.pk,
        "bulk-sales": bulk.pk,
        "jobs": bulk.job_id,
        "of-job": bulk.job_id,
    }


def _billed(seller: Player, customer: Player) -> dict[str, int]:
    """What it owes its seller, with what people typed about it."""
    Profile.objects.filter(pk=seller.id).update(country="DE")
    Profile.objects.filter(pk=customer.id).update(vat_id="")
    work = OneOff(f"{WORD} work", 1, Money(Decimal(30), "EUR"))
    charge = charge_by_hand(actor=seller.actor, payer_id=customer.id, one_off=work, request_id=uuid4(), now=NOW)
    draft = bill(actor=seller.actor, payer_id=customer.id, until=NOW.date(), now=NOW)
    said = {"note": f"{WORD} asked", "buyer_reference": f"{WORD}-1", "order_number": f"{WORD}-2"}
    change_draft(actor=seller.actor, document_id=draft.pk, said=said, now=NOW)
    issue_document(actor=seller.actor, document_id=draft.pk, now=NOW)
    note = credit_invoice(actor=seller.actor, invoice_id=draft.pk, reason=f"{WORD} complained", now=NOW)
    issue_document(actor=seller.actor, document_id=note.pk, now=NOW)
    return {"invoices": draft.pk, "credit-notes": note.pk, "charges": charge.pk}


def _pooled(market: Market, customer: Player) -> dict[str, int]:
    """Seats of a pool that came down from the provider by North and North-East."""
    world = market.world
    stage = Stage(world, market.exchange)
    above = stage.give(stage.stock(30), world.north, 20)
    pool = stage.give(above, mapped(world.north_east), 10, by=world.north)
    assignment = assign_seats(
        actor=world.north_east.actor, pool_id=pool.pk, customer_id=customer.id, seats=4, request_id=uuid4(), now=NOW
    )
    return {"pools": pool.pk, "assignments": assignment.pk, "holders": world.north_east.id}


def _talk(seller: Player, customer: Player) -> None:
    """What people typed about it, and what its own people did."""
    suspend_tenant(actor=seller.actor, tenant_id=customer.id, reason=f"{WORD} does not answer", now=NOW)
    resume_tenant(actor=seller.actor, tenant_id=customer.id, now=NOW)
    create_api_key(actor=customer.actor, name=f"{WORD} key", scopes=["*"], now=NOW)
    invite_member(
        actor=seller.actor,
        tenant_id=customer.id,
        email=f"invited@{WORD.lower()}.example",
        role=Role.READ_ONLY,
        now=NOW,
    )


def _told(provider: Player, customer: Player, at: datetime) -> dict[str, int]:
    """A report that was written while the name could be read, and an event of the customer."""
    run = start_report_run(
        actor=provider.actor,
        report="quota-over-usage",
        file_format="csv",
        filters={"all": "true"},
        columns=["holder", "subscription"],
        language="en",
        now=at,
    )
    run_job(run.job_id, seconds=60)
    run.refresh_from_db()
    with run.file.open("rb") as file:
        assert WORD.encode() in file.read()
    event = Event.objects.filter(tenant=customer.id, kind="customer.suspended").latest("pk")
    return {"runs": run.pk, "report-runs": run.pk, "events": event.pk}
