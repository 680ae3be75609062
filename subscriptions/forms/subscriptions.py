"""What browsers send about subscriptions; the services decide."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Package, ServiceInstance
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import QuantityInput, SearchSelect
from subscriptions.models import QUANTITY_MAX, Subscription
from subscriptions.services.opening import Offer


class OfType(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice whose options say of which service type they are."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.service_type.name})"


class SourceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.pk} ({obj.service_instance.name})"


class SubscriptionForm(OperationForm):
    """One subscription for a tenant that is chosen already. A source is asked for where the seller has several."""

    package = OfType(label=_("Package"), queryset=Package.objects.none(), widget=SearchSelect)
    service_instance = OfType(label=_("Service instance"), queryset=ServiceInstance.objects.none())
    source = SourceField(
        label=_("Drawn from"),
        queryset=Subscription.objects.none(),
        required=False,
        help_text=_("Left empty, from the oldest subscription on this instance."),
    )
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=QUANTITY_MAX, initial=1, widget=QuantityInput
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("Left empty, the package's name.")
    )

    def __init__(
        self,
        *args: Any,
        packages: QuerySet[Package],
        instances: QuerySet[ServiceInstance],
        sources: QuerySet[Subscription],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        choices: dict[str, QuerySet[Any]] = {"package": packages, "service_instance": instances, "source": sources}
        for name, rows in choices.items():
            field: Any = self.fields[name]
            field.queryset = rows
        if len(sources[:2]) < 2:
            del self.fields["source"]
        if len(only := instances[:2]) == 1:
            self.initial["service_instance"] = only[0].pk

    @property
    def offer(self) -> Offer:
        values = self.cleaned_data
        source = values.get("source")
        return Offer(
            package_id=values["package"].pk,
            service_instance_id=values["service_instance"].pk,
            quantity=values["quantity"],
            name=values["name"],
            source_id=source.pk if source else None,
        )


class QuantityForm(OperationForm):
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=QUANTITY_MAX, widget=QuantityInput)


class ReasonForm(OperationForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
