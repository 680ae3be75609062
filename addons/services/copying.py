"""Copies of an add-on under the resellers that it was just sold to: made once, each with an account fee of its own.

What a copy costs its reseller stays what the original's reseller fee says.
"""

from typing import Any

from django.db import connection

from addons.services.terms import Terms

COPIES = """
WITH original AS (
    SELECT a.*, v.id AS version_id, said.*
      FROM addons_addonversion v JOIN addons_addon a ON a.id = v.add_on_id
      LEFT JOIN LATERAL (
           SELECT fee.currency, f.public_name, f.amount, f.cycle, f.amount_month, f.amount_quarter, f.amount_half_year,
                  f.amount_year, f.billed, f.activation_amount, f.prorates_first, f.prorates_last, f.minimum_months,
                  f.cancellation_amount, f.cancellation_hours, f.credits_suspension
             FROM catalog_feeversion f JOIN catalog_fee fee ON fee.id = f.fee_id
            WHERE f.fee_id = v.account_fee_id AND f.effective_on <= %(today)s
            ORDER BY f.effective_on DESC, f.id DESC LIMIT 1) AS said ON true
     WHERE v.id = %(version)s),
buyer AS (
    SELECT DISTINCT s.tenant_id AS id FROM addons_addonsale s
     WHERE s.job_item_id = ANY (%(items)s::bigint[])
       AND NOT EXISTS (SELECT FROM addons_addon mine
                        WHERE mine.tenant_id = s.tenant_id AND mine.copied_from_id = %(add_on)s)),
copy AS (
    INSERT INTO addons_addon (provider_id, tenant_id, service_type_id, name, description, is_shared, is_active,
                              copied_from_id, created_at)
    SELECT original.provider_id, buyer.id, original.service_type_id, free.name, original.description, false, true,
           original.id, coalesce(%(now)s::timestamptz, now())
      FROM buyer CROSS JOIN original CROSS JOIN LATERAL (
           SELECT candidate.name FROM (
               SELECT 1 AS n, original.name UNION ALL
               SELECT n, left(original.name, 90) || ' (' || n || ')' FROM generate_series(2, 9999) AS n) AS candidate
            WHERE NOT EXISTS (SELECT FROM addons_addon mine
                               WHERE mine.tenant_id = buyer.id AND mine.name = candidate.name)
              AND NOT EXISTS (SELECT FROM catalog_fee mine
                               WHERE mine.tenant_id = buyer.id AND mine.name = candidate.name AND mine.kind = 'account')
            ORDER BY candidate.n LIMIT 1) AS free
    ON CONFLICT (tenant_id, copied_from_id) WHERE copied_from_id IS NOT NULL DO NOTHING
    RETURNING id, tenant_id, name),
fee AS (
    INSERT INTO catalog_fee (provider_id, tenant_id, kind, name, currency, is_shared, applies_more_than_once, is_active,
                             created_at)
    SELECT original.provider_id, copy.tenant_id, 'account', copy.name, original.currency, false, true, true,
           coalesce(%(now)s::timestamptz, now())
      FROM copy CROSS JOIN original WHERE original.currency IS NOT NULL
    RETURNING id, tenant_id),
charged AS (
    INSERT INTO catalog_feeversion (fee_id, effective_on, public_name, amount, cycle, amount_month, amount_quarter,
        amount_half_year, amount_year, billed, activation_amount, prorates_first, prorates_last, minimum_months,
        cancellation_amount, cancellation_hours, credits_suspension, made_at)
    SELECT fee.id, %(today)s, o.public_name, o.amount, o.cycle, o.amount_month, o.amount_quarter, o.amount_half_year,
           o.amount_year, o.billed, o.activation_amount, o.prorates_first, o.prorates_last, o.minimum_months,
           o.cancellation_amount, o.cancellation_hours, o.credits_suspension,
           coalesce(%(now)s::timestamptz, now())
      FROM fee CROSS JOIN original o),
version AS (
    INSERT INTO addons_addonversion (add_on_id, effective_on, account_fee_id, made_at)
    SELECT copy.id, %(today)s, fee.id, coalesce(%(now)s::timestamptz, now()) FROM copy LEFT JOIN fee USING (tenant_id)
    RETURNING id, add_on_id),
copied_values AS (
    INSERT INTO addons_addonresource (version_id, resource_id, value, minimum)
    SELECT version.id, r.resource_id, r.value, r.minimum
      FROM version CROSS JOIN addons_addonresource r WHERE r.version_id = %(version)s),
copied_packages AS (
    INSERT INTO addons_addonpackage (add_on_id, package_id)
    SELECT copy.id, p.id
      FROM copy JOIN catalog_package p ON p.provider_id = %(provider)s
     WHERE p.service_type_id = (SELECT service_type_id FROM original)
       AND (p.tenant_id = copy.tenant_id
            OR p.audience = 'customer'
               AND p.id = ANY (ARRAY(SELECT package_id FROM addons_addonpackage WHERE add_on_id = %(add_on)s))))
INSERT INTO tenants_event (provider_id, tenant_id, kind, subject_type, subject_id, after, user_id, user_name,
                           user_tenant_id, api_key_id, on_behalf_of_id, request_id, at)
SELECT %(provider)s, tenant_id, 'add_on.copied', 'addon', id,
       jsonb_build_object('copied_from', %(add_on)s, 'name', name),
       %(user)s::bigint, %(user_name)s, %(user_tenant)s::bigint, %(api_key)s::bigint, %(on_behalf_of)s::bigint,
       %(request)s, coalesce(%(now)s::timestamptz, now())
  FROM copy
"""


def make_copies(terms: Terms, params: dict[str, Any]) -> None:
    """Under each reseller that one of these items was sold to and that has none yet."""
    with connection.cursor() as cursor:
        cursor.execute(COPIES, params)
