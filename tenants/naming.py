"""Names of customers, for whoever may read them: a reseller can hide those of its customers from everybody above it.

A query takes `shown` in place of a field of the profile, a page `name_of`; `readable` filters, searches and orders by
nothing that is hidden.
"""

from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.translation import gettext as _

from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind


def readable(actor: Actor, tenant: str = "tenant") -> Q:
    """The condition that the names of the row's tenant may be shown; `tenant` is the path to it, "" for itself."""
    path = f"{tenant}__" if tenant else ""
    return ~Q(**{f"{path}kind": Kind.CUSTOMER}) | Q(**{f"{path}veil__lte": actor.depth})


def shown(actor: Actor, field: str = "name", tenant: str = "tenant") -> Case:
    """A text of the profile of the row's tenant, empty where it is hidden from the actor."""
    path = f"{tenant}__" if tenant else ""
    return Case(
        When(readable(actor, tenant), then=F(f"{path}profile__{field}")),
        default=Value(""),
        output_field=CharField(),
    )


def is_readable(actor: Actor, tenant: Tenant) -> bool:
    return tenant.kind != Kind.CUSTOMER or tenant.veil <= actor.depth


def name_of(actor: Actor, tenant: Any) -> str:
    """The name of a tenant with its profile, for a title, a choice or a sentence."""
    return str(tenant.profile.name) if is_readable(actor, tenant) else unnamed(tenant.pk)


def unnamed(tenant_id: int) -> str:
    """What a customer is called whose name is hidden."""
    return _("Customer %(id)s") % {"id": tenant_id}
