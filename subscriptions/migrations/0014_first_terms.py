"""What is held is in the term in which the day of this migration falls, counted from its start; of what has ended, in
that of its end."""

from django.db import migrations

FIRST = """
WITH lengths AS (
    SELECT s.id, s.started_on, greatest(coalesce(s.closed_on, (now() AT TIME ZONE 'UTC')::date), s.started_on) AS at,
           coalesce(ceil(greatest(f.minimum_months, f.cycle_months)::numeric / f.cycle_months)::int * f.cycle_months, 1)
               AS months
      FROM subscriptions_subscription s
      LEFT JOIN LATERAL (
           SELECT minimum_months, CASE cycle WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 WHEN 'half_year' THEN 6 ELSE 12
                                  END AS cycle_months
             FROM subscriptions_phase p JOIN subscriptions_phasefee pf ON pf.phase_id = p.id AND pf.stream = 'account'
            WHERE p.subscription_id = s.id ORDER BY p.id DESC LIMIT 1) AS f ON true
), guessed AS (
    SELECT *, ((extract(year FROM at) - extract(year FROM started_on)) * 12
               + extract(month FROM at) - extract(month FROM started_on))::int / months AS terms FROM lengths
), counted AS (
    SELECT *, CASE WHEN (started_on + make_interval(months => terms * months))::date > at
                   THEN terms - 1 ELSE terms END AS ended FROM guessed
)
UPDATE subscriptions_subscription s
   SET term_starts_on = (c.started_on + make_interval(months => c.ended * c.months))::date,
       renews_on = (c.started_on + make_interval(months => (c.ended + 1) * c.months))::date,
       anchor_day = extract(day FROM c.started_on),
       committed_at = (c.started_on + make_interval(months => c.ended * c.months)) AT TIME ZONE 'UTC'
  FROM counted c WHERE c.id = s.id;
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0013_terms")]
    operations = [migrations.RunSQL(FIRST, migrations.RunSQL.noop)]
