"""The first sheet of an XLSX, as a stream. Its directory is judged before a byte is unpacked."""

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterator
from typing import IO, Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser
from django.utils.translation import gettext as _

from resellerhub.kernel.sheets import BLOCK, Limits, Unreadable

END, END_SIZE, LONGEST_COMMENT = b"PK\x05\x06", 22, 1 << 16
MOST_LINES = 1_048_576
ENTRY = 512
"""So many bytes of the directory an entry takes at most, in any file that a spreadsheet program wrote."""


def workbook_lines(file: IO[bytes], limits: Limits) -> Iterator[tuple[int, list[str]]]:
    try:
        package = _package(file, limits)
        budget = [limits.elements]
        sheet = _first_sheet(package, budget)
        package.getinfo(sheet)
        texts = _Texts(budget, limits)
        for _done in _parsed(package, "xl/sharedStrings.xml", texts):
            pass
        cells = _Cells(budget, limits, texts.all)
        for _more in _parsed(package, sheet, cells):
            yield from cells.taken()
        yield from cells.taken()
    except DefusedXmlException as error:
        raise Unreadable(_("The file holds definitions that no spreadsheet needs, and is not read.")) from error
    except (zipfile.BadZipFile, SAXException, KeyError, ValueError, EOFError, OSError, RuntimeError) as error:
        raise Unreadable(_("This XLSX file is damaged.")) from error


def _package(file: IO[bytes], limits: Limits) -> zipfile.ZipFile:
    """Opened once its directory is known to be small; refused when it would unpack to too much."""
    size = file.seek(0, io.SEEK_END)
    start = max(0, size - END_SIZE - LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE or tail[max(0, at - 20) : at].startswith(b"PK\x06\x07"):
        raise Unreadable(_("This XLSX file is damaged."))
    entries, directory = struct.unpack("<HI", tail[at + 10 : at + 16])
    if entries > limits.parts or directory > limits.parts * ENTRY:
        raise Unreadable(_("This XLSX file has too many parts."))
    file.seek(0)
    package = zipfile.ZipFile(file)
    parts = package.infolist()
    if len(parts) > limits.parts:
        raise Unreadable(_("This XLSX file has too many parts."))
    tight = any(part.file_size > BLOCK and part.file_size > limits.ratio * part.compress_size for part in parts)
    if tight or sum(part.file_size for part in parts) > limits.unpacked:
        raise Unreadable(_("Unpacked, this XLSX file is too large."))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("This is an old or encrypted Excel file. Save it as XLSX or CSV."))
    return package


def _first_sheet(package: zipfile.ZipFile, budget: list[int]) -> str:
    """The name of the part that the workbook names first."""
    sheets, targets = _Attributes(budget, "sheet"), _Attributes(budget, "Relationship")
    for name, handler in (("xl/workbook.xml", sheets), ("xl/_rels/workbook.xml.rels", targets)):
        package.getinfo(name)
        for _done in _parsed(package, name, handler):
            pass
    wanted = next(value for key, value in sheets.all[0].items() if key.endswith(":id"))
    target = next(each["Target"] for each in targets.all if each.get("Id") == wanted)
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _parsed(package: zipfile.ZipFile, name: str, handler: ContentHandler) -> Iterator[None]:
    """Feed a part to a handler, block by block; nothing where the part is missing."""
    if name not in package.namelist():
        return
    parser: Any = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    with package.open(name) as part:
        while block := part.read(BLOCK):
            parser.feed(block)
            yield
    parser.close()


class _Counting(ContentHandler):
    """Elements cost time: all parts together may have so many."""

    def __init__(self, budget: list[int]) -> None:
        super().__init__()
        self.budget = budget

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  as xml.sax calls it
        self.budget[0] -= 1
        if self.budget[0] < 0:
            raise Unreadable(_("Unpacked, this XLSX file is too large."))
        self.begin(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:  # noqa: N802
        self.end(name.rpartition(":")[2])

    def begin(self, name: str, attrs: Any) -> None:
        pass

    def end(self, name: str) -> None:
        pass


class _Attributes(_Counting):
    """The attributes of every element of a name; a few hundred, or it is no workbook."""

    def __init__(self, budget: list[int], wanted: str) -> None:
        super().__init__(budget)
        self.wanted, self.all = wanted, list[dict[str, str]]()

    def begin(self, name: str, attrs: Any) -> None:
        if name == self.wanted:
            if len(self.all) == BLOCK:
                raise Unreadable(_("This XLSX file has too many parts."))
            self.all.append(dict(attrs.items()))


class _Text(_Counting):
    """Collects the text of `t` and `v`, but not of readings printed above a text (`rPh`)."""

    def __init__(self, budget: list[int], limits: Limits) -> None:
        super().__init__(budget)
        self.limits, self.text, self.length = limits, list[str](), 0
        self.listens = self.is_reading = False

    def begin(self, name: str, attrs: Any) -> None:
        self.is_reading = self.is_reading or name == "rPh"
        self.listens = name in ("t", "v") and not self.is_reading

    def end(self, name: str) -> None:
        self.listens = False
        self.is_reading = self.is_reading and name != "rPh"

    def characters(self, content: str) -> None:
        if self.listens and self.length <= self.limits.cell:
            self.text.append(content)
            self.length += len(content)

    def take(self) -> str:
        text, self.text, self.length = "".join(self.text), [], 0
        return text


class _Texts(_Text):
    """The texts that cells share."""

    def __init__(self, budget: list[int], limits: Limits) -> None:
        super().__init__(budget, limits)
        self.all = list[str]()

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            if len(self.all) == self.limits.texts:
                raise Unreadable(_("Unpacked, this XLSX file is too large."))
            self.all.append(self.take())


class _Cells(_Text):
    """Rows of a sheet, with the numbers that Excel shows; kept until they are taken."""

    def __init__(self, budget: list[int], limits: Limits, texts: list[str]) -> None:
        super().__init__(budget, limits)
        self.texts = texts
        self.rows: list[tuple[int, dict[int, str]]] = []
        self.number = self.column = 0
        self.kind = ""
        self.cells: dict[int, str] = {}

    def begin(self, name: str, attrs: Any) -> None:
        super().begin(name, attrs)
        if name == "row":
            number = int(attrs.get("r", self.number + 1))
            if not self.number < number <= MOST_LINES:
                raise ValueError(number)
            self.number, self.cells, self.column = number, {}, 0
        elif name == "c":
            self.column = _column(attrs.get("r", "")) or self.column + 1
            self.kind = attrs.get("t", "n")
            self.take()

    def end(self, name: str) -> None:
        super().end(name)
        if name == "c" and (text := self.take()):
            if self.column > self.limits.columns:
                facts = {"line": self.number, "most": self.limits.columns}
                raise Unreadable(_("Line %(line)s has more than %(most)s columns.") % facts, line=self.number)
            self.cells[self.column] = self.value(text)
        elif name == "row" and self.cells:
            self.rows.append((self.number, self.cells))

    def value(self, text: str) -> str:
        if self.kind == "s":
            return self.texts[int(text)]
        if self.kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        return text

    def taken(self) -> Iterator[tuple[int, list[str]]]:
        rows, self.rows = self.rows, []
        for number, cells in rows:
            yield number, [cells.get(column, "") for column in range(1, max(cells) + 1)]


def _column(reference: str) -> int:
    """3 of "C7"; 0 of nothing."""
    letters, number = reference[:10].rstrip("0123456789").upper(), 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(reference[:10])
        number = number * 26 + ord(letter) - 64
    return number
