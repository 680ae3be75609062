"""Where the link of an invitation leads: outside the shells, for people who have no login yet."""

from typing import Any

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from resellerhub.web.errors import error_page
from resellerhub.web.forms import Fieldset, FormPage, operate, render_form
from tenants.brands import brand_for
from tenants.forms.acceptance import COMPANY, PERSON, AcceptanceForm, type_label
from tenants.middleware import MEMBERSHIP
from tenants.models import Invitation, Membership, User
from tenants.roles import Role
from tenants.services.acceptance import accept_invitation, open_invitation
from tenants.services.inviting import types_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Says who invites to what, asks for the little that is needed, and lets in."""
    if not consume(request, app="allauth.account", action="invitation", limit_get=True):
        return error_page(request, 429)
    row = open_invitation(token, timezone.now())
    speak(request, row)
    user = request.user if isinstance(request.user, User) else None
    known = User.objects.filter(email=row.email).first()
    form = AcceptanceForm(
        request.POST or None,
        types=types_for(row),
        is_reseller=row.into_id is None,
        has_login=known is not None,
        initial={"organisation": row.organisation},
    )
    member = operate(
        request,
        form,
        lambda values: accept_invitation(
            token=token,
            user=user,
            sign_up=form.sign_up(values, translation.get_language() or row.language),
            request_id=getattr(request, "request_id", ""),
            now=timezone.now(),
        ),
    )
    return welcome(request, member) if member is not None else show(request, row, form, user, known)


def welcome(request: HttpRequest, member: Membership) -> HttpResponse:
    """Logged in, as the member that they have just become."""
    if not request.user.is_authenticated:
        login(request, member.user, backend=BACKEND)
    request.session[MEMBERSHIP] = member.pk
    return redirect("home")


def show(
    request: HttpRequest, row: Invitation, form: AcceptanceForm, user: User | None, known: User | None
) -> HttpResponse:
    names = [name for name in (*PERSON, *COMPANY) if name in form.fields]
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Invitation"),
            intro=words(row),
            submit=_("Accept the invitation"),
            cancel_url="",
            template="tenants/invitation.html",
            fieldsets=[Fieldset("", names)],
            context={
                "invitation": row,
                "terms": [(type_label(each), each.terms) for each in types_for(row) if each.terms],
                "is_other": user is not None and user != known,
                "must_log_in": known is not None and user is None,
            },
        ),
    )


def words(row: Invitation) -> str:
    """Who invites, and to what."""
    if row.into is None:
        return _("%(name)s invites you to become a reseller.") % {"name": row.tenant.profile.name}
    values = {"name": row.into.profile.name, "role": Role(row.role).label}
    return _("You are invited to work for %(name)s. Your role: %(role)s.") % values


def types_for(row: Invitation) -> list[Any]:
    """The type that the inviter chose, or all that can be chosen; none for a member."""
    if row.into_id:
        return []
    types = list(types_of(row.provider_id).order_by("-type"))
    return [each for each in types if each.type == row.reseller_type] or types


def speak(request: HttpRequest, row: Invitation) -> None:
    """In the inviter's colours, and in the language of the mail unless this browser was switched to another."""
    request.brand = brand_for((row.into or row.tenant).pk)  # type: ignore[attr-defined]
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and not request.user.is_authenticated:
        translation.activate(row.language)
        request.LANGUAGE_CODE = row.language
