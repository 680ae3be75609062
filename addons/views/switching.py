"""Share the add-ons that were chosen in the list, stop sharing them, or sell them no more."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from addons.services.switching import switch_add_ons
from addons.views.add_ons import add_ons_page
from catalog.services.switching import Switch
from catalog.views.switching import render_switch
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest


@require_POST
@page("add_on.edit")
def add_ons(request: PageRequest, switch: Switch) -> HttpResponseBase:
    asked: dict[str, Any] = {"actor": request.actor, "switch": switch, "now": timezone.now()}
    return render_switch(
        request,
        add_ons_page(request),
        switch,
        lambda ids, preview: switch_add_ons(add_on_ids=ids, preview=preview, **asked),
        row_page="add_on",
    )
