"""Addresses of the catalogue in the console, the portal and the API."""

from django.urls import path
from django.urls.resolvers import URLPattern

from catalog.api.fees import FeeApi, FeeVersionApi
from catalog.api.types import ResourceApi, ServiceInstanceApi, ServiceTypeApi
from catalog.views import fees, packages, types
from resellerhub.rest.views import api_paths

shared: list[URLPattern] = [
    path("packages/", packages.packages, name="packages"),
    path("packages/<int:pk>/", packages.package, name="package"),
    path("fees/", fees.fees, name="fees"),
    path("fees/new/", fees.fee_create, name="fee_create"),
    path("fees/<int:pk>/", fees.fee, name="fee"),
    path("fees/<int:pk>/edit/", fees.fee_edit, name="fee_edit"),
    path("fees/<int:pk>/revise/", fees.fee_revise, name="fee_revise"),
]
console: list[URLPattern] = [
    *shared,
    path("packages/new/", packages.package_create, name="package_create"),
    path("packages/<int:pk>/edit/", packages.package_edit, name="package_edit"),
    path("service-types/", types.service_types, name="service_types"),
    path("service-types/new/", types.service_type_create, name="service_type_create"),
    path("service-types/<int:pk>/", types.service_type, name="service_type"),
    path("service-types/<int:pk>/edit/", types.service_type_edit, name="service_type_edit"),
    path("service-types/<int:pk>/resources/new/", types.resource_create, name="resource_create"),
    path("service-types/<int:pk>/instances/new/", types.service_instance_create, name="service_instance_create"),
    path("resources/<int:pk>/edit/", types.resource_edit, name="resource_edit"),
    path("service-instances/<int:pk>/edit/", types.service_instance_edit, name="service_instance_edit"),
]
portal: list[URLPattern] = shared
api: list[URLPattern] = [
    *api_paths("service-types", ServiceTypeApi),
    *api_paths("resources", ResourceApi),
    *api_paths("service-instances", ServiceInstanceApi),
    *api_paths("fees", FeeApi),
    *api_paths("fees/<int:fee>/versions", FeeVersionApi),
]
