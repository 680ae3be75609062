"""Making and changing add-ons."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from addons.models import AddOn
from resellerhub.kernel.operation import operation
from tenants.actor import Actor

ALL: Literal["all"] = "all"


@dataclass(frozen=True, slots=True)
class Value:
    """What one unit grants of a resource, and the least that one sale must grant of it."""

    resource_id: int
    value: int
    minimum: int = 0


@operation
def create_add_on(
    *,
    actor: Actor,
    service_type_id: int,
    name: str,
    currency: str,
    cycle: str,
    reseller_price: Decimal,
    customer_price: Decimal,
    values: Sequence[Value],
    description: str = "",
    packages: Collection[int] | Literal["all"] = (),
    now: datetime,
) -> AddOn:
    """An add-on of the actor's own tenant, associated with these packages (ids, or "all" of the service type).

    Resources that are not in `values` are not raised. A reseller can only build from what it holds itself
    (`NotGranted`). Refused: `NameTaken`, `WrongServiceType`, and values out of range (`Invalid`).
    """


@operation
def change_add_on(*, actor: Actor, add_on_id: int, now: datetime, **changes: Any) -> AddOn:
    """Change some of: name, description, currency, cycle, reseller_price, customer_price, is_active, values.

    Only what is given changes; `values` replaces all. What is sold keeps its price and its grants. Of a copy only the
    name, the description, the customers' and resellers' price and `is_active` (`CopyIsFixed`). Somebody else's is `NotYourAddOn`.
    """


@operation
def associate_add_on(
    *, actor: Actor, add_on_id: int, packages: Collection[int] | Literal["all"], now: datetime
) -> AddOn:
    """Let the add-on be sold on exactly these packages of its service type, of those that the actor sees.

    "all" adds every active package of the service type in the actor's scope, for resellers and for customers alike,
    and removes none. A package out of sight is `NotFound`, one of another service type `WrongServiceType`.
    """


@operation
def activate_add_on(*, actor: Actor, add_on_id: int, now: datetime) -> AddOn:
    """Sell it again; does nothing when it is sold already."""


@operation
def deactivate_add_on(*, actor: Actor, add_on_id: int, now: datetime) -> AddOn:
    """Sell it no more. What was sold stays; does nothing when it is not sold any more already."""
