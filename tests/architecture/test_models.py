"""What every table keeps to."""

import pytest
from django.apps import apps
from django.db import connection, models

from tests.architecture.sources import APPS

OURS = [model for label in APPS for model in apps.get_app_config(label).get_models()]
LEDGERS = [model for model in apps.get_models() if getattr(model, "append_only", False)]


def test_amounts_are_never_floats():
    floats = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.fields
        if isinstance(field, models.FloatField)
    ]
    assert floats == []


CHECKS = """
SELECT pg_get_expr(c.conbin, c.conrelid)
  FROM pg_attribute a
  JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'c' AND c.conkey = ARRAY[a.attnum]
 WHERE a.attrelid = %s::regclass AND a.attname = %s
"""


@pytest.mark.django_db
def test_every_amount_is_a_number():
    """NaN is greater than any number: `>= 0` lets it pass. Infinity does not fit into numeric(p, s)."""
    amounts = [
        (model._meta.db_table, field.column)
        for model in OURS
        for field in model._meta.concrete_fields
        if isinstance(field, models.DecimalField)
    ]
    assert len(amounts) > 15
    open_to_nan = []
    with connection.cursor() as cursor:
        for amount in amounts:
            cursor.execute(CHECKS, amount)
            column, checks = amount[1], [check for (check,) in cursor.fetchall()]
            said = ", ".join(f"({check})" for check in checks) or "true"
            cursor.execute(f"SELECT false = ANY (ARRAY[{said}]) FROM (VALUES ('NaN'::numeric)) AS row ({column})")
            if cursor.fetchone() != (True,):
                open_to_nan.append(amount)
    assert open_to_nan == []


def test_a_row_of_a_tenant_names_its_provider():
    """The provider is the key that pages filter by and the data can be spread by."""
    nameless = [
        model.__name__
        for model in OURS
        if {"tenant"} <= (names := {field.name for field in model._meta.fields}) and "provider" not in names
    ]
    assert nameless == []


def test_a_row_of_a_tenant_can_be_scoped():
    blind = [
        model.__name__
        for model in OURS
        if "tenant" in {field.name for field in model._meta.fields} and not hasattr(model.objects.all(), "visible_to")
    ]
    assert blind == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", LEDGERS, ids=lambda model: model.__name__)
def test_the_application_cannot_change_a_ledger(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT right_, has_table_privilege(%s, right_)"
            " FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS right_",
            [model._meta.db_table],
        )
        adds = not hasattr(model, "kept_by_database")
        assert dict(cursor.fetchall()) == {"INSERT": adds, "UPDATE": False, "DELETE": False, "TRUNCATE": False}


@pytest.mark.django_db
def test_the_application_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) = session_user"
        )
        assert cursor.fetchone() == (0,)
