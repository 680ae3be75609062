"""Addresses of offerings, self-service and orders."""

from django.urls import path
from django.urls.resolvers import URLPattern

from subscriptions.api import listings as listings_api
from subscriptions.api import offerings as offerings_api
from subscriptions.api import orders as orders_api
from subscriptions.views import listings, many_offerings, offerings, ordering, orders

shared: list[URLPattern] = [
    path("resellers/<int:pk>/offerings/", offerings.reseller_offerings, name="reseller_offerings"),
    path("offerings/new/", many_offerings.offerings_add, name="offerings_add"),
    path("listings/", listings.listings, name="listings"),
    path("listings/new/", listings.listing_create, name="listing_create"),
    path("listings/<int:pk>/", listings.listing, name="listing"),
    path("listings/<int:pk>/edit/", listings.listing_edit, name="listing_edit"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/approve/", orders.order_approve, name="order_approve"),
    path("orders/<int:pk>/reject/", orders.order_reject, name="order_reject"),
]
portal: list[URLPattern] = [
    path("offering/", offerings.own_offering, name="own_offering"),
    path("services/", ordering.services, name="services"),
    path("services/<int:pk>/", ordering.service, name="service"),
    path("orders/<int:pk>/withdraw/", orders.order_withdraw, name="order_withdraw"),
]
api: list[URLPattern] = [*offerings_api.urls, *listings_api.urls, *orders_api.urls]
