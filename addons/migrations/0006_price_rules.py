from django.db import migrations

KEY = """
ALTER TABLE catalog_pricerule
  ADD CONSTRAINT price_rule_add_on FOREIGN KEY (add_on_id) REFERENCES addons_addon (id) DEFERRABLE INITIALLY DEFERRED;
"""
UNDO = "ALTER TABLE catalog_pricerule DROP CONSTRAINT price_rule_add_on;"


class Migration(migrations.Migration):
    """The add-on of a price rule is one that there is: the catalogue does not know this app."""

    dependencies = [("addons", "0005_description"), ("catalog", "0008_cancellation_window")]
    operations = [migrations.RunSQL(KEY, UNDO)]
