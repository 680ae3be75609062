"""With which packages an add-on may be sold, as it comes from a browser."""

from itertools import groupby
from typing import Any, Literal

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from addons.forms.choices import limit
from addons.models import AddOn, AddOnPackage
from addons.services.add_ons import ALL
from catalog.models import Package
from resellerhub.web.forms import OperationForm
from tenants.actor import Actor
from tenants.naming import maker_name


class PackagesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Packages by name; one that somebody else made names its owner."""

    owner_id = 0

    def label_from_instance(self, obj: Any) -> str:
        if obj.tenant_id == self.owner_id:
            return str(obj.name)
        return _("%(name)s (of %(owner)s)") % {"name": obj.name, "owner": obj.owner_name}


class PackagesForm(OperationForm):
    """All packages of a service type, or those with a tick."""

    every_package = forms.BooleanField(
        label=gettext_lazy("All reseller and customer packages"),
        help_text=gettext_lazy("Every active package of this service type, plans that resellers made among them."),
        required=False,
    )
    packages = PackagesField(
        Package.objects.none(),
        label=gettext_lazy("Packages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def offer_packages(self, actor: Actor, service_type_id: int, add_on: AddOn | None = None) -> None:
        """Active packages in sight, for resellers first, and what is associated already."""
        chosen = Q(is_active=True)
        if add_on is not None:
            chosen |= Q(pk__in=AddOnPackage.objects.filter(add_on=add_on).values("package_id"))
        rows = Package.objects.visible_to(actor).filter(chosen, service_type_id=service_type_id)
        self.fields["packages"].owner_id = actor.tenant_id  # type: ignore[attr-defined]
        limit(
            self, "packages", rows.annotate(owner_name=maker_name(actor, "tenant")).order_by("-audience", "name", "pk")
        )

    @property
    def chosen_packages(self) -> list[int] | Literal["all"]:
        return ALL if self.cleaned_data["every_package"] else [row.pk for row in self.cleaned_data["packages"]]

    @property
    def package_groups(self) -> list[tuple[str, list[forms.boundfield.BoundWidget]]]:
        """The boxes of packages under a heading for each audience."""
        titles = {Package.Audience.RESELLER: _("For resellers"), Package.Audience.CUSTOMER: _("For customers")}
        boxes = [(titles[box.data["value"].instance.audience], box) for box in self["packages"].subwidgets]
        return [(title, [box for _title, box in each]) for title, each in groupby(boxes, key=lambda pair: pair[0])]


class AssociateForm(PackagesForm):
    """The packages of an add-on that is there already."""

    def __init__(self, actor: Actor, add_on: AddOn, data: Any = None) -> None:
        rows = AddOnPackage.objects.filter(add_on=add_on).values_list("package_id", flat=True)
        super().__init__(data, initial={"packages": list(rows)})
        self.offer_packages(actor, add_on.service_type_id, add_on)
