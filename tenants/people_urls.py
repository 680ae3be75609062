"""Addresses of people: the team, users, account managers, visits, one's own profile."""

from django.urls import path
from django.urls.resolvers import URLPattern

from tenants.views import managers, members, roles, team, visits

shell: list[URLPattern] = [
    path("team/", team.team, name="team"),
    path("team/new/", team.user_create, name="user_create"),
    path("team/invite/", team.user_invite, name="user_invite"),
    path("tenants/<int:pk>/users/new/", team.user_create, name="tenant_user_create"),
    path("tenants/<int:pk>/users/invite/", team.user_invite, name="tenant_user_invite"),
    path("users/<int:pk>/", members.user, name="user"),
    path("users/<int:pk>/role/", members.user_role, name="user_role"),
    path("users/<int:pk>/deactivate/", members.user_deactivate, name="user_deactivate"),
    path("users/<int:pk>/reactivate/", members.user_reactivate, name="user_reactivate"),
    path("users/<int:pk>/remove/", members.user_remove, name="user_remove"),
    path("users/<int:pk>/visit/", visits.user_visit, name="user_visit"),
    path("users/<int:pk>/customers/", managers.user_customers, name="user_customers"),
    path("users/<int:pk>/customers/release/", managers.user_customers_release, name="user_customers_release"),
    path("users/<int:pk>/customers/hand-on/", managers.user_hand_on, name="user_hand_on"),
    path("customers/assign/", managers.customers_assign, name="customers_assign"),
    path("roles/", roles.roles, name="roles"),
    path("visits/", visits.visits, name="visits"),
    path("visits/end/", visits.visit_end, name="visit_end"),
    path("sessions/<int:pk>/end/", team.session_end, name="session_end"),
    path("profile/", team.profile, name="profile"),
    path("memberships/<int:pk>/switch/", team.membership_switch, name="membership_switch"),
]
