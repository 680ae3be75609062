"""What the page of a subscription says of its term and its plans, and the steps it leads to."""

from typing import Any

from django.utils.translation import gettext as _

from resellerhub.web import formats
from resellerhub.web.details import Section
from resellerhub.web.lists import Action
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.event_words import CAUSES
from subscriptions.models import PlannedChange, Subscription
from subscriptions.selectors.planned import last_plan
from tenants.roles import Kind

State, EDIT = Subscription.State, "subscription.edit"


def step_actions(request: PageRequest, row: Subscription) -> list[Action]:
    """Before it begins it can only be cancelled; what is suspended with its holder is resumed with it."""

    def step(label: Any, name: str, icon: str, **options: Any) -> Action:
        return Action(label, shell_url(request, f"subscription_{name}", row.pk), icon, EDIT, **options)

    cancel = step(_("Cancel subscription"), "cancel", "x", danger=True)
    if row.state == State.PENDING:
        return [cancel]
    actions = [step(_("Change quantity"), "change", "edit"), step(_("Change package"), "package", "edit")]
    if row.state == State.ACTIVE:
        actions.append(step(_("Suspend"), "suspend", "pause"))
    if row.state == State.SUSPENDED and not row.suspended_with_holder:
        actions.append(step(_("Resume"), "resume", "play"))
    more = [
        step(_("Renewal"), "renewal", "", minor=True),
        step(_("Renew early"), "renew", "", minor=True),
        step(_("End together with…"), "co_term", "", minor=True),
    ]
    if row.tenant.kind == Kind.CUSTOMER:
        more.append(step(_("Move to another customer"), "move", "", minor=True))
    return [*actions, *more, cancel]


def term_facts(row: Subscription) -> list[tuple[Any, Any]]:
    if row.state == State.CLOSED:
        return []
    term = f"{formats.day(row.term_starts_on)} – {formats.day(row.renews_on)}"
    return [(_("Term"), term), (_("Renews on") if row.renews else _("Ends on"), row.renews_on)]


def plan_sections(request: PageRequest, row: Subscription) -> list[Section]:
    """What is planned, with what withdraws it; or what could not be done."""
    plan = None if row.state == State.CLOSED else last_plan(row)
    if plan is None:
        return []
    facts = [(_("On"), plan.on), (_("What"), plan.get_kind_display())]
    if plan.version is not None:
        facts += [(_("Package"), plan.version.package.name), (_("Quantity"), plan.quantity)]
    if plan.unit_price is not None:
        price = formats.money(plan.unit_price, plan.currency)
        facts.append((_("Price of one unit"), f"{price} {plan.get_cycle_display() if plan.cycle else ''}".strip()))
    if plan.reason:
        facts.append((_("Why not"), CAUSES.get(plan.reason, plan.reason)))
    if plan.state == PlannedChange.State.FAILED:
        return [Section(title=_("What was planned could not be done"), facts=facts)]
    keep = Action(_("Withdraw"), shell_url(request, "subscription_keep", row.pk), "x", EDIT)
    may = request.actor.can(EDIT) and row.tenant_id != request.actor.tenant_id and plan.kind != PlannedChange.Kind.START
    return [Section(title=_("Planned"), facts=facts, actions=[keep] if may else [])]
