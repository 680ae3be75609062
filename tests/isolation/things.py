"""One of everything that can be North's, made by the real services, with names that occur nowhere else."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from allauth.usersessions.models import UserSession

from addons.models import AddOn
from addons.services.add_ons import Value, create_add_on
from addons.services.bulk import start_bulk_sale
from addons.services.orders import Order
from addons.services.sales import sell_add_on
from catalog.services.fees import Charging, create_fee
from catalog.services.packages import Content
from catalog.services.price_lines import Line, set_prices
from catalog.services.prices import create_price_list
from invoicing.models import Balance, BillingRun, Document, Payment
from invoicing.services.billing import bill
from invoicing.services.crediting import credit_invoice
from invoicing.services.issuing import issue_document
from invoicing.services.manual import OneOff, charge_by_hand
from invoicing.services.payments import Received, record_payment
from invoicing.services.policies import set_billing_policy
from invoicing.services.runs import start_run
from invoicing.services.taxes import set_tax_rate
from invoicing.services.vat_checks import check_vat_id
from reports.services.runs import start_report_run
from resellerhub.kernel.jobs.run import run as run_job
from resellerhub.kernel.money import Money
from subscriptions.models import Holding, Pool, PoolAssignment, PoolSupply
from subscriptions.services.ordering.listings import Conditions, create_listing
from subscriptions.services.ordering.orders import place_order
from subscriptions.services.pools.assigning import assign_seats
from subscriptions.services.pools.supplying import add_supplier
from subscriptions.services.pushes.starting import start_push
from subscriptions.services.pushes.terms import Asked
from subscriptions.services.selling.plans import create_plan
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from tenants.models import Event, Mail, Membership, Profile, Registration, ResellerTerms, SupportLevel
from tenants.roles import Role
from tenants.services.api_keys import create_api_key
from tenants.services.batches import COLUMNS, Terms, start_invitation_batch
from tenants.services.details import Details
from tenants.services.invitations import invite_reseller
from tenants.services.limits import create_mailbox, set_limits
from tenants.services.mails import write_mail
from tenants.services.managers import assign_customers
from tenants.services.people import Person, add_user
from tenants.services.reading import table_of
from tenants.services.registrations import Applicant, request_registration
from tenants.services.settings import change_house
from tenants.services.visits import start_visit
from tests.pools.stage import Stage, mapped
from tests.subscriptions.market import Market
from tests.world import NOW, Player, World, reseller

CANARIES = ("North", "Shop", "Kiosk", "Kestrel")
"""Words that stand in every name of North, of those beneath it and of what they own, and nowhere else."""


@dataclass(frozen=True)
class Things:
    ids: dict[str, int]
    """By the part of an address that stands before an id of this kind."""


def build_things(market: Market) -> Things:
    """North's customer, subscriptions, plan, add-on and its sale, bulk sale, report run, key, member, event."""
    world = market.world
    north = world.north
    market.subscribe(north, name="Kestrel wholesale")
    fee = create_fee(
        actor=north.actor,
        kind="account",
        name="Kestrel fee",
        currency="EUR",
        charging=Charging("Kestrel seat", Decimal(3)),
        is_shared=True,
        now=NOW,
    )
    plan = create_plan(
        actor=north.actor,
        service_type_id=market.exchange.pk,
        name="Kestrel plan",
        content=Content({market.mailbox.pk: 5}, account_fee_id=fee.pk),
        now=NOW,
    )
    price_list = create_price_list(
        actor=north.actor, audience="customer", name="Kestrel list", currency="EUR", is_default=True, now=NOW
    )
    set_prices(actor=north.actor, price_list_id=price_list.pk, lines=[Line("off", Decimal(5))], now=NOW)
    held = market.sell(world.shop, by=north, package=plan, name="Kestrel mail")
    terms = Conditions(market.instance.pk, text="Kestrel service")
    listing = create_listing(actor=north.actor, package_id=plan.pk, conditions=terms, now=NOW)
    ordered = place_order(actor=world.shop.actor, listing_id=listing.pk, note="Kestrel wish", now=NOW)
    ingest_usage(actor=world.provider.actor, measures=[used(held.pk, market.mailbox.code)], now=NOW)
    add_on = own_add_on(north, market, packages=[plan.pk])
    sale = sell_add_on(
        actor=north.actor, subscription_id=held.pk, add_on_id=add_on.pk, quantity=1, request_id=uuid4(), now=NOW
    )
    order = Order("customers", market.exchange.pk, add_on.pk, quantity=1, owner_id=north.id, only_over_quota=False)
    bulk_sale = start_bulk_sale(actor=north.actor, order=order, request_id=uuid4(), now=NOW)
    run_job(bulk_sale.job_id, seconds=60)
    new_terms = Asked(plan.pk, sellers=(north.id,))
    push = start_push(actor=north.actor, asked=new_terms, request_id=uuid4(), now=NOW)
    run_job(push.job_id, seconds=60)
    run = start_report_run(
        actor=north.actor, report="quota-over-usage", file_format="csv", filters={}, language="en", now=NOW
    )
    key, _secret = create_api_key(actor=north.actor, name="Kestrel key", scopes=["*"], now=NOW)
    rows = table_of([{"email": "boss@kestrel.example", "organisation": "Kestrel Ltd"}], COLUMNS)
    asked = Terms(north.id, "en", file_name="Kestrel.csv")
    batch = start_invitation_batch(actor=north.actor, terms=asked, table=rows, request_id=uuid4(), now=NOW)
    invited = invite_reseller(actor=north.actor, email="kestrel@kestrel.example", organisation="Kestrel Ltd", now=NOW)
    manager = managed_by(north, world.shop)
    north.browser().get("/portal/")
    visit = start_visit(
        actor=north.actor,
        membership_id=Membership.objects.get(tenant_id=world.shop.id).pk,
        reason="Kestrel",
        length=timedelta(minutes=30),
        now=NOW,
    )
    pool, assignment, supply = pooled(market)
    set_limits(actor=north.actor, customer_id=world.shop.id, limits={"light": 3}, now=NOW)
    mailbox = create_mailbox(
        actor=north.actor, customer_id=world.shop.id, tariff="light", address="kestrel@shop.example", now=NOW
    )
    rate = set_tax_rate(actor=world.provider.actor, country="IT", percent=Decimal(22), effective_on=NOW.date(), now=NOW)
    Profile.objects.filter(pk=world.shop.id).update(vat_id="IT00743110157")
    check = check_vat_id(actor=north.actor, tenant_id=world.shop.id, now=NOW)
    policy = set_billing_policy(actor=north.actor, effective_on=NOW.date(), grace_days=3, now=NOW)
    work = OneOff("Kestrel work", 1, Money(Decimal(3), "EUR"))
    charge = charge_by_hand(actor=north.actor, payer_id=world.shop.id, one_off=work, request_id=uuid4(), now=NOW)
    assert Holding.objects.over_quota().filter(subscription=held).exists()
    return Things(
        {
            "resellers": world.north_east.id,
            "customers": world.shop.id,
            "tenants": world.shop.id,
            "events": Event.objects.filter(tenant_id=north.id).latest("pk").pk,
            "memberships": Membership.objects.get(tenant_id=north.id, user=north.user).pk,
            "users": manager.pk,
            "sessions": UserSession.objects.get(user=north.user).pk,
            "visits": visit.pk,
            "api-keys": key.pk,
            "billing-policies": policy.pk,
            "charges": charge.pk,
            "invitations": invited.pk,
            "batches": batch.pk,
            "by-job": batch.job_id,
            "mailboxes": mailbox.pk,
            "support-levels": SupportLevel.objects.get(provider_id=world.provider.id, code="gold").pk,
            "registrations": registered(world.provider).pk,
            "packages": plan.pk,
            "fees": fee.pk,
            "price-lists": price_list.pk,
            "service-types": market.exchange.pk,
            "resources": market.mailbox.pk,
            "resource": market.mailbox.pk,
            "service-instances": market.instance.pk,
            "subscriptions": held.pk,
            "listings": listing.pk,
            "services": listing.pk,
            "orders": ordered.pk,
            "quota-over-usage": held.pk,
            "add-ons": add_on.pk,
            "add-on-sales": sale.pk,
            "bulk-sales": bulk_sale.pk,
            "jobs": bulk_sale.job_id,
            "pushes": push.pk,
            "job": push.job_id,
            "of-job": bulk_sale.job_id,
            "runs": run.pk,
            "report-runs": run.pk,
            "mails": letter(north).pk,
            "wholesale": market.wholesale.pk,
            "pools": pool.pk,
            "assignments": assignment.pk,
            "holders": north.id,
            "supplies": supply.pk,
            "billing-runs": (run := counted_run(north)).pk,
            "counted-by": run.counting_id,
            "invoices": (invoice := billed(world)).pk,
            "credit-notes": credit_invoice(actor=north.actor, invoice_id=invoice.pk, reason="Kestrel", now=NOW).pk,
            "number-series": invoice.series_id,
            "tax-rates": rate.pk,
            "vat-checks": check.pk,
            "documents": invoice.pk,
            "payments": paid(north, world.shop).pk,
            "balances": Balance.objects.get(issuer=north.id, payer=world.shop.id).pk,
        }
    )


