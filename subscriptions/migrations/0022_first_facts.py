"""The terms that run, and the activation fees of what was sold until now. What terms there were before, and which early
cancellation fees, stands in events alone."""

from django.db import migrations

TERMS = """
INSERT INTO subscriptions_subscriptionterm
       (provider_id, tenant_id, seller_id, subscription_id, starts_on, ends_on, anchor_day, committed_at)
SELECT provider_id, tenant_id, seller_id, id, term_starts_on, renews_on, anchor_day, committed_at
  FROM subscriptions_subscription ORDER BY id;
"""

ACTIVATIONS = """
INSERT INTO subscriptions_oneoff
       (provider_id, subscription_id, phase_fee_id, kind, step, "on", payer_id, issuer_id, fee_version_id, once_of_id,
        currency, amount, made_at)
SELECT f.provider_id, p.subscription_id, f.id, 'activation',
       CASE WHEN before.package_id IS NULL THEN 'start' ELSE 'change' END, p.starts_on, f.payer_id, f.issuer_id,
       f.fee_version_id, CASE WHEN NOT f.applies_more_than_once THEN fv.fee_id END, f.currency, f.activation_amount,
       p.made_at
  FROM subscriptions_phasefee f
  JOIN subscriptions_phase p ON p.id = f.phase_id
  JOIN catalog_packageversion v ON v.id = p.version_id
  LEFT JOIN catalog_feeversion fv ON fv.id = f.fee_version_id
  LEFT JOIN LATERAL (
       SELECT w.package_id FROM subscriptions_phase q JOIN catalog_packageversion w ON w.id = q.version_id
        WHERE q.subscription_id = p.subscription_id AND q.id < p.id ORDER BY q.id DESC LIMIT 1) AS before ON true
 WHERE f.activation_amount > 0 AND before.package_id IS DISTINCT FROM v.package_id
 ORDER BY f.id
    ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0021_facts")]
    operations = [
        migrations.RunSQL(TERMS, migrations.RunSQL.noop),
        migrations.RunSQL(ACTIVATIONS, migrations.RunSQL.noop),
    ]
