"""What leaves as a file: guarded texts, typed cells, the columns and rows that the list shows."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from resellerhub.kernel.sheets import guarded
from resellerhub.web import exports
from resellerhub.web.tables import Column, MoneyColumn, NumberColumn, Table


class PriceTable(Table):
    name = Column(verbose_name="Name")
    quantity = NumberColumn(verbose_name="Quantity")
    price = MoneyColumn(verbose_name="Price")
    since = Column(verbose_name="Since")
    hidden = Column(verbose_name="Hidden")
    default_columns = ("name", "quantity", "price", "since")


ROWS = [
    {
        "name": "=1+1",
        "quantity": -5,
        "price": Decimal("-2.50"),
        "currency": "EUR",
        "since": date(2026, 1, 2),
        "hidden": 1,
    },
    {"name": "Söhne", "quantity": 999_890_001, "price": None, "currency": "EUR", "since": None, "hidden": 2},
]


def table() -> PriceTable:
    made = PriceTable(ROWS)
    made.show_only([])
    return made


def sheet(of):
    file = io.BytesIO()
    exports.write_rows(exports.table_rows(of), "xlsx", file)
    return openpyxl.load_workbook(file).active


def read_csv(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx", "＝1", " =1", "＠x"])
def test_a_text_that_a_spreadsheet_would_run_is_guarded(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, Decimal("-2.50"), "a=1", "1-2", ""])
def test_numbers_and_plain_texts_stay(value):
    assert guarded(value) == value


def test_csv_has_the_shown_columns_and_a_currency_beside_each_amount():
    response = exports.export(table(), "csv", "prices")
    assert response["Content-Disposition"] == 'attachment; filename="prices.csv"'
    assert read_csv(response) == [
        ["Name", "Quantity", "Price", "Price: currency", "Since"],
        ["'=1+1", "-5", "-2.50", "EUR", "2026-01-02"],
        ["Söhne", "999890001", "", "EUR", ""],
    ]


def test_xlsx_cells_are_typed_and_formulas_are_texts():
    rows = list(sheet(table()).iter_rows())
    assert [cell.value for cell in rows[1]][:4] == ["=1+1", -5, -2.5, "EUR"]
    assert rows[1][0].data_type == "s"
    assert rows[2][1].value == 999_890_001


def test_a_number_longer_than_a_sheet_can_hold_is_a_text():
    made = PriceTable([{"name": "n", "quantity": 1234567890123456789, "price": None}])
    made.show_only(["quantity"])
    assert sheet(made)["A2"].value == "1234567890123456789"


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a"b\r\nSet-Cookie: x', "prices.csv", "", "..."])
def test_the_file_name_is_made_safe(name):
    header = exports.export(table(), "csv", name)["Content-Disposition"]
    assert header.endswith('.csv"')
    assert not any(sign in header for sign in ("/", "\r", "\n"))
    assert header.count('"') == 2
