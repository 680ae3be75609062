"""Where apps above take part in what happens here. They register when they are ready; this app does not know them."""

from collections.abc import Callable

from tenants.actor import Actor
from tenants.models import Tenant

MOVING: list[Callable[[Actor, Tenant, Tenant], None]] = []
"""Called with the tenant and its new seller, their branches locked, before a tenant moves; refuses by a `Refusal`."""
