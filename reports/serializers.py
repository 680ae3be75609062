"""The shapes of the reports' requests and answers."""

from typing import Any

from rest_framework import serializers

from catalog.models import COUNT_MAX
from invoicing.models import Document, DocumentKind
from reports.models import ReportRun
from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import Id, In, MoneyField, Out, Quantity
from subscriptions.models import QUANTITY_MAX, Grant, Holding, Subscription
from tenants.roles import Kind

SOLD_TO = (Kind.RESELLER.value, Kind.CUSTOMER.value)


class OverUsageOut(Out):
    """One resource of one subscription. `reseller` holds it, or sold it to the customer who does."""

    id = Id()
    subscription = Id()
    subscription_name = serializers.CharField()
    subscription_state = serializers.ChoiceField(choices=Subscription.State.values)
    reseller = Id()
    reseller_name = serializers.CharField()
    holder = Id()
    holder_name = serializers.CharField()
    kind = serializers.ChoiceField(choices=SOLD_TO)
    service_type = Id()
    resource = Id()
    resource_name = serializers.CharField()
    unit = serializers.CharField()
    basis = serializers.ChoiceField(choices=Holding.Basis.values, help_text="What counts as utilised.")
    allocated = serializers.IntegerField()
    sold = serializers.IntegerField()
    used = serializers.IntegerField()
    utilised = serializers.IntegerField()
    remaining = serializers.IntegerField(help_text="Allocated less utilised: negative when over quota.")


class SoldPartOut(Out):
    """A subscription that draws on the row: what it is allocated, the row has sold."""

    id = Id()
    subscription = Id(source="subscription_id")
    subscription_name = serializers.CharField(source="title")
    subscription_state = serializers.ChoiceField(choices=Subscription.State.values, source="subscription__state")
    holder = Id(source="tenant_id")
    holder_name = serializers.CharField()
    kind = serializers.ChoiceField(choices=SOLD_TO, source="tenant__kind")
    allocated = serializers.IntegerField()
    used = serializers.IntegerField()


class UsedPartOut(Out):
    """A measurement that counts in what the row has used."""

    id = Id()
    event_id = serializers.CharField()
    subscription = Id(source="subscription_id", help_text="The row's own, or one that draws on it.")
    quantity = serializers.IntegerField()
    at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()


class RowGrantOut(Out):
    """One reason for the allocation. `reference` is the package, the add-on sale, or the user who adjusted."""

    id = Id()
    kind = serializers.ChoiceField(choices=Grant.Kind.values)
    reference = Id(source="source_id")
    amount = serializers.IntegerField()
    made_at = serializers.DateTimeField()


class RollUpTotalOut(Out):
    """One resource in everything that is in sight: the sums of all its rows in the report, each counted once."""

    resource = Id(source="resource_id")
    resource_name = serializers.CharField(source="resource")
    rows = serializers.IntegerField()
    over = serializers.IntegerField(help_text="How many of the rows are over quota.")
    excess = serializers.IntegerField(help_text="What is over, summed over those rows.")
    allocated = serializers.IntegerField()
    sold = serializers.IntegerField()
    used = serializers.IntegerField()
    utilised = serializers.IntegerField()
    remaining = serializers.IntegerField()


class RollUpOut(RollUpTotalOut):
    """One resource in one branch: the sums of all its rows in the report. Each level of the branch counts."""

    branch = Id(source="branch_id")
    branch_name = serializers.CharField(source="branch")
    depth = serializers.IntegerField(help_text="How far it stands beneath the topmost branch in sight.")


class RaiseRowIn(In):
    amount = Quantity(max_value=COUNT_MAX, help_text="By how much.")


class EffectOut(Out):
    """A row before, and after the given amount is granted."""

    amount = serializers.IntegerField()
    allocated = serializers.IntegerField()
    utilised = serializers.IntegerField()
    remaining = serializers.IntegerField()
    allocated_after = serializers.IntegerField()
    remaining_after = serializers.IntegerField()


class SellOnRowIn(In):
    add_on = Id()
    quantity = Quantity(max_value=QUANTITY_MAX)


class OfferOut(Out):
    """An add-on that would help, in the quantity that clears the row or in the one that was asked for."""

    add_on = Id()
    name = serializers.CharField()
    value = serializers.IntegerField(help_text="What one unit grants of the resource.")
    quantity = serializers.IntegerField()
    granted = serializers.IntegerField()
    remaining_after = serializers.IntegerField()
    unit_price = MoneyField(amount="unit_price")
    price = MoneyField(amount="amount")
    cycle = serializers.ChoiceField(choices=Cycle.values)


class OffersOut(Out):
    remaining = serializers.IntegerField()
    add_ons = OfferOut(many=True)


class OverUsageFiltersIn(In):
    """The filters of the report."""

    all = serializers.BooleanField(required=False)
    branch = Id(required=False)
    reseller = Id(required=False)
    kind = serializers.ChoiceField(choices=SOLD_TO, required=False)
    service_type = Id(required=False)
    resource = Id(required=False)
    search = serializers.CharField(max_length=200, required=False)


class DocumentFiltersIn(In):
    """The filters of the list of documents."""

    state = serializers.ChoiceField(choices=[Document.State.ISSUED.value, Document.State.VOID.value], required=False)
    kind = serializers.ChoiceField(choices=DocumentKind.values, required=False)
    payer = Id(required=False)
    issuer = Id(required=False)
    issued_after = serializers.DateField(required=False, help_text="On this day, or later.")
    issued_before = serializers.DateField(required=False, help_text="On this day, or earlier.")
    due_after = serializers.DateField(required=False)
    due_before = serializers.DateField(required=False)
    search = serializers.CharField(max_length=200, required=False)


class DocumentExportIn(In):
    format = serializers.ChoiceField(choices=["zip", "csv"])
    filters = DocumentFiltersIn(required=False)
    language = serializers.ChoiceField(choices=["en", "de"], required=False)


class ReportRunIn(In):
    report = serializers.ChoiceField(choices=["quota-over-usage"])
    format = serializers.ChoiceField(choices=["csv", "xlsx"])
    filters = OverUsageFiltersIn(required=False)
    language = serializers.ChoiceField(choices=["en", "de"], required=False)


class ReportRunOut(Out):
    id = Id()
    job = Id(source="job_id")
    report = serializers.ChoiceField(choices=ReportRun.Report.values)
    format = serializers.ChoiceField(choices=ReportRun.Format.values)
    filters = serializers.DictField()
    state = serializers.ChoiceField(choices=["queued", "running", "cancelled", "done"], source="job.state")
    reason = serializers.CharField(help_text="Why there is no file; empty else.")
    has_file = serializers.SerializerMethodField()
    rows = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()

    def get_has_file(self, run: Any) -> bool:
        return bool(run.file) and not run.reason
