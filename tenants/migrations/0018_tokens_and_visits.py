"""Tokens for the domains that are there, which are claims from now on; visits that nobody rewrites; a log that does not
tell account numbers.
"""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"
TOKENS = """
    UPDATE tenants_branding SET domain_token = replace(gen_random_uuid()::text, '-', '')
    WHERE domain IS NOT NULL AND domain_token = ''
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0017_proven_brands")]
    operations = [
        migrations.RunSQL(TOKENS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "branding",
            models.CheckConstraint(
                condition=models.Q(("domain", None), models.Q(("domain_token", ""), _negated=True), _connector="OR"),
                name="tenants_branding_token",
            ),
        ),
        migrations.RunSQL((SQL / "visits.sql").read_text(), (SQL / "visits_undo.sql").read_text()),
        migrations.RunSQL((SQL / "masked_accounts.sql").read_text(), migrations.RunSQL.noop),
    ]
