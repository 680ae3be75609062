"""Compares what tenants store twice: the tree with the parents, which it repairs in SQL, counters with their rows."""

from django.db import connection

FINDINGS = """
WITH edges AS (SELECT tree_id, edge FROM tenants_tenant, unnest(ARRAY[lft, rght]) AS edge)
SELECT format('tenant %s: tree %s, bounds %s-%s, level %s, ancestors %s do not follow its parent %s',
              t.id, t.tree_id, t.lft, t.rght, t.level, t.ancestors, p.id)
  FROM tenants_tenant t JOIN tenants_tenant p ON p.id = t.parent_id
 WHERE t.tree_id <> p.tree_id OR t.lft <= p.lft OR t.rght >= p.rght OR t.level <> p.level + 1
    OR t.ancestors <> p.ancestors || t.id OR t.provider_id IS DISTINCT FROM p.provider_id OR p.kind <> 'reseller'
UNION ALL
SELECT format('tenant %s: level %s, left bound %s, ancestors %s are not a root''s', t.id, t.level, t.lft, t.ancestors)
  FROM tenants_tenant t
 WHERE t.parent_id IS NULL
   AND (t.level <> 0 OR t.lft <> 1 OR t.ancestors <> array_remove(ARRAY[t.provider_id, t.id], NULL))
UNION ALL
SELECT format('tree %s: %s roots', tree_id, count(*))
  FROM tenants_tenant WHERE parent_id IS NULL GROUP BY tree_id HAVING count(*) > 1
UNION ALL
SELECT format('tree %s: bound %s is used %s times', tree_id, edge, count(*))
  FROM edges GROUP BY tree_id, edge HAVING count(*) > 1
UNION ALL
SELECT format('tree %s: bounds reach %s for %s tenants', tree_id, max(rght), count(*))
  FROM tenants_tenant GROUP BY tree_id HAVING max(rght) <> 2 * count(*)
UNION ALL
SELECT format('tree %s: tenant %s has the veil %s in place of %s', t.tree_id, t.id, t.veil, coalesce(max(a.depth), 0))
  FROM tenants_tenant t
  LEFT JOIN (SELECT id, cardinality(ancestors) - 1 AS depth FROM tenants_tenant WHERE hides_customers_at IS NOT NULL) a
    ON a.id = ANY (t.ancestors) AND a.id <> t.id
 GROUP BY t.id HAVING t.veil <> coalesce(max(a.depth), 0)
"""

REBUILD = """
WITH RECURSIVE walk AS (
    SELECT id, ARRAY[(lft, id)::tenants_position] AS path, 0 AS depth
      FROM tenants_tenant WHERE parent_id IS NULL AND tree_id = %(tree)s
    UNION ALL
    SELECT c.id, w.path || (c.lft, c.id)::tenants_position, w.depth + 1
      FROM tenants_tenant c JOIN walk w ON c.parent_id = w.id),
sizes AS (SELECT (step).id, count(*) AS size FROM walk, unnest(path) AS step GROUP BY 1),
wanted AS (
    SELECT walk.id, walk.depth, sizes.size, 2 * row_number() OVER (ORDER BY walk.path) - 1 - walk.depth AS bound
      FROM walk JOIN sizes USING (id))
UPDATE tenants_tenant t SET lft = bound, rght = bound + 2 * size - 1, level = depth, tree_id = %(tree)s
  FROM wanted
 WHERE t.id = wanted.id
   AND (t.lft, t.rght, t.level, t.tree_id) IS DISTINCT FROM (bound, bound + 2 * size - 1, depth, %(tree)s)
"""

ANCESTORS = """
WITH RECURSIVE walk AS (
    SELECT id, array_remove(ARRAY[provider_id, id], NULL) AS ancestors
      FROM tenants_tenant WHERE parent_id IS NULL AND tree_id = %(tree)s
    UNION ALL
    SELECT c.id, w.ancestors || c.id FROM tenants_tenant c JOIN walk w ON c.parent_id = w.id)
UPDATE tenants_tenant t SET ancestors = walk.ancestors
  FROM walk WHERE t.id = walk.id AND t.ancestors IS DISTINCT FROM walk.ancestors
"""

VEILS = """
UPDATE tenants_tenant t SET veil = wanted.depth
  FROM (SELECT b.id, coalesce(max(a.depth), 0) AS depth
          FROM tenants_tenant b
          LEFT JOIN (SELECT id, cardinality(ancestors) - 1 AS depth
                       FROM tenants_tenant WHERE hides_customers_at IS NOT NULL) a
            ON a.id = ANY (b.ancestors) AND a.id <> b.id
         WHERE b.tree_id = %(tree)s GROUP BY b.id) AS wanted
 WHERE t.id = wanted.id AND t.veil <> wanted.depth
"""


def tree() -> list[str]:
    """A sentence for each place where bounds, levels, ancestors or veils disagree with the parents."""
    with connection.cursor() as cursor:
        cursor.execute(FINDINGS)
        return [finding for (finding,) in cursor.fetchall()]


MAILBOXES = """
SELECT format('tenant %s, %s: %s in use, %s there', coalesce(l.tenant_id, m.tenant_id), coalesce(l.tariff, m.tariff),
              coalesce(l.used, 0), coalesce(m.count, 0))
  FROM tenants_tarifflimit l
  FULL JOIN (SELECT tenant_id, tariff, count(*) FROM tenants_mailbox WHERE removed_at IS NULL GROUP BY 1, 2) m
    ON m.tenant_id = l.tenant_id AND m.tariff = l.tariff
 WHERE coalesce(l.used, 0) <> coalesce(m.count, 0)
"""


def mailboxes() -> list[str]:
    """A sentence for each limit whose counter is not the number of its mailboxes."""
    with connection.cursor() as cursor:
        cursor.execute(MAILBOXES)
        return [finding for (finding,) in cursor.fetchall()]


SUPPORT = """
SELECT format('customer %s: its account says level %s, its open phase %s of seller %s', t.id, a.support_level_id,
              p.level_id, p.seller_id)
  FROM tenants_customeraccount a JOIN tenants_tenant t ON t.id = a.tenant_id
  LEFT JOIN tenants_supportphase p ON p.tenant_id = t.id AND p.ends_on IS NULL
 WHERE (t.kind = 'customer' AND t.status <> 'closed'
        AND (p.level_id, p.seller_id) IS DISTINCT FROM (a.support_level_id, coalesce(t.parent_id, t.provider_id)))
    OR ((t.kind <> 'customer' OR t.status = 'closed') AND p.id IS NOT NULL)
UNION ALL
SELECT format('support phase %s: %s owe for it, %s stand above', p.id, count(d.id), wanted.count)
  FROM tenants_supportphase p JOIN tenants_tenant t ON t.id = p.tenant_id
  LEFT JOIN tenants_supportdebt d ON d.phase_id = p.id
 CROSS JOIN LATERAL (SELECT count(*) - 1 AS count FROM unnest(t.ancestors) AS u (id)
                      WHERE NOT EXISTS (SELECT FROM tenants_resellerterms r
                                         WHERE r.tenant_id = u.id AND r.type = 'commission')) AS wanted
 WHERE p.ends_on IS NULL GROUP BY p.id, wanted.count HAVING count(d.id) <> wanted.count
"""


def support() -> list[str]:
    """A sentence for each customer whose support is another than its timeline says, or is not owed along its line."""
    with connection.cursor() as cursor:
        cursor.execute(SUPPORT)
        return [finding for (finding,) in cursor.fetchall()]
