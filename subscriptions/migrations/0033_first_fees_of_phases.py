"""The pair of fees of each phase: those by which it was priced, else those of its version."""

from django.db import migrations

FIRST = """
ALTER TABLE subscriptions_phase DISABLE TRIGGER subscriptions_phase_kept;
UPDATE subscriptions_phase p
   SET reseller_fee_id = coalesce(
         (SELECT fv.fee_id FROM subscriptions_phasefee f JOIN catalog_feeversion fv ON fv.id = f.fee_version_id
           WHERE f.phase_id = p.id AND f.stream = 'reseller' ORDER BY f.id LIMIT 1), v.reseller_fee_id),
       account_fee_id = coalesce(
         (SELECT fv.fee_id FROM subscriptions_phasefee f JOIN catalog_feeversion fv ON fv.id = f.fee_version_id
           WHERE f.phase_id = p.id AND f.stream = 'account' ORDER BY f.id LIMIT 1), v.account_fee_id)
  FROM catalog_packageversion v WHERE v.id = p.version_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE subscriptions_phase ENABLE TRIGGER subscriptions_phase_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0032_fees_of_phases")]
    operations = [migrations.RunSQL(FIRST, migrations.RunSQL.noop)]
