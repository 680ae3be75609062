"""Which add-ons use a fee, and who uses an add-on, for their pages."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from addons.models import AddOn, AddOnSale
from addons.selectors.add_ons import add_ons_of_fee
from addons.selectors.sales import sales
from catalog.hooks import SHOWN, Use, Uses
from catalog.models import Fee
from tenants.actor import Actor
from tenants.naming import maker_name


def add_ons_using(actor: Actor, what: str, pk: int, on: date) -> Uses | None:
    """The add-ons of a fee."""
    if what != "fee" or not actor.can("add_on.view"):
        return None
    named = add_ons_of_fee(Fee(pk=pk), on).order_by().values("pk")
    rows = AddOn.objects.visible_to(actor).filter(pk__in=named).order_by("name", "pk")
    first = [
        Use(row.pk, row.name, row.service_type.name, "add_on") for row in rows.select_related("service_type")[:SHOWN]
    ]
    return Uses(_("Add-ons"), rows.count(), first, "add_ons", f"fee={pk}")


def copies_using(actor: Actor, what: str, pk: int, on: date) -> Uses | None:
    """The copies of an add-on: they cost what its reseller fee says."""
    if what != "add_on" or not actor.is_provider:
        return None
    rows = AddOn.objects.visible_to(actor).filter(copied_from=pk).order_by("name", "pk")
    named: Any = rows.annotate(owner_name=maker_name(actor, "tenant"))
    first = [Use(row.pk, row.name, row.owner_name, "add_on") for row in named[:SHOWN]]
    return Uses(_("Copies"), rows.count(), first, "add_ons", f"q={pk}")


def sales_using(actor: Actor, what: str, pk: int, on: date) -> Uses | None:
    """The active sales of an add-on, the latest first."""
    if what != "add_on":
        return None
    rows = sales(actor).filter(add_on=pk, state=AddOnSale.State.ACTIVE).order_by("-pk")
    first = [Use(row.subscription_id, row.title, row.tenant_name, "subscription") for row in rows[:SHOWN]]  # type: ignore[attr-defined]
    return Uses(_("Active sales"), rows.count(), first, "add_on", "")


def is_sold_at(fee: Fee) -> bool:
    """Whether an add-on that has it was sold."""
    pair = Q(versions__reseller_fee=fee) | Q(versions__account_fee=fee)
    return AddOn.objects.filter(pair, sales__isnull=False).exists()
