"""The cast of all tests, made by the real services: a provider, two rival resellers, and who buys from them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils.text import slugify

from tenants.actor import Actor
from tenants.models import Membership, ResellerType, Tenant, User
from tenants.roles import Role
from tenants.services.api_keys import create_api_key
from tenants.services.customers import create_customer
from tenants.services.details import Details
from tenants.services.people import Person, add_user
from tenants.services.providers import create_provider
from tenants.services.resellers import create_reseller

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


class Api:
    """A program with a key: JSON in, JSON out."""

    def __init__(self, key: str, **defaults: Any) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {key}"}, **defaults)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: Any = None, *, key: str = "", **options: Any) -> Any:
        """`key` is the Idempotency-Key; a new one unless given."""
        headers = {"Idempotency-Key": key or uuid4().hex}
        return self.client.post(
            f"/api/v1/{path}", {} if body is None else body, content_type="application/json", headers=headers, **options
        )

    def patch(self, path: str, body: Any, **options: Any) -> Any:
        return self.client.patch(f"/api/v1/{path}", body, content_type="application/json", **options)

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v1/{path}")


@dataclass(frozen=True)
class Player:
    """A tenant with its administrator."""

    tenant: Tenant
    user: User
    actor: Actor

    @property
    def id(self) -> int:
        return int(self.tenant.pk)

    @property
    def name(self) -> str:
        return str(self.tenant.profile.name)

    def member(self, role: str, email: str = "") -> Actor:
        """Another user of the tenant, in this role."""
        person = Person(email or f"{role}@{self.user.email.partition('@')[2]}", name=role, password=PASSWORD)
        return Actor.of(add_user(actor=self.actor, tenant_id=self.id, person=person, role=role, now=NOW), "test")

    def key(self, *scopes: str, **more: Any) -> str:
        """A new API key of the administrator; all that its role allows unless scopes are given."""
        actor = replace(self.actor, request_id="")
        return create_api_key(actor=actor, name="test", scopes=scopes or ["*"], now=NOW, **more)[1]

    def api(self, *scopes: str) -> "Api":
        return Api(self.key(*scopes))

    def browser(self) -> Client:
        """A browser in which the administrator is logged in."""
        client = Client()
        client.force_login(self.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client


@dataclass(frozen=True)
class World:
    provider: Player
    north: Player
    """A prepaid reseller."""
    south: Player
    """A commission reseller, North's rival."""
    north_east: Player
    """A sub-reseller beneath North."""
    shop: Player
    """North's customer."""
    mill: Player
    """South's customer."""
    kiosk: Player
    """North-East's customer."""
    direct: Player
    """The provider's own customer."""
    stranger: Player
    """Another provider: knows nobody here."""
    stranger_reseller: Player

    @property
    def players(self) -> list[Player]:
        return list(vars(self).values())


def player(tenant: Tenant) -> Player:
    membership = Membership.objects.select_related("tenant", "user").get(tenant=tenant, role=Role.ADMINISTRATOR)
    fresh = Tenant.objects.select_related("profile").get(pk=tenant.pk)
    return Player(tenant=fresh, user=membership.user, actor=Actor.of(membership, "test"))


def administrator(of: str) -> Person:
    return Person(f"admin@{slugify(of)}.example", name=f"{of} administrator", password=PASSWORD)


def provider(name: str) -> Player:
    return player(create_provider(name=name, administrator=administrator(name), now=NOW))


def reseller(
    seller: Player, name: str, reseller_type: str = ResellerType.PREPAID, may_oversell: bool = False
) -> Player:
    tenant = create_reseller(
        actor=seller.actor,
        seller_id=seller.id,
        details=Details(name=name, owner_email=administrator(name).email),
        reseller_type=reseller_type,
        may_oversell=may_oversell,
        administrator=administrator(name),
        now=NOW,
    )
    return player(tenant)


def customer(seller: Player, name: str) -> Player:
    tenant = create_customer(
        actor=seller.actor,
        seller_id=seller.id,
        details=Details(name=name, owner_email=administrator(name).email),
        administrator=administrator(name),
        now=NOW,
    )
    return player(tenant)


def build_world() -> World:
    groupware = provider("Groupware GmbH")
    north = reseller(groupware, "North")
    south = reseller(groupware, "South", reseller_type=ResellerType.COMMISSION)
    north_east = reseller(north, "North-East")
    other = provider("Other Cloud AG")
    return World(
        provider=groupware,
        north=north,
        south=south,
        north_east=north_east,
        shop=customer(north, "Shop"),
        mill=customer(south, "Mill"),
        kiosk=customer(north_east, "Kiosk"),
        direct=customer(groupware, "Direct"),
        stranger=other,
        stranger_reseller=reseller(other, "Far Away"),
    )
