"""Add-ons and their versions over REST."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from addons.filters import AddOnFilter
from addons.models import AddOn, AddOnVersion
from addons.selectors import add_ons as selectors
from addons.serializers.add_ons import AddOnChangeIn, AddOnIn, AddOnOut, AddOnVersionOut, AssociateIn
from addons.services import add_ons as services
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi


class AddOnApi(ReadApi):
    """Extra resources that are sold on top of a subscription; a reseller's copies among them."""

    singular, permission, out = "add_on", "add_on.view", AddOnOut
    filterset_class = AddOnFilter
    ordering_fields = {"name": "name", "created_at": "created_at"}
    expandable = {"packages": ("packages",)}

    def rows(self, actor: Any) -> QuerySet[AddOn]:
        return selectors.add_ons_in_force(actor, day_of(timezone.now()))

    @operation_endpoint(input=AddOnIn, output=AddOnOut, status=201, permission="add_on.edit")
    def create(self, call: Call) -> AddOn:
        """Make an add-on of your own, or as a provider one that a reseller is to manage, and say with which packages it
        is sold.

        What it costs are its fees; a price in place of a fee makes the fee. A resource that is left out is not raised.
        A reseller can only use what it holds itself (`not-granted`). A shared add-on needs an account fee that is
        shared: `share-with-resellers`.
        """
        made = services.create_add_on(actor=call.actor, now=call.now, **call.values)
        return self.rows(call.actor).get(pk=made.pk)

    @operation_endpoint(input=AddOnChangeIn, output=AddOnOut, detail=True, method="patch", permission="add_on.edit")
    def change(self, call: Call) -> AddOn:
        """Change an add-on that you manage; values and fees count for what is sold from `effective_on` on.

        A price in place of a fee is what the fee charges from that day on. Refused: of a copy other values
        (`copy-is-fixed`), and to a reseller what it owes itself (`reseller-fee-fixed`).
        """
        changed = services.change_add_on(actor=call.actor, add_on_id=call.pk, now=call.now, **call.values)
        return self.rows(call.actor).get(pk=changed.pk)

    @operation_endpoint(input=AssociateIn, output=AddOnOut, detail=True, path="associate", permission="add_on.edit")
    def associate(self, call: Call) -> AddOn:
        """Say with which packages an add-on is sold: exactly these, or all that there are."""
        services.associate_add_on(actor=call.actor, add_on_id=call.pk, packages=call.values["packages"], now=call.now)
        return self.rows(call.actor).get(pk=call.pk)


class AddOnVersionApi(ReadApi):
    """What an add-on grants and costs, and from which day: the newest first. What is sold keeps its version."""

    singular, plural, permission, out = "add_on_version", "add_on_versions", "add_on.view", AddOnVersionOut
    reads = ("list",)
    ordering = ("-effective_on", "-pk")

    def rows(self, actor: Any) -> QuerySet[AddOnVersion]:
        add_on = found(AddOn.objects.visible_to(actor), pk=self.kwargs["add_on"])
        return selectors.add_on_versions(actor, add_on, day_of(timezone.now()))
