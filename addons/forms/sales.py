"""What is sold to whom, as it comes from a browser: one sale, and many at once."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from addons.forms.choices import (
    ResellersField,
    choose_service_type,
    limit,
    offer,
    reseller_label,
    resellers_below,
    service_type_field,
)
from addons.models import AddOn, AddOnPackage, BulkSale
from addons.services.ending import EndAddOn
from addons.services.orders import Order
from catalog.forms.fees import amount_field
from catalog.models import ServiceInstance
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DualList, QuantityInput, SearchSelect
from subscriptions.forms.cycles import cycle_field
from subscriptions.forms.life import ConfirmedStepForm
from subscriptions.models import QUANTITY_MAX, Subscription
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.naming import name_of_seller

EVERYBODY = "all"


def quantity_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("Quantity"),
        min_value=1,
        max_value=QUANTITY_MAX,
        initial=1,
        help_text=gettext_lazy("A whole number from 1 to 99,999: each unit grants the values of the add-on once."),
        widget=QuantityInput(attrs={"min": 1, "max": QUANTITY_MAX}),
    )


class SellForm(OperationForm):
    """One add-on on one subscription."""

    add_on = forms.ModelChoiceField(
        AddOn.objects.none(), label=gettext_lazy("Add-on"), empty_label=gettext_lazy("Choose …"), widget=SearchSelect
    )
    quantity = quantity_field()
    unit_price = amount_field(
        gettext_lazy("Price of one unit"),
        required=False,
        help_text=gettext_lazy("Above, at or below the cost; left empty, what the price list or the fee says."),
    )
    cycle = cycle_field(gettext_lazy("That of the fee"))

    def __init__(self, actor: Actor, subscription: Subscription, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fitting = sellable(actor).filter(
            Exists(AddOnPackage.objects.filter(add_on=OuterRef("pk"), package_id=subscription.package_id))
        )
        limit(self, "add_on", fitting)


class EndForm(ConfirmedStepForm):
    """The end of one sale."""

    def __init__(self, sale_id: int, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sale_id = sale_id

    @property
    def step(self) -> EndAddOn:
        return EndAddOn(self.sale_id)


class BulkSaleForm(OperationForm):
    """One add-on over many subscriptions. What can be chosen depends on the service type, so that comes first."""

    service_type = service_type_field()
    service_instance = forms.ModelChoiceField(
        ServiceInstance.objects.none(),
        label=gettext_lazy("Provider (service instance)"),
        empty_label=gettext_lazy("All service instances"),
        required=False,
    )
    add_on = forms.ModelChoiceField(
        AddOn.objects.none(), label=gettext_lazy("Add-on"), empty_label=gettext_lazy("Choose …")
    )
    only_over_quota = forms.BooleanField(
        label=gettext_lazy("Sell only to over quota"),
        help_text=gettext_lazy("Only where more is utilised than allocated of something this add-on raises."),
        initial=True,
        required=False,
    )
    skip_already_sold = forms.BooleanField(
        label=gettext_lazy("Do not sell when already sold"),
        help_text=gettext_lazy(
            "Passes over subscriptions on which this add-on is active; cancelled sales do not count."
        ),
        required=False,
    )
    quantity = quantity_field()
    audience: BulkSale.Audience

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.chosen_type = choose_service_type(self, actor)
        if self.chosen_type is None:
            for name in ("service_instance", "add_on"):
                self.fields[name].empty_label = _("Choose a service type first")  # type: ignore[attr-defined]
            return
        instances = ServiceInstance.objects.visible_to(actor).filter(service_type=self.chosen_type, is_active=True)
        limit(self, "service_instance", instances.order_by("name", "pk"))
        add_ons = associated(sellable(actor).filter(service_type=self.chosen_type))
        limit(self, "add_on", add_ons)
        if not add_ons.exists():
            self.fields["add_on"].help_text = _(
                "There is no active add-on of this service type that is associated with a package."
            )

    @property
    def order(self) -> Order:
        """What the services take."""
        given = self.cleaned_data
        instance, owner = given["service_instance"], given.get("owner", EVERYBODY)
        return Order(
            audience=self.audience.value,
            service_type_id=given["service_type"].pk,
            add_on_id=given["add_on"].pk,
            quantity=given["quantity"],
            service_instance_id=instance.pk if instance else None,
            only_over_quota=given["only_over_quota"],
            skip_already_sold=given["skip_already_sold"],
            create_copy=given.get("create_copy", False),
            resellers=tuple(row.pk for row in given.get("resellers", ())),
            owner_id=None if owner == EVERYBODY else int(owner),
        )


class ResellersSaleForm(BulkSaleForm):
    """To the subscriptions that resellers hold themselves."""

    audience = BulkSale.Audience.RESELLERS
    resellers = ResellersField(
        Tenant.objects.none(),
        label=gettext_lazy("Resellers"),
        error_messages={"required": gettext_lazy("Choose at least one reseller.")},
        widget=DualList,
    )
    create_copy = forms.BooleanField(
        label=gettext_lazy("Create copy under reseller"),
        help_text=gettext_lazy(
            "Each reseller that is sold to gets this add-on as its own, to name, price and sell on. It is made once."
        ),
        required=False,
    )

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(actor, *args, **options)
        beneath = resellers_below(actor)
        limit(self, "resellers", beneath)
        if not beneath.exists():
            self.fields["resellers"].help_text = _("There is no reseller beneath you yet.")


class CustomersSaleForm(BulkSaleForm):
    """To the subscriptions that customers hold: those of one owner, or of all beneath the actor."""

    audience = BulkSale.Audience.CUSTOMERS
    owner = forms.ChoiceField(
        label=gettext_lazy("Owner"),
        help_text=gettext_lazy("Whose customers: your own direct ones, those of one reseller, or all."),
        initial=EVERYBODY,
        widget=SearchSelect,
    )

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(actor, *args, **options)
        own = Tenant.objects.select_related("profile").get(pk=actor.tenant_id)
        choices = [
            (EVERYBODY, _("All")),
            (str(own.pk), _("%(name)s (direct customers)") % {"name": name_of_seller(own)}),
            *((str(reseller.pk), reseller_label(reseller)) for reseller in resellers_below(actor)),
        ]
        offer(self, "owner", choices)


def sellable(actor: Actor) -> QuerySet[AddOn]:
    """What the actor can sell, by name."""
    return AddOn.objects.sellable_by(actor).order_by("name", "pk")


def associated(add_ons: QuerySet[AddOn]) -> QuerySet[AddOn]:
    return add_ons.filter(Exists(AddOnPackage.objects.filter(add_on=OuterRef("pk"))))
