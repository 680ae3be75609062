"""Limits, mailboxes, support levels and the account of a customer over REST."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.utils import timezone
from rest_framework.response import Response

from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.views import Api, ReadApi, api_paths
from tenants import selectors
from tenants.filters.accounts import MailboxFilter
from tenants.models import Mailbox, SupportLevel, TariffLimit, Tenant
from tenants.serializers.accounts import (
    AccountChangeIn,
    AccountOpenIn,
    LimitsIn,
    LimitsOut,
    MailboxIn,
    MailboxOut,
    SupportLevelIn,
    SupportLevelOut,
    SupportPriceIn,
    SupportTimelineOut,
    login_of,
    service_of,
)
from tenants.serializers.tenants import CustomerOut
from tenants.services.accounts import Service, change_account, open_account
from tenants.services.limits import create_mailbox, remove_mailbox, set_limits, standing
from tenants.services.support import change_support_level, set_support_price
from tenants.support_timeline import stretches


class LimitsApi(Api):
    """How many mailboxes of each tariff a customer may have, and how many it has."""

    singular, out = "customer_limits", LimitsOut

    def show(self, request: Any, customer: int) -> Response:
        refuse_unknown(request.query_params, set())
        row: Tenant = found(Tenant.objects.visible_to(self.actor).customers(), pk=customer)
        return Response(LimitsOut(standing(row)).data)

    @operation_endpoint(input=LimitsIn, output=LimitsOut, method="patch", permission="customer.edit")
    def change(self, call: Call) -> dict[str, TariffLimit]:
        """Set the limits of a customer that you sell to.

        Refused: `limit-below-use` (409) with the numbers, `not-your-customer` (403) to those who do not sell to it,
        unless they are the provider.
        """
        return set_limits(actor=call.actor, customer_id=int(call.kwargs["customer"]), limits=call.values, now=call.now)


class MailboxApi(ReadApi):
    """Mailboxes and mailing lists of a customer, without those that were removed."""

    singular, plural, permission, out = "mailbox", "mailboxes", "", MailboxOut
    filterset_class = MailboxFilter
    ordering_fields = {"address": "address", "created_at": "created_at"}

    def rows(self, actor: Any) -> QuerySet[Mailbox]:
        customer = found(Tenant.objects.visible_to(actor).customers(), pk=self.kwargs["customer"])
        return selectors.mailboxes(actor).filter(tenant=customer)

    @operation_endpoint(input=MailboxIn, output=MailboxOut, status=201, permission="mailbox.manage")
    def create(self, call: Call) -> Mailbox:
        """Create a mailbox within the customer's limits.

        Refused: `limit-reached` (409) with the numbers, `address-taken` (422), `account-not-active` (409).
        """
        return create_mailbox(
            actor=call.actor,
            customer_id=int(call.kwargs["customer"]),
            **call.values,
            request_id=call.request_id,
            now=call.now,
        )

    @operation_endpoint(output=MailboxOut, detail=True, path="remove", permission="mailbox.manage")
    def remove(self, call: Call) -> Mailbox:
        """Remove a mailbox: its place and its address become free."""
        row = found(self.rows(call.actor), pk=call.pk)
        return remove_mailbox(actor=call.actor, mailbox_id=row.pk, now=call.now)


class SupportLevelApi(ReadApi):
    """Who answers a customer's questions, and what that costs a month."""

    singular, permission, out = "support_level", "customer.view", SupportLevelOut
    ordering = ("position",)

    def rows(self, actor: Any) -> QuerySet[SupportLevel]:
        return selectors.support_levels(actor, day_of(timezone.now()))

    @operation_endpoint(
        input=SupportLevelIn, output=SupportLevelOut, detail=True, method="patch", permission="settings.edit"
    )
    def change(self, call: Call) -> SupportLevel:
        """Change a support level, as the provider; a new fee counts from its day on, for those who have it, too."""
        row: Any = found(self.rows(call.actor), pk=call.pk)
        fee = call.values.get("monthly_fee")
        return change_support_level(
            actor=call.actor,
            support_level_id=row.pk,
            name=call.values.get("name", row.name),
            monthly_fee=fee.amount if fee else row.monthly_fee,
            currency=fee.currency if fee else row.currency,
            is_active=call.values.get("is_active", row.is_active),
            effective_on=call.values.get("effective_on"),
            now=call.now,
        )

    @operation_endpoint(
        input=SupportPriceIn, output=SupportLevelOut, detail=True, path="price", permission="settings.edit"
    )
    def price(self, call: Call) -> SupportLevel:
        """Say what those who buy from you pay a month for a level, from a day on, also those who have it.

        What a reseller pays itself is not its to say. Refused to a commission reseller: `not-your-price` (403).
        """
        fee = call.values["monthly_fee"]
        return set_support_price(
            actor=call.actor,
            support_level_id=call.pk,
            amount=fee.amount,
            currency=fee.currency,
            effective_on=call.values.get("effective_on"),
            now=call.now,
        )


class SupportTimelineApi(Api):
    """Which support level a customer had when, and who pays whom how much for it."""

    singular, permission, out = "customer_support", "customer.view", SupportTimelineOut

    def show(self, request: Any, customer: int) -> Response:
        refuse_unknown(request.query_params, set())
        self.let_look()
        row: Tenant = found(Tenant.objects.visible_to(self.actor).customers(), pk=customer)
        shown = {"customer": row.pk, "stretches": stretches(self.actor, [row.pk])}
        return Response(SupportTimelineOut(shown).data)


class AccountApi(ReadApi):
    """The account of a customer."""

    singular, permission, out = "customer", "customer.view", CustomerOut
    reads = ()

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return selectors.customers(actor)

    @operation_endpoint(
        input=AccountChangeIn,
        output=CustomerOut,
        detail=True,
        path="account",
        method="patch",
        permission="customer.edit",
    )
    def change_account(self, call: Call) -> Tenant:
        """Change who supports a customer that you sell to: the fee of the new level counts from now on."""
        row = found(self.rows(call.actor), pk=call.pk)
        service = Service(call.values["support_level"])
        change_account(actor=call.actor, customer_id=row.pk, service=service, now=call.now)
        return self.fresh(call)

    @operation_endpoint(
        input=AccountOpenIn, output=CustomerOut, detail=True, path="account", permission="customer.edit"
    )
    def open_account(self, call: Call) -> Tenant:
        """Open the account of a customer that came without one: by hand, out of a file, or as a reseller.

        With the address of one of its administrators, that login gets the account name besides and keeps its password.
        Refused: `account-there` (409), `not-your-customer` (403), `account-not-active` (409); an account name or an
        address that cannot be used (422), without telling why.
        """
        row = found(self.rows(call.actor), pk=call.pk)
        login, service = login_of(call.values), service_of(call.values)
        open_account(actor=call.actor, customer_id=row.pk, login=login, service=service, now=call.now)
        return self.fresh(call)

    def fresh(self, call: Call) -> Tenant:
        tenant: Tenant = found(self.rows(call.actor), pk=call.pk)
        return tenant


urls = [
    path(
        "customers/<int:customer>/limits",
        LimitsApi.as_view({"get": "show", "patch": "change"}),
        name="customer_limits",
    ),
    *api_paths("customers/<int:customer>/mailboxes", MailboxApi),
    *api_paths("support-levels", SupportLevelApi),
    path(
        "customers/<int:customer>/support",
        SupportTimelineApi.as_view({"get": "show"}),
        name="customer_support",
    ),
    *api_paths("customers", AccountApi),
]
