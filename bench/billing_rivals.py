"""What is due for a month, made by plain SQL as the tables' owner, and how rivals of a billing run bill it."""

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TODAY = date(2026, 11, 1)
LINES = 3

FACTS = """
INSERT INTO tenants_tenant (kind, ancestors, status, created_at, lft, rght, tree_id, level)
    VALUES ('provider', '{}', 'active', %(now)s, 1, 2, nextval('tenants_tree'), 0);
INSERT INTO tenants_tenant (kind, provider_id, ancestors, status, created_at, lft, rght, tree_id, level)
SELECT 'customer', p.id, '{}', 'active', %(now)s, 1, 2, nextval('tenants_tree'), 0
  FROM tenants_tenant p, generate_series(1, %(customers)s);
UPDATE tenants_tenant SET ancestors = array_remove(ARRAY[provider_id, id], NULL);
INSERT INTO tenants_profile (tenant_id, provider_id, name, owner_email, contact_name, phone, street, postal_code, city,
    country, language, billing_city, billing_country, billing_email, billing_name, billing_postal_code, billing_same,
    billing_street, currency, iban, legal_name, memo, payment_days, time_zone, vat_id, suspension_reason)
SELECT id, coalesce(provider_id, id), 'Company ' || id, '', '', '', 'Hauptstraße 1', '10115', 'Berlin', 'DE', 'de', '',
       '', '', '', '', true, '', 'EUR', '', '', '', 14, 'Europe/Berlin', '', ''
  FROM tenants_tenant;
INSERT INTO invoicing_taxrate (provider_id, country, effective_on, category, percent, made_at)
SELECT id, 'DE', '2020-01-01', 'S', 19, %(now)s FROM tenants_tenant WHERE kind = 'provider';
INSERT INTO catalog_servicetype (provider_id, code, name, is_active)
    SELECT id, 'exchange', 'Microsoft Exchange', true FROM tenants_tenant WHERE kind = 'provider';
INSERT INTO catalog_serviceinstance (provider_id, service_type_id, name, is_active)
    SELECT provider_id, id, 'Exchange 2019', true FROM catalog_servicetype;
INSERT INTO catalog_package (provider_id, tenant_id, service_type_id, name, audience, is_shared, is_active, created_at)
    SELECT provider_id, provider_id, id, 'Package ' || n, 'customer', true, true, %(now)s
      FROM catalog_servicetype, generate_series(1, %(lines)s) AS n;
INSERT INTO catalog_packageversion (package_id, effective_on, made_at) SELECT id, %(on)s, %(now)s FROM catalog_package;
INSERT INTO subscriptions_subscription (provider_id, tenant_id, seller_id, package_id, service_type_id,
    service_instance_id, name, quantity, state, started_on, term_starts_on, renews_on, anchor_day, committed_at)
SELECT t.provider_id, t.id, t.provider_id, p.id, p.service_type_id, i.id, p.name, 1 + t.id %% 3, 'active', %(on)s,
       %(on)s, %(on)s::date + interval '1 month', 1, %(now)s
  FROM tenants_tenant t, catalog_package p, catalog_serviceinstance i WHERE t.kind = 'customer' ORDER BY t.id, p.id;
INSERT INTO subscriptions_subscriptionterm (provider_id, tenant_id, seller_id, subscription_id, starts_on, ends_on,
    anchor_day, committed_at, made_at)
SELECT provider_id, tenant_id, seller_id, id, term_starts_on, renews_on, anchor_day, committed_at, %(now)s
  FROM subscriptions_subscription ORDER BY id;
INSERT INTO subscriptions_phase (provider_id, tenant_id, seller_id, subscription_id, version_id, quantity, state,
    starts_on, made_at)
SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, v.id, s.quantity, s.state, s.started_on, %(now)s
  FROM subscriptions_subscription s JOIN catalog_packageversion v ON v.package_id = s.package_id ORDER BY s.id;
INSERT INTO subscriptions_phasefee (provider_id, phase_id, payer_id, issuer_id, stream, public_name, currency,
    unit_price, cycle, billed, activation_amount, prorates_first, prorates_last, minimum_months, cancellation_amount,
    credits_suspension, applies_more_than_once)
SELECT p.provider_id, p.id, p.tenant_id, p.seller_id, 'account', s.name, 'EUR', 5 + (p.id %% 997) / 100.0, 'month',
       'advance', 0, true, true, 0, 0, true, true
  FROM subscriptions_phase p JOIN subscriptions_subscription s ON s.id = p.subscription_id ORDER BY p.id;
"""

