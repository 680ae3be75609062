"""What pages and endpoints that take a table share."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.utils.translation import override

from tenants.directory_columns import added_columns
from tenants.roles import Kind
from tenants.services.reading import FaultyRows
from tenants.tables.tenants import CustomerTable, ResellerTable

T = TypeVar("T")


class UploadErrors:
    """Keeps the refusal of single rows, which is more than fits beside a field."""

    def __init__(self) -> None:
        self.refused: FaultyRows | None = None

    def note(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except FaultyRows as refusal:
            self.refused = refusal
            raise


def own_headings(kind: str) -> set[str]:
    """Of our own exports of these lists, in every language: what of them is no input is passed over."""
    table = ResellerTable if kind == Kind.RESELLER else CustomerTable
    found = set()
    for language, _label in settings.LANGUAGES:
        with override(language):
            found |= {str(column.verbose_name or name) for name, column in table.base_columns.items()}
            found |= {str(column.verbose_name) for column in added_columns(kind)}
    return found
