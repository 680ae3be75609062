"""Customers and resellers out of a file: all rows are made in one transaction, or none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Busy, Invalid, Refusal, found
from tenants.actor import Actor
from tenants.houses import type_names
from tenants.models import Event, Profile, ProviderSettings, ResellerTerms, ResellerType, Tenant
from tenants.naming import readable
from tenants.roles import Kind
from tenants.services import account_rows
from tenants.services.account_rows import judge, open_accounts
from tenants.services.customers import create_customers
from tenants.services.details import Details
from tenants.services.inviting import types_of
from tenants.services.reading import Column, Table
from tenants.services.tree import may_sell, plant, seller_in_scope, tree_operation


class AlreadyImported(Refusal):
    code, message = "already-imported", gettext_lazy("This file was imported already.")


class Words(forms.ChoiceField):
    """A choice by its code or by its word, in every language of the interface."""

    def to_python(self, value: Any) -> str:
        asked, choices = str(value or "").strip().casefold(), list[Any](self.choices)  # type: ignore[arg-type]
        for language, _label in settings.LANGUAGES:
            with override(language):
                for code, label in choices:
                    if asked in (str(code).casefold(), str(label).casefold()):
                        return str(code)
        return asked


def _text(label: Any, longest: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required)


COMPANY_COLUMNS = (
    Column("name", _text(gettext_lazy("Organisation"), 200, required=True)),
    Column("owner_email", forms.EmailField(label=gettext_lazy("Tenant owner"), required=False, max_length=254)),
    Column("contact_name", _text(gettext_lazy("Contact person"), 200)),
    Column("phone", _text(gettext_lazy("Phone"), 50)),
    Column("legal_name", _text(gettext_lazy("Legal name"), 200)),
    Column("street", _text(gettext_lazy("Street and number"), 200)),
    Column("postal_code", _text(gettext_lazy("Postal code"), 20)),
    Column("city", _text(gettext_lazy("City"), 100)),
    Column("country", _text(gettext_lazy("Country"), 2)),
    Column("vat_id", _text(gettext_lazy("VAT ID"), 30)),
    Column("language", Words(label=gettext_lazy("Language"), choices=settings.LANGUAGES, required=False)),
    Column("currency", _text(gettext_lazy("Currency"), 3)),
)
CUSTOMER_COLUMNS = (*COMPANY_COLUMNS, *account_rows.COLUMNS)
RESELLER_COLUMNS = (*COMPANY_COLUMNS, Column("type", _text(gettext_lazy("Type"), 60, required=True)))
COMPANY = frozenset(column.name for column in COMPANY_COLUMNS)
TYPES = Words(choices=ResellerType.choices)
COLUMNS: dict[str, tuple[Column, ...]] = {Kind.CUSTOMER: CUSTOMER_COLUMNS, Kind.RESELLER: RESELLER_COLUMNS}


@operation
def check_import(*, actor: Actor, kind: str, seller_id: int, table: Table, now: datetime) -> int:
    """What an import would refuse (`FaultyRows`), or how many it would make; nothing is written."""
    actor.require(f"{kind}.create")
    seller: Tenant = found(Tenant.objects.visible_to(actor), pk=seller_id)
    may_sell(seller)
    return len(_judged(actor, kind, seller, table, now))


@tree_operation
def import_customers(
    *, actor: Actor, seller_id: int, table: Table, request_id: UUID | None = None, now: datetime
) -> list[Tenant]:
    """Customers of one seller, in the order of the file; with one faulty row none (`FaultyRows`).

    A row with an account name gets its account, as `create_account` would open it; limits need no account.
    A row that stands twice in the file or is a customer of the seller already is faulty, too.
    """
    actor.require("customer.create")
    seller = seller_in_scope(actor, seller_id)
    _not_before(seller, request_id)
    companies = _judged(actor, Kind.CUSTOMER, seller, table, now)
    customers = create_customers(actor=actor, seller_id=seller.pk, customers=companies, now=now)
    open_accounts(actor, seller, customers, table, [each.language for each in companies], now)
    return _noted(customers, request_id)


@tree_operation
def import_resellers(
    *, actor: Actor, seller_id: int, table: Table, request_id: UUID | None = None, now: datetime
) -> list[Tenant]:
    """The same of resellers, each of a type that the provider takes; nobody is invited by it."""
    actor.require("reseller.create")
    seller = seller_in_scope(actor, seller_id)
    _not_before(seller, request_id)
    companies = _judged(actor, Kind.RESELLER, seller, table, now)
    kinds = [str(row.values["type"]) for row in table.rows]
    may_oversell = ProviderSettings.objects.get(pk=seller.house_id).oversell_default
    resellers = plant(seller, Kind.RESELLER, now, len(companies))
    house = seller.house_id
    Profile.objects.bulk_create(
        Profile(tenant=tenant, provider_id=house, **details.values())
        for tenant, details in zip(resellers, companies, strict=True)
    )
    ResellerTerms.objects.bulk_create(
        ResellerTerms(tenant=tenant, provider_id=house, type=kind, may_oversell=may_oversell)
        for tenant, kind in zip(resellers, kinds, strict=True)
    )
    told = {"may_oversell": may_oversell, "seller": seller.pk}
    Event.objects.bulk_create(
        actor.event("reseller.created", tenant, at=now, facts={"type": kind, **told})
        for tenant, kind in zip(resellers, kinds, strict=True)
    )
    return _noted(resellers, request_id)


def _judged(actor: Actor, kind: str, seller: Tenant, table: Table, now: datetime) -> list[Details]:
    """The company of every row; `FaultyRows` when one of them is none, stands twice or is there already."""
    usual = ProviderSettings.objects.get(pk=seller.house_id)
    before = {"language": usual.language, "currency": usual.currency}
    companies = []
    for row in table.rows:
        if row.line not in table.faulty_lines:
            said = {name: value for name, value in row.values.items() if value and name in COMPANY}
            details = Details(**{**before, **said, "country": said.get("country", "").upper()})
            companies.append(details)
            try:
                details.check()
            except Invalid as invalid:
                for name, sentences in invalid.errors.items():
                    table.blame(row.line, name, " ".join(sentences))
    table.blame_repeats("name", "owner_email")
    _blame_known(actor, kind, seller, table)
    if kind == Kind.RESELLER:
        _judge_types(seller, table)
    else:
        judge(actor, table, seller, now)
    table.sound()
    return companies


def _judge_types(seller: Tenant, table: Table) -> None:
    """By the code, the usual word in every language, or the provider's own: as an export has it."""
    taken = set(types_of(seller.house_id).values_list("type", flat=True))
    own = {label.casefold(): code for code, label in type_names(seller.house_id).items()}
    for row in table.rows:
        if said := row.values.get("type"):
            row.values["type"] = own.get(said.casefold()) or TYPES.to_python(said)
            if row.values["type"] not in taken:
                table.blame(row.line, "type", _("Resellers of this type are not taken at present."))


