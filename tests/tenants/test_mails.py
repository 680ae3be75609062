"""The outbox: what is written, what is sent, and what is kept of it."""

import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.urls import resolve
from django.utils import timezone

from resellerhub.kernel.refusals import Forbidden
from tenants import outbox as outbox_files
from tenants import postman
from tenants.models import CustomerAccount, Mail, Signature, SupportLevel, Tenant
from tenants.services.acceptance import InvitationGone, open_invitation
from tenants.services.branding import change_branding
from tenants.services.invitations import invite_reseller
from tenants.services.mails import ATTEMPTS, LEASE, resend_mail, write_mail
from tenants.services.many_mails import Letter, write_mails
from tenants.services.passwords import ask_for_new_password
from tenants.services.proofs import vouch
from tenants.services.status import resume_tenant, suspend_tenant
from tenants.services.visibility import hide_customers
from tests.together import together
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


def invitation_links() -> list[str]:
    return [link for sent in outbox.outbox for link in re.findall(r"/invitations/\S+", sent.body)]


def test_whatever_copy_of_a_mail_is_opened_its_link_works(world: World):
    """Killed after it was sent and before that was noted: the second copy has the link of the first. What somebody
    sends again has a new one."""
    invite_reseller(actor=world.north.actor, email="new@lark.example", now=NOW)
    for now in (NOW, NOW + LEASE):
        assert postman.deliver_some(now=now) == 1
        Mail.objects.update(state="waiting")
    first, second = invitation_links()
    assert first == second
    assert open_invitation(first.split("/")[2], NOW).email == "new@lark.example"
    mail = Mail.objects.get()
    Mail.objects.update(state="failed")
    resend_mail(actor=world.north.actor, mail_id=mail.pk, now=NOW)
    postman.deliver_some(now=NOW)
    third = invitation_links()[2]
    assert third != first
    assert open_invitation(third.split("/")[2], NOW)
    with pytest.raises(InvitationGone):
        open_invitation(first.split("/")[2], NOW)


def test_the_many_wait_and_whoever_waits_at_a_screen_does_not(world: World):
    letter = Letter(to="many@north.example", about=world.north.tenant, language="en", facts={"organisation": "North"})
    write_mails(kind="tenant_resumed", sender=world.provider.tenant, letters=[letter] * 2 * postman.BATCH, now=NOW)
    invite_reseller(actor=world.north.actor, email="one@lark.example", now=NOW)
    Mail.objects.filter(to="one@lark.example").update(due_at=LATER)
    ask_for_new_password(user_id=world.shop.user.pk, request_id="", now=LATER)
    assert postman.deliver_some(now=LATER) == postman.BATCH
    to = [sent.to[0] for sent in outbox.outbox]
    assert to[:3] == [world.shop.user.email, "one@lark.example", "many@north.example"]


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


def failed(world: World, sender: Player | None = None, **more) -> Mail:
    mail = write(world, sender=sender, **more)
    Mail.objects.filter(pk=mail.pk).update(state="failed", attempts=ATTEMPTS, error="refused boss@north.example")
    return mail


def test_a_failed_mail_is_sent_again_from_its_page(world: World):
    mail = failed(world, world.north)
    browser, url = world.north.browser(), f"/portal/mails/{mail.pk}/"
    listed = browser.get("/portal/mails/?q=boss&state=failed").content.decode()
    assert (url in listed, "Account suspended" in listed) == (True, True)
    assert "Send again" in browser.get(url).content.decode()
    assert browser.post(f"{url}resend/").status_code == 302
    assert postman.deliver_some(now=LATER) == 1
    page = browser.get(url).content.decode()
    assert ("Unpaid." in page, "Send again" in page) == (True, False)
    assert "Only a mail that failed" in browser.post(f"{url}resend/", follow=True).content.decode()
    for path in (url, f"{url}resend/"):
        rival = world.south.browser()
        assert (rival.post if "resend" in path else rival.get)(path).status_code == 404
    assert "boss@north" not in world.south.browser().get("/portal/mails/").content.decode()


def test_who_only_looks_sends_nothing_again(world: World):
    mail = failed(world, world.north)
    with pytest.raises(Forbidden):
        resend_mail(actor=world.north.member("read_only"), mail_id=mail.pk, now=NOW)
    assert world.shop.browser().get("/portal/mails/").status_code == 403


def test_over_rest(world: World):
    mail = failed(world, world.north)
    api = world.north.api()
    (row,) = api.get("mails", state="failed", search="boss").json()["results"]
    assert (row["id"], row["to"], row["tenant"]) == (mail.pk, "boss@north.example", world.north.id)
    assert api.post(f"mails/{mail.pk}/resend").json()["state"] == "waiting"
    assert api.post(f"mails/{mail.pk}/resend").status_code == 409
    assert world.south.api().get(f"mails/{mail.pk}").status_code == 404
    assert world.north.api("read").post(f"mails/{mail.pk}/resend").status_code == 403


