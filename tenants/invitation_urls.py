"""Addresses of invitations and imports."""

from django.urls import path
from django.urls.resolvers import URLPattern

from tenants.api import batches as batches_api
from tenants.api import imports as imports_api
from tenants.api import invitations as invitations_api
from tenants.roles import Kind
from tenants.views import acceptance, batches, imports, invitations

shells: list[URLPattern] = [
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/new/", invitations.invitation_create, name="invitation_create"),
    path("invitations/batch/", batches.batch_create, name="invitation_batch_create"),
    path("invitations/batch/template/", batches.batch_template, name="invitation_batch_template"),
    path("invitations/batches/<int:pk>/", batches.batch, name="invitation_batch"),
    path("invitations/batches/by-job/<int:job_id>/", batches.batch_of_job, name="invitation_batch_of_job"),
    path("invitations/<int:pk>/", invitations.invitation, name="invitation"),
    path("invitations/<int:pk>/resend/", invitations.invitation_resend, name="invitation_resend"),
    path("invitations/<int:pk>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    *(
        route
        for kind in (Kind.CUSTOMER.value, Kind.RESELLER.value)
        for route in (
            path(f"{kind}s/import/", imports.import_file, {"kind": kind}, name=f"{kind}_import"),
            path(f"{kind}s/import/template/", imports.import_template, {"kind": kind}, name=f"{kind}_import_template"),
        )
    ),
]
public: list[URLPattern] = [path("invitations/<str:token>/", acceptance.invitation, name="invitation_accept")]
api: list[URLPattern] = [*imports_api.urls, *batches_api.urls, *invitations_api.urls]
