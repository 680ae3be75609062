"""Developers: the keys of the API."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Case, CharField, Q, Value, When
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import found
from resellerhub.web.forms import FormPage, OperationForm, answer_form, operate, render_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.api_keys import ApiKeyForm
from tenants.services.api_keys import create_api_key, revoke_api_key
from tenants.tables.people import ApiKeyTable
from tenants.views.creation import show_secret


@page("api_key.manage")
def api_keys(request: PageRequest) -> HttpResponseBase:
    create = Action(_("New API key"), shell_url(request, "api_key_create"), "plus", "api_key.manage")
    dead = [
        When(revoked_at__isnull=False, then=Value("revoked")),
        When(Q(expires_at__lte=timezone.now()), then=Value("expired")),
    ]
    state = Case(*dead, default=Value("active"), output_field=CharField())
    return render_list(
        request,
        ListPage(
            key="api_keys",
            title=_("API keys"),
            queryset=selectors.api_keys(request.actor).annotate(state=state),
            table_class=ApiKeyTable,
            order=("-created",),
            actions=[create],
            intro=_("Keys for programs that work with the API in your name."),
            empty=Empty(_("No API keys yet"), _("A key lets a program do what you may do."), create),
        ),
    )


@page("api_key.manage")
def api_key_create(request: PageRequest) -> HttpResponseBase:
    form = ApiKeyForm(request.POST or None, permissions=request.actor.permissions)

    def create(values: dict[str, Any]) -> tuple[Any, str]:
        return create_api_key(
            actor=request.actor,
            name=values["name"],
            scopes=values["scopes"],
            allowed_networks=values["allowed_networks"],
            expires_at=end_of(values["expires_on"]),
            request_id=form.request_uuid,
            now=timezone.now(),
        )

    made = operate(request, form, create)
    back = shell_url(request, "api_keys")
    if made is not None:
        key, secret = made
        return show_secret(
            request,
            title=_("The key %(name)s") % {"name": key.name},
            intro=_("Copy it now: it is not stored and cannot be shown again."),
            label=_("API key"),
            secret=secret,
            url=back,
            parent="api_keys",
        )
    return render_form(
        request,
        FormPage(form=form, title=_("New API key"), submit=_("Create API key"), cancel_url=back, parent="api_keys"),
    )


@page("api_key.manage")
def api_key_revoke(request: PageRequest, pk: int) -> HttpResponseBase:
    key = found(selectors.api_keys(request.actor), pk=pk)
    form = OperationForm(request.POST or None)
    back = shell_url(request, "api_keys")
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Revoke %(name)s") % {"name": key.name},
            intro=_("Whatever uses this key stops working at once. This cannot be undone."),
            submit=_("Revoke"),
            cancel_url=back,
            parent="api_keys",
            danger=True,
        ),
        lambda values: revoke_api_key(actor=request.actor, api_key_id=key.pk, now=timezone.now()),
        _("The key %(name)s is revoked.") % {"name": key.name},
    )


def end_of(day: Any) -> datetime | None:
    """The first moment after a day, in the reader's time zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) if day else None
