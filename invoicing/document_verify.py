"""Compares what is stored twice about documents: series with their numbers, documents with their lines, taxes and
papers, and what resellers are billed with what is charged for their customers.

SQL only: it reads every house.
"""

from resellerhub.kernel.money import MINOR_UNITS
from subscriptions.verify import found_by

WHOLE = ",".join(currency for currency, places in MINOR_UNITS.items() if not places)
"""Currencies without a minor unit."""

SERIES = {
    "gaps": """
SELECT format('series %%s: %%s numbers from %%s on, and the next is %%s', s.id, count(d.id), s.start, s.next_number)
  FROM invoicing_numberseries s LEFT JOIN invoicing_document d ON d.series_id = s.id
 GROUP BY s.id
HAVING count(d.id) <> s.next_number - s.start OR min(d.number) <> s.start OR max(d.number) <> s.next_number - 1
    OR max(d.issued_on) IS DISTINCT FROM s.last_issued_on
""",
    "order": """
SELECT format('document %%s (%%s) is of an earlier day than the one before, or does not stand on it', id, full_number)
  FROM (SELECT d.id, d.full_number, d.issued_on, d.number, d.previous_number,
               lag(d.issued_on) OVER run AS before, lag(d.number) OVER run AS last
          FROM invoicing_document d WHERE d.series_id IS NOT NULL
        WINDOW run AS (PARTITION BY d.series_id ORDER BY d.number)) AS rows
 WHERE issued_on < before OR previous_number IS DISTINCT FROM last
""",
}

SUMS = {
    "lines": """
SELECT format('document %%s: its lines come to %%s, and it says %%s', d.id, coalesce(l.net, 0), d.net)
  FROM invoicing_document d
  LEFT JOIN (SELECT document_id, sum(amount) AS net FROM invoicing_documentline GROUP BY 1) AS l ON l.document_id = d.id
 WHERE coalesce(l.net, 0) <> d.net
""",
    "taxes": """
SELECT format('document %%s: net %%s and tax %%s at the rates, %%s and %%s in sum', d.id, t.net, t.tax, d.net, d.tax)
  FROM invoicing_document d
  LEFT JOIN (SELECT document_id, sum(net) AS net, sum(tax) AS tax FROM invoicing_documenttax GROUP BY 1) AS t
    ON t.document_id = d.id
 WHERE (coalesce(t.net, 0), coalesce(t.tax, 0)) <> (d.net, d.tax)
""",
    "rates": f"""
SELECT format('document %%s: the tax on %%s at %%s is %%s', t.document_id, t.net, t.rate, t.tax)
  FROM invoicing_documenttax t JOIN invoicing_document d ON d.id = t.document_id
 WHERE d.kind <> 'credit_note'
   AND abs(t.tax - t.net * t.rate / 100) > CASE WHEN d.currency = ANY ('{{{WHOLE}}}') THEN 0.5 ELSE 0.005 END
""",
    "papers": """
SELECT format('document %%s: what is frozen of it says another number or sum', d.id)
  FROM invoicing_document d LEFT JOIN invoicing_frozenpaper p ON p.document_id = d.id
 WHERE (p.document_id IS NULL) <> (d.state = 'draft')
    OR p.content ->> 'number' <> d.full_number OR (p.content -> 'totals' ->> 'payable')::numeric <> d.payable
    OR (p.content -> 'totals' ->> 'net')::numeric <> d.net
""",
}

CHARGES = {
    "charges": """
SELECT format('document %%s, charge %%s: charged %%s, on paper %%s', d.id, c.id, c.amount, sum(l.amount))
  FROM invoicing_documentline l JOIN invoicing_document d ON d.id = l.document_id
  JOIN invoicing_charge c ON c.id = l.charge_id
 GROUP BY d.id, c.id
HAVING sum(l.amount) <> CASE WHEN d.kind = 'credit_note' THEN -c.amount ELSE c.amount END
    OR (c.issuer_id, c.payer_id, c.currency::text) <> (d.issuer_id, d.payer_id, d.currency::text)
""",
    "sections": """
SELECT format('document %%s: the section of customer %%s comes to %%s, its charges to %%s', document_id, section_id,
              sum(on_paper), sum(charged))
  FROM (SELECT l.document_id, l.section_id, sum(l.amount) AS on_paper, 0 AS charged
          FROM invoicing_documentline l JOIN invoicing_document d ON d.id = l.document_id
         WHERE d.is_roll_up AND d.kind = 'invoice' GROUP BY 1, 2
        UNION ALL
        SELECT document_id, holder_id, 0, sum(amount)
          FROM (SELECT DISTINCT l.document_id, nullif(c.holder_id, c.payer_id) AS holder_id, c.id, c.amount
                  FROM invoicing_documentline l JOIN invoicing_document d ON d.id = l.document_id
                  JOIN invoicing_charge c ON c.id = l.charge_id
                 WHERE d.is_roll_up AND d.kind = 'invoice') AS apart
         GROUP BY 1, 2) AS summed
 GROUP BY document_id, section_id HAVING sum(on_paper) <> sum(charged)
""",
}


def series() -> list[str]:
    """A sentence for each series with a gap, or whose dates go back."""
    return found_by(SERIES.values())


def sums() -> list[str]:
    """A sentence for each document that is not what stands on it, or not what was frozen of it."""
    return found_by(SUMS.values())


def charges() -> list[str]:
    """A sentence for each document that says another amount than was charged, as a whole or for a customer."""
    return found_by(CHARGES.values())
