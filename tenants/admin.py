"""What operators of the installation may change by hand. The tree is not here: its page would list every tenant."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tenants.models import ApiKey, Event, Membership, ProviderSettings, SupportPrice, User


def in_scope(request: HttpRequest, rows: Any) -> Any:
    """Whoever works for a provider sees its house alone; who works for nobody, all that there is."""
    actor: Any = getattr(request, "actor", None)
    return rows if actor is None or not hasattr(rows, "visible_to") else rows.visible_to(actor)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at; it is changed by its services alone."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return in_scope(request, super().get_queryset(request))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    fields = (
        *("email", "name", "language", "time_zone", "is_active", "is_staff", "is_superuser"),
        *("last_login", "created_at"),
    )
    readonly_fields = ("email", "last_login", "created_at")
    ordering = ("email",)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        if getattr(request, "actor", None) is None:
            return rows
        return rows.filter(pk__in=in_scope(request, Membership.objects.all()).order_by().values("user"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody makes more of somebody than they are themselves."""
        user: Any = request.user
        return self.readonly_fields if user.is_superuser else (*self.readonly_fields, "is_staff", "is_superuser")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ProviderSettings)
class ProviderSettingsAdmin(ReadOnly):
    list_display = ("pk", "currency", "language", "over_quota_basis", "oversell_default")
    ordering = ("pk",)


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("user", "tenant_id", "role", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-pk",)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    list_display = ("name", "prefix", "tenant_id", "created_at", "expires_at", "last_used_at", "revoked_at")
    search_fields = ("name", "prefix", "user__email")
    ordering = ("-pk",)


@admin.register(SupportPrice)
class SupportPriceAdmin(ReadOnly):
    """What each seller asks for a level, from a day on: added to, never changed."""

    list_display = ("level", "tenant_id", "effective_on", "amount", "currency", "made_at")
    list_select_related = ("level",)
    list_filter = ("currency", ("level", admin.RelatedOnlyFieldListFilter))
    search_fields = ("level__name", "=tenant__id")
    date_hierarchy = "effective_on"
    ordering = ("-pk",)


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("at", "kind", "tenant_id", "subject_type", "subject_id", "user_name", "request_id")
    search_fields = ("kind", "request_id")
    ordering = ("-pk",)
    show_full_result_count = False
