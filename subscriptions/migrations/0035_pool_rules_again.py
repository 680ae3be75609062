"""The rules of pools as they are now, for whoever has them from before; what came of a pool that was taken back is over."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
OVER = """
UPDATE subscriptions_pool beneath SET reclaimed_at = above.at
  FROM (SELECT b.id, min(a.reclaimed_at) AS at FROM subscriptions_pool b
          JOIN subscriptions_pool a ON a.id = ANY (b.line) AND a.reclaimed_at IS NOT NULL
         WHERE b.reclaimed_at IS NULL AND b.state IN ('pending', 'active') GROUP BY b.id) AS above
 WHERE beneath.id = above.id;
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0034_past_rules")]
    operations = [
        migrations.RunSQL(
            (SQL / "pools_undo.sql").read_text() + (SQL / "pools.sql").read_text(), migrations.RunSQL.noop
        ),
        migrations.RunSQL(OVER, migrations.RunSQL.noop),
    ]
