"""The login that owns the tables, for migrations alone; the application's own login owns none."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

POWER = """
    SELECT rolsuper OR rolbypassrls OR rolcreaterole OR EXISTS (
        SELECT FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND pg_has_role(session_user, relowner, 'MEMBER'))
    FROM pg_roles WHERE rolname = session_user
"""


def log_in(login: dict[str, str], alias: str = "default") -> None:
    """Reconnect as somebody else. The settings are copied: another thread that connects meanwhile stays who it is."""
    connection = connections[alias]
    connection.close()
    connection.settings_dict = connection.settings_dict | login


@contextmanager
def as_owner(alias: str = "default") -> Iterator[None]:
    if not settings.DATABASE_OWNER:
        raise ImproperlyConfigured("Set DATABASE_OWNER_URL: the application's login may not change the schema.")
    before = {key: connections[alias].settings_dict[key] for key in settings.DATABASE_OWNER}
    log_in(settings.DATABASE_OWNER, alias)
    try:
        yield
    finally:
        log_in(before, alias)


def grant(alias: str = "default") -> None:
    """What the application may do, said again after every migration. A ledger it may only read and add to; one that a
    trigger keeps it may only read; of what the database counts from a ledger it may change no more than the model calls
    `changeable`."""
    connection = connections[alias]
    name = connection.ops.quote_name
    app = name(settings.DATABASE_LOGIN["USER"])
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}")
        cursor.execute(f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {app}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {app}")
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models():
            if model._meta.db_table not in tables:
                continue
            table, changeable = name(model._meta.db_table), getattr(model, "changeable", None)
            if getattr(model, "append_only", False) or changeable is not None:
                rights = "INSERT, UPDATE, DELETE" if hasattr(model, "kept_by_database") else "UPDATE, DELETE"
                cursor.execute(f"REVOKE {rights} ON {table} FROM {app}")
            if changeable:
                cursor.execute(f"GRANT UPDATE ({', '.join(map(name, changeable))}) ON {table} TO {app}")


def refuse_power(alias: str = "default") -> None:
    """Stop a process whose login could switch the rules off: a superuser, or the owner of a table."""
    with connections[alias].cursor() as cursor:
        cursor.execute(POWER)
        (powerful,) = cursor.fetchone()
    if powerful:
        raise ImproperlyConfigured(
            "DATABASE_URL names a login that owns tables or is a superuser. Use the application's."
        )
