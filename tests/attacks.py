"""Raw SQL as the application's own login: what the database refuses, whatever the program would do."""

from typing import Any

from django.db import connection, transaction


def run(statement: str, **values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
