"""Who may owe an issuer something."""

PAYERS = """
SELECT row_number() OVER (ORDER BY payers.payer_id), payers.payer_id
  FROM (SELECT %s::bigint AS id) AS issuer
 CROSS JOIN LATERAL (
       SELECT payer_id FROM subscriptions_phasefee WHERE issuer_id = issuer.id
        UNION
       SELECT tenant_id FROM addons_addonsale WHERE issuer_id = issuer.id
        UNION
       SELECT seller_id FROM addons_addonsale WHERE cost_issuer_id = issuer.id
        UNION
       SELECT payer_id FROM addons_addonsalecost WHERE issuer_id = issuer.id
        UNION
       SELECT payer_id FROM tenants_supportdebt WHERE issuer_id = issuer.id
        UNION
       SELECT payer_id FROM invoicing_charge WHERE issuer_id = issuer.id AND stream = 'manual') AS payers
"""
"""Takes the issuer: all for whom `facts.loading` may find something or who was charged by hand, each with its place."""
