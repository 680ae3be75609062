"""Fees and their versions over REST."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from catalog.filters import FeeFilter
from catalog.models import Fee, FeeVersion
from catalog.refusals import CurrencyKept
from catalog.selectors import fees as selectors
from catalog.serializers.fees import ChargingIn, FeeChangeIn, FeeIn, FeeOut, FeeVersionOut
from catalog.services.fees import change_fee, create_fee, revise_fee
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi


class FeeApi(ReadApi):
    """What is charged again and again: reseller fees, which resellers owe whoever sells to them, and account fees."""

    singular, permission, out = "fee", "catalog.view", FeeOut
    filterset_class = FeeFilter
    ordering_fields = {"name": "name", "created_at": "created_at"}

    def rows(self, actor: Any) -> QuerySet[Fee]:
        return selectors.fees_in_force(actor, day_of(timezone.now()))

    def shown(self, call: Call, fee: Fee) -> Fee:
        return self.rows(call.actor).get(pk=fee.pk)

    @operation_endpoint(input=FeeIn, output=FeeOut, status=201, permission="catalog.edit")
    def create(self, call: Call) -> Fee:
        """Make a fee with its first version. Its kind, its currency and who manages it never change."""
        managed_by_id = call.values.pop("managed_by", None)
        return self.shown(call, create_fee(actor=call.actor, managed_by_id=managed_by_id, now=call.now, **call.values))

    @operation_endpoint(input=FeeChangeIn, output=FeeOut, detail=True, method="patch", permission="catalog.edit")
    def change(self, call: Call) -> Fee:
        """Rename a fee or turn its switches; what it charges is changed by a new version.

        Refused: `managed-by-another`, `share-with-resellers` where a shared package rests on it, `fee-in-use`.
        """
        row = found(Fee.objects.visible_to(call.actor), pk=call.pk)
        names = ("name", "is_shared", "applies_more_than_once", "is_active")
        values = {name: getattr(row, name) for name in names} | call.values
        return self.shown(call, change_fee(actor=call.actor, fee_id=row.pk, now=call.now, **values))


class FeeVersionApi(ReadApi):
    """What a fee says, and from which day: the newest first. Of two for one day the one made last counts."""

    singular, plural, permission, out = "fee_version", "fee_versions", "catalog.view", FeeVersionOut
    reads = ("list",)
    ordering = ("-effective_on", "-pk")

    def rows(self, actor: Any) -> QuerySet[FeeVersion]:
        fee = found(Fee.objects.visible_to(actor), pk=self.kwargs["fee"])
        return fee.versions.annotate(fee_currency=F("fee__currency"))

    @operation_endpoint(input=ChargingIn, output=FeeVersionOut, status=201, permission="catalog.edit", location="fee")
    def revise(self, call: Call) -> FeeVersion:
        """Change what a fee charges from a day on. What is held keeps what was agreed until its next term.

        Refused: `managed-by-another`, `before-today`, `currency-kept`. The same values add no version.
        """
        fee = found(Fee.objects.visible_to(call.actor), pk=call.kwargs["fee"])
        if call.values["currency"] != fee.currency:
            raise CurrencyKept(currency=fee.currency, field="amount")
        day = call.values.get("effective_on") or day_of(call.now)
        charging = call.values["charging"]
        made = revise_fee(actor=call.actor, fee_id=fee.pk, charging=charging, effective_on=day, now=call.now)
        return self.rows(call.actor).get(pk=made.pk)
