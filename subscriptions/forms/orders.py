"""What browsers send about offerings, listings and orders; the services decide."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Package, ServiceInstance
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DualList, QuantityInput, SearchSelect
from subscriptions.forms.cycles import cycle_field, offer_cycles
from subscriptions.forms.subscriptions import OfType, SourceField
from subscriptions.models import QUANTITY_MAX, Listing, Subscription
from subscriptions.services.ordering.listings import Conditions
from tenants.forms.choices import currencies
from tenants.models import Tenant
from tenants.naming import name_of_seller


class PackagesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.service_type.name} ({obj.get_audience_display()})"


class OfferingsForm(OperationForm):
    """Which packages a commission reseller may offer."""

    packages = PackagesField(label=_("Packages"), queryset=Package.objects.none(), required=False, widget=DualList)

    def __init__(self, *args: Any, packages: QuerySet[Package], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["packages"]
        field.queryset = packages


class SellersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return name_of_seller(obj)


class ManyOfferingsForm(OperationForm):
    """Which packages several commission resellers may offer besides."""

    resellers = SellersField(label=_("Resellers"), queryset=Tenant.objects.none(), widget=DualList)
    packages = PackagesField(label=_("Packages"), queryset=Package.objects.none(), widget=DualList)

    def __init__(self, *args: Any, resellers: QuerySet[Tenant], packages: QuerySet[Package], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["resellers"].queryset = resellers  # type: ignore[attr-defined]
        self.fields["packages"].queryset = packages  # type: ignore[attr-defined]


class ListingForm(OperationForm):
    """Package, where it runs, and on which terms it can be ordered. The package of an entry stays."""

    package = OfType(label=_("Package"), queryset=Package.objects.none(), widget=SearchSelect)
    service_instance = OfType(
        label=_("Service instance"), queryset=ServiceInstance.objects.none(), help_text=_("Where it then runs.")
    )
    needs_approval = forms.BooleanField(
        label=_("Needs approval"),
        required=False,
        initial=True,
        help_text=_("Off: whoever orders has it at once, as far as you have something left to sell."),
    )
    unit_price = forms.DecimalField(
        label=_("Price"),
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=6,
        help_text=_("Of one unit and one billing cycle. Left empty, what your price list or the fee says."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies, widget=SearchSelect)
    cycle = cycle_field(
        _("Whoever orders chooses"),
        help_text=_("With a price of your own: by which it is paid, or else by that of the fee."),
    )
    text = forms.CharField(
        label=_("Description"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What those who may order it read about it."),
    )
    is_active = forms.BooleanField(label=_("Can be ordered"), required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        packages: QuerySet[Package],
        instances: QuerySet[ServiceInstance],
        listing: Listing | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["service_instance"].queryset = instances
        if listing is None:
            fields["package"].queryset = packages
            del self.fields["is_active"]
            if len(only := instances[:2]) == 1:
                self.initial["service_instance"] = only[0].pk
            return
        del self.fields["package"]
        for name in ("service_instance", "needs_approval", "cycle", "text", "is_active"):
            self.initial[name] = getattr(listing, name)
        if listing.unit_price is not None:
            self.initial.update(unit_price=listing.unit_price.normalize(), currency=listing.currency)

    @property
    def conditions(self) -> Conditions:
        values = self.cleaned_data
        price = values["unit_price"]
        return Conditions(
            service_instance_id=values["service_instance"].pk,
            needs_approval=values["needs_approval"],
            text=values["text"].replace("\r\n", "\n"),
            unit_price=price,
            currency="" if price is None else values["currency"],
            cycle=values["cycle"],
            is_active=values.get("is_active", True),
        )


class OrderForm(OperationForm):
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=QUANTITY_MAX, initial=1, widget=QuantityInput
    )
    cycle = cycle_field("")
    note = forms.CharField(
        label=_("Message"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What your seller should know."),
    )

    def __init__(self, *args: Any, cycles: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        if len(cycles) > 1:
            offer_cycles(self, cycles)
        else:
            del self.fields["cycle"]


class CommentForm(OperationForm):
    """What goes to who ordered."""

    comment = forms.CharField(
        label=_("Comment"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes to who ordered."),
    )


class ApproveForm(CommentForm):
    """A source is asked for where the seller has several on the instance."""

    source = SourceField(
        label=_("Drawn from"),
        queryset=Subscription.objects.none(),
        required=False,
        help_text=_("Left empty, from the oldest subscription on this instance that has room for it."),
    )

    def __init__(self, *args: Any, sources: QuerySet[Subscription], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]
        if len(sources[:2]) < 2:
            del self.fields["source"]


class RejectForm(CommentForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["comment"].required = True
