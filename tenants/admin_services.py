"""Admin pages on which rows are made and changed by operations: with the forms of the pages, the permission and the
event of the operator as a member of the provider. Whoever is none, and everybody where something is sold, looks."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import Refusal
from resellerhub.web.forms import Fieldset, OperationForm
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.naming import shown

NOBODY = Actor.system(0, "")
"""Reads the names that nobody hides, as an operator who works for nobody does."""


def in_scope(request: HttpRequest, rows: Any) -> Any:
    """Whoever works for a provider sees its house alone; who works for nobody, all that there is."""
    actor: Any = getattr(request, "actor", None)
    return rows if actor is None or not hasattr(rows, "visible_to") else rows.visible_to(actor)


def with_names(request: HttpRequest, rows: Any) -> Any:
    """The same rows, on which every tenant is called by its name, as far as the reader may know it."""
    actor: Any = getattr(request, "actor", None)
    called = Tenant.objects.annotate(called=shown(actor or NOBODY, tenant=""))
    return rows.prefetch_related(*(Prefetch(name, called) for name in _tenants(rows.model)))


def _tenants(model: Any) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.related_model is Tenant]


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at; it is changed by its services alone. The mark of an operator opens the door, nothing more is granted:
    who works for a provider sees its house, and there what its role may see."""

    looks: ClassVar[str] = ""
    """The permission without which a member does not look; without one, every role of a provider may."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return with_names(request, in_scope(request, super().get_queryset(request)))

    def get_list_select_related(self, request: HttpRequest) -> Any:
        """But for tenants, which come with their names."""
        joined: Any = super().get_list_select_related(request) or ()
        return [name for name in joined if name not in _tenants(self.model)]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        actor: Any = getattr(request, "actor", None)
        return self.admin_site.has_permission(request) and (actor is None or not self.looks or actor.can(self.looks))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """To look at, as `ReadOnly` is."""

    has_add_permission = ReadOnly.has_add_permission
    has_change_permission = ReadOnly.has_change_permission
    has_delete_permission = ReadOnly.has_delete_permission

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever looks at the row that it is about."""
        return True

    def get_queryset(self, request: HttpRequest) -> Any:
        return with_names(request, in_scope(request, super().get_queryset(request)))


class Operated(ReadOnly):
    """To look at, and `actions` that call operations."""

    permission: ClassVar[str]

    def has_edit_permission(self, request: HttpRequest) -> bool:
        """Operators who may do it in the console of their own house."""
        actor: Any = getattr(request, "actor", None)
        is_operator = self.admin_site.has_permission(request)
        return bool(is_operator and actor and actor.is_provider and actor.can(self.permission))

    def each(self, request: HttpRequest, rows: Any, operation: Callable[..., Any]) -> None:
        """The operation on each of these rows, one after the other; what is refused is said."""
        actor: Any = request.actor  # type: ignore[attr-defined]
        done = 0
        for row in rows.order_by("pk"):
            try:
                operation(actor, row, timezone.now())
                done += 1
            except Refusal as refusal:
                self.message_user(request, f"{row._meta.verbose_name} {row.pk}: {refusal.detail}", messages.ERROR)
        if done:
            self.message_user(request, _("Done: %(number)s") % {"number": done}, messages.SUCCESS)


class ThroughServices(Operated):
    """`operation` makes or changes a row with what `form` holds; a refusal stands beside its field."""

    permission = "catalog.edit"
    can_add = True
    carries_id = False
    """Whether what is made carries the id of its request: sent twice it is made once."""

    def form_for(self, request: Any, row: Any, data: Any) -> OperationForm:
        """To change this row or, without one, to make another; the request has its actor."""
        raise TypeError(f"{type(self).__name__} does not say with which form")

    def operation(self, request: Any, row: Any, form: Any) -> Any:
        raise TypeError(f"{type(self).__name__} does not say what makes or changes a row")

    def is_sold(self, row: Any) -> bool:
        return False

    def house_of(self, row: Any) -> int:
        return int(row.provider_id)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.can_add and self.has_edit_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or not self.has_edit_permission(request):
            return False
        actor: Any = request.actor  # type: ignore[attr-defined]
        return bool(actor.provider_id == self.house_of(obj) and not self.is_sold(obj))

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """What is refused is undone, and the same page comes back with the refusal's own sentence."""
        try:
            return super().changeform_view(request, *args, **options)
        except Refusal as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **options)

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **options: Any) -> Any:
        """What the admin takes for a class of model forms."""
        if not self._may_write(request, obj):
            return super().get_form(request, obj, *args, **options)
        return lambda data=None, files=None, instance=None, **_more: self._form(request, instance, data)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Those of the form, then what else there is to know about a row."""
        facts = self.get_readonly_fields(request, obj)
        if not self._may_write(request, obj):
            return [(None, {"fields": facts})]
        form = self._form(request, obj, None)
        parts: Iterable[Fieldset] = getattr(form, "fieldsets", [Fieldset("", list(form.fields))])
        shown = [(part.title or None, {"fields": part.names, "description": part.text}) for part in parts]
        return [*shown, (_("What stays"), {"fields": facts})] if facts else shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What the form does not ask for."""
        asked = self._form(request, obj, None).fields if self._may_write(request, obj) else ()
        facts = [field.name for field in self.opts.concrete_fields if not field.primary_key]
        return [name for name in facts if name not in asked] if obj else []

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def save_form(self, request: HttpRequest, form: Any, change: Any) -> Any:
        return form.instance

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        vars(obj).update(vars(self.operation(request, obj if change else None, form)))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """The operation has done it."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return super().construct_change_message(request, form, [], add)

    def _may_write(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def _form(self, request: HttpRequest, row: Any, data: Any) -> Any:
        """The form of the pages, as the admin holds one."""
        saved = row if row is not None and row.pk else None
        form: Any = self.form_for(request, saved, data)
        if saved or not self.carries_id:
            del form.fields["request_id"]
        for field in form.fields.values():
            if suffix := getattr(field.widget, "suffix", ""):
                field.label = f"{field.label} ({suffix})"
        form._meta = SimpleNamespace(model=self.model, labels=None, help_texts=None)
        form.instance = saved or self.model()
        if data is not None and (refusal := getattr(request, "refusal", None)) and form.is_valid():
            form.refuse(refusal)
        return form
