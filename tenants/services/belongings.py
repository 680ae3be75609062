"""What a tenant itself is made of, and takes along to whoever sells to it next: users, account, limits, mailboxes."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.actor import Actor
from tenants.hooks import Following, Part, Parts
from tenants.models import CustomerAccount, Mailbox, Membership, Tariff, TariffLimit, Tenant
from tenants.roles import Kind
from tenants.services.obstacles import mailboxes_of


def coming_along(actor: Actor, tenant: Tenant, seller: Tenant) -> Following:
    """Of a customer each by itself; of a reseller how much there is in all beneath it."""
    if tenant.kind == Kind.CUSTOMER:
        return Following([_users(tenant), *_account(tenant), _limits(tenant), mailboxes_of(actor, tenant)])
    boxes = Mailbox.objects.within(tenant.pk).filter(removed_at=None).count()
    people = Membership.objects.within(tenant.pk).count()
    return Following([Parts(gettext_lazy("Users"), people), Parts(gettext_lazy("Mailboxes"), boxes)])


def _users(tenant: Tenant) -> Parts:
    return Parts(gettext_lazy("Users"), Membership.objects.filter(tenant=tenant).count())


def _account(tenant: Tenant) -> list[Parts]:
    account = CustomerAccount.objects.filter(pk=tenant.pk).select_related("support_level").first()
    label = gettext_lazy("Support level")
    return (
        [Parts(label, 1, [Part("support_level", account.support_level_id, account.support_level.name)])]
        if account
        else []
    )


def _limits(tenant: Tenant) -> Parts:
    rows = TariffLimit.objects.filter(tenant=tenant, maximum__gt=0).order_by("pk")
    note = _("Limit: %(used)s of %(maximum)s in use")
    parts = [
        Part("tariff_limit", row.pk, str(Tariff(row.tariff).label), note % {"used": row.used, "maximum": row.maximum})
        for row in rows
    ]
    return Parts(gettext_lazy("Limits"), len(parts), parts)
