"""Who uses what of the catalogue."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from catalog.hooks import SHOWN, USED_BY, Use, Uses
from catalog.models import Fee, Package
from catalog.selectors.packages import packages_of_fee

if TYPE_CHECKING:
    from tenants.actor import Actor


def uses(actor: "Actor", what: str, pk: int, on: date) -> Sequence[Uses]:
    """Who uses a fee or a package, as far as the actor sees it."""
    return [used for used_by in USED_BY if (used := used_by(actor, what, pk, on)) is not None]


def packages_using(actor: "Actor", what: str, pk: int, on: date) -> Uses | None:
    """The packages of a fee."""
    if what != "fee":
        return None
    named = packages_of_fee(Fee(pk=pk), on).order_by().values("pk")
    rows = Package.objects.visible_to(actor).filter(pk__in=named).order_by("name", "pk")
    first = [Use(row.pk, row.name, row.get_audience_display(), "package") for row in rows[:SHOWN]]
    return Uses(_("Packages"), rows.count(), first, "packages", f"fee={pk}")
