"""The door to what operators of the installation may change by hand: the one login that is there for all."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

KEPT = {"tenants", "catalog", "subscriptions", "addons", "invoicing", "reports", "axes"}
"""Whose models are here: those of others would be changed by hand, with no service that checks and no event."""


class AdminSite(admin.AdminSite):
    def register(
        self, model_or_iterable: Any, admin_class: "type[ModelAdmin[Any]] | None" = None, **options: Any
    ) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple | set) else [model_or_iterable]
        super().register([model for model in models if model._meta.app_label in KEPT], admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Operators of the installation, and of them who works for nobody or for a provider: not for a reseller or a
        customer, nor while visiting one, nor by the address of somebody else's brand."""
        user: Any = request.user
        if not (user.is_active and user.is_staff):
            return False
        actor: Any = getattr(request, "actor", None)
        if actor is None:
            return _works_for_nobody(request)
        return bool(actor.is_provider and not actor.visitor)

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Whoever is logged in and may not enter is told so: there is no second door."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return super().login(request, extra_context)


def _works_for_nobody(request: HttpRequest) -> bool:
    """Asked once: every model on the first page asks it."""
    asked: Any = request
    if not hasattr(asked, "works_for_nobody"):
        asked.works_for_nobody = not asked.user.memberships.exists()
    return bool(asked.works_for_nobody)
