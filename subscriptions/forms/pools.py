"""What browsers send about pools; the services decide."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import COUNT_MAX, ServiceType
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DateInput, DualList, QuantityInput, SearchSelect
from subscriptions.models import Pool, PoolAssignment
from subscriptions.pool_units import BEHIND
from subscriptions.services.pools.expiry import Expiry, end_of, last_day
from subscriptions.services.pools.giving import Wanted
from subscriptions.services.pools.purchasing import Purchase, Renewal
from tenants.models import Tenant

TERM_MAX = 120
MODES = [
    ("same_as_pool", _("Same as the pool it is from")),
    ("now", _("Expire now")),
    ("date", _("On a date")),
]


def seats_field(label: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=COUNT_MAX, widget=QuantityInput, **options)


def put_unit(form: forms.Form, units: Iterable[str]) -> None:
    """Behind the number, where it is of one unit whatever is chosen."""
    if len(known := set(units)) == 1:
        widget: Any = form.fields["seats"].widget
        widget.suffix = BEHIND[known.pop()]


class PurchaseForm(OperationForm):
    """Stock that was bought: of the provider, or of a large account reseller."""

    holder = forms.ModelChoiceField(label=_("Holder"), queryset=Tenant.objects.none(), widget=SearchSelect)
    service_type = forms.ModelChoiceField(label=_("Service"), queryset=ServiceType.objects.none(), widget=SearchSelect)
    name = forms.CharField(label=_("Name"), max_length=120)
    unit = forms.ChoiceField(label=_("Unit"), choices=Pool.Unit.choices)
    seats = seats_field(_("Number"))
    source = forms.ChoiceField(label=_("Source"), choices=Pool.Source.choices)
    payment_type = forms.ChoiceField(label=_("Payment type"), choices=Pool.PaymentType.choices)
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput, help_text=_("Until its end in UTC."))
    term_months = forms.IntegerField(
        label=_("Term in months"), min_value=0, max_value=TERM_MAX, initial=12, required=False, widget=QuantityInput
    )
    renews = forms.BooleanField(
        label=_("Renew automatically"), required=False, help_text=_("At the end it is extended by its term.")
    )

    def __init__(self, *args: Any, holders: QuerySet[Tenant], services: QuerySet[ServiceType], **options: Any) -> None:
        super().__init__(*args, **options)
        holder: Any = self.fields["holder"]
        service: Any = self.fields["service_type"]
        holder.queryset, service.queryset = holders, services
        holder.label_from_instance = lambda row: row.called
        only = list(holders[:2])
        if len(only) == 1:
            self.fields["holder"].widget = forms.HiddenInput()
            self.initial["holder"] = only[0].pk

    @property
    def purchase(self) -> Purchase:
        values = dict(self.values)
        values.pop("holder")
        return Purchase(
            service_type_id=values.pop("service_type").pk,
            ends_at=end_of(values.pop("ends_on")),
            term_months=values.pop("term_months") or 0,
            **values,
        )


class TakersForm(OperationForm):
    """For whom: one reseller, or several who are given the same."""

    resellers = forms.ModelMultipleChoiceField(
        label=_("Resellers"), queryset=Tenant.objects.none(), widget=DualList, help_text=_("Each is given the same.")
    )

    def __init__(self, *args: Any, takers: QuerySet[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["resellers"]
        field.queryset = takers
        field.label_from_instance = lambda row: row.called


class ExpiryFields(OperationForm):
    """When it ends: with its pool, now, or on a date. A day that was entered is not dropped in silence: with another
    mode it is refused, unless it stood there."""

    aliases = {"expiry.on": "ends_on"}
    mode = forms.ChoiceField(label=_("Expires"), choices=MODES, initial="same_as_pool", widget=forms.RadioSelect)
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DateInput,
        help_text=_("Where it expires on a date: until its end in UTC."),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("mode") == "date" and not values.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Choose a date."))
        day = values.get("ends_on")
        if values.get("mode") in {"same_as_pool", "now"} and day and day != self.initial.get("ends_on"):
            self.add_error("ends_on", _("Choose “On a date” for this day, or leave it empty."))
        return values

    @property
    def expiry(self) -> Expiry:
        values = self.cleaned_data
        day = values.get("ends_on") if values["mode"] == "date" else None
        return Expiry(values["mode"], end_of(day) if day else None)


class WantedFields(ExpiryFields):
    """What is given of a pool, and on which terms."""

    source = forms.ChoiceField(label=_("Source"), choices=Pool.Source.choices)
    payment_type = forms.ChoiceField(label=_("Payment type"), choices=Pool.PaymentType.choices)
    seats = seats_field(_("Number"))

    def wanted_of(self, pool_id: int) -> Wanted:
        values = self.cleaned_data
        return Wanted(
            parent_id=pool_id,
            source=values["source"],
            payment_type=values["payment_type"],
            seats=values["seats"],
            expiry=self.expiry,
        )


class GiveForm(WantedFields):
    """One service of the wizard: which pool, and how much of it for the reseller."""

    pool = forms.ModelChoiceField(label=_("Pool"), queryset=Pool.objects.none())

    field_order = ("pool", "source", "payment_type", "seats", "mode", "ends_on")

    def __init__(self, *args: Any, service: ServiceType, pools: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, prefix=self.prefix_of(service), **options)
        self.service, self.pools = service, pools
        field: Any = self.fields["pool"]
        field.queryset = Pool.objects.filter(pk__in=[row.pk for row in pools])
        field.empty_label = None
        units = {row.pk: BEHIND[row.unit] for row in pools}
        field.label_from_instance = lambda row: f"{row.name} · {row.pk} · {units[row.pk]}"
        put_unit(self, [row.unit for row in pools])
        del self.fields["request_id"]

    @staticmethod
    def prefix_of(service: ServiceType) -> str:
        return f"service{service.pk}"

    @property
    def wanted(self) -> Wanted:
        return self.wanted_of(self.cleaned_data["pool"].pk)


class GiveOneForm(TakersForm, WantedFields):
    """Of one pool, which is known, to whom it is given."""

    aliases = {"pools.0.seats": "seats", "pools.0.expiry.on": "ends_on"}
    field_order = ("resellers", "source", "payment_type", "seats", "mode", "ends_on")

    def __init__(self, *args: Any, pool: Pool, **options: Any) -> None:
        super().__init__(*args, **options)
        put_unit(self, [pool.unit])


class DrawnForm(forms.Form):
    """Of which pools a chart is drawn."""

    drawn = forms.MultipleChoiceField(label=_("Pools"), widget=DualList, required=False)

    def __init__(self, pools: Sequence[Any], chosen: Sequence[Any], most: int) -> None:
        super().__init__(initial={"drawn": [row.pk for row in chosen]}, label_suffix="")
        field: Any = self.fields["drawn"]
        field.choices = [(row.pk, f"{row.name} · {row.pk}") for row in pools]
        field.help_text = _("At most %(most)s at once.") % {"most": most}


class PoolEditForm(ExpiryFields):
    """A pool that was given: seats, payment type, end."""

    seats = seats_field(_("Number"))
    payment_type = forms.ChoiceField(label=_("Payment type"), choices=Pool.PaymentType.choices)

    field_order = ("payment_type", "seats", "mode", "ends_on")

    def __init__(self, *args: Any, pool: Pool, **options: Any) -> None:
        mode = "date" if pool.own_end else "same_as_pool"
        initial = {"seats": pool.seats, "payment_type": pool.payment_type, "mode": mode}
        if pool.own_end:
            initial["ends_on"] = last_day(pool.own_end)
        super().__init__(*args, initial=initial, **options)
        self.known = (mode, initial.get("ends_on"))
        put_unit(self, [pool.unit])
        if pool.was_assigned:
            self.fields["payment_type"].disabled = True
            self.fields["payment_type"].help_text = _("It stays: seats of this pool were assigned to a customer.")

    @property
    def changed_expiry(self) -> Expiry | None:
        """None where it stayed: a date that has passed, or is after that of the pool above, may stay as it is."""
        mode = self.cleaned_data["mode"]
        chosen = (mode, self.cleaned_data.get("ends_on") if mode == "date" else None)
        return None if chosen == self.known else self.expiry


class StockForm(OperationForm):
    """Purchased stock: how many, and until when."""

    aliases = {"expiry.on": "ends_on"}

    seats = seats_field(_("Number"))
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput, help_text=_("Until its end in UTC."))
    ends_now = forms.BooleanField(
        label=_("Expire now"), required=False, help_text=_("With all that was given of it, whatever the last day says.")
    )
    renews = forms.BooleanField(
        label=_("Renew automatically"), required=False, help_text=_("At the end it is extended by its term.")
    )
    term_months = forms.IntegerField(
        label=_("Term in months"), min_value=0, max_value=TERM_MAX, required=False, widget=QuantityInput
    )

    def __init__(self, *args: Any, pool: Pool, **options: Any) -> None:
        initial: dict[str, Any] = {name: getattr(pool, name) for name in ("seats", "renews", "term_months")}
        if pool.own_end:
            initial["ends_on"] = last_day(pool.own_end)
        super().__init__(*args, initial=initial, **options)
        self.known_day = initial.get("ends_on")
        put_unit(self, [pool.unit])

    @property
    def changed_expiry(self) -> Expiry | None:
        """None where the day stayed: what has ended can be looked at without being extended."""
        if self.cleaned_data["ends_now"]:
            return Expiry("now")
        day = self.cleaned_data["ends_on"]
        return None if day == self.known_day else Expiry("date", end_of(day))

    @property
    def renewal(self) -> Renewal:
        renews = self.cleaned_data["renews"] and not self.cleaned_data["ends_now"]
        return Renewal(renews, self.cleaned_data["term_months"] or 0)


class SupplierForm(OperationForm):
    supplier = forms.ModelChoiceField(label=_("Supplier"), queryset=Tenant.objects.none(), widget=SearchSelect)

    def __init__(self, *args: Any, suppliers: QuerySet[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["supplier"]
        field.queryset = suppliers
        field.label_from_instance = lambda row: row.called


class AssignForm(OperationForm):
    customer = forms.ModelChoiceField(label=_("Customer"), queryset=Tenant.objects.none(), widget=SearchSelect)
    seats = seats_field(_("Number"))

    def __init__(self, *args: Any, customers: QuerySet[Any], pool: Pool, **options: Any) -> None:
        super().__init__(*args, **options)
        put_unit(self, [pool.unit])
        field: Any = self.fields["customer"]
        field.queryset = customers
        field.label_from_instance = lambda row: f"{row.called} · {row.pk}"


class AssignmentForm(OperationForm):
    seats = forms.IntegerField(
        label=_("Number"), min_value=0, max_value=COUNT_MAX, widget=QuantityInput, help_text=_("0 takes them all back.")
    )

    def __init__(self, *args: Any, hand: PoolAssignment, **options: Any) -> None:
        super().__init__(*args, initial={"seats": hand.seats}, **options)
        put_unit(self, [hand.pool.unit])
