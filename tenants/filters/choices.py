"""Filters that are chosen by name, and never offer what the asking actor does not see; addresses and API take ids."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django_filters import ModelChoiceFilter
from django_filters.fields import ModelChoiceField

from tenants import selectors
from tenants.choices import TenantSelect
from tenants.models import Tenant


def organisations_of(request: Any) -> QuerySet[Tenant]:
    """Every tenant in scope and the actor's own, by the name that the actor reads."""
    actor = getattr(request, "actor", None)
    return selectors.organisations(actor) if actor else Tenant.objects.none()


def sellers_in_sight(request: Any) -> QuerySet[Tenant]:
    """Who may have sold something: the provider and the resellers among them, whatever their status."""
    actor = getattr(request, "actor", None)
    return selectors.selling(actor) if actor else Tenant.objects.none()


class CalledField(ModelChoiceField):
    """Rows by the name that the reader may know; `offered` are those of them that a page lists, all without it."""

    def __init__(self, *args: Any, offered: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = offered

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.called)


class CalledFilter(ModelChoiceFilter):
    """One of some rows that are `called` something; a long list is cut off, what an address names is always there."""

    field_class = CalledField

    def __init__(self, *, offered: Callable[[Any], QuerySet[Any]] | None = None, **options: Any) -> None:
        super().__init__(widget=TenantSelect, **options)
        self.offered = offered

    @property
    def field(self) -> Any:
        if self.offered:
            self.extra["offered"] = self.offered(self.get_request())
        return super().field
