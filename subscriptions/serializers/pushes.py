"""Shapes of pushes, their previews and their targets in the API."""

from rest_framework import serializers

from resellerhub.kernel.periods import Cycle
from resellerhub.rest.serializers import Id, Ids, In, MoneyField, Out
from subscriptions.models import PhaseFee
from subscriptions.serializers.targets import Counted, NamedTargetOut
from subscriptions.services.pushes.decision import OUTCOMES, REFUSED, SKIPPED


class PushIn(In):
    version = Id(required=False, allow_null=True, help_text="A version of the package; left out, the one in force.")
    limits = serializers.BooleanField(
        default=False, help_text="What it grants; for who manages the package, and the provider."
    )
    prices = serializers.BooleanField(default=False, help_text="What is owed to you for it.")
    effective_on = serializers.DateField(
        required=False, allow_null=True, help_text="Today or later; left out, the next billing period of each."
    )
    sellers = Ids(required=False, help_text="Only what these sold.")
    keeps_own_prices = serializers.BooleanField(
        default=True, help_text="Leave out subscriptions whose price their seller set freely."
    )


class PushMoneyOut(Out):
    """For one cycle: what those that change owe you."""

    stream = serializers.ChoiceField(choices=PhaseFee.Stream.choices)
    cycle = serializers.ChoiceField(choices=Cycle.choices)
    targets = serializers.IntegerField()
    before = MoneyField(amount="before")
    after = MoneyField(amount="after")


class PushPriceOut(Out):
    stream = serializers.CharField()
    payer = Id()
    before = MoneyField(amount="before")
    after = MoneyField(amount="after")


class PushForeseenOut(Out):
    """One target. `facts` says why it is refused; `prices` are of one unit."""

    subscription = Id(source="subscription.pk")
    subscription_name = serializers.CharField(source="named.title")
    tenant = Id(source="subscription.tenant_id")
    tenant_name = serializers.CharField(source="named.tenant_name")
    seller = Id(source="subscription.seller_id")
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    facts = serializers.JSONField()
    effective_on = serializers.DateField(allow_null=True)
    prices = PushPriceOut(many=True)
    allocated = serializers.DictField(
        child=serializers.IntegerField(), help_text="Resource → how much more is allocated, below zero less."
    )


class PushPreviewOut(Out):
    total = serializers.IntegerField()
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text=f"Targets per outcome: {', '.join(OUTCOMES)}."
    )
    money = PushMoneyOut(many=True)
    allocated = serializers.DictField(
        child=serializers.IntegerField(), help_text="Resource → how much more all together are allocated."
    )
    sample = PushForeseenOut(many=True, help_text="Some targets of each outcome.")


class PushOut(Out, Counted):
    done = "changed"

    id = Id()
    job = Id(source="job_id")
    tenant = Id(source="tenant_id", help_text="Who pushes.")
    package = Id(source="package_id")
    package_name = serializers.CharField(source="package.name")
    version = Id(source="version_id")
    limits = serializers.BooleanField()
    prices = serializers.BooleanField()
    effective_on = serializers.DateField(allow_null=True, help_text="Null: the next billing period of each.")
    sellers = serializers.ListField(child=Id(), help_text="Empty: all.")
    keeps_own_prices = serializers.BooleanField()
    state = serializers.CharField(source="job.state")
    percent = serializers.IntegerField(source="job.percent")
    counts = serializers.SerializerMethodField()
    next_on = serializers.DateField(allow_null=True, help_text="When the next target that waits has its turn.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(source="job.finished_at", allow_null=True)
    reasons = serializers.SerializerMethodField()

    expandable = ("reasons",)


class PushTargetOut(NamedTargetOut):
    """One target and what became of it."""

    state = serializers.ChoiceField(choices=["pending", "done", "skipped", "failed"])
    reason = serializers.CharField(
        allow_blank=True,
        help_text=f"Why skipped ({', '.join((*SKIPPED, 'waiting'))}) or failed ({', '.join(REFUSED)}).",
    )
    facts = serializers.JSONField(
        allow_null=True, help_text="The day on which it changes, or the numbers of a refusal."
    )
    phase = Id(source="result_id", allow_null=True, help_text="The phase that has begun.")
