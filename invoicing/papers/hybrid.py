"""A PDF/A-3 that carries the same invoice as XML: people read the one, programs the other.

Not the same bytes each time, because factur-x writes when it was made: it is made once, and kept. Imported where one
is made: factur-x takes most of a second to load.
"""

from facturx import generate_from_binary

from invoicing.papers import cii, pdf
from invoicing.papers.einvoice import may_be
from invoicing.papers.fonts import printable
from invoicing.papers.look import Look
from invoicing.papers.paper import Paper


def printed(paper: Paper, logo: bytes | None = None) -> bytes:
    """The PDF with the XML of EN 16931 in it; what is no invoice, such as a draft, without."""
    plain = pdf.printed(paper, logo)
    if not may_be(paper):
        return plain
    look = Look(paper)
    issuer = printable(paper.issuer.name, 200)
    made: bytes = generate_from_binary(
        plain,
        cii.invoice(paper),
        flavor="factur-x",
        level="en16931",
        check_xsd=False,  # it was, when it was written
        afrelationship="alternative",
        lang="de-DE" if look.formats.is_german else "en-GB",
        pdf_metadata={"author": issuer, "title": pdf.title(look), "subject": look.title, "keywords": "Factur-X"},
    )
    return made
