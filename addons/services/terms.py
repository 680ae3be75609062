"""What is sold in one sale, bulk or single: the values of the SQL that decides and writes it."""

import json
from dataclasses import dataclass
from typing import Any

from addons.models import AddOn, AddOnVersion, BulkSale
from addons.refusals import AddOnInactive, BelowMinimum
from subscriptions.services.allocation import check_quantity
from tenants.models import Event


@dataclass(frozen=True, slots=True)
class Raise:
    """How much a sale grants of a resource."""

    resource_id: int
    name: str
    amount: int
    minimum: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What is sold, without its price: that differs from seller to seller."""

    add_on: AddOn
    version: AddOnVersion
    quantity: int
    raises: tuple[Raise, ...]
    only_over_quota: bool = False
    skip_already_sold: bool = False
    create_copy: bool = False

    @classmethod
    def of(cls, version: AddOnVersion, quantity: int, **options: bool) -> "Terms":
        """As a version says."""
        rows = version.resources.order_by("resource_id").values_list(
            "resource_id", "resource__name", "value", "minimum"
        )
        return cls(
            add_on=version.add_on,
            version=version,
            quantity=quantity,
            raises=tuple(Raise(resource, name, value * quantity, least) for resource, name, value, least in rows),
            **options,
        )

    @classmethod
    def of_bulk(cls, sale: BulkSale) -> "Terms":
        """As they were when the bulk sale was started: a change of the add-on meanwhile does not reach it."""
        return cls(
            add_on=sale.add_on,
            version=sale.version,
            quantity=sale.quantity,
            raises=tuple(Raise(int(resource), "", amount, 0) for resource, amount in sale.granted.items()),
            only_over_quota=sale.only_over_quota,
            skip_already_sold=sale.skip_already_sold,
            create_copy=sale.create_copy,
        )

    @property
    def granted(self) -> dict[str, int]:
        """Resource → what one sale grants of it. JSON knows no numbers as keys."""
        return {str(each.resource_id): each.amount for each in self.raises}

    @property
    def columns(self) -> dict[str, Any]:
        """As a bulk sale keeps them."""
        return {"version": self.version, "granted": self.granted}

    def check(self) -> None:
        """Refuse what can be sold to nobody: `AddOnInactive`, `BelowMinimum`, a quantity out of range (`Invalid`)."""
        check_quantity(self.quantity)
        if not self.add_on.is_active:
            raise AddOnInactive(add_on=self.add_on.name, field="add_on")
        for each in self.raises:
            if each.amount < each.minimum:
                raise BelowMinimum(
                    resource=each.name,
                    minimum=each.minimum,
                    quantity=self.quantity,
                    granted=each.amount,
                    field="quantity",
                )

    @property
    def params(self) -> dict[str, Any]:
        """For the SQL that decides."""
        return {
            "add_on": self.add_on.pk,
            "same": [pk for pk in (self.add_on.pk, self.add_on.copied_from_id) if pk],
            "resources": [each.resource_id for each in self.raises],
            "amounts": [each.amount for each in self.raises],
            "only_over_quota": self.only_over_quota,
            "skip_already_sold": self.skip_already_sold,
        }

    def writing(self, told: Event, **facts: Any) -> dict[str, Any]:
        """For the SQL that writes, too; `told` is an event of whoever sells, from which each sale's event takes who."""
        return self.params | {
            "provider": self.add_on.provider_id,
            "quantity": self.quantity,
            "version": self.version.pk,
            "facts": json.dumps(self.facts | facts),
            "user": told.user_id,
            "user_name": told.user_name,
            "user_tenant": told.user_tenant_id,
            "api_key": told.api_key_id,
            "on_behalf_of": told.on_behalf_of_id,
            "request": told.request_id,
        }

    @property
    def facts(self) -> dict[str, Any]:
        """For an event."""
        return {
            "add_on": self.add_on.pk,
            "name": self.add_on.name,
            "quantity": self.quantity,
            "granted": self.granted,
        }
