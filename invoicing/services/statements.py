"""Payments out of the statement of a bank account: whose each is, and all of them at once or none."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from invoicing.models import Balance, Document, NumberSeries, Payment
from invoicing.selectors.accounts import ACCOUNTED, open_documents
from invoicing.services.allocating import lock_open, settle
from invoicing.services.drafting import today_of
from invoicing.services.payments import REFERENCE_MAX, Received, record, row_of, wrong
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Busy
from tenants.actor import Actor
from tenants.models import Event, Profile
from tenants.services.reading import Row, Table

OTHER = re.compile(r"[^A-Z0-9]")


class How(models.TextChoices):
    """By what the payer of a line was found, or why it is left out."""

    NUMBER = "number", _("by the number of the document")
    IBAN = "iban", _("by the bank account")
    NAME = "name", _("by name and amount")
    KNOWN = "known", _("imported before")
    OUTGOING = "outgoing", _("money that went out")
    SEVERAL = "several", _("numbers of several payers")
    NOBODY = "nobody", _("no payer found")


class Line(NamedTuple):
    """A line of the statement with what was found. `documents` are those that it names."""

    number: int
    values: Mapping[str, Any]
    source: str
    how: How
    payer_id: int = 0
    documents: tuple[int, ...] = ()


def match_statement(*, actor: Actor, table: Table, now: datetime) -> list[Line]:
    """What an import would do with each line; nothing is written. Refused, as `FaultyRows`: what is no payment."""
    actor.require("payment.edit")
    _check(actor, table, now)
    rows = table.sound()
    sources = _sources(rows)
    known = set(Payment.objects.filter(issuer=actor.tenant_id, source__in=sources).values_list("source", flat=True))
    numbers, payers = _Numbers(actor.tenant_id, rows), _Payers(actor.tenant_id)
    lines = []
    for row, source in zip(rows, sources, strict=True):
        if row.values["amount"] <= 0:
            lines.append(Line(row.line, row.values, source, How.OUTGOING))
        elif source in known:
            lines.append(Line(row.line, row.values, source, How.KNOWN))
        else:
            lines.append(Line(row.line, row.values, source, *_whose(row.values, numbers, payers)))
    return lines


@operation
def import_statement(*, actor: Actor, table: Table, now: datetime) -> tuple[list[Line], list[Payment]]:
    """The lines, and the payments of those whose payer was found. What was imported before is not repeated, so that a
    statement can be imported again when more is known."""
    lines = match_statement(actor=actor, table=table, now=now)
    taken = [line for line in lines if line.payer_id]
    lock_open(actor.tenant_id, {line.payer_id for line in taken})
    rows = [row_of(actor, _received(line), now) for line in taken]
    with refusing({"payment_read_once": Busy()}):
        Payment.objects.bulk_create(rows)
    Event.objects.bulk_create([record(actor, "payment.recorded", row, now) for row in rows])
    settle(rows, {row.pk: line.documents for row, line in zip(rows, taken, strict=True)}, now)
    return lines, rows


def _received(line: Line) -> Received:
    values = line.values
    return Received(
        line.payer_id,
        values["amount"],
        values["currency"].upper(),
        values["received_on"],
        reference=values.get("reference", "")[:REFERENCE_MAX],
        source=line.source,
    )


def _check(actor: Actor, table: Table, now: datetime) -> None:
    """What columns cannot see: currencies that there are, coins that there are, days that have been."""
    today = today_of(actor.tenant_id, now)
    faulty = table.faulty_lines
    for row in table.rows:
        if row.line in faulty or not (amount := row.values["amount"]):
            continue
        one = Received(0, abs(amount), row.values["currency"].upper(), row.values["received_on"])
        for name, sentences in wrong(one, today).items():
            table.blame(row.line, name, sentences[0])


def _sources(rows: Sequence[Row]) -> list[str]:
    """What tells a line apart for ever: the bank's own reference, else all it says, and the how-manieth such it is."""
    seen: Counter[str] = Counter()
    sources = []
    for row in rows:
        values = row.values
        said = values.get("bank_reference") or "|".join(
            str(values.get(name, "")) for name in ("received_on", "amount", "currency", "reference", "iban", "name")
        )
        sources.append(hashlib.sha256(f"{said}#{seen[said]}".encode()).hexdigest())
        seen[said] += 1
    return sources


