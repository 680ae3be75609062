"""What comes of each target of a sale, in SQL: the same text decides a chunk, a single sale and a preview.

A statement is put together as `WITH RECURSIVE item AS (…), barred AS (…), <DECISION> …`. `item` gives rows (item_id,
position, subscription_id) in the order in which they count, sellers before those who buy from them; `barred` the pairs
(seller_id, price_list_id) whose price is out of bounds, each once. Afterwards `decided` has each item with its outcome:
`is_sold`, or a `reason` with its `facts`. All values come from `Terms.params`.

Booleans are selected by, never texts compared: PostgreSQL takes a comparison with a computed text for nearly always
false, expects a handful of rows and loops where it should hash (minutes in place of milliseconds).
"""

REASONS = (
    "closed",
    "suspended",
    "not_associated",
    "not_over_quota",
    "already_sold",
    "price_out_of_bounds",
    "oversell_refused",
)

TARGET = """
raised AS (
    SELECT * FROM unnest(%(resources)s::bigint[], %(amounts)s::bigint[]) AS r(resource_id, amount)),
target AS (
    SELECT told.*, told.reason = '' AS is_open FROM (
        SELECT i.item_id, i.position, s.id AS subscription_id, s.tenant_id, s.seller_id, s.source_id,
               coalesce(list.id, 0) AS price_list_id,
               CASE WHEN s.state = 'closed' OR (s.renews_on <= day.today AND (NOT s.renews OR EXISTS (
                        SELECT FROM subscriptions_plannedchange p
                         WHERE p.subscription_id = s.id AND p.kind = 'end' AND p.state = 'planned'
                           AND p."on" <= day.today)) AND NOT EXISTS (
                        SELECT FROM subscriptions_subscription d WHERE d.source_id = s.id AND d.state <> 'closed'))
                        THEN 'closed'
                    WHEN s.state <> 'active' OR source.state <> 'active' OR holder.status <> 'active'
                         OR seller.status <> 'active' THEN 'suspended'
                    WHEN s.package_id <> ALL (ARRAY(
                        SELECT package_id FROM addons_addonpackage WHERE add_on_id = %(add_on)s))
                        THEN 'not_associated'
                    WHEN %(only_over_quota)s AND NOT EXISTS (
                        SELECT FROM subscriptions_holding h WHERE h.subscription_id = s.id
                           AND h.resource_id = ANY (%(resources)s) AND h.remaining < 0)
                        THEN 'not_over_quota'
                    WHEN %(skip_already_sold)s AND EXISTS (
                        SELECT FROM addons_addonsale a
                         WHERE a.subscription_id = s.id AND a.add_on_id = ANY (%(same)s) AND a.state = 'active')
                        THEN 'already_sold'
                    WHEN barred.seller_id IS NOT NULL THEN 'price_out_of_bounds'
                    ELSE '' END AS reason,
               s.source_id IS NOT NULL AND NOT coalesce(terms.may_oversell, true) AS is_limited
          FROM item i
         CROSS JOIN (SELECT coalesce(%(day)s::date, (now() AT TIME ZONE 'UTC')::date) AS today) AS day
          JOIN subscriptions_subscription s ON s.id = i.subscription_id
          LEFT JOIN subscriptions_subscription source ON source.id = s.source_id
          JOIN tenants_tenant holder ON holder.id = s.tenant_id
          JOIN tenants_tenant seller ON seller.id = s.seller_id
          LEFT JOIN tenants_resellerterms terms ON terms.tenant_id = seller.id
          LEFT JOIN catalog_pricelistholder held ON held.tenant_id = s.tenant_id
          LEFT JOIN catalog_pricelist list
            ON list.id = held.price_list_id AND list.is_active AND list.tenant_id = s.seller_id
          LEFT JOIN barred ON barred.seller_id = s.seller_id AND barred.price_list_id = coalesce(list.id, 0)
        OFFSET 0) AS told),
"""
"""What each target says by itself; the first reason counts. Closed is also what should have ended by now.
OFFSET keeps the CASE from being worked out twice."""

LINE = """
waiting AS (
    SELECT item_id, subscription_id, source_id, row_number() OVER (PARTITION BY source_id ORDER BY position) AS turn
      FROM target WHERE is_open AND is_limited),
room AS (
    SELECT DISTINCT ON (source.id) source.id AS source_id, r.resource_id, r.amount, left_over.units,
           coalesce(h.allocated - h.sold, 0) AS remaining
      FROM (SELECT DISTINCT source_id AS id FROM waiting) AS source CROSS JOIN raised r
      LEFT JOIN subscriptions_holding h ON h.subscription_id = source.id AND h.resource_id = r.resource_id
      CROSS JOIN LATERAL (SELECT floor(coalesce(h.allocated - h.sold, 0)::numeric / r.amount)) AS left_over(units)
     ORDER BY source.id, left_over.units, r.resource_id),
line AS (
    SELECT w.item_id, w.subscription_id, w.source_id, w.turn, (above.item_id IS NOT NULL)::int AS more,
           w.turn <= room.units + (above.item_id IS NOT NULL)::int AS fits
      FROM waiting w JOIN room USING (source_id)
      LEFT JOIN target above ON above.subscription_id = w.source_id AND above.is_open AND NOT above.is_limited
     WHERE NOT EXISTS (SELECT FROM waiting first WHERE first.subscription_id = w.source_id)
    UNION ALL
    SELECT w.item_id, w.subscription_id, w.source_id, w.turn, line.fits::int, w.turn <= room.units + line.fits::int
      FROM line JOIN waiting w ON w.source_id = line.subscription_id JOIN room ON room.source_id = w.source_id),
"""
"""Who draws on a seller that may not oversell stands in line for the room that the seller's own subscription has, in
units of this sale (the smallest over what the add-on raises). A seller that is sold to in this very line has room for
one more, since every target is granted the same: hence from the top of the tree downwards."""

DECISION = (
    TARGET
    + LINE
    + """
refused AS (
    SELECT line.item_id, jsonb_build_object(
               'resource', resource.name, 'asked', room.amount,
               'remaining', greatest(
                   room.remaining + line.more * room.amount - greatest(room.units + line.more, 0) * room.amount, 0)
           ) AS facts
      FROM line JOIN room USING (source_id) JOIN catalog_resource resource ON resource.id = room.resource_id
     WHERE NOT line.fits),
decided AS (
    SELECT t.item_id, t.position, t.subscription_id, t.tenant_id, t.seller_id, t.source_id, t.price_list_id,
           CASE WHEN r.item_id IS NULL THEN t.reason ELSE 'oversell_refused' END AS reason,
           t.is_open AND r.item_id IS NULL AS is_sold, r.facts
      FROM target t LEFT JOIN refused r USING (item_id))
"""
)
