"""From a row of the outbox to a mail: wording, secret link, signature, and the look of whose name it is sent in."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Refusal
from resellerhub.web import formats
from resellerhub.web.brands import DEFAULT, Brand
from tenants import mail_kinds
from tenants.brands import address_of, brand_for
from tenants.hosts import belongs_here
from tenants.mail_kinds import CODE, HIDDEN, LINK, PAGE, SECRETS, MailKind
from tenants.models import Branding, Mail, Signature, Tenant, User
from tenants.selectors import memberships
from tenants.services.invitations import link_of
from tenants.services.mail_templates import wording
from tenants.services.mails import speaker
from tenants.services.proofs import code_for


class NobodyToLogIn(Refusal):
    code, message = "nobody-to-log-in", _("Nobody has a login with this address.")


@dataclass(frozen=True)
class Letter:
    message: EmailMultiAlternatives
    subject: str
    kept: str
    """The text without its secret link."""


@dataclass(frozen=True)
class Sheet:
    """What a letter is written on: brand, signature, language."""

    brand: Brand
    signature: str
    language: str


def compose(mail: Mail, *, now: datetime) -> Letter:
    """The mail as it is sent now; a secret link is made by this, and kept nowhere."""
    kind = mail_kinds.get(mail.kind)
    voice = speaker(mail.tenant, mail.about)
    words = wording(voice.pk, kind, mail.language)
    sheet = sheet_of(voice, kind.department, mail.language)
    values = dict.fromkeys(kind.variables, "") | values_of(mail, voice, sheet.brand)
    secrets = {name: make(mail, sheet.brand, now) for name, make in MAKERS.items() if name in kind.variables}
    hidden = dict.fromkeys(secrets, HIDDEN)
    subject = one_line(mail_kinds.fill(words.subject, values | hidden))
    text = mail_kinds.fill(words.body, values | secrets)
    kept = mail_kinds.fill(words.body, values | hidden)
    message = write(subject, text, sheet, to=mail.to, name=f"{mail.kind}.{mail.pk}")
    return Letter(message, subject, full_text(kept, sheet))


def preview(tenant: Tenant, kind: MailKind, language: str, *, subject: str, body: str) -> tuple[str, str]:
    """Subject and text of a mail as it would be sent in the name of this tenant, with the values of a sample."""
    sheet = sheet_of(tenant, kind.department, language)
    values = {name: shown(name, value, language) for name, value in kind.placeholders.items()}
    values |= names_of(tenant, sheet.brand)
    return one_line(mail_kinds.fill(subject, values)), full_text(mail_kinds.fill(body, values), sheet)


def sheet_of(tenant: Tenant, department: str, language: str) -> Sheet:
    return Sheet(brand_for(tenant.pk), signature_of(tenant, department), language)


def values_of(mail: Mail, voice: Tenant, brand: Brand) -> dict[str, str]:
    facts = {name: shown(name, value, mail.language) for name, value in mail.facts.items() if name not in SECRETS}
    if PAGE in facts:
        facts[PAGE] = address_of(brand, facts[PAGE])
    return facts | names_of(voice, brand)


def names_of(tenant: Tenant, brand: Brand) -> dict[str, str]:
    return {"product": brand.product, "sender": tenant.profile.name, "portal": address_of(brand, "/")}


def shown(name: str, value: object, language: str) -> str:
    """A fact in the language of the mail: what is called `…_on` or `…_at` is a day."""
    if name.endswith(("_on", "_at")):
        with suppress(ValueError), translation.override(language):
            return formats.day(date.fromisoformat(str(value)[:10]))
    return "" if value is None else str(value)


def secret_link(mail: Mail, brand: Brand, now: datetime) -> str:
    """At the brand's address; at the installation's own for a login that is also used outside of the brand's house,
    whose owner is not to be handed what lets in elsewhere."""
    user = User.objects.filter(email=mail.to.lower()).first()
    places = memberships(user.pk) if user else []
    elsewhere = [row for row in places if not belongs_here(brand, row.tenant.ancestors)]
    home = DEFAULT if elsewhere or (user and user.is_staff) else brand
    return address_of(home, secret_path(mail, now))


def secret_path(mail: Mail, now: datetime) -> str:
    """An invitation's link, else one to choose a password by."""
    if mail.invitation is not None:
        return link_of(mail.invitation, now)
    user = User.objects.filter(email=mail.to.lower(), is_active=True).first()
    if user is None:
        raise NobodyToLogIn()
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, _dash, token = key.partition("-")
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


def secret_code(mail: Mail, _brand: Brand, now: datetime) -> str:
    """What proves that whoever wants to write from this address reads what comes there."""
    return code_for(mail=mail, now=now)


MAKERS: dict[str, Callable[[Mail, Brand, datetime], str]] = {LINK: secret_link, CODE: secret_code}
"""What is secret in a mail is made while it is sent."""


def signature_of(tenant: Tenant, department: str) -> str:
    """Of the one who speaks, and nobody above: a seller's signature in its reseller's mail would give it away."""
    texts = Signature.objects.filter(tenant=tenant, department=department).values_list("text", flat=True)
    return texts.first() or ""


def write(subject: str, text: str, sheet: Sheet, *, to: str, name: str) -> EmailMultiAlternatives:
    """A message in plain text and in HTML. `name` makes its Message-ID, which nobody's host stands in."""
    brand = sheet.brand
    default_name, default_email = parseaddr(settings.DEFAULT_FROM_EMAIL)
    email = brand.sender_email or default_email
    sender = formataddr((brand.sender_name or (brand.product if brand.is_own else default_name), email))
    message = EmailMultiAlternatives(
        subject,
        full_text(text, sheet),
        sender,
        [to],
        reply_to=[brand.support_email] if brand.support_email else None,
        headers={"Message-ID": message_id(name, email), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html(subject, text, sheet), "text/html")
    if brand.logo:
        message.attach(picture(brand))
    return message


def send_notice(subject: str, text: str, brand: Brand, *, to: str) -> None:
    """A mail that is in no outbox, in the reader's language."""
    sheet = Sheet(brand, "", translation.get_language() or settings.LANGUAGE_CODE)
    write(one_line(subject), text, sheet, to=to, name=f"notice.{uuid4()}").send()


def message_id(name: str, email: str) -> str:
    return f"<{name}@{email.rpartition('@')[2] or 'localhost'}>"


def full_text(text: str, sheet: Sheet) -> str:
    parts = [text.strip(), sheet.signature.strip(), sheet.brand.footer.strip()]
    return "\n\n-- \n".join([parts[0], "\n\n".join(parts[1:]).strip()]) if any(parts[1:]) else parts[0]


def html(subject: str, text: str, sheet: Sheet) -> str:
    context: Mapping[str, object] = {"subject": subject, "text": text.strip(), "sheet": sheet, "brand": sheet.brand}
    with translation.override(sheet.language):
        return render_to_string("mails/mail.html", context)


def picture(brand: Brand) -> MIMEImage:
    """The logo as a part of the mail: it is seen offline, and no server learns who reads."""
    (logo,) = Branding.objects.filter(pk=brand.owner_id).values_list("logo", flat=True)
    image = MIMEImage(bytes(logo or b""), "png")
    image.add_header("Content-ID", "<logo>")
    image.add_header("Content-Disposition", "inline", filename="logo.png")
    return image


def one_line(text: str) -> str:
    return " ".join(text.split())
