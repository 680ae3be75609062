"""A paper as a file to hand out: the one door to all formats.

What makes a format is imported when the first file of it is made: reportlab, drafthorse and factur-x with what they
bring along take more than a second to load, and a web process that shows lists needs none of them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from invoicing.papers.einvoice import lacking, may_be
from invoicing.papers.paper import Paper


class Format(StrEnum):
    PDF = "pdf"
    HYBRID = "hybrid"
    XML = "xml"
    CSV = "csv"
    EXCEL = "excel"


TYPES = {
    Format.PDF: ("application/pdf", ".pdf"),
    Format.HYBRID: ("application/pdf", "-e-invoice.pdf"),
    Format.XML: ("application/xml", ".xml"),
    Format.CSV: ("text/csv; charset=utf-8", ".csv"),
    Format.EXCEL: ("text/csv; charset=utf-8", "-excel.csv"),
}


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    content: bytes


def file_of(paper: Paper, kind: Format, logo: bytes | None = None) -> File:
    """Ask `offered` first. `logo` is the PNG that `paper.head.logo` is the digest of."""
    content_type, ending = TYPES[kind]
    return File(f"{stem(paper)}{ending}", content_type, _made(paper, kind, logo))


def stem(paper: Paper) -> str:
    """The name of its files without their endings: its number, as far as every system takes it."""
    return re.sub(r"[^\w.-]+", "-", paper.number).strip("-.")[:80] or f"{paper.kind}-draft"


def offered(paper: Paper) -> list[Format]:
    """An e-invoice of what a tax office knows alone, and of what is complete."""
    electronic = [Format.HYBRID, Format.XML] if may_be(paper) and not lacking(paper) else []
    return [Format.PDF, *electronic, Format.CSV, Format.EXCEL]


def _made(paper: Paper, kind: Format, logo: bytes | None) -> bytes:
    if kind is Format.PDF:
        from invoicing.papers import pdf

        return pdf.printed(paper, logo)
    if kind is Format.HYBRID:
        from invoicing.papers import hybrid

        return hybrid.printed(paper, logo)
    if kind is Format.XML:
        from invoicing.papers import cii

        return cii.xrechnung(paper)
    from invoicing.papers import sheet

    flavour = sheet.Flavour.GERMAN_EXCEL if kind is Format.EXCEL else sheet.Flavour.MACHINE
    return "".join(sheet.written([paper], flavour)).encode()
