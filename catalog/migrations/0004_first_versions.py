"""What a package granted until now is its first version, from the day on which the package was made."""

from django.db import migrations

VERSIONS = """
INSERT INTO catalog_packageversion (package_id, effective_on, made_at)
SELECT id, (created_at AT TIME ZONE 'UTC')::date, created_at FROM catalog_package ORDER BY id;

DELETE FROM catalog_packageresource WHERE "limit" = 0;
UPDATE catalog_packageresource r SET version_id = v.id FROM catalog_packageversion v WHERE v.package_id = r.package_id;
"""
UNDO = """
UPDATE catalog_packageresource r SET package_id = v.package_id FROM catalog_packageversion v WHERE v.id = r.version_id;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_fees")]
    operations = [migrations.RunSQL(VERSIONS, UNDO)]
