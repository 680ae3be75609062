"""Addresses of invitations."""

from django.urls import path
from django.urls.resolvers import URLPattern

from tenants.api import invitations as invitations_api
from tenants.views import acceptance, invitations

shells: list[URLPattern] = [
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/new/", invitations.invitation_create, name="invitation_create"),
    path("invitations/<int:pk>/", invitations.invitation, name="invitation"),
    path("invitations/<int:pk>/resend/", invitations.invitation_resend, name="invitation_resend"),
    path("invitations/<int:pk>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
]
public: list[URLPattern] = [path("invitations/<str:token>/", acceptance.invitation, name="invitation_accept")]
api: list[URLPattern] = [*invitations_api.urls]
