"""A customer becomes a reseller, or the other way round: with what follows, before it is done."""

from collections.abc import Sequence

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.forms import FormPage, OperationForm, answer_form
from resellerhub.web.lists import Action
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.lifecycle import ConvertToResellerForm
from tenants.forms.tenants import type_label
from tenants.houses import reseller_types
from tenants.models import Tenant
from tenants.naming import is_readable, name_of
from tenants.roles import Kind, Role
from tenants.services.conversion import PERMISSIONS, Conversion, convert_tenant, may_convert, preview_conversion
from tenants.views.obstacles import Group, Line, blocked


@page("{kind}.edit|{kind}.delete")
def convert(request: PageRequest, pk: int, kind: str) -> HttpResponseBase:
    """What follows and the confirmation on one page; where something is in the way, the list of it instead."""
    tenant: Tenant = found(selectors.directory(request.actor).filter(kind=kind), pk=pk)
    preview = preview_conversion(request.actor, tenant)
    name = name_of(request.actor, tenant)
    page_ = FormPage(
        form=_form(request, preview.kind),
        title=_title(preview.kind) % {"name": name},
        intro=_("Its name, its users, its events and all that is closed stay."),
        submit=_("Convert"),
        cancel_url=shell_url(request, kind, pk),
        parent=f"{kind}s",
        danger=True,
        template="tenants/lifecycle.html",
        context={"groups": [Group(_("What follows"), _consequences(preview))]},
    )
    if preview.blocked:
        intro = _("It cannot be converted while any of this is there. End it first.")
        page_ = blocked(request, page_, intro, preview.blocked)
    return answer_form(
        request,
        page_,
        lambda values: convert_tenant(
            actor=request.actor, tenant_id=pk, reseller_type=values.get("type", ""), now=timezone.now()
        ),
        _("%(name)s was converted.") % {"name": name},
        lambda done: shell_url(request, done.kind, pk),
    )


def actions(request: PageRequest, tenant: Tenant) -> Sequence[Action]:
    """To convert it, on its page, for whoever may do both, end the one and begin the other, and may know who it is."""
    kind = Kind.RESELLER if tenant.kind == Kind.CUSTOMER else Kind.CUSTOMER
    first, second = PERMISSIONS[kind]
    if not is_readable(request.actor, tenant) or not request.actor.can(second):
        return []
    if not may_convert(request.actor, tenant):
        return []
    label = _("Convert to reseller") if kind == Kind.RESELLER else _("Convert to customer")
    return [Action(label, shell_url(request, f"{tenant.kind}_convert", tenant.pk), "repeat", first, minor=True)]


def _title(kind: str) -> str:
    return _("Convert %(name)s to a reseller") if kind == Kind.RESELLER else _("Convert %(name)s to a customer")


def _form(request: PageRequest, kind: str) -> OperationForm:
    if kind == Kind.CUSTOMER:
        return OperationForm(request.POST or None)
    types = [(row.type, type_label(row)) for row in reseller_types(request.actor.provider_id, enabled=True)]
    return ConvertToResellerForm(request.POST or None, types=types)


def _consequences(preview: Conversion) -> list[Line]:
    """In sentences."""
    if preview.kind == Kind.RESELLER:
        lines = [
            _("It can have customers of its own, and its administrators get the rights of a reseller's."),
            _("Its limits for mailboxes end; its account name stays its login."),
            _("Account managers no longer look after it."),
        ]
    else:
        lines = [
            _("It can no longer sell: its terms and its mapping end."),
            _("Invitations that it sent to others to sign up beneath it are revoked."),
        ]
    change = _("%(count)s × %(role)s becomes %(other)s")
    lines += [
        change % {"count": count, "role": Role(role).label, "other": Role(other).label}
        for role, other, count in preview.roles
    ]
    return [Line(line) for line in lines]
