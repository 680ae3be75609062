"""Another package of the same service, or the version of the same that is sold now."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial

from catalog.models import Package
from resellerhub.kernel.periods import Cycle
from resellerhub.kernel.refusals import found
from subscriptions.models import OneOff, Phase
from subscriptions.owing import Owed
from subscriptions.quoting import Line, Quote, Rate, once, opening, per_month
from subscriptions.refusals import NotOffered, OtherCurrency, OtherService
from subscriptions.selectors.offers import offered_packages
from subscriptions.services.allocation import check_quantity
from subscriptions.services.life.effects import change_to, check_limits, differences
from subscriptions.services.life.phases import foreseen
from subscriptions.services.life.steps.lines import charge, credit, cut_beside
from subscriptions.services.life.steps.planning import (
    NOW,
    PERIOD_END,
    limits_after,
    must_renew,
    plan_change,
    problems_of,
)
from subscriptions.services.life.steps.taking import Decision, Held, OnItsOwn, set_term
from subscriptions.services.life.steps.windows import Window, given_back, leave_for, leave_of, reduce, stay
from subscriptions.services.selling.agreeing import Price, Terms, agree, rate_of
from subscriptions.terms import Term, months_of, period_of


@dataclass(frozen=True, slots=True)
class ChangePackage(OnItsOwn):
    """Hold another package, or the newest version of the same, and so many of it (as many as now).

    What costs as much or more counts at once, what is cheaper from the end of the term; `when` says what it has to be.
    At once the rest of the billing period is given back and the new one charged. The term goes on; where the new one
    has another length, it begins anew. It is paid by the cycle that is asked for, else as it is now, where the new one
    is offered by that; the same package by a shorter cycle is as what is cheaper.
    """

    package_id: int
    quantity: int | None = None
    unit_price: Decimal | None = None
    currency: str = ""
    when: str | None = None
    cycle: str = ""

    def decide(self, held: Held) -> Decision:
        """Refused: `NotOffered`, `CycleNotOffered`, `OtherService`, `OtherCurrency`, `PriceOutOfBounds`, and as a
        change of the quantity is."""
        held.must_be_begun()
        quantity = self.quantity or held.subscription.quantity
        check_quantity(quantity)
        package = self._package(held)
        terms = self._agreed(held, package, held.on)
        if self._is_held(held, terms, quantity) and self.when != PERIOD_END:
            return Decision(held.quote())
        if self.when == NOW or (self.when is None and not self._is_less(held, terms, quantity)):
            return self._at_once(held, terms, quantity)
        return self._planned(held, self._agreed(held, package, held.subscription.renews_on), quantity)

    def _package(self, held: Held) -> Package:
        row = held.subscription
        package = found(Package.objects.visible_to(held.actor), pk=self.package_id)
        if (package.service_type_id, package.audience) != (row.service_type_id, row.tenant.kind):
            raise OtherService(field="package")
        offered = offered_packages(held.actor, row.seller, row.tenant.kind)
        if package.pk != row.package_id and not offered.filter(pk=package.pk).exists():
            raise NotOffered(field="package")
        return package

    def _agreed(self, held: Held, package: Package, on: date) -> Terms:
        row = held.subscription
        price = Price(self.unit_price, self.currency, self.cycle, held.actor.tenant_id)
        rather = held.fee.cycle if held.fee else ""
        terms = agree(row.seller, [row.tenant], package, price, on, rather=rather)
        asked = _account(held, terms)
        if held.fee and asked.amount is not None and asked.currency != held.fee.currency:
            raise OtherCurrency(currency=held.fee.currency, other=asked.currency, field="package")
        return terms

    def _is_held(self, held: Held, terms: Terms, quantity: int) -> bool:
        account, fee = _account(held, terms), held.fee
        paid = (fee.unit_price, fee.cycle) if fee else None
        had = (held.must_be_begun().version_id, held.subscription.quantity, paid)
        asked = None if account.amount is None else (account.amount, account.cycle)
        return (terms.version.pk, quantity, asked) == had

    def _is_less(self, held: Held, terms: Terms, quantity: int) -> bool:
        """Cheaper, or the same by a shorter cycle: who paid for a year has it for a year."""
        rate, fee = _rate(held, terms), held.fee
        is_same = terms.version.package_id == held.subscription.package_id
        if is_same and rate and fee and Cycle(rate.cycle).months < Cycle(fee.cycle).months:
            return True
        after = per_month(rate, quantity) if rate else Decimal(0)
        return after < (per_month(fee, held.subscription.quantity) if fee else Decimal(0))

    def _at_once(self, held: Held, terms: Terms, quantity: int) -> Decision:
        held.must_be_unplanned()
        row, version = held.subscription, terms.version
        is_less = self._is_less(held, terms, quantity)
        window = self._window(held, terms, is_less=is_less)
        rows = given_back(held, OneOff.Step.CHANGE, row.quantity, window)
        rows += self._activations(held, terms, held.on)
        limits = limits_after(held, version, quantity)
        check_limits(row, differences(row, version, quantity))
        term = _term(held, terms)

        def write() -> None:
            change_to(row, version, quantity, terms.owed(row.tenant_id), held.now, held.on)
            if term != held.term:
                set_term(row, term)
                row.committed_at = held.now
                row.save(update_fields=["committed_at"])

        before = {"package": row.package_id, "quantity": row.quantity}
        facts = {"package": version.package_id, "quantity": quantity} | terms.told(row.tenant_id)
        both = (held, held.of_seller)
        lines, cost_lines = (self._lines(whose, terms, quantity, term, window) for whose in both)
        quote = replace(_quote(held, terms, quantity), lines=lines, cost_lines=cost_lines, limits=limits)
        quote = replace(quote, renews_on=term.ends_on) if row.renews else replace(quote, ends_on=term.ends_on)
        return Decision(quote, "subscription.changed", write, before, facts, rows)

    def _activations(self, held: Held, terms: Terms, on: date) -> list[OneOff]:
        """Of another package, at every level."""
        row, version = held.subscription, terms.version
        if version.package_id == row.package_id:
            return []
        phase = Phase(provider_id=row.provider_id, subscription=row, starts_on=on)
        return foreseen(terms.owed(row.tenant_id), version, phase, OneOff.Step.CHANGE)

    def _window(self, held: Held, terms: Terms, *, is_less: bool) -> Window:
        """By which what is held is left."""
        if terms.version.package_id == held.subscription.package_id:
            return reduce if is_less else stay
        after = {owed.payer_id: owed.terms for owed in terms.owed(held.subscription.tenant_id)}
        return partial(leave_for, after=after, is_less=is_less, goes_on=_term(held, terms) == held.term)

    def _lines(self, held: Held, terms: Terms, quantity: int, term: Term, window: Window) -> list[Line]:
        lines: list[Line] = []
        if held.fee and (leave := leave_of(held, window)):
            lines += credit(held, held.subscription.quantity, leave.credited_from)
            lines += once("cancellation", held.fee, held.fee.cancellation_amount, held.on) if leave.is_early else []
        if rate := _rate(held, terms):
            lines += charge(held, rate, quantity, period_of(term, rate.cycle, held.on))
            lines += once("activation", rate, _activation(held, terms), held.on)
        return lines if term == held.term else lines + cut_beside(held, term, held.on)

    def _planned(self, held: Held, terms: Terms, quantity: int) -> Decision:
        row, version, plan = held.subscription, terms.version, held.plan
        account = _account(held, terms)
        amount, cycle = account.amount, account.cycle
        quote = replace(
            _quote(held, terms, quantity),
            on=row.renews_on,
            is_planned=True,
            limits=limits_after(held, version, quantity),
            problems=problems_of(held, version, quantity),
            lines=self._first_lines(held, terms, quantity),
            cost_lines=self._first_lines(held.of_seller, terms, quantity),
        )
        rows, said = self._activations(held, terms, row.renews_on), (version.pk, quantity, amount, cycle)
        if plan and (plan.version_id, plan.quantity, plan.unit_price, plan.cycle) == said:
            return Decision(quote, one_offs=rows)
        held.must_be_unplanned()
        must_renew(held)
        before = {"package": row.package_id, "quantity": row.quantity}
        facts = {"package": version.package_id, "quantity": quantity, "on": row.renews_on.isoformat()}
        return Decision(
            quote,
            "subscription.change_planned",
            lambda: plan_change(held, version, quantity, account, held.now),
            before,
            facts | terms.told(row.tenant_id),
            rows,
        )

    def _first_lines(self, held: Held, terms: Terms, quantity: int) -> list[Line]:
        """What is charged for the first period of the new term."""
        rate, begins = _rate(held, terms), held.subscription.renews_on
        if rate is None:
            return []
        return opening(rate, quantity, begins, held.subscription.anchor_day, _activation(held, terms))


def _account(held: Held, terms: Terms) -> Owed:
    return terms.account(held.subscription.tenant_id)


def _owed(held: Held, terms: Terms) -> Owed | None:
    """By whom is asked."""
    return _account(held, terms) if held.payer_id is None else terms.cost_of(held.payer_id)


def _rate(held: Held, terms: Terms) -> Rate | None:
    owed = _owed(held, terms)
    return rate_of(owed, terms.version.package.name) if owed else None


def _activation(held: Held, terms: Terms) -> Decimal:
    """Of another package."""
    owed = _owed(held, terms)
    is_other = terms.version.package_id != held.subscription.package_id
    return owed.terms.activation_amount if is_other and owed and owed.terms else Decimal(0)


def _term(held: Held, terms: Terms) -> Term:
    account = _account(held, terms)
    months = months_of(account.cycle, account.terms.minimum_months if account.terms else 0)
    return held.term if months == held.months else Term.first(held.on, months)


def _quote(held: Held, terms: Terms, quantity: int) -> Quote:
    account = _account(held, terms)
    return held.quote(
        quantity=quantity,
        unit_price=account.amount,
        currency=account.currency,
        cycle=account.cycle,
        version_id=terms.version.pk,
        cost=account.cost,
        cost_once=account.cost_once,
    )