def billed(world: World) -> Document:
    """What North's customer owes it, issued."""
    north, shop = world.north, world.shop
    Profile.objects.filter(pk__in=[north.id, shop.id]).update(country="DE")
    set_tax_rate(actor=world.provider.actor, country="DE", percent=Decimal(19), effective_on=NOW.date(), now=NOW)
    draft = bill(actor=north.actor, payer_id=shop.id, until=NOW.date(), now=NOW)
    return issue_document(actor=north.actor, document_id=draft.pk, now=NOW)


def counted_run(north: Player) -> BillingRun:
    """What North has to bill, which waits to be approved."""
    run = start_run(actor=north.actor, until=NOW.date(), request_id=uuid4(), now=NOW)
    run_job(run.counting_id, seconds=60)
    return run


def pooled(market: Market) -> tuple[Pool, PoolAssignment, PoolSupply]:
    """A pool of North's with seats of its customer, and a reseller elsewhere that it may give some of it."""
    world = market.world
    stage = Stage(world, market.exchange)
    north = mapped(world.north)
    stock = stage.stock(50, name="Kestrel pool")
    pool = stage.give(stock, north, 20)
    assignment = assign_seats(
        actor=north.actor, pool_id=pool.pk, customer_id=world.shop.id, seats=5, request_id=uuid4(), now=NOW
    )
    ResellerTerms.objects.filter(pk=north.id).update(is_large=True)
    elsewhere = reseller(world.provider, "Kestrel Depot")
    supply = add_supplier(actor=world.provider.actor, reseller_id=elsewhere.id, supplier_id=north.id, now=NOW)
    return pool, assignment, supply


