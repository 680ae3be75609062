"""What a push asks for, read in the actor's scope: the new terms, and the targets that are meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catalog.models import Package, PackageVersion
from catalog.refusals import ManagedByAnother
from catalog.services.writing import must_be_to_come
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Invalid, NotFound, found
from subscriptions.models import Push, Subscription
from subscriptions.refusals import VersionLater
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which version, by default the one in force, what is pushed: `limits`, `prices` or both. From which day: None
    is the next billing period of each subscription. To what: all that is sold, or what these `sellers` sold."""

    package_id: int
    version_id: int | None = None
    limits: bool = True
    prices: bool = True
    effective_on: date | None = None
    sellers: tuple[int, ...] = ()
    keeps_own_prices: bool = True


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What is pushed, and by whom: `tenant_id` pushes what is owed to it, and nothing else of what is owed.

    `limits` are of one unit; without `pushes_limits` those that are held stay.
    """

    tenant_id: int
    version: PackageVersion
    pushes_limits: bool
    prices: bool
    limits: Mapping[int, int]
    overages: Mapping[int, int]
    effective_on: date | None
    keeps_own_prices: bool
    asked_on: date

    @classmethod
    def of(cls, push: Push) -> "NewTerms":
        """As they were when the push was started."""
        version = _versions(push.package_id).get(pk=push.version_id)
        asked_on = day_of(push.created_at)
        return _terms(
            push.tenant_id, version, push.limits, push.prices, push.effective_on, push.keeps_own_prices, asked_on
        )


def terms_of(actor: Actor, asked: Asked, now: datetime) -> NewTerms:
    """Refused: `ManagedByAnother` for limits of a package that somebody else manages, `BeforeToday`, `VersionLater`."""
    actor.require("catalog.edit")
    actor.require("subscription.edit")
    package = found(Package.objects.visible_to(actor), pk=asked.package_id)
    if not (asked.limits or asked.prices):
        raise Invalid({"prices": [_("Choose what is pushed: limits, prices or both.")]})
    if asked.limits:
        _check_manager(actor, package)
    today = day_of(now)
    version = _chosen(package, asked.version_id, today)
    if asked.effective_on is not None:
        must_be_to_come(asked.effective_on, now)
        if asked.effective_on < version.effective_on:
            raise VersionLater(day=version.effective_on, field="effective_on")
    return _terms(
        actor.tenant_id, version, asked.limits, asked.prices, asked.effective_on, asked.keeps_own_prices, today
    )


def _check_manager(actor: Actor, package: Package) -> None:
    if not actor.manages(package.tenant_id):
        raise ManagedByAnother(name=package.name, field="limits")


def targets_of(actor: Actor, asked: Asked) -> QuerySet[Subscription]:
    """What is sold of the package and not closed; sellers out of sight are `NotFound`. What one holds oneself is
    changed by whoever sells it to one."""
    rows = Subscription.objects.visible_to(actor).open().filter(package=asked.package_id)
    rows = rows.exclude(tenant=actor.tenant_id)
    if not asked.sellers:
        return rows
    sellers = Tenant.objects.visible_to(actor).exclude(kind=Kind.CUSTOMER).filter(pk__in=asked.sellers)
    if sellers.count() < len(set(asked.sellers)):
        raise NotFound(field="sellers")
    return rows.filter(seller__in=asked.sellers)


def columns_of(asked: Asked, terms: NewTerms) -> dict[str, Any]:
    """As the push keeps them."""
    return {
        "package_id": asked.package_id,
        "version_id": terms.version.pk,
        "limits": asked.limits,
        "prices": asked.prices,
        "effective_on": asked.effective_on,
        "sellers": sorted(set(asked.sellers)),
        "keeps_own_prices": asked.keeps_own_prices,
    }


def _versions(package_id: int) -> QuerySet[PackageVersion]:
    rows = PackageVersion.objects.filter(package=package_id)
    return rows.select_related("package", "reseller_fee", "account_fee")


def _chosen(package: Package, version_id: int | None, today: date) -> PackageVersion:
    versions = _versions(package.pk)
    if version_id is not None:
        return found(versions, pk=version_id)
    version = versions.in_force(today).first()  # type: ignore[attr-defined]
    if version is None:
        raise Invalid({"version": [_("No version of this package is in force yet: choose one.")]})
    return version  # type: ignore[no-any-return]


def _terms(
    tenant_id: int,
    version: PackageVersion,
    limits: bool,
    prices: bool,
    effective_on: date | None,
    keeps_own_prices: bool,
    asked_on: date,
) -> NewTerms:
    rows = version.limits.all()
    return NewTerms(
        tenant_id=tenant_id,
        version=version,
        pushes_limits=limits,
        prices=prices,
        limits={row.resource_id: row.limit for row in rows},
        overages={row.resource_id: row.overage for row in rows if row.overage is not None},
        effective_on=effective_on,
        keeps_own_prices=keeps_own_prices,
        asked_on=asked_on,
    )