OWED = """
SELECT f.id, f.payer_id, f.issuer_id, f.provider_id, f.public_name, f.unit_price, p.quantity, p.subscription_id,
       round(f.unit_price * p.quantity, 2) AS amount
  FROM subscriptions_phasefee f JOIN subscriptions_phase p ON p.id = f.phase_id
"""
FLOOR = [
    f"CREATE TEMP TABLE owed ON COMMIT DROP AS {OWED} ORDER BY f.id",
    """INSERT INTO invoicing_mark (provider_id, issuer_id, payer_id, about, about_id, currency, began_on, until, since,
           seen)
       SELECT provider_id, issuer_id, payer_id, 'subscription', subscription_id, 'EUR', %(on)s, %(on)s,
              %(on)s::date + interval '1 month', md5(id::text) FROM owed""",
    """INSERT INTO invoicing_charge (provider_id, issuer_id, payer_id, holder_id, seller_id, subscription_id, mark_id,
           stream, source_kind, source_id, kind, label, service_start, service_end, billing_start, billing_end,
           quantity,
           unit_price, part, whole, amount, currency, due_on, nth, made_at)
       SELECT o.provider_id, o.issuer_id, o.payer_id, o.payer_id, o.issuer_id, o.subscription_id, m.id, 'account',
              'phase_fee', o.id, 'recurring', o.public_name, %(on)s, %(on)s::date + interval '1 month', %(on)s,
              %(on)s::date + interval '1 month', o.quantity, o.unit_price, 1, 1, o.amount, 'EUR', %(on)s, 0, %(now)s
         FROM owed o JOIN invoicing_mark m ON m.about_id = o.subscription_id ORDER BY o.id""",
    """INSERT INTO invoicing_document (provider_id, issuer_id, payer_id, seller_id, kind, state, currency, language,
           until, is_roll_up, waits, full_number, net, tax, prepaid, rounding, note, buyer_reference, order_number,
           reason,
           made_at, void_reason)
       SELECT provider_id, issuer_id, payer_id, issuer_id, 'invoice', 'draft', 'EUR', 'de', %(on)s, false, '', '',
              sum(amount), round(sum(amount) * 0.19, 2), 0, 0, '', '', '', '', %(now)s, ''
         FROM owed GROUP BY provider_id, issuer_id, payer_id ORDER BY payer_id""",
    """INSERT INTO invoicing_documentline (provider_id, document_id, position, charge_id, piece, counts, kind, label,
           service_start, service_end, quantity, unit_price, part, whole, amount, category, rate)
       SELECT c.provider_id, d.id, row_number() OVER (PARTITION BY d.id ORDER BY c.id), c.id, 0, true, c.kind, c.label,
              c.service_start, c.service_end, c.quantity, c.unit_price, 1, 1, c.amount, 'S', 19
         FROM invoicing_charge c JOIN invoicing_document d ON d.payer_id = c.payer_id""",
    """INSERT INTO invoicing_documenttax (provider_id, document_id, category, rate, net, tax)
       SELECT provider_id, id, 'S', 19, net, tax FROM invoicing_document""",
    """INSERT INTO tenants_event (provider_id, tenant_id, kind, subject_type, subject_id, after, user_name, request_id,
           at)
       SELECT provider_id, issuer_id, 'document.drafted', 'document', id,
              jsonb_build_object('document.payer', payer_id), '', '', %(now)s FROM invoicing_document""",
]
"""The same rows as a run writes, and no rule: one period of thirty days or so, one rate, no past."""


