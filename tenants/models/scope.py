"""Who sees which rows. Every list, page, export, choice and count starts with `visible_to(actor)`."""

from collections.abc import Sequence
from typing import Any, Protocol, Self, TypeVar

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, F, Func

from resellerhub.kernel.locks import LockedQuerySet

Row = TypeVar("Row", bound=models.Model, covariant=True)


class Viewer(Protocol):
    """What scope needs to know of an actor."""

    @property
    def kind(self) -> str: ...
    @property
    def tenant_id(self) -> int: ...
    @property
    def provider_id(self) -> int: ...
    @property
    def roots(self) -> tuple[int, ...]: ...


class AnyOf(Func):
    """`column = ANY (ARRAY(SELECT …))`: as a plain IN the planner walks the whole table backwards for a page of 50."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def below(roots: Sequence[int], field: str = "tenant_id") -> Any:
    """The condition that `field` names one of these tenants or one beneath them."""
    tenants = apps.get_model("tenants", "Tenant")._default_manager
    ids = tenants.filter(ancestors__overlap=list(roots)).order_by().values("pk")
    return AnyOf(F(field), ArraySubquery(ids))


class TenantScoped(LockedQuerySet[Row]):
    """For rows that carry `provider` and `tenant`."""

    def visible_to(self, actor: Viewer) -> Self:
        """A provider sees its own house by one index; everybody else themselves and what is beneath them."""
        if actor.kind == "provider":
            return self.filter(provider_id=actor.provider_id)
        return self.filter(provider_id=actor.provider_id).filter(below(actor.roots))

    def within(self, tenant_id: int) -> Self:
        """The rows of this tenant and of all beneath it."""
        return self.filter(below([tenant_id]))
