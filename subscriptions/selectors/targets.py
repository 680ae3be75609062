"""In which order the targets of a job over subscriptions have their turn."""

from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet

from subscriptions.models import Subscription


def frozen(targets: QuerySet[Subscription]) -> tuple[str, tuple[Any, ...]]:
    """SQL and values of (position, subscription_id): sellers before those who buy from them, and those of one seller
    and of one source side by side, so that two workers seldom want the same holding; among those in order of id.
    """
    depth = Func(F("tenant__ancestors"), function="cardinality", output_field=IntegerField())
    columns = ("pk", "seller_id", "source_id", depth)
    select, values = targets.order_by().values_list(*columns).query.sql_with_params()
    order = "chosen.depth, chosen.seller_id, chosen.source_id NULLS FIRST, chosen.id"
    numbered = (
        f"SELECT row_number() OVER (ORDER BY {order}), chosen.id"
        f" FROM ({select}) AS chosen (id, seller_id, source_id, depth)"
    )
    return numbered, values
