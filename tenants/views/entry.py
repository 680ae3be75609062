"""That nobody can log in at a reseller yet, and the way to change that, on its page."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.web.details import Section
from resellerhub.web.lists import Action
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.models import Invitation, Membership, Tenant
from tenants.naming import hides_from
from tenants.roles import Kind, Role


def sections(request: PageRequest, tenant: Tenant) -> Sequence[Section]:
    """While it has no user at all; who was invited and has not answered is named."""
    if tenant.kind != Kind.RESELLER or tenant.is_closed or Membership.objects.filter(tenant=tenant).exists():
        return []
    waiting = Invitation.objects.open(timezone.now()).filter(into=tenant).order_by("-pk").first()
    if waiting:
        if not _may_see(request, waiting):
            return [_hint(_("An invitation was sent. Nobody can log in until it is accepted."), None)]
        text = _("An invitation was sent to %(email)s. Nobody can log in until it is accepted.")
        action = Action(_("Open the invitation"), shell_url(request, "invitation", waiting.pk), "send")
        return [_hint(text % {"email": waiting.email}, action)]
    may = request.actor.can("user.manage") and not hides_from(request.actor, tenant)
    url = f"{shell_url(request, 'tenant_user_invite', tenant.pk)}?role={Role.ADMINISTRATOR.value}"
    text = _("This reseller has no administrator. Nobody can log in until you invite one.")
    return [_hint(text, Action(_("Invite administrator"), url, "send") if may else None)]


def _hint(text: str, action: Action | None) -> Section:
    return Section(
        title=_("Nobody can log in yet"), template="tenants/hint.html", context={"text": text}, action=action
    )


def _may_see(request: PageRequest, invitation: Invitation) -> bool:
    needed = "user.manage" if invitation.into_id == invitation.tenant_id else "reseller.invite"
    return bool(request.actor.can(needed))
