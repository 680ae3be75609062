"""The type of a reseller in a table, page and export: in the word of its provider."""

from typing import Any

from resellerhub.web.tables import Column
from tenants.houses import type_names


class TypeColumn(Column):
    def render(self, value: str, table: Any) -> str:
        """The words are looked up once for a table."""
        if not hasattr(table, "type_names"):
            table.type_names = type_names(table.request.actor.provider_id)
        return str(table.type_names.get(value, value))

    def value(self, value: Any, table: Any = None) -> Any:
        return self.render(value, table) if table is not None else value
