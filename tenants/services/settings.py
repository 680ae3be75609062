"""What a provider decides for its whole house: what new companies begin with, and which types of reseller it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings as configured
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel import money
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Invalid, Refusal, found
from resellerhub.kernel.saving import save
from resellerhub.kernel.text import has_forbidden
from tenants.actor import Actor
from tenants.models import Profile, ProviderSettings, ResellerTypeSetting
from tenants.services import checks

SHARED = ("currency", "language")
"""What the settings and the provider's own profile both say."""


class TypeUnavailable(Refusal):
    code, status = "type-unavailable", 422
    message = gettext_lazy("Resellers of this type are not taken at present.")


class NoTypeLeft(Refusal):
    code, message, status = "no-type-left", gettext_lazy("One type of reseller must stay: nobody could be made."), 422


class TermsNotAccepted(Refusal):
    code, status = "terms-not-accepted", 422
    message = gettext_lazy("Please accept the terms as they stand here now.")


@dataclass(frozen=True)
class TypeChange:
    """What is to be changed of a type of reseller; None stays as it is."""

    type: str
    is_enabled: bool | None = None
    label: str | None = None
    terms: str | None = None


def require_terms(row: ResellerTypeSetting, version: int | None, field: str = "accept") -> None:
    """What was accepted must be what the terms say now; a type without terms asks for nothing."""
    if row.terms and version != row.version:
        raise TermsNotAccepted(field=field)


def settings_of(actor: Actor) -> ProviderSettings:
    """The provider's settings, locked: only its own staff may change them."""
    actor.require_provider("settings.edit")
    return found(ProviderSettings.objects.visible_to(actor).locked(), pk=actor.provider_id)


def require_type(provider_id: int, reseller_type: str, field: str = "type") -> None:
    """A type that the provider switched off cannot be chosen; `field` is what the caller's input calls it."""
    taken = ResellerTypeSetting.objects.filter(provider_id=provider_id, type=reseller_type, is_enabled=True)
    if not taken.exists():
        raise TypeUnavailable(field=field)


@operation
def change_house(
    *,
    actor: Actor,
    oversell_default: bool | None = None,
    takes_registrations: bool | None = None,
    slug: str | None = None,
    currency: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    now: datetime,
) -> ProviderSettings:
    """Change what is named. Those who are there keep what they have; an empty `slug` gives the short name up."""
    settings = settings_of(actor)
    profile = found(Profile.objects.visible_to(actor).locked(), pk=actor.provider_id)
    given = {
        "oversell_default": oversell_default,
        "takes_registrations": takes_registrations,
        "slug": slug,
        "currency": currency,
        "language": language,
        "time_zone": time_zone,
    }
    wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if "slug" in wanted:
        wanted["slug"] = wanted["slug"].strip().lower() or None
    stored = {name: getattr(profile if name == "time_zone" else settings, name) for name in wanted}
    before = {name: stored[name] for name in wanted if stored[name] != wanted[name]}
    after = {name: wanted[name] for name in before}
    if not after:
        return settings
    _check_house(after, settings)
    _write_house(after, settings, profile)
    actor.record("settings.changed", settings, at=now, before=before, **after)
    return settings


@operation
def change_reseller_types(*, actor: Actor, types: Sequence[TypeChange], now: datetime) -> Sequence[ResellerTypeSetting]:
    """Switch types on and off, name them, word their terms. Resellers of a type that goes keep it.

    Another text of the terms is another version of them; the log keeps both texts.
    """
    settings_of(actor)
    rows = {row.type: row for row in ResellerTypeSetting.objects.filter(provider_id=actor.provider_id).order_by("pk")}
    for change in types:
        if change.type not in rows:
            raise Invalid({"types": [_("There is no such type of reseller.")]})
        _change_type(actor, rows[change.type], change, now)
    if not any(row.is_enabled for row in rows.values()):
        raise NoTypeLeft(field="types")
    _save_types(list(rows.values()))
    return list(rows.values())


def _check_house(after: Mapping[str, Any], settings: ProviderSettings) -> None:
    """Codes that are known; and who takes registrations has an address for them."""
    known = {"currency": money.currencies(), "time_zone": checks.time_zones(), "language": dict(configured.LANGUAGES)}
    errors = {name: [_("This is not known.")] for name in known if name in after and after[name] not in known[name]}
    if after.get("takes_registrations", settings.takes_registrations) and not after.get("slug", settings.slug):
        errors["slug"] = [_("Registrations need a short name for their address.")]
    if errors:
        raise Invalid(errors)


def _write_house(after: Mapping[str, Any], settings: ProviderSettings, profile: Profile) -> None:
    own = [name for name in after if name != "time_zone"]
    for name in own:
        setattr(settings, name, after[name])
    if own:
        save(settings, own, taken={"tenants_providersettings_slug_key": "slug"})
    shared = [name for name in after if name == "time_zone" or name in SHARED]
    for name in shared:
        setattr(profile, name, after[name])
    if shared:
        profile.save(update_fields=shared)


def _change_type(actor: Actor, row: ResellerTypeSetting, change: TypeChange, now: datetime) -> None:
    given = {"is_enabled": change.is_enabled, "label": change.label, "terms": change.terms}
    wanted: dict[str, Any] = {
        name: value.strip().replace("\r\n", "\n") if isinstance(value, str) else value
        for name, value in given.items()
        if value is not None
    }
    before = {name: getattr(row, name) for name in wanted if getattr(row, name) != wanted[name]}
    after = {name: wanted[name] for name in before}
    if not after:
        return
    if any(isinstance(value, str) and has_forbidden(value) for value in after.values()):
        raise Invalid({"types": [_("This holds characters that nobody can see.")]})
    if "terms" in after:
        before["version"], after["version"] = row.version, row.version + 1
    for name, value in after.items():
        setattr(row, name, value)
    actor.record("reseller_type.changed", row, at=now, before={"type": row.type, **before}, type=row.type, **after)


def _save_types(rows: list[ResellerTypeSetting]) -> None:
    """What is switched on first: the database wants one on after every statement."""
    names = ["is_enabled", "label", "terms", "version"]
    with refusing({"tenants_reseller_type_left": NoTypeLeft(field="types")}):
        for row in sorted(rows, key=lambda row: not row.is_enabled):
            save(row, names, taken={})
