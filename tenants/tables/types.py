"""The type of a reseller in a table, page and export: in the word of its provider."""

from typing import Any

from django_tables2.utils import Accessor

from resellerhub.web.tables import Column
from tenants.houses import type_names


class TypeColumn(Column):
    def render(self, value: Any, record: Any, table: Any, bound_column: Any) -> str:
        """The words are looked up once for a table. `value` is the usual word."""
        if not hasattr(table, "type_names"):
            table.type_names = type_names(table.request.actor.provider_id)
        return str(table.type_names.get(Accessor(bound_column.accessor).resolve(record), value))

    def value(self, value: Any, record: Any = None, table: Any = None, bound_column: Any = None) -> Any:
        return self.render(value, record, table, bound_column)
