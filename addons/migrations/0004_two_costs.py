from django.db import migrations, models

KNOWN = """
UPDATE addons_bulksale b
   SET reseller_cost = CASE WHEN a.tenant_id = a.provider_id THEN coalesce(b.own_cost, a.reseller_price)
                            ELSE a.reseller_price END,
       own_cost = CASE WHEN a.copied_from_id IS NOT NULL THEN b.own_cost END
  FROM addons_addon a WHERE a.id = b.add_on_id
"""


class Migration(migrations.Migration):
    """A bulk sale keeps what the add-on costs its owner, and what it costs the resellers beneath the owner."""

    dependencies = [("addons", "0003_frozen_terms")]

    operations = [
        migrations.RenameField("bulksale", "unit_cost", "own_cost"),
        migrations.AlterField(
            "bulksale",
            "own_cost",
            models.DecimalField("cost for its owner", max_digits=18, decimal_places=6, null=True),
        ),
        migrations.AddField(
            "bulksale",
            "reseller_cost",
            models.DecimalField("cost for resellers", max_digits=18, decimal_places=6, default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