def make(customers: int) -> int:
    """The provider. The connection has to be the owner's."""
    values: dict[str, Any] = {"now": NOW, "on": TODAY, "customers": customers, "lines": LINES}
    triggers = ("tenants_tenant", "subscriptions_phase", "subscriptions_phasefee", "subscriptions_subscriptionterm")
    with connection.cursor() as cursor:
        for table in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        with transaction.atomic():
            cursor.execute(FACTS, values)
        for table in triggers:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("SELECT id FROM tenants_tenant WHERE kind = 'provider'")
        (provider,) = cursor.fetchone()
        return int(provider)


def floor() -> float:
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in FLOOR:
            cursor.execute(statement, {"now": NOW, "on": TODAY})
    return time.perf_counter() - started


def naive(provider: int, payers: Sequence[int]) -> float:
    """One transaction for each payer, one statement for each row."""
    from invoicing.models import Charge, Document, DocumentLine, DocumentTax, Mark
    from subscriptions.models import PhaseFee
    from tenants.models import Event, Profile

    started = time.perf_counter()
    for payer in payers:
        with transaction.atomic():
            profile = Profile.objects.get(pk=payer)
            both = {"provider_id": provider, "issuer_id": provider, "payer_id": payer, "currency": "EUR"}
            draft = Document.objects.create(
                **both, seller_id=provider, kind="invoice", language=profile.language, until=TODAY, made_at=NOW
            )
            net = Decimal(0)
            for position, fee in enumerate(PhaseFee.objects.filter(payer=payer, issuer=provider).order_by("pk"), 1):
                phase = fee.phase
                held = phase.subscription
                mark = Mark.objects.create(**both, about="subscription", about_id=held.pk, began_on=TODAY, until=TODAY)
                amount = round(fee.unit_price * phase.quantity, 2)
                days = {"service_start": TODAY, "service_end": date(2026, 12, 1)}
                priced = {"quantity": phase.quantity, "unit_price": fee.unit_price, "amount": amount}
                charge = Charge.objects.create(
                    **both, **days, **priced, holder_id=payer, seller_id=provider, subscription=held, mark=mark,
                    stream="account", source_kind="phase_fee", source_id=fee.pk, kind="recurring",
                    label=fee.public_name, billing_start=TODAY, billing_end=date(2026, 12, 1), due_on=TODAY,
                    made_at=NOW,
                )  # fmt: skip
                DocumentLine.objects.create(
                    **days, **priced, provider_id=provider, document=draft, position=position, charge=charge,
                    kind=charge.kind, label=charge.label, category="S", rate=19,
                )  # fmt: skip
                net += amount
            draft.net, draft.tax = net, round(net * Decimal("0.19"), 2)
            draft.save(update_fields=["net", "tax"])
            DocumentTax.objects.create(
                provider_id=provider, document=draft, category="S", rate=19, net=draft.net, tax=draft.tax
            )
            Event.objects.create(
                provider_id=provider, tenant_id=provider, kind="document.drafted", subject_type="document",
                subject_id=draft.pk, after={"document.payer": payer}, user_name="", request_id="", at=NOW,
            )  # fmt: skip
    return time.perf_counter() - started


def independent() -> dict[int, tuple[Decimal, Decimal]]:
    """What each payer owes by Decimal alone, from the facts: net and tax."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT f.payer_id, f.unit_price, p.quantity FROM subscriptions_phasefee f"
                       " JOIN subscriptions_phase p ON p.id = f.phase_id")  # fmt: skip
        sums: dict[int, Decimal] = {}
        for payer, price, quantity in cursor.fetchall():
            sums[payer] = sums.get(payer, Decimal(0)) + (price * quantity).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    return {payer: (net, (net * 19 / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")) for payer, net in sums.items()}
