"""Who may enter the operators' pages, and who decides that."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Forbidden, NotFound, Refusal
from tenants.actor import Actor
from tenants.models import Membership, User
from tenants.roles import Kind
from tenants.services.members import OwnLogin


class NoOperator(Refusal):
    code, status = "no-operator", 422
    message = _("Only who works for a provider, or for nobody, can be an operator.")


class AppointsAsOperator(Refusal):
    code, status = "appoints-as-operator", 422
    message = _("Only an operator appoints operators.")


@operation
def change_operator(
    *,
    actor: Actor | None,
    by_id: int,
    user_id: int,
    is_operator: bool,
    appoints: bool,
    request_id: str,
    now: datetime,
) -> User:
    """Let somebody enter the operators' pages, or no more, from the next click on; and say who else may.

    By whoever appoints operators: of its own house or, working for nobody (without an actor), of all. Nobody does it
    to themselves, so somebody is always left who can. It stands in the log of each house that the person works for; who
    works for nobody is in none, and recorded by the admin alone. Repeating it changes nothing.
    """
    both = LockedQuerySet[User](User).filter(pk__in=(by_id, user_id), is_active=True)
    rows: dict[int, User] = {row.pk: row for row in both.locked()}
    by = rows.get(by_id)
    if not (by and by.is_staff and by.is_superuser) or (actor and (not actor.is_provider or actor.visitor)):
        raise Forbidden()
    places = list(Membership.objects.filter(user=user_id).select_related("tenant").order_by("pk"))
    user = rows.get(user_id)
    if user is None or (actor and not Membership.objects.visible_to(actor).filter(user=user).exists()):
        raise NotFound()
    if user == by:
        raise OwnLogin()
    if is_operator and any(place.tenant.kind != Kind.PROVIDER for place in places):
        raise NoOperator(field="is_staff")
    if appoints and not is_operator:
        raise AppointsAsOperator(field="is_superuser")
    before = {"operator": user.is_staff, "appoints": user.is_superuser}
    after = {"operator": is_operator, "appoints": appoints}
    if before != after:
        user.is_staff, user.is_superuser = is_operator, appoints
        user.save(update_fields=["is_staff", "is_superuser"])
        for place in places:
            doer = actor or _from_outside(by, place, request_id)
            doer.record("user.operator_changed", user, at=now, tenant_id=place.tenant_id, before=before, **after)
    return user


def _from_outside(by: User, place: Membership, request_id: str) -> Actor:
    """Who works for nobody, in the house of whom it concerns."""
    return replace(Actor.system(place.provider_id, request_id), user_id=by.pk, name=by.get_full_name())
