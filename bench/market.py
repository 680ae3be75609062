"""A market made by plain SQL as the tables' owner: a provider, resellers, and customers who draw on them.

Only for benches: it goes around the services (a tree of 100,000 customers takes them minutes), and `verify` is asked
afterwards whether the result is what they would have made.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from tenants.models import ProviderSettings, ResellerTerms, ResellerType, Tenant
from tenants.roles import Kind

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLENTY = 10**15
"""What resellers hold of each resource: they may not oversell, so every sale is checked, and nothing is refused."""

TENANTS = """
WITH provider AS (
    INSERT INTO tenants_tenant (kind, ancestors, status, created_at, lft, rght, tree_id, level)
    VALUES ('provider', '{}', 'active', %(now)s, 1, 2, nextval('tenants_tree'), 0) RETURNING id),
made_resellers AS (
    INSERT INTO tenants_tenant (kind, provider_id, ancestors, status, created_at, lft, rght, tree_id, level)
    SELECT 'reseller', id, '{}', 'active', %(now)s, 1, 2 + 2 * %(each)s, nextval('tenants_tree'), 0
      FROM provider, generate_series(1, %(resellers)s) RETURNING id, provider_id, tree_id)
INSERT INTO tenants_tenant (kind, provider_id, parent_id, ancestors, status, created_at, lft, rght, tree_id, level)
SELECT 'customer', provider_id, id, '{}', 'active', %(now)s, 2 * n, 2 * n + 1, tree_id, 1
  FROM generate_series(1, %(each)s) AS n, made_resellers
"""
REST = """
UPDATE tenants_tenant SET ancestors =
    CASE WHEN provider_id IS NULL THEN ARRAY[id] ELSE array_remove(ARRAY[provider_id, parent_id, id], NULL) END;
INSERT INTO catalog_servicetype (provider_id, code, name, is_active)
    SELECT id, 'exchange', 'Microsoft Exchange', true FROM tenants_tenant WHERE kind = 'provider';
INSERT INTO catalog_resource (service_type_id, code, name, unit, "group", metering, position)
    SELECT catalog_servicetype.id, thing, thing, '', '', 'gauge', 0 FROM catalog_servicetype,
           unnest(ARRAY['user_mailbox', 'shared_mailbox', 'storage']) AS thing;
INSERT INTO catalog_serviceinstance (provider_id, service_type_id, name, is_active)
    SELECT provider_id, id, 'Exchange 2019', true FROM catalog_servicetype;
INSERT INTO catalog_package (provider_id, tenant_id, service_type_id, name, audience, is_shared, is_active, created_at)
    SELECT provider_id, provider_id, id, audience, audience, true, true, %(now)s
      FROM catalog_servicetype, unnest(ARRAY['reseller', 'customer']) AS audience;
INSERT INTO catalog_packageversion (package_id, effective_on, made_at) SELECT id, %(now)s, %(now)s FROM catalog_package;
INSERT INTO catalog_packageresource (version_id, resource_id, "limit")
    SELECT v.id, r.id, 10 FROM catalog_packageversion v, catalog_resource r;
INSERT INTO subscriptions_subscription (provider_id, tenant_id, seller_id, package_id, service_type_id,
    service_instance_id, name, quantity, state, started_on,
    term_starts_on, renews_on, anchor_day, committed_at)
SELECT t.provider_id, t.id, t.provider_id, p.id, p.service_type_id, i.id, 'Hosted Exchange', 1, 'active', %(now)s,
       %(now)s, %(now)s::date + 30, extract(day FROM %(now)s::date + 30), %(now)s
  FROM tenants_tenant t JOIN catalog_package p ON p.audience = t.kind, catalog_serviceinstance i
 WHERE t.kind = 'reseller' ORDER BY t.id;
INSERT INTO subscriptions_subscription (provider_id, tenant_id, seller_id, package_id, service_type_id,
    service_instance_id, source_id, name, quantity, state, started_on,
    term_starts_on, renews_on, anchor_day, committed_at)
SELECT t.provider_id, t.id, t.parent_id, p.id, p.service_type_id, i.id, s.id, 'Hosted Exchange', 1, 'active', %(now)s,
       %(now)s, %(now)s::date + 30, extract(day FROM %(now)s::date + 30), %(now)s
  FROM tenants_tenant t JOIN catalog_package p ON p.audience = t.kind
  JOIN subscriptions_subscription s ON s.tenant_id = t.parent_id, catalog_serviceinstance i
 WHERE t.kind = 'customer' ORDER BY t.id;
