"""Number series: how the documents of an issuer are called from now on, and the next numbers of one."""

import re
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invoicing.models import DocumentKind, NumberSeries
from invoicing.models.series import NUMBER_MAX, YEAR
from invoicing.refusals import DatesGoBack, NoNumbersLeft
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Busy, Forbidden, Invalid, Refusal
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind

SHAPE = re.compile(r"([A-Za-z0-9/._-]*[A-Za-z/._-])?")
USUAL = {
    "en": {"invoice": "INV-", "credit_note": "CN-", "commission_statement": "CS-", "proforma": "PRO-"},
    "de": {"invoice": "RE-", "credit_note": "RK-", "commission_statement": "PA-", "proforma": "PRO-"},
}
"""How numbers begin where nobody said anything; German has Rechnung, Rechnungskorrektur, Provisionsabrechnung."""


class BeginsAlike(Refusal):
    code = "begins-alike"
    message = gettext_lazy("Numbers of another series begin like this. Begin them otherwise, so that no two are alike.")


@operation
def set_number_series(
    *, actor: Actor, kind: str, pattern: str, start: int = 1, digits: int = 4, now: datetime
) -> NumberSeries:
    """How documents of a kind are numbered from the next one on. A pattern with {year} begins anew each year, from 1.

    The same pattern again changes the digits alone, and `start` only while no number was given. Refused: `BeginsAlike`.
    """
    actor.require("settings.edit")
    if actor.kind == Kind.CUSTOMER:
        raise Forbidden(permission="settings.edit", actor=actor)
    _check(kind, pattern, start, digits)
    there = _current(actor.tenant_id, kind)
    if there and there.pattern == pattern and (there.is_used or there.start == start):
        if there.digits != digits:
            there.digits = digits
            there.save(update_fields=["digits"])
            actor.record("number_series.changed", there, at=now, tenant_id=actor.tenant_id, **_told(there))
        return there
    if there:
        _retire(there, now)
    year = now.year if YEAR in pattern else None
    made = _begin(actor.provider_id, actor.tenant_id, kind, pattern, year=year, start=start, digits=digits, now=now)
    before = _told(there) if there else None
    actor.record("number_series.changed", made, at=now, tenant_id=actor.tenant_id, before=before, **_told(made))
    return made


def usual_pattern(language: str, kind: str) -> str:
    return USUAL.get(language, USUAL["en"])[kind] + f"{YEAR}-"


def series_for(issuer: Tenant, kind: str, on: date, now: datetime) -> NumberSeries:
    """The series that a document of this day is numbered by, locked: the last lock that whoever issues takes. Part of
    an operation. Refused: `DatesGoBack`, `NoNumbersLeft`."""
    series = _current(issuer.pk, kind) or _first(issuer, kind, on, now)
    if series.last_issued_on and on < series.last_issued_on:
        raise DatesGoBack(field="on", last=series.last_issued_on)
    if series.year is not None and series.year != on.year:
        _retire(series, now)
        series = _begin(
            issuer.house_id, issuer.pk, kind, series.pattern, year=on.year, start=1, digits=series.digits, now=now
        )
    if series.next_number > NUMBER_MAX:
        raise NoNumbersLeft()
    return series


def _first(issuer: Tenant, kind: str, on: date, now: datetime) -> NumberSeries:
    """As is usual in the issuer's language; somebody else may be just beginning it."""
    pattern = usual_pattern(issuer.profile.language, kind)
    try:
        return _begin(issuer.house_id, issuer.pk, kind, pattern, year=on.year, start=1, digits=4, now=now)
    except Busy:
        if there := _current(issuer.pk, kind):
            return there
        raise


def _current(issuer_id: int, kind: str) -> NumberSeries | None:
    """Whoever waited for one that is retired meanwhile finds none, and looks again for the next."""
    rows = NumberSeries.objects.filter(issuer=issuer_id, kind=kind).current()
    return rows.locked().first() or rows.locked().first()


def _retire(series: NumberSeries, now: datetime) -> None:
    series.retired_at = now
    series.save(update_fields=["retired_at"])


def _begin(
    provider_id: int,
    issuer_id: int,
    kind: str,
    pattern: str,
    *,
    year: int | None,
    start: int,
    digits: int,
    now: datetime,
) -> NumberSeries:
    row = NumberSeries(
        provider_id=provider_id,
        issuer_id=issuer_id,
        kind=kind,
        pattern=pattern,
        prefix=pattern.replace(YEAR, str(year or "")),
        year=year,
        digits=digits,
        start=start,
        next_number=start,
        made_at=now,
    )
    with refusing({"number_series_prefix_once": BeginsAlike(field="pattern"), "number_series_current_once": Busy()}):
        row.save(force_insert=True)
    return row


def _check(kind: str, pattern: str, start: int, digits: int) -> None:
    errors: dict[str, list[str]] = {}
    if kind not in DocumentKind.values:
        errors["kind"] = [_("This is not known.")]
    if not SHAPE.fullmatch(pattern.replace(YEAR, "0", 1)):
        errors["pattern"] = [
            _("Letters, digits, {year} and / . _ - can stand here; at the end stands no digit and no year.")
        ]
    elif len(pattern) > 25:
        errors["pattern"] = [_("At most %(most)s characters.") % {"most": 25}]
    if not 1 <= start <= NUMBER_MAX:
        errors["start"] = [_("Between 1 and %(most)s.") % {"most": NUMBER_MAX}]
    if not 1 <= digits <= 9:
        errors["digits"] = [_("Between 1 and 9.")]
    if errors:
        raise Invalid(errors)


def _told(series: NumberSeries) -> dict[str, Any]:
    return {
        "number_series.kind": series.kind,
        "number_series.pattern": series.pattern,
        "number_series.next": str(series),
    }
