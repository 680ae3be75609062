"""What the kernel and the layer above know of whoever acts: enough to scope, to permit and to record."""

from datetime import datetime
from typing import Any, Protocol


class Principal(Protocol):
    """`tenants.actor.Actor` is the one implementation; named here because the kernel may not import it."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def tenant_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def provider_id(self) -> int: ...
    @property
    def managed(self) -> tuple[int, ...] | None: ...
    @property
    def request_id(self) -> str: ...
    @property
    def api_key_id(self) -> int | None: ...
    @property
    def on_behalf_of(self) -> int | None: ...

    def can(self, permission: str) -> bool: ...
    def sees(self, permission: str) -> bool: ...
    def require(self, permission: str) -> None: ...
    def record(
        self,
        kind: str,
        subject: Any,
        *,
        at: datetime,
        tenant_id: int | None = None,
        before: dict[str, Any] | None = None,
        **facts: Any,
    ) -> None: ...


class Holder(Protocol):
    """Somebody with permissions."""

    def can(self, permission: str) -> bool: ...
    def sees(self, permission: str) -> bool: ...
    def require(self, permission: str) -> None: ...


def demand(holder: Holder, asked: str, *, looking: bool = False) -> None:
    """What a page or an endpoint asks for: `a&b` is both, of `a|b` one will do, and nothing is nothing.

    Looking at it is left to whoever is suspended.
    """
    allows = holder.sees if looking else holder.can
    for part in filter(None, asked.split("&")):
        names = part.split("|")
        if not any(allows(name) for name in names):
            holder.require(names[0])
