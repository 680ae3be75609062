"""What holds of sales that go on as others, and of what is due once for them, against any SQL of the application's login."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import F, Q

SQL = Path(__file__).resolve().parent.parent / "sql"

ACTIVATIONS = """
INSERT INTO addons_addononeoff (provider_id, sale_id, kind, "on", payer_id, issuer_id, fee_version_id, once_of_id,
                                currency, amount, made_at)
SELECT s.provider_id, s.id, 'activation', (s.sold_at AT TIME ZONE 'UTC')::date, owed.payer_id, owed.issuer_id, f.id,
       CASE WHEN NOT owed.is_each THEN f.fee_id END, s.currency, f.activation_amount, s.sold_at
  FROM addons_addonsale s CROSS JOIN LATERAL addons_owed(s.id) AS owed
  JOIN catalog_feeversion f ON f.id = owed.fee_version_id AND f.activation_amount > 0
 WHERE s.origin_id IS NULL ORDER BY s.id ON CONFLICT DO NOTHING;
"""
"""What was sold until now is due as well."""


class Migration(migrations.Migration):
    dependencies = [("addons", "0014_first_facts")]

    operations = [
        migrations.AddConstraint(
            "addonsale",
            models.CheckConstraint(
                condition=Q(state="active", ended_at__isnull=True)
                | Q(state__in=("cancelled", "continued"), ended_at__isnull=False, ended_at__gte=F("sold_at")),
                name="add_on_sale_ended",
            ),
        ),
        migrations.AddConstraint(
            "addonsale",
            models.CheckConstraint(
                condition=Q(unit_cost__isnull=True) | Q(cost_issuer__isnull=False), name="add_on_sale_cost_owed"
            ),
        ),
        migrations.AddConstraint(
            "addonsale",
            models.UniqueConstraint(
                F("origin"), condition=Q(origin__isnull=False, state="active"), name="add_on_sale_goes_on_once"
            ),
        ),
        migrations.RunSQL((SQL / "facts.sql").read_text(), (SQL / "facts_undo.sql").read_text()),
        migrations.RunSQL(ACTIVATIONS, migrations.RunSQL.noop),
    ]
