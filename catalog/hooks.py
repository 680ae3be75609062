"""Where apps above say what they do with fees, prices and packages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from tenants.actor import Actor


@dataclass(frozen=True, slots=True)
class Use:
    """Something that uses a fee or a package: `label` says what it is, `url_name` where it is shown."""

    label: Any
    pk: int
    name: str
    url_name: str


LINKED: "list[Callable[[Actor], QuerySet[Any]]]" = []
"""The ids of reseller fees linked by what a reseller sees and may sell: it owes them, so it may read them."""

USED_BY: "list[Callable[[Actor, str, int], Sequence[Use]]]" = []
"""Who uses a fee or a package (`"fee"` or `"package"`, its id), as far as the actor sees it."""