def test_what_a_hidden_customer_was_written_is_hidden_too(world: World):
    mail = failed(world, world.north, about=world.shop.tenant, to="boss@shop.example", facts={"organisation": "Shop"})
    Mail.objects.filter(pk=mail.pk).update(subject="Shop is suspended", body="Dear Shop", error="boss@shop.example")
    hide_customers(actor=world.provider.actor, reseller_id=world.north.id, now=NOW)
    url = f"mails/{mail.pk}"
    for browser, shell, seen in (
        (world.provider.browser(), "console", False), (world.north.browser(), "portal", True)
    ):  # fmt: skip
        pages = [browser.get(f"/{shell}/{path}").content.decode() for path in (f"{url}/", "mails/", "mails/?q=boss")]
        assert ["boss@shop" in page or "Shop is" in page for page in pages] == [seen] * 3, shell
    Mail.objects.filter(pk=mail.pk).update(state="sent", sent_at=NOW)
    page = world.provider.browser().get(f"/console/{url}/").content.decode()
    assert "what it says is hidden" in page
    assert "Nothing was sent" not in page
    row = world.provider.api().get(url).json()
    assert (row["to"], row["subject"], row["body"], row["error"]) == ("", "", "", "")
    assert world.provider.api().get("mails", search="shop").json()["results"] == []


def test_where_mails_are_files_an_administrator_reads_the_link(world: World, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = outbox_files.FILES, str(tmp_path)
    now = timezone.now()
    mail = write(world, "account_created", sender=world.north, to=world.north.user.email)
    write(world, sender=world.north)
    assert postman.deliver_some(now=now) == 2
    url = f"/portal/mails/{mail.pk}/"
    assert "/accounts/password/reset/key/" in world.north.browser().get(url).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert "/accounts/password/reset/key/" not in world.north.browser().get(url).content.decode()


def test_queries_of_the_list_do_not_grow(world: World, django_assert_max_num_queries):
    browser = world.north.browser()
    for _number in range(30):
        write(world, sender=world.north, about=world.shop.tenant)
    with django_assert_max_num_queries(14):
        assert browser.get("/portal/mails/").status_code == 200


def test_many_workers_send_each_mail_once(committed_world: World, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = outbox_files.FILES, str(tmp_path)
    for _number in range(3 * postman.BATCH):
        write(committed_world)
    Mail.objects.update(state="waiting", due_at=NOW)

    def work() -> int:
        return sum(iter(lambda: postman.deliver_some(now=NOW), 0))

    assert sum(together(*[work] * 4)) == 3 * postman.BATCH
    sent = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(set(re.findall(rb"Message-ID: (\S+)", sent))) == sent.count(b"Message-ID:") == 3 * postman.BATCH


def test_the_owner_is_told_of_a_suspension_in_the_name_of_who_decided(world: World):
    suspend_tenant(actor=world.provider.actor, tenant_id=world.north.id, reason="Unpaid.", now=NOW)
    resume_tenant(actor=world.provider.actor, tenant_id=world.north.id, now=NOW)
    suspend_tenant(actor=world.north.actor, tenant_id=world.shop.id, now=NOW)
    rows = Mail.objects.order_by("pk").values_list("kind", "tenant_id", "to")
    assert list(rows) == [
        ("tenant_suspended", world.provider.id, world.north.user.email),
        ("tenant_resumed", world.provider.id, world.north.user.email),
        ("tenant_suspended", world.north.id, world.shop.user.email),
    ]
    postman.deliver_some(now=NOW)
    assert "Unpaid." in outbox.outbox[0].body


def test_the_support_level_decides_whether_a_provider_writes_to_a_resellers_customer(world: World):
    suspend_tenant(actor=world.provider.actor, tenant_id=world.shop.id, now=NOW)
    assert not Mail.objects.exists()
    level = {"name": "Whole", "provider_supports": True}
    level, _made = SupportLevel.objects.update_or_create(provider=world.provider.tenant, code="whole", defaults=level)
    CustomerAccount.objects.update_or_create(
        tenant=world.shop.tenant,
        provider=world.provider.tenant,
        defaults={"login": world.shop.user, "support_level": level},
    )
    resume_tenant(actor=world.provider.actor, tenant_id=world.shop.id, now=NOW)
    postman.deliver_some(now=NOW)
    (sent,) = outbox.outbox
    assert sent.to == [world.shop.user.email]


def test_what_allauth_writes_has_the_look_of_the_brand(world: World):
    """An address that is added is to be confirmed: the secret in that mail is in no outbox."""
    change_branding(
        actor=world.north.actor, fields={"product_name": "Nordportal", "sender_email": "portal@north.example"}, now=NOW
    )
    vouch(tenant_id=world.north.id, request_id="test", now=NOW)
    world.shop.browser().post("/accounts/email/", {"action_add": "", "email": "second@shop.example"})
    for sent in outbox.outbox:
        assert sent.from_email == "Nordportal <portal@north.example>"
        assert "testserver]" not in sent.subject
        assert "Nordportal" in sent.alternatives[0][0]
    assert not Mail.objects.exists()