INSERT INTO subscriptions_holding (provider_id, tenant_id, seller_id, subscription_id, resource_id, basis, allocated,
    sold, used)
SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, r.id, CASE t.kind WHEN 'reseller' THEN 'sold' ELSE 'used' END,
       CASE t.kind WHEN 'reseller' THEN %(plenty)s ELSE 10 END,
       CASE t.kind WHEN 'reseller' THEN 10 * %(each)s ELSE 0 END, 0
  FROM subscriptions_subscription s JOIN tenants_tenant t ON t.id = s.tenant_id, catalog_resource r ORDER BY s.id, r.id;
INSERT INTO subscriptions_phase (provider_id, tenant_id, seller_id, subscription_id, version_id, quantity, state,
    starts_on, made_at)
SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, v.id, s.quantity, s.state, s.started_on, %(now)s
  FROM subscriptions_subscription s JOIN catalog_packageversion v ON v.package_id = s.package_id ORDER BY s.id;
INSERT INTO subscriptions_grant (provider_id, tenant_id, subscription_id, resource_id, kind, source_id, amount, made_at)
SELECT h.provider_id, h.tenant_id, h.subscription_id, h.resource_id, 'package', s.package_id, h.allocated, %(now)s
  FROM subscriptions_holding h JOIN subscriptions_subscription s ON s.id = h.subscription_id;
INSERT INTO addons_addon (provider_id, tenant_id, service_type_id, name, description, is_shared, is_active, created_at)
SELECT provider_id, provider_id, id, 'Shared mailbox', '', false, true, %(now)s FROM catalog_servicetype;
INSERT INTO catalog_fee (provider_id, tenant_id, kind, name, currency, is_shared, applies_more_than_once, is_active,
    created_at)
SELECT provider_id, provider_id, kind, 'Shared mailbox', 'EUR', false, true, true, %(now)s
  FROM catalog_servicetype, unnest(ARRAY['reseller', 'account']) AS kind;
INSERT INTO catalog_feeversion (fee_id, effective_on, public_name, amount, cycle, billed, activation_amount,
    prorates_first, prorates_last, minimum_months, cancellation_amount, credits_suspension, made_at)
SELECT id, %(now)s, name, CASE kind WHEN 'reseller' THEN 0.01 ELSE 0.02 END, 'month', 'advance', 0, true, true, 0, 0,
       kind = 'account', %(now)s
  FROM catalog_fee;
INSERT INTO addons_addonversion (add_on_id, effective_on, reseller_fee_id, account_fee_id, made_at)
SELECT a.id, %(now)s, r.id, c.id, %(now)s
  FROM addons_addon a, catalog_fee r, catalog_fee c WHERE r.kind = 'reseller' AND c.kind = 'account';
INSERT INTO addons_addonresource (version_id, resource_id, value, minimum)
    SELECT v.id, r.id, 9999, 0 FROM addons_addonversion v, catalog_resource r WHERE r.code = 'shared_mailbox';
INSERT INTO addons_addonpackage (add_on_id, package_id) SELECT a.id, p.id FROM addons_addon a, catalog_package p;
"""


@dataclass(frozen=True)
class Market:
    provider: int
    service_type: int
    add_on: int


def settle_down() -> None:
    """What every provider and reseller has, with the defaults of its model."""
    provider = Tenant.objects.get(kind=Kind.PROVIDER)
    ProviderSettings.objects.create(tenant=provider, provider=provider)
    ResellerTerms.objects.bulk_create(
        ResellerTerms(tenant_id=pk, provider=provider, type=ResellerType.PREPAID)
        for pk in Tenant.objects.resellers().values_list("pk", flat=True)
    )


def make(resellers: int, each: int) -> Market:
    """`each` customers per reseller. The connection has to be the owner's."""
    values: dict[str, Any] = {"now": NOW, "resellers": resellers, "each": each, "plenty": PLENTY}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tenants_tenant DISABLE TRIGGER USER")
        with transaction.atomic():
            cursor.execute(TENANTS, values)
            settle_down()
            cursor.execute(REST, values)
        cursor.execute("ALTER TABLE tenants_tenant ENABLE TRIGGER USER")
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("SELECT provider_id, service_type_id, id FROM addons_addon")
        return Market(*cursor.fetchone())
