"""A list page is data: query, table, filter set, actions. `render_list` makes page and export of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_filters import FilterSet

from resellerhub.kernel.text import id_in
from resellerhub.web import preferences
from resellerhub.web.exports import FORMATS, export
from resellerhub.web.filters import Filters, Switch
from resellerhub.web.pages import render_page
from resellerhub.web.request import actor_of
from resellerhub.web.tables import Table

PAGE_SIZES = (25, 50, 100)


@dataclass(frozen=True)
class Action:
    """A button of a page, hidden without the permission. `post` sends a form instead of following a link.

    What makes something new (icon `plus`) is the page's main button, else the one that is `primary`.
    """

    label: Any
    url: str
    icon: str = ""
    permission: str | None = None
    post: bool = False
    danger: bool = False
    primary: bool = False
    minor: bool = False
    """In the menu "More" of a detail page, where there is more than one such."""


@dataclass(frozen=True)
class BulkAction:
    """A button for the chosen rows: POSTs `selected` ids, or `all=1` with the `query` of the list, to `url`."""

    label: Any
    url: str
    icon: str = ""
    permission: str | None = None
    danger: bool = False


@dataclass(frozen=True)
class Empty:
    """What an empty list says, and the next step it offers."""

    title: Any
    text: Any = ""
    action: Action | None = None


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """`key` names the list where its columns are remembered; `order` is the order until the user chooses another."""

    key: str
    title: Any
    queryset: Any
    table_class: type[Table]
    empty: Empty
    filterset_class: type[FilterSet] | None = None
    order: tuple[str, ...] = ()
    actions: Sequence[Action] = ()
    bulk_actions: Sequence[BulkAction] = ()
    switch: Switch | None = None
    window: Callable[[Any], Any] | None = None
    """Where there is a quicker way to a page than to sort all rows: what stands for the sorted query set, sliced."""
    export_name: str = ""
    intro: Any = ""
    parent: str = ""
    template: str = "list.html"
    context: Mapping[str, Any] = field(default_factory=dict)


def permitted(request: HttpRequest, actions: Sequence[Any]) -> list[Any]:
    """The actions that the actor may take."""
    actor = actor_of(request)
    return [a for a in actions if not a.permission or (actor is not None and actor.can(a.permission))]


def render_list(request: HttpRequest, page: ListPage) -> HttpResponseBase:
    """The page, or with `export=csv|xlsx` the file, of what the query string asks for."""
    filters = Filters(request, page.filterset_class, page.queryset, page.switch)
    table = page.table_class(data=filters.rows, request=None)
    table.request = request
    table.totals = getattr(filters.set, "totals", ())  # a filter set may know what all its rows sum to
    table.show_only(_columns(request, page))
    _sort(table, request.GET.get("sort", ""), page.order)
    if request.GET.get("export") in FORMATS:
        return export(table, request.GET["export"], request.GET.get("filename") or page.export_name or page.key)

    if page.window:
        table.data.data = page.window(table.data.data)
    size = _size(request.GET.get("per_page", ""))
    paginator = Paginator(table.rows, size)
    if filters.is_valid and (count := getattr(filters.set, "count", None)):
        paginator.count = count()  # a filter set may know how to count without the joins of the columns
    table.paginator = paginator  # first: without one the table counts its rows by fetching all of them
    table.page = paginator.get_page(request.GET.get("page"))
    return render_page(
        request,
        page.template,
        title=page.title,
        parent=page.parent,
        list=page,
        table=table,
        filters=filters,
        page_obj=table.page,
        page_range=list(paginator.get_elided_page_range(table.page.number, on_each_side=1, on_ends=1)),
        count=paginator.count,
        sizes=PAGE_SIZES,
        size=size,
        actions=permitted(request, page.actions),
        bulk_actions=permitted(request, page.bulk_actions),
        export_name=page.export_name or page.key,
        **page.context,
    )


def selected_rows(request: HttpRequest, page: ListPage) -> Any:
    """What a bulk action is to work on: the ticked rows, or all rows of the filter that the list showed."""
    if request.POST.get("all"):
        return Filters.posted(request, page.filterset_class, page.queryset, page.switch).rows
    ids = [pk for text in request.POST.getlist("selected") if (pk := id_in(text)) is not None]
    return page.queryset.filter(pk__in=ids)


def _columns(request: HttpRequest, page: ListPage) -> list[str]:
    actor = actor_of(request)
    return preferences.load(actor, page.key) if actor else []


def _sort(table: Table, asked: str, default: tuple[str, ...]) -> None:
    """Order by what was asked for, else by the default; the primary key decides between equals."""
    table.order_by = asked.split(",") if asked else default
    if not table.order_by and default:
        table.order_by = default
    data = table.data.data
    if isinstance(data, QuerySet):
        table.data.data = data.order_by(*data.query.order_by, "pk")


def _size(asked: str) -> int:
    return int(asked) if asked in map(str, PAGE_SIZES) else PAGE_SIZES[0]
