"""Choices in the words of their readers."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import ServiceType
from resellerhub.kernel.text import id_in
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.naming import name_of_seller, seller_name


def resellers_below(actor: Actor) -> QuerySet[Tenant]:
    """Every reseller beneath the actor, by name, with what its label needs."""
    resellers: QuerySet[Tenant] = (
        Tenant.objects.visible_to(actor)
        .resellers()
        .exclude(pk=actor.tenant_id)
        .exclude(status=Tenant.Status.CLOSED)
        .select_related("profile", "parent__profile")
        .order_by(seller_name(""), "pk")
    )
    return resellers


def reseller_label(tenant: Any) -> str:
    """A sub-reseller names whom it is under: two may bear the same name."""
    if tenant.parent_id:
        return _("%(name)s (under %(parent)s)") % {
            "name": name_of_seller(tenant),
            "parent": name_of_seller(tenant.parent),
        }
    return name_of_seller(tenant)


class ResellersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return reseller_label(obj)


def service_type_field() -> "forms.ModelChoiceField[ServiceType]":
    """With JavaScript a change brings what follows from it (`#by-type`); without, a button does."""
    follow = {
        "hx-post": "",
        "hx-trigger": "change",
        "hx-vals": '{"continue": "1"}',
        "hx-target": "#by-type",
        "hx-select": "#by-type",
        "hx-swap": "outerHTML",
    }
    return forms.ModelChoiceField(
        ServiceType.objects.none(),
        label=gettext_lazy("Service type"),
        empty_label=gettext_lazy("Choose …"),
        widget=forms.Select(attrs=follow),
    )


def limit(form: forms.Form, name: str, rows: "QuerySet[Any]") -> None:
    """Let a choice be made among these rows alone."""
    form.fields[name].queryset = rows  # type: ignore[attr-defined]


def offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]


def choose_service_type(form: forms.Form, actor: Actor) -> ServiceType | None:
    """Fill the form's choice of service types, and give the one that was posted or carried over.

    The only one there is needs no choosing.
    """
    types = ServiceType.objects.visible_to(actor).filter(is_active=True).order_by("name", "pk")
    limit(form, "service_type", types)
    asked = str((form.data if form.is_bound else form.initial).get("service_type") or "")
    if (chosen := id_in(asked)) is not None:
        return types.filter(pk=chosen).first()
    only = list(types[:2])
    if len(only) == 1 and not form.is_bound:
        form.initial["service_type"] = only[0].pk
        return only[0]
    return None
