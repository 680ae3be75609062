"""What is read of pushes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from subscriptions.models import Push, Subscription
from subscriptions.selectors.subscriptions import subscriptions
from tenants.models import Tenant
from tenants.naming import seller_name

if TYPE_CHECKING:
    from tenants.actor import Actor


def pushes(actor: "Actor") -> QuerySet[Push]:
    return Push.objects.visible_to(actor).select_related("job", "package", "version", "tenant__profile")


def selling(actor: "Actor", targets: QuerySet[Subscription]) -> list[tuple[int, str]]:
    """Who sold these, by name."""
    ids = targets.order_by().values("seller")
    rows: Any = Tenant.objects.visible_to(actor).filter(pk__in=ids)
    return list(rows.order_by(seller_name(""), "pk").values_list("pk", seller_name("")))


def named(actor: "Actor", ids: Iterable[int]) -> dict[int, Any]:
    """Subscriptions with `title`, `tenant_name` and `seller_name`, as far as the actor sees them."""
    rows: Any = subscriptions(actor).filter(pk__in=list(ids)).order_by()
    return {row.pk: row for row in rows}
