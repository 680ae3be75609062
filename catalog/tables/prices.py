"""What the lists of price lists, their rules and their buyers show, and what can be exported of them."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import PriceRule
from catalog.words import VERDICTS, method_of
from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.shells import shell_link
from resellerhub.web.statuses import status
from resellerhub.web.tables import (
    ChoiceColumn,
    Column,
    DateColumn,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    StatusColumn,
    Table,
    YesNoColumn,
)


class PriceListTable(Table):
    name = LinkColumn("price_list", verbose_name=gettext_lazy("Price list"))
    id = Column(verbose_name=gettext_lazy("ID"), accessor="pk")
    audience = Column(verbose_name=gettext_lazy("For"))
    seller = Column(verbose_name=gettext_lazy("Seller"), accessor="seller_name")
    currency = Column(verbose_name=gettext_lazy("Currency"))
    holders = NumberColumn(verbose_name=gettext_lazy("Assigned to"), accessor="holder_count")
    default = YesNoColumn(verbose_name=gettext_lazy("Default"), accessor="is_default")
    active = YesNoColumn(verbose_name=gettext_lazy("Active"), accessor="is_active")
    created = MomentColumn(verbose_name=gettext_lazy("Created"), accessor="created_at")

    default_columns = ("name", "audience", "seller", "currency", "holders", "default", "active")


class RuleTable(Table):
    """Rules of one list; `add_ons` are the names of those that occur."""

    about = Column(verbose_name=gettext_lazy("About"), accessor="pk")
    cycle = Column(verbose_name=gettext_lazy("Billing cycle"), empty_values=())
    price = Column(verbose_name=gettext_lazy("Price"), accessor="method")
    floor = MoneyColumn(verbose_name=gettext_lazy("At least"))
    ceiling = MoneyColumn(verbose_name=gettext_lazy("At most"))
    effective = DateColumn(verbose_name=gettext_lazy("Effective from"), accessor="effective_on")
    made = MomentColumn(verbose_name=gettext_lazy("Made"), accessor="made_at")

    def __init__(self, *args: Any, add_ons: Mapping[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.add_ons = add_ons

    def render_about(self, record: PriceRule) -> str:
        return about_of(record, self.add_ons)

    def render_cycle(self, record: PriceRule) -> str:
        return cycle_of(record.cycle)

    def render_price(self, record: Any) -> str:
        return said_by(record, record.currency)


class CostColumn(MoneyColumn):
    """What the seller pays; where that is owed once, however many it sells, it says so."""

    def render(self, value: Any, record: Any) -> Any:
        amount = super().render(value, record)
        if not record.thing.cost_once:
            return amount
        return format_html('{} <span class="text-secondary">{}</span>', amount, _("once per reseller"))


class RepricedTable(Table):
    """What lines that are not saved yet would change."""

    name = Column(verbose_name=gettext_lazy("What"), accessor="thing__name")
    on = DateColumn(verbose_name=gettext_lazy("Effective from"))
    was = MoneyColumn(verbose_name=gettext_lazy("Before"))
    becomes = MoneyColumn(verbose_name=gettext_lazy("After"))
    cycle = ChoiceColumn(Cycle.choices, verbose_name=gettext_lazy("Billing cycle"), accessor="thing__about__cycle")
    rule = Column(verbose_name=gettext_lazy("By which rule"), accessor="after", empty_values=())
    bounds = Column(verbose_name=gettext_lazy("Bounds"), accessor="after", empty_values=())
    cost = CostColumn(verbose_name=gettext_lazy("Cost"))
    margin = MoneyColumn(verbose_name=gettext_lazy("Margin"))
    warning = Column(verbose_name=gettext_lazy("Note"), accessor="is_below_cost", empty_values=())

    def render_rule(self, record: Any) -> str:
        rule = record.after.rule
        return said_by(rule, record.currency) if rule else _("As the fee says")

    def render_bounds(self, record: Any) -> str:
        bounds = [record.after.floor, record.after.ceiling]
        if bounds == [None, None]:
            return "–"
        return " – ".join("…" if bound is None else formats.money(bound, record.currency) for bound in bounds)

    def render_warning(self, value: bool) -> Any:
        return status("over", _("Below cost")) if value else "–"


class ChargedTable(Table):
    """All prices of one buyer; `query` is what asks for the explanation of one."""

    name = Column(verbose_name=gettext_lazy("What"), accessor="thing__name")
    note = Column(verbose_name=gettext_lazy("Note"), accessor="thing__note")
    amount = MoneyColumn(verbose_name=gettext_lazy("Price"), accessor="priced__amount")
    cycle = ChoiceColumn(Cycle.choices, verbose_name=gettext_lazy("Billing cycle"), accessor="thing__about__cycle")
    rule = Column(verbose_name=gettext_lazy("By which rule"), accessor="priced", empty_values=())
    cost = CostColumn(verbose_name=gettext_lazy("Cost"), accessor="thing__cost")
    margin = MoneyColumn(verbose_name=gettext_lazy("Margin"))

    def __init__(self, *args: Any, link: Callable[[Any], str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.link = link

    def render_name(self, value: str, record: Any) -> Any:
        return format_html('<a href="{}">{}</a>', self.link(record.thing), value)

    def render_rule(self, record: Any) -> str:
        rule = record.priced.rule
        return said_by(rule, record.currency) if rule else _("As the fee says")


class WeighedTable(Table):
    """The rules of a list about one thing, with why each counts or not."""

    stacks = True

    about = Column(verbose_name=gettext_lazy("About"), accessor="rule")
    cycle = Column(verbose_name=gettext_lazy("Billing cycle"), accessor="rule__cycle", empty_values=())
    price = Column(verbose_name=gettext_lazy("Price"), accessor="rule")
    effective = DateColumn(verbose_name=gettext_lazy("Effective from"), accessor="rule__effective_on")
    verdict = Column(verbose_name=gettext_lazy("Counts or not, and why"))

    def __init__(self, *args: Any, currency: str, add_ons: Mapping[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency, self.add_ons = currency, add_ons

    def render_about(self, value: PriceRule) -> str:
        return about_of(value, self.add_ons)

    def render_cycle(self, value: str) -> str:
        return cycle_of(value)

    def render_price(self, value: PriceRule) -> str:
        return said_by(value, self.currency)

    def render_verdict(self, value: str) -> Any:
        return status("active", VERDICTS[value]) if value == "won" else VERDICTS[value]


class HolderTable(Table):
    """Who can hold a list, and which one each holds."""

    name = Column(verbose_name=gettext_lazy("Organisation"))
    id = Column(verbose_name=gettext_lazy("ID"), accessor="pk")
    status = StatusColumn(verbose_name=gettext_lazy("Status"))
    held = Column(verbose_name=gettext_lazy("Price list"), accessor="held_name")
    contact = Column(verbose_name=gettext_lazy("Tenant owner"), accessor="owner_email")
    created = MomentColumn(verbose_name=gettext_lazy("Created"), accessor="created_at")

    default_columns = ("name", "held", "status", "contact")

    def render_name(self, value: str, record: Any) -> Any:
        url = shell_link(self.request, record.kind, record.pk)
        return format_html('<a href="{}">{}</a>', url, value) if url else value


def about_of(rule: PriceRule, add_ons: Mapping[int, str]) -> str:
    if rule.package_id:
        return str(rule.package)
    if rule.add_on_id:
        return add_ons.get(rule.add_on_id) or _("Add-on %(id)s") % {"id": rule.add_on_id}
    return _("All of %(name)s") % {"name": rule.service_type} if rule.service_type else _("Everything")


def add_ons_of(rules: Sequence[PriceRule]) -> set[int]:
    """Which add-ons rules are about."""
    return {rule.add_on_id for rule in rules if rule.add_on_id}


def cycle_of(cycle: str) -> str:
    return str(Cycle(cycle).label) if cycle else _("any")


def said_by(rule: Any, currency: str) -> str:
    def money(amount: Decimal | None) -> str:
        return formats.money(amount, currency)

    return method_of(rule, money, formats.number)
