"""How people log in, on the pages of django-allauth. What it says never tells whether a login exists."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.web.brands import brand_of
from resellerhub.web.errors import error_page
from tenants import letters, visiting
from tenants.authentication import client_address
from tenants.factors import FACTORS, needs_factor
from tenants.models import User
from tenants.selectors import memberships
from tenants.services.passwords import ask_for_new_password, note_security, set_password

CHANGES = {
    "totp_activated": ("user.factor_added", "totp"),
    "totp_deactivated": ("user.factor_removed", "totp"),
    "webauthn_added": ("user.factor_added", "webauthn"),
    "webauthn_removed": ("user.factor_removed", "webauthn"),
    "recovery_codes_generated": ("user.factor_added", "recovery_codes"),
}
"""What allauth would mail about, and what the log calls it."""


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers on their own: a login comes with a tenant."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Who may not come in hears the same as who has no login: least of all that the password was right."""
        if credentials.get("email"):  # tried as a name, too, it would be hashed twice where there is such a login
            credentials.pop("username", None)
        user = super().authenticate(request, **credentials)
        return user if user is not None and may_log_in(user) else None

    def pre_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse | None:
        """The same for a passkey, and for a link to a new password."""
        if may_log_in(user):
            answer: HttpResponse | None = super().pre_login(request, user, **options)
            return answer
        clear_login(request)
        messages.error(request, _("This login cannot be used."))
        return redirect("account_login")

    def logout(self, request: HttpRequest) -> None:
        if actor := getattr(request, "actor", None):
            visiting.end(request, actor, timezone.now())
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        changed = set_password(
            user_id=user.pk,
            password=password,
            keep_session=self.request.session.session_key or "",
            request_id=getattr(self.request, "request_id", ""),
            now=timezone.now(),
        )
        user.password = changed.password

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Through the outbox, in the name and the colours of whoever the user deals with; a worker makes the link."""
        ask_for_new_password(user_id=user.pk, request_id=getattr(self.request, "request_id", ""), now=timezone.now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """What allauth writes besides, in its own words on the paper of the brand that its reader sees. It is sent at
        once and not kept: there may be a secret in it.
        """
        written = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **context})
        letters.send_notice(written.subject, str(written.body), brand_of(self.request), to=email)

    def format_email_subject(self, subject: str) -> str:
        """Without the name of the host."""
        return subject

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **options: Any) -> None:
        """In place of the mail: the log of the organisation."""
        if change := CHANGES.get(template_prefix.rpartition("/")[2]):
            kind, factor = change
            note_security(
                user=user,
                kind=kind,
                request_id=getattr(self.request, "request_id", ""),
                now=timezone.now(),
                factor=factor,
            )

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)


class FactorAdapter(DefaultMFAAdapter):
    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Where a second factor is required, the last one stays."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        is_factor = authenticator.type in FACTORS
        return not is_factor or others.exclude(pk=authenticator.pk).exists() or not needs_factor(authenticator.user)


def may_log_in(user: User) -> bool:
    """Active, and a member of a tenant that is not closed; operators of the installation need be no members."""
    return user.is_active and (user.is_staff or bool(memberships(user.pk)))


def login_name(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Under which name failed logins are counted: as it was entered, whatever it turns out to be."""
    given = credentials or {}
    name = given.get("email") or given.get("username") or (request.POST.get("login", "") if request else "")
    return str(name).strip().lower()[:255]


def locked_out(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
    """Too many wrong passwords for one login from one address. Others, and other addresses, are not concerned."""
    answer = error_page(request, 429, _("Too many wrong passwords. Wait a quarter of an hour, or ask for a new one."))
    answer["Retry-After"] = "900"
    return answer
