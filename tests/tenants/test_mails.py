"""The outbox: what is written, what is sent, and what is kept of it."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.urls import resolve

from tenants import postman
from tenants.models import Mail, Signature, Tenant
from tenants.services.mails import ATTEMPTS, LEASE, write_mail
from tests.world import NOW, Player, World

LATER = NOW + timedelta(days=30)


def write(world: World, kind: str = "tenant_suspended", *, sender: Player | None = None, **more) -> Mail | None:
    options = {"to": "boss@north.example", "language": "en", "facts": {"organisation": "North", "reason": "Unpaid."}}
    return write_mail(kind=kind, sender=(sender or world.provider).tenant, now=NOW, **{**options, **more})


def test_a_mail_is_sent_by_a_worker(world: World):
    mail = write(world)
    assert (mail.state, mail.subject, outbox.outbox) == ("waiting", "", [])
    assert postman.deliver_some(now=NOW) == 1
    assert postman.deliver_some(now=LATER) == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.sent_at) == ("sent", 1, NOW)
    assert mail.subject == "North is suspended"
    (sent,) = outbox.outbox
    assert (sent.to, sent.subject, sent.body) == (["boss@north.example"], mail.subject, mail.body)
    assert "Unpaid." in sent.body
    assert sent.extra_headers["Message-ID"] == f"<tenant_suspended.{mail.pk}@localhost>"


def test_a_secret_link_is_sent_and_not_kept(world: World):
    mail = write(world, "account_created", to=world.north.user.email, facts={"organisation": "North"})
    postman.deliver_some(now=NOW)
    mail.refresh_from_db()
    (line,) = [line for line in outbox.outbox[0].body.splitlines() if "/accounts/" in line]
    match = resolve(line.partition("localhost:8000")[2])
    assert match.url_name == "account_reset_password_from_key"
    assert match.kwargs["key"] not in str(Mail.objects.values().get())
    assert "…" in mail.body


def test_department_signs(world: World):
    Signature.objects.create(
        tenant=world.provider.tenant, provider=world.provider.tenant, department="billing", text="Your billing team"
    )
    Signature.objects.create(
        tenant=world.provider.tenant, provider=world.provider.tenant, department="sales", text="Your sales team"
    )
    write(world)
    postman.deliver_some(now=NOW)
    assert "Your billing team" in outbox.outbox[0].body
    assert "sales" not in outbox.outbox[0].body


def test_what_fails_is_tried_again_ever_more_rarely_and_then_no_more(world: World, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    mail, now, waits = write(world), NOW, []
    for _attempt in range(ATTEMPTS):
        assert postman.deliver_some(now=now) == 0
        mail.refresh_from_db()
        assert "ConnectionRefusedError" in mail.error
        waits.append(mail.due_at - now)
        now = mail.due_at
    assert waits[:-1] == sorted(waits[:-1])
    assert (mail.state, mail.attempts) == ("failed", ATTEMPTS)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert postman.deliver_some(now=LATER) == 0


def test_a_mail_that_cannot_be_written_does_not_hold_up_the_others(world: World):
    lost = write(world, "account_created", to="nobody@north.example")
    write(world)
    postman.deliver_some(now=NOW)
    lost.refresh_from_db()
    assert (lost.state, lost.error) == ("failed", "Nobody has a login with this address.")
    assert [sent.subject for sent in outbox.outbox] == ["North is suspended"]


def test_a_worker_that_dies_leaves_its_mails_to_another(world: World, monkeypatch: pytest.MonkeyPatch):
    mail = write(world)
    with monkeypatch.context() as patch:
        patch.setattr(postman, "deliver", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            postman.deliver_some(now=NOW)
    assert postman.deliver_some(now=NOW + LEASE / 2) == 0
    assert postman.deliver_some(now=NOW + LEASE) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("sent", 2)


def test_a_mail_that_kills_its_workers_is_given_up(world: World):
    mail = write(world)
    Mail.objects.update(attempts=ATTEMPTS)
    assert postman.deliver_some(now=NOW) == 0
    mail.refresh_from_db()
    assert (mail.state, mail.error) == ("failed", "The worker stopped while it was sending this.")


def test_a_provider_does_not_write_to_customers_of_its_resellers(world: World):
    assert write(world, about=world.shop.tenant, to=world.shop.user.email) is None
    assert not Mail.objects.exists()
    assert write(world, about=world.direct.tenant)
    assert write(world, about=world.north.tenant)
    assert write(world, sender=world.north, about=world.shop.tenant)
    assert Tenant.objects.get(pk=world.shop.id).seller_id == world.north.id
