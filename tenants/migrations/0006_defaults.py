"""What every provider has from its first day: both types of reseller, and four support levels."""

from django.db import migrations

DEFAULTS = """
INSERT INTO tenants_resellertypesetting (provider_id, type, is_enabled, label, terms, version)
SELECT p.id, t.type, true, '', '', 1
  FROM tenants_tenant p, (VALUES ('prepaid'), ('commission')) AS t (type) WHERE p.kind = 'provider';

INSERT INTO tenants_supportlevel (provider_id, code, name, monthly_fee, currency, provider_supports, is_active, position)
SELECT s.tenant_id, l.code, l.name, 0, s.currency, l.position > 0, true, l.position
  FROM tenants_providersettings s,
       (VALUES ('reseller', 'Reseller', 0), ('silver', 'Silver', 1), ('gold', 'Gold', 2), ('platinum', 'Platinum', 3))
         AS l (code, name, position);
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_veil")]
    operations = [migrations.RunSQL(DEFAULTS, migrations.RunSQL.noop)]
