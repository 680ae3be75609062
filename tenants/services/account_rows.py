"""Accounts of customers out of a file: optional columns of an import. The login is the tenant owner's."""

from collections.abc import Sequence
from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Invalid
from tenants.actor import Actor
from tenants.models import Mail, Tariff, Tenant, User
from tenants.services.account_logins import (
    AccountNameTaken,
    Login,
    checked_name,
    level_of,
    support_levels,
    write_account,
)
from tenants.services.bulk_inviting import REASONS
from tenants.services.flood import flooded, hold_caps, left_today
from tenants.services.limits import MOST, NotYourCustomer, sells_for, write_limits
from tenants.services.people import FREE, EmailUnavailable
from tenants.services.reading import Column, Row, Table

LIMITS = tuple(Tariff.values)
COLUMNS = (
    Column("account_name", forms.CharField(label=gettext_lazy("Account name"), max_length=64, required=False)),
    Column("support_level", forms.CharField(label=gettext_lazy("Support level"), max_length=60, required=False)),
    *(
        Column(tariff, forms.IntegerField(label=Tariff(tariff).label, min_value=0, max_value=MOST, required=False))
        for tariff in LIMITS
    ),
)
NAMES = frozenset(column.name for column in COLUMNS)


def judge(actor: Actor, table: Table, seller: Tenant, now: datetime) -> None:
    """Blame rows whose account could not be opened; what is right is put as it is stored."""
    levels = {word.casefold(): row.code for row in support_levels(seller, day_of(now)) for word in (row.name, row.code)}
    opening = [row for row in table.rows if row.values.get("account_name")]
    _blame_taken(table, opening)
    _blame_flooded(table, opening, seller, now)
    if not sells_for(actor, seller.pk):
        _blame_terms(table)
    for row in table.rows:
        said = str(row.values.get("support_level") or "")
        if said and not row.values.get("account_name"):
            table.blame(row.line, "support_level", _("A support level needs an account name."))
        elif said and said.casefold() not in levels:
            table.blame(row.line, "support_level", _("This support level cannot be chosen."))
        elif said:
            row.values["support_level"] = levels[said.casefold()]


def open_accounts(
    actor: Actor, seller: Tenant, customers: Sequence[Tenant], table: Table, language: Sequence[str], now: datetime
) -> None:
    """Part of the import that made these customers, in the order of the rows. A link in a mail brings the password."""
    levels = {row.code: row for row in support_levels(seller, day_of(now))}
    for customer, row, speaks in zip(customers, table.rows, language, strict=True):
        if name := row.values.get("account_name"):
            login = Login(name, row.values["owner_email"], row.values.get("contact_name") or "")
            code = row.values.get("support_level") or ""
            level = levels[code] if code else level_of(seller, "", day_of(now))
            write_account(actor, customer, seller, login, level, speaks, now, Mail.Rank.MANY)
        if limits := {tariff: row.values[tariff] for tariff in LIMITS if row.values.get(tariff)}:
            write_limits(actor, customer, limits, now)


def _blame_flooded(table: Table, opening: Sequence[Row], seller: Tenant, now: datetime) -> None:
    """Each of these accounts brings a mail: what a day allows is counted once for all of them."""
    if not opening:
        return
    hold_caps(seller)
    emails = [str(row.values.get("owner_email") or "").lower() for row in opening]
    over, left = flooded(seller, emails, now), left_today(seller, now)
    for row, email in zip(opening, emails, strict=True):
        if email in over:
            table.blame(row.line, "owner_email", str(REASONS["too_many_mails"]))
        elif left <= 0:
            table.blame(row.line, "owner_email", str(REASONS["too_many_invitations"]))
        else:
            left -= 1


def _blame_terms(table: Table) -> None:
    """As of a customer that is there: whoever sells to it sets them."""
    for row in table.rows:
        for name in ("support_level", *LIMITS):
            if row.values.get(name):
                table.blame(row.line, name, NotYourCustomer().detail)


def _blame_taken(table: Table, opening: Sequence[Row]) -> None:
    """One look for all names, one for all addresses."""
    for row in opening:
        try:
            row.values["account_name"] = checked_name(row.values["account_name"])
        except Invalid as invalid:
            table.blame(row.line, "account_name", " ".join(invalid.errors["account_name"]))
        if not row.values.get("owner_email"):
            table.blame(row.line, "owner_email", _("An account needs the address of its login."))
    names = [row.values["account_name"] for row in opening]
    emails = [str(row.values.get("owner_email") or "").lower() for row in opening]
    taken = set(User.objects.filter(account_name__in=names).values_list("account_name", flat=True))
    used = set(User.objects.filter(email__in=emails).exclude(FREE).values_list("email", flat=True))
    seen_names: dict[str, int] = {}
    seen_emails: dict[str, int] = {}
    for row, name, email in zip(opening, names, emails, strict=True):
        for column, value, there, seen, sentence in (
            ("account_name", name, taken, seen_names, AccountNameTaken().detail),
            ("owner_email", email, used, seen_emails, EmailUnavailable().detail),
        ):
            first = seen.setdefault(value, row.line)
            if value in there:
                table.blame(row.line, column, sentence)
            elif value and first != row.line:
                table.blame(row.line, column, _("The same stands in line %(line)s.") % {"line": first})
