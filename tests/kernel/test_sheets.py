"""Uploaded tables: read as they were meant, and refused before they do harm."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from resellerhub.kernel.sheets import Limits, Unreadable, lines
from tests.kernel.files import bombs, csv_file, package, sheet_of, xlsx_file

READER = Path(__file__).with_name("read_in_peace.py")
ROWS = [["E-mail", "Organisation"], ["a@lark.example", "Lärche & Söhne"], [], ["b@lark.example", 'The "B"\nTeam']]
READ = [(1, ROWS[0]), (2, ROWS[1]), (4, ROWS[3])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_any_program_writes_it(encoding: str, delimiter: str):
    assert list(lines(csv_file(ROWS, delimiter=delimiter, encoding=encoding))) == READ


def test_xlsx_as_excel_writes_it():
    assert list(lines(xlsx_file(ROWS))) == READ


def test_what_a_cell_holds_is_what_is_seen():
    texts = "<sst><si><t>shared</t></si><si><r><t>in </t></r><r><t>parts</t></r><rPh><t>read so</t></rPh></si></sst>"
    cells = (
        '<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c><v>4930123456</v></c><c t="b"><v>1</v></c>'
        '<c t="str"><f>A1</f><v>made</v></c><c r="G9" t="inlineStr"><is><t>inline</t></is></c>'
    )
    file = package(sheet_of(f'<row r="9">{cells}</row><row r="11"><c r="B11" s="1"/></row>'), texts=texts)
    assert list(lines(file)) == [(9, ["shared", "in parts", "4930123456", "TRUE", "made", "", "inline"])]


def test_a_line_is_numbered_as_an_editor_shows_it():
    file = io.BytesIO(b'email\r\n\r\n"a\nb"\r\nc\r\n')
    assert list(lines(file)) == [(1, ["email"]), (3, ["a\nb"]), (5, ["c"])]


def test_the_largest_that_is_taken_is_taken():
    rows = [["email"], *[[f"{number}@lark.example"] for number in range(10_000)]]
    assert len(list(lines(csv_file(rows)))) == len(list(lines(xlsx_file(rows)))) == 10_001


def test_too_large_is_refused_unread():
    class Unread(io.BytesIO):
        def read(self, *args):
            raise AssertionError("it was read")

    with pytest.raises(Unreadable):
        list(lines(Unread(b"x" * 101), Limits(size=100)))


def test_a_directory_that_lies_gains_nothing(tmp_path: Path):
    """Declared small, packed large: no more is unpacked than was declared."""
    data = bytearray(package(sheet_of("<row><c><v>1</v></c></row>" + " " * 1_000_000)).getvalue())
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        size = book.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = bytes(data).replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(Unreadable):
        list(lines(io.BytesIO(lying)))


def test_bombs_are_refused_in_little_memory(tmp_path: Path):
    """In a process of its own, whose peak is measured."""
    names = {}
    for number, (name, file) in enumerate(bombs().items()):
        path = tmp_path / str(number)
        path.write_bytes(file.getvalue())
        names[str(path)] = name
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(1_000_000_000)
    names[str(huge)] = "a CSV of 1 GB"
    run = subprocess.run([sys.executable, READER, *names], capture_output=True, text=True, check=True, timeout=120)
    told = json.loads(run.stdout)
    assert {names[path]: how for path, how in told["outcomes"].items() if how != "unreadable-file"} == {}
    assert told["grown"] < 300
