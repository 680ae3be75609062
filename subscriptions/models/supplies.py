"""Who gives pools to whom where neither stands beneath the other."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.locks import LockedQuerySet
from tenants.models import Tenant
from tenants.models.scope import Viewer
from tenants.roles import Kind


class PoolSupplyQuerySet(LockedQuerySet["PoolSupply"]):
    def visible_to(self, actor: Viewer) -> Self:
        """A provider sees those of its house, a reseller those that it gives or takes by: not the other suppliers of
        whom it supplies, nor those of resellers beneath it."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        if actor.kind == Kind.CUSTOMER:
            return house.none()
        return house.filter(Q(grantor=actor.tenant_id) | Q(tenant=actor.tenant_id))

    def open(self) -> Self:
        return self.filter(ended_at=None)


class PoolSupply(models.Model):
    """A large account reseller may give pools to a reseller that is not beneath it, until this is ended."""

    changeable = ("ended_at",)

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    grantor = models.ForeignKey(Tenant, models.PROTECT, related_name="supplies", verbose_name=_("supplier"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="suppliers", verbose_name=_("reseller"))
    made_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    objects = PoolSupplyQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("pool supplier"), _("pool suppliers")
        constraints = [
            models.UniqueConstraint("grantor", "tenant", condition=Q(ended_at=None), name="pool_supply_once"),
            models.CheckConstraint(condition=~Q(grantor=F("tenant")), name="pool_supply_of_another"),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="pool_supply_of_provider")]

    def __str__(self) -> str:
        return f"{self.grantor_id} {self.tenant_id}"
