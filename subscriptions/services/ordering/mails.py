"""What orders say by mail: to who sells that there is one, to who ordered what became of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from subscriptions.models import Order
from tenants.mail_kinds import MailKind
from tenants.models import Department, Membership, Profile, Tenant
from tenants.roles import Role
from tenants.services.flood import heard_enough
from tenants.services.mails import write_mail

SAMPLE = {"organisation": "Bäckerei Sommer", "service": "Exchange Business", "quantity": "2", "number": "4711"}
WAITING = MailKind(
    "order_waiting",
    _("Order waiting"),
    {"en": "Order {number}: {service} for {organisation}", "de": "Bestellung {number}: {service} für {organisation}"},
    {
        "en": "Hello,\n\n{organisation} has ordered {service} ({quantity}). The order waits for you:\n{portal}",
        "de": "Guten Tag,\n\n{organisation} hat {service} bestellt ({quantity}). Die Bestellung wartet auf Sie:\n"
        "{portal}",
    },
    SAMPLE,
    Department.SALES,
)
HELD = MailKind(
    "order_held",
    _("Order could not be fulfilled"),
    {
        "en": "Order {number} could not be fulfilled",
        "de": "Bestellung {number} konnte nicht ausgeführt werden",
    },
    {
        "en": "Hello,\n\n{organisation} has ordered {service} ({quantity}), and you have not enough left to sell it. "
        "{organisation} does not learn why it waits. Approve or reject the order here:\n{portal}",
        "de": "Guten Tag,\n\n{organisation} hat {service} bestellt ({quantity}), Ihr Kontingent reicht dafür nicht. "
        "{organisation} erfährt nicht, warum die Bestellung wartet. Genehmigen oder ablehnen können Sie hier:\n"
        "{portal}",
    },
    SAMPLE,
    Department.SALES,
)
FULFILLED = MailKind(
    "order_fulfilled",
    _("Order fulfilled"),
    {"en": "{organisation} has ordered {service}", "de": "{organisation} hat {service} bestellt"},
    {
        "en": "Hello,\n\n{organisation} has ordered {service} ({quantity}). It is active already, as you allowed: "
        "there is nothing left to do.\n{portal}",
        "de": "Guten Tag,\n\n{organisation} hat {service} bestellt ({quantity}). Die Leistung ist schon aktiv, wie von "
        "Ihnen erlaubt; es ist nichts weiter zu tun.\n{portal}",
    },
    SAMPLE,
    Department.SALES,
)
APPROVED = MailKind(
    "order_approved",
    _("Order approved"),
    {"en": "Your order {number} is approved", "de": "Ihre Bestellung {number} ist genehmigt"},
    {
        "en": "Hello,\n\nyour order of {service} ({quantity}) is approved, and active now.\n\n{comment}\n\n{portal}",
        "de": "Guten Tag,\n\nIhre Bestellung von {service} ({quantity}) ist genehmigt und ab sofort aktiv.\n\n"
        "{comment}\n\n{portal}",
    },
    {**SAMPLE, "comment": "Have fun with it."},
    Department.SALES,
)
REJECTED = MailKind(
    "order_rejected",
    _("Order rejected"),
    {"en": "Your order {number}", "de": "Ihre Bestellung {number}"},
    {
        "en": "Hello,\n\nwe cannot take your order of {service} ({quantity}).\n\n{comment}",
        "de": "Guten Tag,\n\nIhre Bestellung von {service} ({quantity}) können wir nicht annehmen.\n\n{comment}",
    },
    {**SAMPLE, "comment": "Please settle the open invoice first."},
    Department.SALES,
)
KINDS = (WAITING, HELD, FULFILLED, APPROVED, REJECTED)


def tell_seller(order: Order, now: datetime) -> None:
    """To those of the seller who may decide it, and to who looks after the customer; to nobody so often a day that it
    is no news: what waits stands on their dashboard."""
    managers = Q(role=Role.ACCOUNT_MANAGER, managed_customers__tenant=order.tenant_id)
    people = Membership.objects.filter(Q(role__in=(Role.ADMINISTRATOR, Role.SALES)) | managers, tenant=order.seller_id)
    kind = (HELD if order.held_by else WAITING if order.state == Order.State.PENDING else FULFILLED).key
    over = heard_enough([*people.values_list("user__email", flat=True)], [order.tenant_id], kind, now)
    _write(order, kind, people.exclude(user__email__in=[address for _about, address in over]), {}, now)


def tell_holder(order: Order, kind: str, now: datetime) -> None:
    """To who ordered, as long as they work there; else to the administrators."""
    members = Membership.objects.filter(tenant=order.tenant_id, user__is_active=True)
    person = members.filter(user=order.made_by_id)
    people = person if person.exists() else members.filter(role=Role.ADMINISTRATOR)
    _write(order, kind, people, {"comment": order.comment}, now)


def _write(order: Order, kind: str, people: Iterable[Any], more: dict[str, str], now: datetime) -> None:
    """In the seller's name, whoever decided: who ordered knows nobody else."""
    seller, holder = Tenant.objects.get(pk=order.seller_id), Tenant.objects.get(pk=order.tenant_id)
    facts = {
        "organisation": Profile.objects.values_list("name", flat=True).get(tenant=holder),
        "service": order.public_name,
        "quantity": order.quantity,
        "number": order.pk,
        **more,
    }
    rows: Any = people
    for member in rows.filter(user__is_active=True).select_related("user").order_by("pk").distinct():
        write_mail(
            kind=kind,
            to=member.user.email,
            sender=seller,
            about=holder,
            language=member.user.language,
            facts=facts,
            now=now,
        )
