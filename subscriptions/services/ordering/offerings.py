"""Which packages a commission reseller may offer: whoever sells to it decides."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid, Refusal, found
from subscriptions.models import Offering
from subscriptions.selectors.offers import offerable
from tenants.actor import Actor
from tenants.models import ResellerTerms, ResellerType, Tenant
from tenants.naming import name_of_seller
from tenants.services.tree import must_be_open


class NoOfferings(Refusal):
    code = "prepaid-reseller"
    message = gettext_lazy(
        "A prepaid reseller sells what it subscribed to: only what a commission reseller offers is chosen for it."
    )


class OwnOffering(Refusal):
    code, status = "own-offering", 403
    message = gettext_lazy("What you may offer is chosen by whoever sells to you.")


@operation
def set_offerings(*, actor: Actor, reseller_id: int, package_ids: Iterable[int], now: datetime) -> list[Offering]:
    """These packages and no others, from the next sale on; what was sold stays. The same again changes nothing.

    What it offers already may stay chosen, even where it could not be chosen any more. Refused: `NoOfferings` of a
    prepaid reseller, `OwnOffering`; a package that cannot be chosen, beside the field.
    """
    reseller = _commission_reseller(actor, reseller_id)
    had = set(Offering.objects.filter(tenant=reseller).values_list("package_id", flat=True))
    return _write(actor, reseller, had, set(package_ids), now)


@operation
def add_offerings(
    *, actor: Actor, reseller_ids: Collection[int], package_ids: Collection[int], now: datetime
) -> list[Offering]:
    """These packages besides what each of several commission resellers offers already; all or nothing."""
    offerings: list[Offering] = []
    for reseller_id in sorted(set(reseller_ids)):
        reseller = _commission_reseller(actor, reseller_id)
        had = set(Offering.objects.filter(tenant=reseller).values_list("package_id", flat=True))
        offerings += _write(actor, reseller, had, had | set(package_ids), now)
    return offerings


def _commission_reseller(actor: Actor, reseller_id: int) -> Tenant:
    """Its terms locked, so that two who choose at once wait for one another."""
    actor.require("reseller.edit")
    reseller: Tenant = found(Tenant.objects.visible_to(actor).resellers(), pk=reseller_id)
    if reseller.pk == actor.tenant_id:
        raise OwnOffering()
    must_be_open(reseller)
    terms: ResellerTerms = found(ResellerTerms.objects.locked(), pk=reseller.pk)
    if terms.type != ResellerType.COMMISSION:
        raise NoOfferings()
    return reseller


def _write(actor: Actor, reseller: Tenant, had: set[int], wanted: set[int], now: datetime) -> list[Offering]:
    if strange := wanted - had - set(offerable(reseller).values_list("pk", flat=True)):
        numbers = {"name": name_of_seller(reseller), "packages": ", ".join(map(str, sorted(strange)))}
        raise Invalid({"packages": [_("The seller of %(name)s does not offer this to it: %(packages)s.") % numbers]})
    added, removed = sorted(wanted - had), sorted(had - wanted)
    Offering.objects.filter(tenant=reseller, package__in=removed).delete()
    Offering.objects.bulk_create(
        Offering(provider_id=reseller.house_id, tenant=reseller, package_id=package_id, made_at=now)
        for package_id in added
    )
    if added or removed:
        facts: dict[str, Any] = {"packages_added": added, "packages_removed": removed}
        actor.record("reseller.offerings_changed", reseller, at=now, **{k: v for k, v in facts.items() if v})
    return list(Offering.objects.filter(tenant=reseller).select_related("package").order_by("pk"))