def _blame_known(actor: Actor, kind: str, seller: Tenant, table: Table) -> None:
    """Rows that the seller sells to already, as far as the actor may know their names."""
    names = [str(row.values.get("name", "")) for row in table.rows]
    there = Tenant.objects.sold_to_by(seller.pk).filter(readable(actor, ""), kind=kind, profile__name__in=names)
    known = {
        (name.casefold(), email): pk
        for pk, name, email in there.exclude(status=Tenant.Status.CLOSED).values_list(
            "pk", "profile__name", "profile__owner_email"
        )
    }
    for row in table.rows:
        key = str(row.values.get("name", "")).casefold(), str(row.values.get("owner_email", "")).lower()
        if pk := known.get(key):
            table.blame(row.line, "name", _("This is there already (ID %(id)s).") % {"id": pk})


def _not_before(seller: Tenant, request_id: UUID | None) -> None:
    if request_id and Profile.objects.filter(provider_id=seller.house_id, request_id=request_id).exists():
        raise AlreadyImported()


def _noted(tenants: Sequence[Tenant], request_id: UUID | None) -> list[Tenant]:
    """The first carries the request: sent at once from elsewhere, the same one does not make all of them twice."""
    if request_id:
        with refusing({"tenants_profile_request": Busy()}):
            Profile.objects.filter(pk=tenants[0].pk).update(request_id=request_id)
    return list(tenants)
