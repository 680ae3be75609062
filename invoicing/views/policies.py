"""How the reader's own organisation bills: all versions, and a new one from a day on."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from invoicing.forms.policies import BillingPolicyForm
from invoicing.models import BillingPolicy
from invoicing.selectors.policies import policy_of
from invoicing.services.policies import SAID, set_billing_policy
from invoicing.services.taxes import NobodyIsBilled
from invoicing.tables.policies import BillingPolicyTable
from resellerhub.kernel.periods import day_of
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.roles import Kind


@page("settings.edit")
def billing_policies(request: PageRequest) -> HttpResponseBase:
    if request.actor.kind == Kind.CUSTOMER:
        raise NobodyIsBilled()
    new = Action(_("New version"), shell_url(request, "billing_policy_create"), "plus", "settings.edit")
    return render_list(
        request,
        ListPage(
            key="billing_policies",
            title=_("Billing policy"),
            intro=_("How you bill, from which day. Of two versions for one day the newer one counts."),
            queryset=BillingPolicy.objects.filter(tenant=request.actor.tenant_id),
            table_class=BillingPolicyTable,
            order=("-effective_on", "-id"),
            actions=[new],
            export_name="billing-policy",
            empty=Empty(
                _("You bill by the usual rules"), _("Periods begin on the day of the sale, days are counted."), new
            ),
        ),
    )


@page("settings.edit")
def billing_policy_create(request: PageRequest) -> HttpResponse:
    if request.actor.kind == Kind.CUSTOMER:
        raise NobodyIsBilled()
    today = day_of(timezone.now())
    standing = policy_of(request.actor.tenant_id, today)
    initial = {name: getattr(standing, name) for name in SAID} | {"effective_on": today}
    form = BillingPolicyForm(request.POST or None, initial=initial)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("New version of the billing policy"),
            submit=_("Save"),
            cancel_url=shell_url(request, "billing_policies"),
            parent="billing_policies",
            fieldsets=form.parts,
        ),
        lambda values: set_billing_policy(actor=request.actor, now=timezone.now(), **values),
        _("The billing policy was saved."),
    )
