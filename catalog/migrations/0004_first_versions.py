"""What a package granted until now is its first version, from the day on which the package was made."""

from django.db import migrations

VERSIONS = """
INSERT INTO catalog_packageversion (package_id, effective_on, made_at)
SELECT id, (created_at AT TIME ZONE 'UTC')::date, created_at FROM catalog_package ORDER BY id;

DELETE FROM catalog_packageresource WHERE "limit" = 0;
UPDATE catalog_packageresource r SET version_id = v.id FROM catalog_packageversion v WHERE v.package_id = r.package_id;
"""
UNDO = """
DELETE FROM catalog_packageresource WHERE version_id NOT IN (
    SELECT DISTINCT ON (package_id) id FROM catalog_packageversion
     ORDER BY package_id, effective_on > (now() AT TIME ZONE 'UTC')::date, effective_on DESC, id DESC);
UPDATE catalog_packageresource r SET package_id = v.package_id FROM catalog_packageversion v WHERE v.id = r.version_id;
"""
"""Going back, a package grants what its version in force does."""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_fees")]
    operations = [migrations.RunSQL(VERSIONS, UNDO)]
