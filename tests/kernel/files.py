"""Files that somebody might upload, good ones and bombs."""

import csv
import io
import random
import zipfile
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = f'<workbook xmlns="{NS}" xmlns:r="{REL}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
RELS = f'<Relationships><Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'


def csv_file(rows: Iterable[Sequence[object]], *, delimiter: str = ",", encoding: str = "utf-8") -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def xlsx_file(rows: Iterable[Sequence[object]]) -> io.BytesIO:
    """As Excel's like would write it."""
    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file


def package(sheet: str | bytes, *, texts: str = "", prologue: str = "") -> io.BytesIO:
    """An XLSX by hand: whatever XML its parts are to hold."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", prologue + BOOK)
        book.writestr("xl/_rels/workbook.xml.rels", RELS)
        book.writestr("xl/worksheets/sheet1.xml", sheet)
        if texts:
            book.writestr("xl/sharedStrings.xml", texts)
    return file


def sheet_of(rows: str) -> str:
    return f'<worksheet xmlns="{NS}"><sheetData>{rows}</sheetData></worksheet>'


def many_parts(count: int) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for number in range(count):
            book.writestr(f"{number}.xml", "")
    return file


ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
CELL = '<c t="inlineStr"><is><t>x</t></is></c>'


def bombs() -> dict[str, io.BytesIO]:
    """Each small enough to be uploaded, and meant to be read into gigabytes, for hours, or from elsewhere."""
    noise = random.Random(1)  # noqa: S311  the same each time
    unlike = b"".join(b"<c r='%x'/>" % noise.getrandbits(64) for _ in range(400_000))
    return {
        "much in little": package(b"0" * 50_000_000),
        "one row again and again": package(sheet_of(f"<row>{CELL}</row>" * 200_000)),
        "a row without end": package(b"<worksheet><row>" + unlike + b"</row></worksheet>"),
        "a name without end": package(b"<worksheet><" + unlike.replace(b"<c r='", b"").replace(b"'/>", b"") + b"/>"),
        "texts without end": package(sheet_of(CELL), texts="<sst>" + "<si/>" * 600_000 + "</sst>"),
        "external entity": package(ENTITY + sheet_of("<row><c><v>&a;</v></c></row>")),
        "external entity in the workbook": package(sheet_of(CELL), prologue=ENTITY),
        "entities in the texts": package(sheet_of(CELL), texts=f"{LAUGHS}<sst><si><t>&b;</t></si></sst>"),
        "parts without end": many_parts(10_000),
        "lines beyond a sheet": package(sheet_of('<row r="99999999999"><c><v>1</v></c></row>')),
        "a line twice": package(sheet_of('<row r="2"><c><v>1</v></c></row>' * 2)),
        "columns beyond all": package(sheet_of('<row><c r="ZZZ1"><v>1</v></c></row>')),
        "a column that is none": package(sheet_of('<row><c r="-1"><v>1</v></c></row>')),
        "a text without end": package(sheet_of(f"<row><c><v>{unlike[:20_000].hex()}</v></c></row>")),
        "no sheet": many_parts(1),
        "cut off": io.BytesIO(xlsx_file([["email"]]).getvalue()[:-30]),
        "quotes without end": csv_file([["email"], ["x" * 9_000_000]]),
        "a quote that does not close": io.BytesIO(b'email\n"' + b"x\n" * 1_000_000),
        "more columns than there can be": csv_file([["email"], ["x"] * 100_000]),
        "more rows than there may be": csv_file([["email"], *[["x"]] * 10_001]),
        "old excel": io.BytesIO(b"\xd0\xcf\x11\xe0" + b"\0" * 100),
        "a picture": io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        "half of utf-16": io.BytesIO(b"\xff\xfea"),
    }
