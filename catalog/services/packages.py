"""Packages and their versions. A new version counts for what is sold from its day on; what is held keeps its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import COUNT_MAX, Package, PackageResource, PackageVersion, Resource, ServiceType
from catalog.selectors.managers import managed
from catalog.services.pairs import check_pair, check_standing
from catalog.services.writing import must_be_to_come, write
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Invalid, found
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind

OWN = ("name", "is_shared", "is_active")
"""What a package says itself, at once; its versions say the rest."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a version of a package grants and costs: `limits` maps resources to what one unit grants of them.

    Those in `overages` are hard quotas: so much beyond the limit of one unit may be used before it is blocked.
    """

    limits: Mapping[int, int] = field(default_factory=dict)
    reseller_fee_id: int | None = None
    account_fee_id: int | None = None
    overages: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, version: PackageVersion) -> "Content":
        rows = list(version.limits.values_list("resource_id", "limit", "overage"))
        overages = {resource: overage for resource, _limit, overage in rows if overage is not None}
        limits = {resource: limit for resource, limit, _overage in rows}
        return cls(limits, version.reseller_fee_id, version.account_fee_id, overages)

    @property
    def told(self) -> dict[str, Any]:
        """For an event; JSON knows no numbers as keys."""
        told: dict[str, Any] = {"limits": _text_keys(self.limits)}
        if self.overages:
            told["overages"] = _text_keys(self.overages)
        return told | {"reseller_fee": self.reseller_fee_id, "account_fee": self.account_fee_id}


Said = Content | Callable[[Content], Content]
"""What a change says of it: all of it, or what becomes of what it does on that day, read under the lock."""


@operation
def create_package(
    *,
    actor: Actor,
    service_type_id: int,
    name: str,
    audience: str,
    content: Content,
    is_shared: bool = True,
    managed_by_id: int | None = None,
    now: datetime,
) -> Package:
    """A package of the provider, or one that a reseller of it is to manage. Its first version counts from today.

    Refused: `FeeDoesNotFit`, `CurrenciesDiffer`, `ShareWithResellers`.
    """
    actor.require_provider("catalog.edit")
    if managed_by_id and managed_by_id != actor.tenant_id:
        found(Tenant.objects.visible_to(actor).filter(kind=Kind.RESELLER), pk=managed_by_id)
    return new_package(
        actor, service_type_id, name, audience, content, is_shared=is_shared, managed_by_id=managed_by_id, now=now
    )


@operation
def change_package(
    *,
    actor: Actor,
    package_id: int,
    content: Said,
    effective_on: date | None = None,
    now: datetime,
    **own: Any,
) -> Package:
    """Rename, share or withdraw a package at once, and give it another content from a day on, today if none is said.
    `own` is what of its name, `is_shared` and `is_active` is to be another.

    By the provider's staff, whoever manages it. Inactive: it is not sold any more.
    """
    actor.require_provider("catalog.edit")
    package = found(Package.objects.visible_to(actor).locked(), pk=package_id)
    content = said_on(package, content, effective_on or day_of(now))
    return rewrite_package(actor, package, content, effective_on, now, **own)


@operation
def share_package(*, actor: Actor, package_id: int, is_shared: bool, now: datetime) -> Package:
    """Let resellers below who manages it see and sell it, or no more; what is sold stays. Refused: `ManagedByAnother`,
    `ShareWithResellers`."""
    actor.require("catalog.edit")
    package = editable(actor, package_id)
    return rewrite_package(actor, package, content_on(package, day_of(now)), None, now, is_shared=is_shared)


@operation
def deactivate_package(*, actor: Actor, package_id: int, now: datetime) -> Package:
    """Sell it no more; who holds it keeps it."""
    actor.require("catalog.edit")
    package = editable(actor, package_id)
    if package.is_active:
        package.is_active = False
        package.save(update_fields=["is_active"])
        before = {"is_active": True}
        actor.record(
            "package.deactivated", package, at=now, tenant_id=package.tenant_id, before=before, is_active=False
        )
    return package


def editable(actor: Actor, package_id: int) -> Package:
    """Locked. Of the actor's own tenant, or any for the provider's staff; what is only in sight is refused."""
    package = managed(actor, Package.objects.visible_to(actor), package_id)
    return found(Package.objects.filter(pk=package.pk).locked(), pk=package_id)


def new_package(
    actor: Actor,
    service_type_id: int,
    name: str,
    audience: str,
    content: Content,
    *,
    is_shared: bool,
    managed_by_id: int | None = None,
    now: datetime,
) -> Package:
    """For the operations that have checked who may."""
    service_type = found(ServiceType.objects.visible_to(actor).active(), pk=service_type_id)
    package = Package(
        provider_id=actor.provider_id,
        tenant_id=managed_by_id or actor.tenant_id,
        service_type=service_type,
        name=name.strip(),
        audience=audience,
        is_shared=is_shared,
        created_at=now,
    )
    content = _checked(actor, package, content, Content())
    write(package)
    _add_version(package, content, day_of(now), now)
    facts: dict[str, Any] = {"name": package.name, "audience": audience, "is_shared": is_shared} | content.told
    actor.record("package.created", package, at=now, tenant_id=package.tenant_id, service_type=service_type.pk, **facts)
    return package


def rewrite_package(
    actor: Actor, package: Package, content: Content, effective_on: date | None, now: datetime, **own: Any
) -> Package:
    """For the operations that have checked who may, on a locked package; what `OWN` names and `own` does not, stays."""
    day = effective_on or day_of(now)
    must_be_to_come(day, now)
    before: dict[str, Any] = {key: getattr(package, key) for key in OWN}
    after = before | own
    after["name"] = after["name"].strip()
    shared_now = not before["is_shared"] and after["is_shared"]
    for key in OWN:
        setattr(package, key, after[key])
    had = content_on(package, day)
    content = _checked(actor, package, content, had)
    if not shared_now:
        write(package, OWN)
    if content != had:
        _add_version(package, content, day, now)
        before.update(had.told)
        after |= content.told | {"effective_on": day.isoformat()}
    if shared_now:
        check_standing(package, day_of(now))
        write(package, OWN)
    if before != after:
        actor.record("package.changed", package, at=now, tenant_id=package.tenant_id, before=before, **after)
    return package


def said_on(package: Package, content: Said, day: date) -> Content:
    """What a change makes of a locked package on a day."""
    return content(content_on(package, day)) if callable(content) else content


def content_on(package: Package, day: date) -> Content:
    """What it grants and costs on a day; nothing before its first version."""
    version = package.versions.in_force(day).first()
    return Content.of(version) if version else Content()


def _text_keys(amounts: Mapping[int, int]) -> dict[str, int]:
    return {str(resource): amount for resource, amount in amounts.items()}


def checked_limits(service_type_id: int, limits: Mapping[int, int]) -> dict[int, int]:
    """The limits that grant something, of resources of the service type; `Invalid` names what is wrong."""
    wanted = {resource: limit for resource, limit in limits.items() if limit}
    errors = {}
    if not wanted:
        errors["limits"] = [_("Give at least one resource a limit.")]
    if any(not 0 < limit <= COUNT_MAX for limit in wanted.values()):
        errors["limits"] = [_("A limit is a whole number from 1 to %(most)s.") % {"most": COUNT_MAX}]
    known = set(Resource.objects.filter(service_type=service_type_id).values_list("pk", flat=True))
    if not set(wanted) <= known:
        errors["limits"] = [_("A resource is not of this service type.")]
    if errors:
        raise Invalid(errors)
    return wanted


def _checked_overages(limits: Mapping[int, int], overages: Mapping[int, int]) -> dict[int, int]:
    if not set(overages) <= set(limits):
        raise Invalid({"limits": [_("A hard quota needs a limit.")]})
    if any(not 0 <= overage <= COUNT_MAX for overage in overages.values()):
        raise Invalid({"limits": [_("An overage is a whole number from 0 to %(most)s.") % {"most": COUNT_MAX}]})
    return dict(overages)


def _checked(actor: Actor, package: Package, content: Content, had: Content) -> Content:
    """What may be written; what it `had` already is not asked about again, whoever may see it."""
    limits = checked_limits(package.service_type_id, content.limits)
    check_pair(actor, package, content, had)
    overages = _checked_overages(limits, content.overages)
    return Content(limits, content.reseller_fee_id, content.account_fee_id, overages)


def _add_version(package: Package, content: Content, effective_on: date, now: datetime) -> PackageVersion:
    version = PackageVersion.objects.create(
        package=package,
        effective_on=effective_on,
        reseller_fee_id=content.reseller_fee_id,
        account_fee_id=content.account_fee_id,
        made_at=now,
    )
    PackageResource.objects.bulk_create(
        PackageResource(version=version, resource_id=resource, limit=limit, overage=content.overages.get(resource))
        for resource, limit in content.limits.items()
    )
    return version