def _whose(values: Mapping[str, Any], numbers: "_Numbers", payers: "_Payers") -> tuple[Any, ...]:
    named = numbers.in_text(values.get("reference", ""))
    owners = {payer_id for _pk, payer_id in named}
    if len(owners) == 1:
        return How.NUMBER, owners.pop(), tuple(pk for pk, _payer_id in named)
    if owners:
        return (How.SEVERAL,)
    if payer_id := payers.by_iban(values.get("iban", "")):
        return How.IBAN, payer_id
    if payer_id := payers.by_name(values.get("name", ""), values["amount"], values["currency"].upper()):
        return How.NAME, payer_id
    return (How.NOBODY,)


class _Numbers:
    """Numbers of documents in texts, as the issuer's series write them, whatever stands between their characters."""

    def __init__(self, issuer_id: int, rows: Collection[Row]) -> None:
        self.series = list(NumberSeries.objects.filter(issuer=issuer_id, kind__in=ACCOUNTED))
        self.patterns = [
            (one, re.compile(rf"{'(?<![0-9])' * (not plain[:1].isalpha())}{plain}(\d{{{one.digits},}})"))
            for one in self.series
            if (plain := OTHER.sub("", one.prefix.upper())) or one.digits > 1
        ]
        wanted = {name for row in rows for name in self._written(row.values.get("reference", ""))}
        found = Document.objects.filter(issuer=issuer_id, full_number__in=wanted, state=Document.State.ISSUED)
        self.known = {name: (pk, payer) for name, pk, payer in found.values_list("full_number", "pk", "payer_id")}

    def in_text(self, text: str) -> set[tuple[int, int]]:
        return {self.known[name] for name in self._written(text) if name in self.known}

    def _written(self, text: str) -> set[str]:
        plain = OTHER.sub("", text.upper())
        names = set()
        for series, pattern in self.patterns:
            for digits in pattern.findall(plain):
                longest = series.digits if digits.startswith("0") else min(len(digits), 9)
                names |= {series.written(int(digits[:most])) for most in range(series.digits, longest + 1)}
        return names


class _Payers:
    """Those with whom the issuer has an account, by what a statement says of them."""

    def __init__(self, issuer_id: int) -> None:
        ids = Balance.objects.filter(issuer=issuer_id).values_list("payer_id", flat=True)
        profiles = Profile.objects.filter(pk__in=set(ids)).filter(~Q(iban="") | ~Q(name=""))
        self.ibans, self.names = defaultdict(set), defaultdict[str, set[int]](set)
        for pk, iban, name, legal, billing in profiles.values_list("pk", "iban", "name", "legal_name", "billing_name"):
            self.ibans[iban].add(pk)
            for each in (name, legal, billing):
                self.names[_called(each)].add(pk)
        self.issuer_id = issuer_id

    def by_iban(self, iban: str) -> int:
        return _only(self.ibans.get(iban, set())) if iban else 0

    def by_name(self, name: str, amount: Decimal, currency: str) -> int:
        """Where something of just this amount is open."""
        payer_id = _only(self.names.get(_called(name), set())) if name else 0
        if not payer_id:
            return 0
        rows = open_documents(self.issuer_id, [payer_id]).filter(open=amount, currency=currency)
        return payer_id if rows.exists() else 0


def _only(ids: set[int]) -> int:
    return next(iter(ids)) if len(ids) == 1 else 0


def _called(name: str) -> str:
    return OTHER.sub("", name.upper())
