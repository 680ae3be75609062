"""Holds balances against the documents, payments and allocations that they are of. It reads every house."""

from collections.abc import Iterator

from django.db import connection

WRONG = """
WITH counted AS (
    SELECT issuer_id, payer_id, currency, sum(billed) AS billed, sum(paid) AS paid, sum(allocated) AS allocated FROM (
        SELECT d.issuer_id, d.payer_id, d.currency, invoicing_owed(d) AS billed, 0 AS paid, 0 AS allocated
          FROM invoicing_document d WHERE d.state = 'issued' AND d.kind IN ('invoice', 'credit_note')
        UNION ALL
        SELECT issuer_id, payer_id, currency, 0, amount, 0 FROM invoicing_payment
        UNION ALL
        SELECT p.issuer_id, p.payer_id, p.currency, 0, 0, sign(p.amount) * a.amount
          FROM invoicing_allocation a JOIN invoicing_payment p ON p.id = a.payment_id) AS rows
     GROUP BY issuer_id, payer_id, currency)
SELECT format('balance of tenant %s to %s: %s billed, %s paid, %s allocated, counted %s, %s, %s %s', payer_id,
              issuer_id, b.billed, b.paid, b.allocated, c.billed, c.paid, c.allocated, currency)
  FROM invoicing_balance b FULL JOIN counted c USING (issuer_id, payer_id, currency)
 WHERE (coalesce(b.billed, 0), coalesce(b.paid, 0), coalesce(b.allocated, 0))
    <> (coalesce(c.billed, 0), coalesce(c.paid, 0), coalesce(c.allocated, 0))
 ORDER BY issuer_id, payer_id, currency
"""

SETTLED = """
SELECT format('document %s: %s of %s settled', d.full_number, sum(a.amount), abs(invoicing_owed(d)))
  FROM invoicing_document d JOIN invoicing_allocation a ON d.id IN (a.document_id, a.credit_id)
 GROUP BY d.id
HAVING NOT sum(a.amount) BETWEEN 0 AND abs(invoicing_owed(d)) OR (d.state <> 'issued' AND sum(a.amount) <> 0)
 ORDER BY d.id
"""


def balances() -> Iterator[str]:
    """A sentence for each account whose sums are others, and for each document that is settled by more than it is."""
    with connection.cursor() as cursor:
        for sql in (WRONG, SETTLED):
            cursor.execute(sql)
            yield from (sentence for (sentence,) in cursor.fetchall())
