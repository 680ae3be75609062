"""Who can log in to the demo, and the keys for programs: made with random secrets, handed over once."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from tenants.actor import Actor
from tenants.models import Membership, Tenant
from tenants.roles import Role
from tenants.services.api_keys import create_api_key
from tenants.services.people import Person

ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class Login:
    email: str
    password: str
    tenant: str
    kind: str
    role: str


@dataclass(frozen=True)
class Key:
    key: str
    tenant: str
    kind: str
    role: str


@dataclass
class Credentials:
    """What the demo's users need; nothing else knows these secrets."""

    url: str
    users: list[Login] = field(default_factory=list)
    api_keys: list[Key] = field(default_factory=list)

    def hand_over(self, tenant: Tenant, name: str, person: Person, now: datetime) -> Actor:
        """Note the administrator's login, make a key, and return who acts for the tenant."""
        actor = administrator(tenant)
        self.users.append(Login(person.email, person.password or "", name, tenant.kind, actor.role))
        _row, text = create_api_key(actor=actor, name="Demo", scopes=["*"], now=now)
        self.api_keys.append(Key(text, name, tenant.kind, actor.role))
        return actor

    def write(self, path: Path) -> None:
        """For the owner of the process only, from the first byte on."""
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=2, ensure_ascii=False)


def login(name: str, email: str) -> Person:
    password = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return Person(email, name=name, password=password)


def administrator(tenant: Tenant) -> Actor:
    """Who acts for a tenant in the demo."""
    members = Membership.objects.select_related("tenant", "user").filter(tenant=tenant, role=Role.ADMINISTRATOR)
    return Actor.of(members.order_by("pk")[0], "seed")
