"""Names of customers, for whoever may read them: a reseller can hide those of its customers from everybody above it.

A query takes `shown` in place of a field of the profile, a page `name_of` or `profile_of`; what is filtered, searched
or ordered by goes through `readable`, `matching` or an expression of `shown`, so that nothing that is hidden can be
guessed from what is found or where it stands. Providers and resellers are never hidden: `seller_name` and
`name_of_seller`.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.refusals import Refusal
from tenants.actor import Actor
from tenants.models import Profile, Tenant
from tenants.models.scope import AnyOf
from tenants.roles import Kind

CONTACT = ("owner_email", "contact_name", "phone", "street", "postal_code", "city", "country")


def readable(actor: Actor, tenant: str = "tenant") -> Q:
    """The condition that the names of the row's tenant may be shown; `tenant` is the path to it, "" for itself."""
    path = f"{tenant}__" if tenant else ""
    return ~Q(**{f"{path}kind": Kind.CUSTOMER}) | Q(**{f"{path}veil__lte": actor.depth})


def is_named(actor: Actor, tenant: str = "tenant") -> "ExpressionWrapper[Q]":
    """`readable` as a column: what filters have no actor for ask `named=True`."""
    return ExpressionWrapper(readable(actor, tenant), output_field=BooleanField())


def shown(actor: Actor, field: str = "name", tenant: str = "tenant") -> Case:
    """A text of the profile of the row's tenant. Hidden, it is empty, and a name is "Customer" and the id."""
    path = f"{tenant}__" if tenant else ""
    hidden = numbered(_("Customer %(id)s"), f"{tenant}_id" if tenant else "pk") if field == "name" else Value("")
    return Case(
        When(readable(actor, tenant), then=F(f"{path}profile__{field}")),
        default=hidden,
        output_field=CharField(),
    )


def shown_of(actor: Actor, tenant_id: str, field: str = "name") -> Subquery:
    """The same without a join, where the plan is better for it; `tenant_id` is the column with the tenant."""
    tenant = Tenant.objects.filter(pk=OuterRef(tenant_id)).order_by()
    return Subquery(tenant.values(shown=shown(actor, field, ""))[:1], output_field=CharField())


def free_text(actor: Actor, field: str, stand_in: str, tenant: str = "tenant", pk: str = "pk") -> Case:
    """A text that was typed for the row's tenant; hidden, it is `stand_in`, with the row's id in place of %(id)s."""
    return Case(When(readable(actor, tenant), then=F(field)), default=numbered(stand_in, pk), output_field=CharField())


def holding(tenant: str, words: str, *fields: str) -> Q:
    """Rows whose tenant has the words in its name, or in these fields. Of customers only together with `readable`."""
    path = f"{tenant}__" if tenant else ""
    found = Q()
    for field in fields or ("name",):
        found |= Q(**{f"{path}profile__{field}__resembles": words})
    return found


def matching(words: str, *fields: str, tenant: str = "") -> Q:
    """The same among rows that have `is_named` as the column `named`: what is hidden is not found."""
    return Q(named=True) & holding(tenant, words, *fields)


def among(words: str, *fields: str) -> Q:
    """`matching` for rows of tenants, whose profiles are looked up beforehand."""
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__resembles": words})
    ids = Profile.objects.filter(found).order_by().values("pk")
    return Q(AnyOf(F("pk"), ArraySubquery(ids)), named=True)


def seller_path(path: str) -> str:
    """To the name of a provider or reseller, for an accessor or an order."""
    return f"{path}__profile__name" if path else "profile__name"


def seller_name(path: str) -> F:
    """The same as an expression."""
    return F(seller_path(path))


def maker_name(actor: Actor, path: str) -> Case:
    """The name of the provider or reseller that something comes from. A reseller knows its own seller; whoever stands
    above that one is nobody it deals with, and is not named to it: the seller may wear a brand of its own."""
    known = Q(**{f"{path}__ancestors__len__gte": actor.depth})
    return Case(When(known, then=seller_name(path)), default=Value(_("Another organisation")), output_field=CharField())


def name_of_seller(tenant: Any) -> str:
    """The name of a provider or reseller with its profile."""
    return str(tenant.profile.name)


def is_readable(actor: Actor, tenant: Tenant) -> bool:
    return tenant.kind != Kind.CUSTOMER or tenant.veil <= actor.depth


def name_of(actor: Actor, tenant: Any) -> str:
    """The name of a tenant with its profile, for a title, a choice or a sentence."""
    return str(tenant.profile.name) if is_readable(actor, tenant) else unnamed(tenant.pk)


def profile_of(actor: Actor, tenant: Any) -> Profile:
    """The profile of a tenant, for its page; hidden, one that says nothing but the number."""
    if is_readable(actor, tenant):
        profile: Profile = tenant.profile
        return profile
    return Profile(tenant_id=tenant.pk, provider_id=tenant.provider_id, name=unnamed(tenant.pk), time_zone="")


def unnamed(tenant_id: int) -> str:
    """What a customer is called whose name is hidden."""
    return _("Customer %(id)s") % {"id": tenant_id}


def numbered(template: str, pk: str) -> Concat:
    before, after = template.split("%(id)s")
    return Concat(Value(before), Cast(F(pk), CharField()), Value(after), output_field=CharField())


class NamesHidden(Refusal):
    code, status = "names-hidden", 403
    message = gettext_lazy("This reseller hides the names of its customers: nobody above it lets a login in there.")


def hides_from(actor: Actor, reseller: Tenant) -> bool:
    """Whether somebody in that reseller reads names which the actor does not."""
    if reseller.veil > actor.depth or (reseller.hides_customers_at and actor.depth < reseller.depth):
        return True
    hidden: bool = Tenant.objects.within(reseller.pk).customers().filter(veil__gt=actor.depth).exists()
    return hidden


def refuse_insight(actor: Actor, tenant: Tenant) -> None:
    """Before anybody gets a login there through the actor."""
    if tenant.kind == Kind.RESELLER and hides_from(actor, tenant):
        raise NamesHidden()
