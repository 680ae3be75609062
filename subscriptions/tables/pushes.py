"""New terms for what is held, and what becomes of each target."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.periods import Cycle
from resellerhub.web.tables import (
    ChoiceColumn,
    Column,
    DateColumn,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    SentenceColumn,
    StatusColumn,
    Table,
    YesNoColumn,
)
from subscriptions.models import PhaseFee
from subscriptions.outcomes import PUSHED
from tenants.naming import seller_path


class PushTable(Table):
    package = LinkColumn("push", accessor="package__name", verbose_name=_("New terms for"))
    id = Column(verbose_name=_("ID"), accessor="pk")
    limits = YesNoColumn(verbose_name=_("Limits"))
    prices = YesNoColumn(verbose_name=_("Prices"))
    state = StatusColumn(accessor="job__state", verbose_name=_("Status"))
    total = NumberColumn(accessor="job__total", verbose_name=_("Targets"))
    done = NumberColumn(accessor="job__done", verbose_name=_("Changed"))
    skipped = NumberColumn(accessor="job__skipped", verbose_name=_("Skipped"))
    failed = NumberColumn(accessor="job__failed", verbose_name=_("Failed"))
    next_on = DateColumn(verbose_name=_("Next turn"))
    by = Column(accessor=seller_path("tenant"), verbose_name=_("Pushed by"))
    created_at = MomentColumn(verbose_name=_("Started"))

    default_columns = (*("package", "limits", "prices", "state", "total", "done", "skipped", "failed"), "next_on")


class PushTargetTable(Table):
    """Every target of a push with its outcome."""

    subscription_name = LinkColumn("subscription", key="seen", verbose_name=_("Subscription"))
    subject_id = NumberColumn(verbose_name=_("Subscription ID"))
    holder_name = Column(verbose_name=_("Holder"))
    outcome = Column(accessor="state", verbose_name=_("Outcome"))
    why = SentenceColumn(accessor="reason", empty_values=(), verbose_name=_("Why"), orderable=False)

    def render_outcome(self, record: Any) -> SafeString:
        return PUSHED.status(record.state, record.reason)

    def value_outcome(self, record: Any) -> str:
        return PUSHED.ended(record.state, record.reason)

    def render_why(self, record: Any) -> str:
        return PUSHED.why(record.state, record.reason, record.facts) or "–"

    def value_why(self, record: Any) -> str:
        return str(record.reason)


class ForeseenTable(Table):
    """Some targets of a preview, with what would become of each."""

    title = LinkColumn("subscription", key="pk", verbose_name=_("Subscription"))
    holder = Column(verbose_name=_("Holder"))
    seller = Column(verbose_name=_("Seller"))
    outcome = Column(verbose_name=_("Outcome"))
    why = SentenceColumn(verbose_name=_("Why"))
    change = Column(verbose_name=_("For one unit"))


class PushedMoneyTable(Table):
    """What those that change owe who pushes, before and then."""

    stream = ChoiceColumn(PhaseFee.Stream.choices, verbose_name=_("What is owed"))
    cycle = ChoiceColumn(Cycle.choices, verbose_name=_("Billing cycle"))
    targets = NumberColumn(verbose_name=_("Subscriptions"))
    before = MoneyColumn(verbose_name=_("Before"))
    after = MoneyColumn(verbose_name=_("Afterwards"))
    difference = MoneyColumn(verbose_name=_("Difference"))
