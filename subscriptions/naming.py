"""Names of subscriptions. They are typed for their holder, so where a customer's name is hidden they are hidden too."""

from typing import Any

from django.db.models import Case
from django.utils.translation import gettext as _

from tenants import naming
from tenants.actor import Actor


def called(actor: Actor, subscription: str = "", tenant: str = "tenant") -> Case:
    """The name of the row's subscription for this actor; `subscription` is the path to it, "" for the row itself."""
    path = f"{subscription}__" if subscription else ""
    pk = f"{subscription}_id" if subscription else "pk"
    return naming.free_text(actor, f"{path}name", _("Subscription %(id)s"), tenant=tenant, pk=pk)


def title_of(actor: Actor, subscription: Any) -> str:
    """The same of one subscription with its tenant, for a title or a sentence."""
    if naming.is_readable(actor, subscription.tenant):
        return str(subscription.name)
    return _("Subscription %(id)s") % {"id": subscription.pk}


def name_to_its_own(subscription: Any) -> str:
    """For mails to whoever holds it or sells it, from whom it is never hidden."""
    return str(subscription.name)
