"""The same for many add-ons: share them, stop sharing, sell them no more. Each is done or refused by itself."""

from collections.abc import Collection
from datetime import datetime

from addons.models import AddOn
from addons.services.add_ons import change_add_on, deactivate_add_on
from catalog.services.switching import Outcome, Switch, each
from resellerhub.kernel.operation import operation
from tenants.actor import Actor


@operation
def switch_add_ons(
    *, actor: Actor, add_on_ids: Collection[int], switch: Switch, now: datetime, preview: bool = False
) -> list[Outcome]:
    """Add-ons in sight; `NotFound` if one is not, `TooMany`."""
    actor.require("add_on.edit")

    def change(row: AddOn) -> None:
        if switch == "deactivate":
            deactivate_add_on(actor=actor, add_on_id=row.pk, now=now)
        else:
            change_add_on(actor=actor, add_on_id=row.pk, now=now, is_shared=switch == "share")

    return each(AddOn.objects.visible_to(actor), add_on_ids, switch, change, preview=preview)
