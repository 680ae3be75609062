"""What the services have built once, put back by its rows: the same for each test, without the way to it."""

import pickle
import re
from collections.abc import Callable
from typing import Any

from django.db import connection

TABLES = """
SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
   AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 GROUP BY c.relname
"""
INSERT = re.compile(r'INSERT INTO "(\w+)"')


class Kept:
    """The rows are those of the first building, ids and all: sequences are not taken back by a rollback, so that no
    later row has one of them."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self.build = build
        self.sql, self.rows, self.made = "", [], b""

    def __call__(self) -> Any:
        if not self.made:
            return self._first()
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.rows)
        return pickle.loads(self.made)  # noqa: S301  our own

    def _first(self) -> Any:
        before, written = contents(), []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            written.extend(INSERT.findall(sql))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            made = self.build()
        after = contents()
        changed = [name for name in after if after[name] != before[name]]
        if not any(before[name] for name in changed):
            self._keep({name: after[name] for name in sorted(changed, key=[*written, *changed].index)})
            self.made = pickle.dumps(made)
        return made

    def _keep(self, rows: dict[str, str]) -> None:
        columns = tables()
        self.rows = list(rows.values())
        self.sql = ";\n".join(
            f'INSERT INTO "{name}" ({columns[name]}) SELECT {columns[name]}'
            f' FROM json_populate_recordset(NULL::"{name}", %s::json)'
            for name in rows
        )


def tables() -> dict[str, str]:
    """The names of all tables, each with the columns that can be written."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return dict(cursor.fetchall())


def contents() -> dict[str, str]:
    """All rows of each table, the oldest first."""
    parts = [
        f"SELECT '{name}', (SELECT json_agg(t ORDER BY {columns.partition(',')[0]})::text FROM \"{name}\" t)"
        for name, columns in tables().items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())
