"""Tables that somebody uploads, CSV or XLSX, line by line. What is too large is refused before or while it is read.

XLSX is read as a stream of XML events, by hand: libraries make objects of what they read, and 30 MB of XML, which are
300 KB in a file, take gigabytes so.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import Refusal

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BLOCK = 1 << 16


@dataclass(frozen=True)
class Limits:
    """Of a file. `unpacked` and below it are of XLSX alone."""

    size: int = 10_000_000
    rows: int = 10_000
    columns: int = 50
    cell: int = 5_000
    unpacked: int = 30_000_000
    ratio: int = 100
    parts: int = 200
    elements: int = 2_000_000
    texts: int = 500_000


LIMITS = Limits()


class Unreadable(Refusal):
    """The file as a whole cannot be taken."""

    code, message, status = "unreadable-file", "{reason}", 422

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(field="file", reason=reason, **facts)


def guarded(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return value


def unguarded(text: str) -> str:
    """Without that apostrophe, for what we wrote and somebody uploads."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].lstrip(" ").startswith(FORMULA) else text


def lines(file: IO[bytes], limits: Limits = LIMITS) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not empty with its number as an editor or Excel shows it; the first is the headings."""
    from resellerhub.kernel.workbooks import workbook_lines

    size = file.seek(0, io.SEEK_END)
    if size > limits.size:
        raise Unreadable(_("The file is larger than %(most)s MB.") % {"most": limits.size // 1_000_000})
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    if head.startswith(OLD_EXCEL):
        raise Unreadable(_("This is an old or encrypted Excel file. Save it as XLSX or CSV."))
    found = workbook_lines(file, limits) if head == ZIP else _csv_lines(file, limits)
    yield from _bounded(found, limits)


def _bounded(found: Iterator[tuple[int, list[str]]], limits: Limits) -> Iterator[tuple[int, list[str]]]:
    count = 0
    for number, cells in found:
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > limits.rows + 1:
            raise Unreadable(_("The file has more than %(most)s rows.") % {"most": limits.rows})
        if len(cells) > limits.columns:
            facts = {"line": number, "most": limits.columns}
            raise Unreadable(_("Line %(line)s has more than %(most)s columns.") % facts, line=number)
        if any(len(cell) > limits.cell for cell in cells):
            facts = {"line": number, "most": limits.cell}
            raise Unreadable(_("A cell in line %(line)s has more than %(most)s characters.") % facts, line=number)
        yield number, cells


def _csv_lines(file: IO[bytes], limits: Limits) -> Iterator[tuple[int, list[str]]]:
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        rows = csv.reader(text, delimiter=_delimiter(text), strict=True)
        while True:
            number = rows.line_num + 1
            try:
                yield number, next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                raise Unreadable(_("Line %(line)s cannot be read as CSV.") % {"line": number}, line=number) from error
    finally:
        text.detach()  # closing is the caller's


def _encoding(file: IO[bytes]) -> str:
    """UTF-8 as the rule; else what Excel writes: UTF-16 with its mark, or the Western European code page."""
    head = file.read(2)
    marked = head in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        file.seek(0)
        if _is_text(file, encoding):
            file.seek(0)
            return encoding
    raise Unreadable(_("This is neither a CSV nor an XLSX file."))


def _is_text(file: IO[bytes], encoding: str) -> bool:
    decoder = io.TextIOWrapper(file, encoding=encoding)
    try:
        return not any("\0" in block for block in iter(lambda: decoder.read(BLOCK), ""))
    except UnicodeDecodeError:
        return False
    finally:
        decoder.detach()


def _delimiter(text: io.TextIOWrapper) -> str:
    """What parts the headings: a semicolon where Excel speaks German."""
    headings = text.readline(BLOCK)
    text.seek(0)
    return max(",;\t", key=headings.count)
