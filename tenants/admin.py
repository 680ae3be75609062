"""What operators of the installation may look at, and who of them is one. The tree is not here: its page would list
every tenant."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from tenants.admin_services import ReadOnly, ThroughServices, in_scope
from tenants.forms.operators import OperatorForm
from tenants.models import ApiKey, Event, Membership, ProviderSettings, SupportPrice, User
from tenants.services.operators import change_operator


@admin.register(User)
class UserAdmin(ThroughServices):
    """People. Whether their login works is decided on the pages of their organisation; who is an operator, here."""

    list_display = ("email", "name", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "name")
    ordering = ("email",)
    looks = "user.manage"
    can_add = False

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        if getattr(request, "actor", None) is None:
            return rows
        return rows.filter(pk__in=in_scope(request, Membership.objects.all()).order_by().values("user"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By whoever appoints operators."""
        asking: Any = request.user
        return bool(self.has_view_permission(request, obj) and asking.is_superuser and obj and obj != asking)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        facts = ("email", "name", "language", "time_zone", "is_active", "last_login", "created_at")
        return facts if self.has_change_permission(request, obj) else (*facts, "is_staff", "is_superuser")

    def form_for(self, request: Any, row: Any, data: Any) -> OperatorForm:
        return OperatorForm(data, initial={name: getattr(row, name) for name in ("is_staff", "is_superuser")})

    def operation(self, request: Any, row: Any, form: Any) -> User:
        return change_operator(
            by_id=request.user.pk,
            actor=request.actor,
            user_id=row.pk,
            request_id=getattr(request, "request_id", ""),
            now=timezone.now(),
            **form.values,
        )


@admin.register(ProviderSettings)
class ProviderSettingsAdmin(ReadOnly):
    looks = "settings.edit"
    list_display = ("pk", "currency", "language", "over_quota_basis", "oversell_default")
    ordering = ("pk",)


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    looks = "user.manage"
    list_display = ("user", "tenant", "role", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-pk",)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    looks = "api_key.manage"
    list_display = ("name", "prefix", "tenant", "created_at", "expires_at", "last_used_at", "revoked_at")
    search_fields = ("name", "prefix", "user__email")
    ordering = ("-pk",)


@admin.register(SupportPrice)
class SupportPriceAdmin(ReadOnly):
    """What each seller asks for a level, from a day on: added to, never changed."""

    list_display = ("level", "tenant", "effective_on", "amount", "currency", "made_at")
    list_select_related = ("level",)
    list_filter = ("currency", ("level", admin.RelatedOnlyFieldListFilter))
    search_fields = ("level__name", "=tenant__id")
    date_hierarchy = "effective_on"
    ordering = ("-pk",)


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("at", "kind", "tenant", "subject_type", "subject_id", "user_name", "request_id")
    search_fields = ("kind", "request_id")
    ordering = ("-pk",)
    show_full_result_count = False