def paid(receiver: Player, payer: Player) -> Payment:
    received = Received(payer.id, Decimal(1), "EUR", NOW.date(), reference="Kestrel")
    return record_payment(actor=receiver.actor, received=received, now=NOW)


def managed_by(owner: Player, customer: Player) -> Membership:
    """An account manager who looks after the customer."""
    person = Person("manager@kestrel.example", name="Kestrel manager")
    manager = add_user(actor=owner.actor, tenant_id=owner.id, person=person, role=Role.ACCOUNT_MANAGER, now=NOW)
    assign_customers(actor=owner.actor, membership_id=manager.pk, customer_ids=[customer.id], now=NOW)
    return manager


def registered(provider: Player) -> Registration:
    """Somebody who asked the provider: no reseller is told."""
    change_house(actor=provider.actor, slug="groupware", takes_registrations=True, now=NOW)
    applicant = Applicant(Details("Kestrel Resale", "boss@kestrel.example", "Kestrel Boss"), "prepaid")
    row = request_registration(provider_id=provider.id, applicant=applicant, now=NOW)
    assert row is not None
    Mail.objects.filter(kind="registration_received").update(state=Mail.State.SENT)  # the provider's own words
    return row


def letter(sender: Player) -> Mail:
    facts = {"organisation": "Kestrel", "reason": "Kestrel"}
    to = "Kestrel@example.com"
    mail = write_mail(kind="tenant_suspended", to=to, sender=sender.tenant, language="en", facts=facts, now=NOW)
    assert mail is not None
    return mail


def used(subscription_id: int, resource: str) -> Measure:
    return Measure(event_id="kestrel-1", subscription_id=subscription_id, resource=resource, quantity=99, at=NOW)


def own_add_on(owner: Player, market: Market, packages: list[int]) -> AddOn:
    return create_add_on(
        actor=owner.actor,
        service_type_id=market.exchange.pk,
        name="Kestrel add-on",
        currency="EUR",
        cycle="month",
        reseller_price=Decimal(1),
        customer_price=Decimal(2),
        values=[Value(market.mailbox.pk, 1)],
        packages=packages,
        now=NOW,
    )
