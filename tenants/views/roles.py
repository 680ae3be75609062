"""Which role may what, to look at."""

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from resellerhub.web.pages import page, render_page
from resellerhub.web.request import PageRequest
from tenants.role_table import table
from tenants.roles import Kind

BENEATH = {
    Kind.PROVIDER: (Kind.PROVIDER, Kind.RESELLER, Kind.CUSTOMER),
    Kind.RESELLER: (Kind.RESELLER, Kind.CUSTOMER),
    Kind.CUSTOMER: (Kind.CUSTOMER,),
}


@page("user.manage")
def roles(request: PageRequest) -> HttpResponseBase:
    """Of one's own kind of organisation and of those beneath."""
    tables = [table(kind) for kind in BENEATH[Kind(request.actor.kind)]]
    return render_page(request, "tenants/roles.html", title=_("Roles"), tables=tables)
