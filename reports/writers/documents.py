"""Documents as a file: all of them with all their lines, or the lines alone."""

from collections.abc import Iterable
from datetime import date
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from invoicing.models import Document
from invoicing.papers import sheet
from invoicing.papers.files import Format, file_of, offered, stem
from invoicing.papers.paper import Paper
from invoicing.papers.sheet import Flavour
from invoicing.selectors.papers import frozen_papers, logo_of, readable_among
from reports.models import ReportRun
from reports.refusals import TooManyDocuments
from tenants.actor import Actor

MOST = 20_000
LINES = {"lines.csv": Flavour.MACHINE, "lines-excel.csv": Flavour.GERMAN_EXCEL}
EARLIEST = date(1980, 1, 1)
"""A ZIP knows no day before."""


def write(run: ReportRun, asked: Any, actor: Actor, file: IO[bytes]) -> int:
    """What was issued and the actor may read every name of, the oldest first; how many documents there are."""
    rows = readable_among(actor, asked.qs.exclude(state=Document.State.DRAFT)).order_by("issued_on", "pk")
    count: int = rows.count()
    if run.format == ReportRun.Format.CSV:
        _write_lines(file, (paper for _document, paper in frozen_papers(rows)), Flavour.MACHINE)
        return count
    if count > MOST:
        raise TooManyDocuments(most=MOST, found=count)
    with ZipFile(file, "w") as packed:
        _pack(packed, rows)
        for name, flavour in LINES.items():
            with packed.open(_entry(name, EARLIEST, ZIP_DEFLATED), "w", force_zip64=True) as lines:
                _write_lines(lines, (paper for _document, paper in frozen_papers(rows)), flavour)
    return count


def _pack(packed: ZipFile, rows: Any) -> None:
    """Each as PDF, with the e-invoice within where it can be one, and as XML beside it."""
    logos: dict[tuple[int, str], bytes | None] = {}
    names: set[str] = set()
    for document, paper in frozen_papers(rows):
        key = document.provider_id, paper.head.logo
        if key not in logos:
            logos[key] = logo_of(paper, document.provider_id)
        name = stem(paper) if stem(paper) not in names else f"{stem(paper)}-{document.pk}"  # of another issuer
        names.add(name)
        kinds = [Format.HYBRID, Format.XML] if Format.HYBRID in offered(paper) else [Format.PDF]
        for kind in kinds:
            ending = ".xml" if kind is Format.XML else ".pdf"
            how = ZIP_DEFLATED if kind is Format.XML else ZIP_STORED  # a PDF is packed already
            packed.writestr(_entry(f"{name}{ending}", paper.issued_on, how), file_of(paper, kind, logos[key]).content)


def _entry(name: str, day: date, how: int) -> ZipInfo:
    entry = ZipInfo(name, (max(day, EARLIEST).year, max(day, EARLIEST).month, max(day, EARLIEST).day, 0, 0, 0))
    entry.compress_type = how
    return entry


def _write_lines(file: IO[bytes], papers: Iterable[Paper], flavour: Flavour) -> None:
    for line in sheet.written(papers, flavour):
        file.write(line.encode())
