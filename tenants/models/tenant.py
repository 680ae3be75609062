"""The tree. It holds places and nothing private; names and addresses stand in `Profile`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey
from mptt.querysets import TreeQuerySet

from resellerhub.kernel.locks import LockedQuerySet
from tenants.models.scope import Viewer
from tenants.roles import Kind

PLACE = frozenset({"kind", "provider", "parent", "ancestors", "veil", "hides_customers_at"})
_writing: ContextVar[bool] = ContextVar("tree_writing", default=False)


class TreeWriteOutsideService(RuntimeError):
    """The tree is written in `tenants.services` alone, which locks the branch first."""


@contextmanager
def tree_writes() -> Iterator[None]:
    """Opened by `tree_operation` around a service that changes the tree, and by nothing else."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def must_be_service() -> None:
    if not _writing.get():
        raise TreeWriteOutsideService("Tenants are created, moved and deleted by tenants.services only.")


class TenantQuerySet(TreeQuerySet, LockedQuerySet["Tenant"]):
    def visible_to(self, actor: Viewer) -> Self:
        return self.filter(ancestors__overlap=list(actor.roots))

    def within(self, tenant_id: int) -> Self:
        """The tenant and all beneath it; asked of the database, never of a node in memory, whose bounds grow stale."""
        return self.filter(ancestors__contains=[tenant_id])

    def resellers(self) -> Self:
        return self.filter(kind=Kind.RESELLER)

    def customers(self) -> Self:
        return self.filter(kind=Kind.CUSTOMER)

    def sold_to_by(self, seller_id: int) -> Self:
        """The direct tenants of a provider or a reseller."""
        return self.filter(Q(parent_id=seller_id) | Q(parent=None, provider_id=seller_id))

    def delete(self) -> Any:
        must_be_service()
        return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> Any:
        must_be_service()
        return super().bulk_create(*args, **kwargs)


class TenantManager(TreeManager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """mptt warns that concurrent writes corrupt: every one of them ends here, and is refused without the lock."""

    def _get_next_tree_id(self) -> int:
        """From a sequence: max + 1 gives two branches that begin together the same tree."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('tenants_tree')")
            return int(cursor.fetchone()[0])

    def insert_node(self, *args: Any, **kwargs: Any) -> Any:
        must_be_service()
        return super().insert_node(*args, **kwargs)

    def _move_node(self, node: "Tenant", *args: Any, **kwargs: Any) -> Any:
        must_be_service()
        node.placing = True
        return super()._move_node(node, *args, **kwargs)

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise TreeWriteOutsideService("This would renumber branches that are not locked.")

    _create_tree_space = rebuild = partial_rebuild = build_tree_nodes = _refuse
    disable_mptt_updates = delay_mptt_updates = _refuse


class Tenant(MPTTModel):
    """A provider, reseller or customer. A tenant directly under a provider is the root of a branch, an mptt tree."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Deleted")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    provider = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    parent = TreeForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    ancestors = ArrayField(models.BigIntegerField(), db_default=[], editable=False)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.ACTIVE)
    hides_customers_at = models.DateTimeField(null=True, editable=False)
    """Since when nobody above this reseller sees the names of the customers beneath it."""
    veil = models.PositiveSmallIntegerField(db_default=0, editable=False)
    """Depth of the lowest reseller above that hides: who stands higher sees no name of this customer. By trigger."""
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, editable=False)
    moved_at = models.DateTimeField(null=True, editable=False)
    """When it, or what it stands beneath, last changed sellers: what was before stays with the old one."""
    tree_id = models.PositiveIntegerField(editable=False)

    placing = False
    objects: ClassVar[TenantManager] = TenantManager()

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        indexes = [
            GinIndex(fields=["ancestors"], name="tenants_tenant_ancestors", fastupdate=False),
            models.Index(fields=["provider", "kind", "-id"], name="tenants_tenant_provider"),
            models.Index(fields=["provider", "kind", "status", "id"], name="tenants_tenant_counted"),
            models.Index(fields=["provider"], condition=Q(veil__gt=0), name="tenants_tenant_veiled"),
        ]
        constraints = [
            models.CheckConstraint(name="tenants_tenant_kind", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="tenants_tenant_bounds", condition=Q(rght__gt=F("lft"), lft__gte=1)),
            models.CheckConstraint(
                name="tenants_tenant_house",
                condition=Q(kind=Kind.PROVIDER, provider=None, parent=None)
                | (~Q(kind=Kind.PROVIDER) & Q(provider__isnull=False)),
            ),
            models.CheckConstraint(
                name="tenants_tenant_status", condition=Q(status__in=["active", "suspended", "closed"])
            ),
            models.CheckConstraint(
                name="tenants_tenant_closed",
                condition=Q(status="closed", closed_at__isnull=False) | (~Q(status="closed") & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="tenants_tenant_hiding", condition=Q(hides_customers_at=None) | Q(kind=Kind.RESELLER)
            ),
            models.CheckConstraint(
                name="tenants_tenant_not_own_seller",
                condition=(Q(parent=None) | ~Q(parent=F("id"))) & (Q(provider=None) | ~Q(provider=F("id"))),
            ),
        ]

    def __str__(self) -> str:
        """A query that knows its reader says in `called` what the tenant is called."""
        return str(vars(self).get("called") or f"{self.kind} {self.pk}")

    @property
    def seller_id(self) -> int | None:
        """Whoever this tenant buys from: its parent, or the provider at the top of a branch; None for a provider."""
        seller: int | None = self.parent_id or self.provider_id
        return seller

    @property
    def is_closed(self) -> bool:
        """Deleted, as its sellers say: it stays to be read, and nothing changes about it."""
        return bool(self.status == self.Status.CLOSED)

    @property
    def house_id(self) -> int:
        """The provider's id, for the provider itself too."""
        return int(self.provider_id or self.pk)

    @property
    def depth(self) -> int:
        """0 for a provider; `level` would say 0 for the top of a branch too."""
        return len(self.ancestors) - 1

    def _get_user_field_names(self) -> list[str]:
        """What save() writes: the place only while mptt moves the node, or a stale instance would put it back."""
        names: list[str] = super()._get_user_field_names()
        return names if self.placing else [name for name in names if name not in PLACE]

    def save(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().save(*args, **kwargs)
        finally:
            self.placing = False

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        must_be_service()
        return super().delete(*args, **kwargs)
