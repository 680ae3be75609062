"""Values of events for people: ids as the names that the reader may see, codes as words.

An event keeps ids and codes, because names change and may be hidden. Each app registers what its own stand for.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.models import Job
from resellerhub.web import formats
from tenants import mail_kinds, naming, permission_words
from tenants.actor import Actor
from tenants.event_words import fact, plain
from tenants.houses import type_names
from tenants.models import Membership, ProviderSettings, SupportLevel, Tariff, Tenant
from tenants.roles import Kind, Role

Namer = Callable[[Actor, Collection[Any]], Mapping[Any, Any]]
"""The names of those among these keys that the actor may know, in a fixed number of queries."""

Words = Mapping[str, Any] | Callable[[], Mapping[str, Any]]

REFERENCES: dict[str, tuple[Namer, Any]] = {}
"""For a value (or noun of the event, point, value): who names what it refers to, and what stands for the rest."""

CODES: dict[str, Words] = {
    "status": dict(Tenant.Status.choices),
    "tenant_kind": dict(Kind.choices),
    "role": dict(Role.choices),
    "tariff": dict(Tariff.choices),
    "over_quota_basis": dict(ProviderSettings.Basis.choices),
    "language": dict(settings.LANGUAGES),
    "written_in": dict(settings.LANGUAGES),
    "mail": lambda: {kind.key: kind.label for kind in mail_kinds.KINDS.values()},
    "scopes": permission_words.WORDS,
    "factor": {
        "totp": _("Authenticator app"),
        "webauthn": _("Passkey"),
        "recovery_codes": _("Recovery codes"),
    },
    "country": lambda: formats.countries(),
    "billing_country": lambda: formats.countries(),
}
AMOUNTS = {"monthly_fee", "unit_price", "reseller_price", "customer_price", "subscription.total", "add_on.total"}
"""Texts that are amounts in the `currency` beside them."""

LINES: dict[str, Callable[[Mapping[str, Any], str], str]] = {}
"""For a list of lines with amounts: what says one of them, in the `currency` beside it."""

ROLES = re.compile(r"\b(" + "|".join(Role.values) + r")\b")


def register(
    references: Mapping[str, tuple[Namer, Any]],
    codes: Mapping[str, Words] | None = None,
    lines: Mapping[str, Callable[[Mapping[str, Any], str], str]] | None = None,
) -> None:
    """What values of an app refer to, the words of its codes, and what says its lines. Call it in `AppConfig.ready`."""
    REFERENCES.update(references)
    CODES.update(codes or {})
    LINES.update(lines or {})


def visible(model: Any, field: str = "name") -> Namer:
    """Names things by a field of theirs, those that `visible_to` shows."""

    def names(actor: Actor, keys: Collection[Any]) -> Mapping[Any, Any]:
        return dict(model.objects.visible_to(actor).filter(pk__in=keys).order_by().values_list("pk", field))

    return names


def tenants(actor: Actor, keys: Collection[Any]) -> Mapping[Any, Any]:
    """Those in scope, as far as they are not hidden; the one above is never named to those beneath it."""
    seen = Tenant.objects.filter(ancestors__overlap=[*actor.roots]) | Tenant.objects.filter(pk=actor.tenant_id)
    names = dict(
        seen.filter(pk__in=keys).order_by().annotate(called=naming.shown(actor, "name", "")).values_list("pk", "called")
    )
    mine = Tenant.objects.get(pk=actor.tenant_id)
    above = {mine.seller_id: gettext("Your seller")} if mine.seller_id in keys else {}
    return above | names


def people(actor: Actor, keys: Collection[Any]) -> Mapping[Any, Any]:
    """Who works in scope, but for customers whose names are hidden."""
    rows = Membership.objects.visible_to(actor).filter(naming.readable(actor), user_id__in=keys)
    return {row.user_id: row.user.get_full_name() for row in rows.select_related("user").order_by("pk")}


def types(actor: Actor, keys: Collection[Any]) -> Mapping[Any, Any]:
    """Types of resellers as their house calls them."""
    return type_names(actor.provider_id)


def levels(actor: Actor, keys: Collection[Any]) -> Mapping[Any, Any]:
    """Support levels, which events know by their code."""
    rows = SupportLevel.objects.filter(provider_id=actor.provider_id, code__in=[str(key) for key in keys])
    return dict(rows.order_by().values_list("code", "name"))


register(
    {
        "seller": (tenants, _("Another organisation")),
        "reseller": (tenants, _("Another organisation")),
        "user_id": (people, _("User %(id)s")),
        "job": (visible(Job, "title"), _("Job %(id)s")),
        "support_level": (levels, "%(id)s"),
        "level": (levels, "%(id)s"),
        "type": (types, "%(id)s"),
    }
)


class Teller:
    """Tells values of events to one reader. What `learn` was given costs one query for each kind of thing named."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.known: dict[Namer, dict[Any, Any]] = {}

    def learn(self, events: Iterable[Any]) -> None:
        wanted: dict[Namer, set[Any]] = {}
        for event in events:
            for values in (event.seen_before, event.seen_after):
                for name, value in (values or {}).items():
                    if reference := _of(REFERENCES, event.kind, name):
                        wanted.setdefault(reference[0], set()).update(_keys(value))
        for namer, keys in wanted.items():
            known = self.known.setdefault(namer, {})
            if new := keys - set(known):
                known.update(dict.fromkeys(new) | dict(namer(self.actor, new)))

    def line(self, kind: str, values: Mapping[str, Any] | None) -> str:
        """All values in one line."""
        return "; ".join(f"{fact(name, kind)}: {self.told(kind, name, values or {})}" for name in values or {})

    def changes(self, event: Any) -> list[tuple[str, str, str]]:
        """Name, old value and new value of all that an event tells."""
        old, new = event.seen_before or {}, event.seen_after
        names = [*old, *(name for name in new if name not in old)]
        return [
            (fact(name, event.kind), self.told(event.kind, name, old) if name in old else "", self._after(event, name))
            for name in names
        ]

    def told(self, kind: str, name: str, values: Mapping[str, Any]) -> str:
        """One value of those that stand together."""
        value = values.get(name)
        if value in (None, "", [], {}):
            return plain(value)
        if reference := _of(REFERENCES, kind, name):
            return self._named(reference, value)
        if say := _of(LINES, kind, name):
            return "; ".join(say(line, str(values.get("currency") or "")) for line in value)
        if {name, f"{kind.partition('.')[0]}.{name}"} & AMOUNTS:
            return amount(value, values.get("currency"))
        if name == "roles" and isinstance(value, list):
            return ", ".join(ROLES.sub(lambda role: str(Role(role[0]).label), str(each)) for each in value)
        return _worded(_of(CODES, kind, name), value)

    def _after(self, event: Any, name: str) -> str:
        return self.told(event.kind, name, event.seen_after)

    def _named(self, reference: tuple[Namer, Any], value: Any) -> str:
        namer, stand_in = reference
        known = self.known.get(namer, {})

        def name(key: Any) -> str:
            return str(known.get(_key(key)) or str(stand_in).replace("%(id)s", str(key)))

        if isinstance(value, Mapping):
            return ", ".join(f"{name(key)}: {_detail(each)}" for key, each in value.items())
        return ", ".join(map(name, value if isinstance(value, list) else [value]))


def _of(table: Mapping[str, Any], kind: str, name: str) -> Any:
    """What is registered for this noun, else for every event."""
    return table.get(f"{kind.partition('.')[0]}.{name}", table.get(name))


def _keys(value: Any) -> Iterator[Any]:
    """What a value refers to: one thing, several, or those that are the keys of numbers."""
    for key in value if isinstance(value, list | dict) else [value]:
        if key not in (None, ""):
            yield _key(key)


def _key(key: Any) -> Any:
    """JSON knows no numbers as keys."""
    return int(key) if isinstance(key, str) and key.isdecimal() else key


def _detail(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{fact(name)} {plain(each)}" for name, each in value.items())
    return plain(value)


def _worded(words: Words | None, value: Any) -> str:
    if words is None or isinstance(value, bool):
        return plain(value)
    known = words() if callable(words) else words
    if isinstance(value, list):
        return ", ".join(str(known.get(each, each)) for each in value)
    return str(known.get(value, value)) if isinstance(value, str) else plain(value)


def amount(value: Any, currency: Any) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return plain(value)
    return formats.money(number, str(currency)) if currency else formats.number(number)
