"""Pages that show every part of the shell, also those that no page of the product uses yet."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django_filters import CharFilter, FilterSet

from resellerhub.kernel.models import Job
from resellerhub.urls import urlpatterns as product
from resellerhub.web.charts import Chart, Series
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.forms import ConfirmForm, Fieldset, FormPage, OperationForm, operate, render_form
from resellerhub.web.lists import BulkAction, Empty, ListPage, render_list, selected_rows
from resellerhub.web.pages import page
from resellerhub.web.tables import Column, Table
from resellerhub.web.widgets import DateInput, DualList, MoneyInput, QuantityInput, SearchSelect

GROUP = ("one", "two", "three")


class SampleForm(OperationForm):
    name = forms.CharField(help_text="As it stands on the invoice.")
    price = forms.DecimalField(widget=MoneyInput(currency="EUR"))
    start = forms.DateField(widget=DateInput, required=False)
    country = forms.ChoiceField(
        widget=SearchSelect, choices=[("de", "Germany"), ("at", "Austria"), ("ch", "Switzerland")]
    )
    resellers = forms.MultipleChoiceField(widget=DualList, choices=[(str(n), f"Reseller {n:02d}") for n in range(40)])
    cycle = forms.ChoiceField(widget=forms.RadioSelect, choices=[("month", "Month"), ("year", "Year")])
    sure = forms.BooleanField()
    one = forms.IntegerField(widget=QuantityInput(fill_group="sample"))
    two = forms.IntegerField(widget=QuantityInput(fill_group="sample"))
    three = forms.IntegerField(widget=QuantityInput(fill_group="sample", unit="GB"))


class JobTable(Table):
    title = Column(verbose_name="Title")


class JobFilter(FilterSet):
    q = CharFilter(field_name="title", lookup_expr="icontains")


@page()
def sample_form(request):
    form = SampleForm(request.POST or None)
    if "fill" in request.POST:
        form.fill(GROUP)
    elif operate(request, form, lambda values: values):
        return HttpResponse(" ".join(form.cleaned_data["resellers"]))
    parts = [
        Fieldset("What", ("name", "price", "start", "country", "resellers", "cycle", "sure")),
        Fieldset("Resources", GROUP, grid=True, fill=True),
    ]
    return render_form(
        request,
        FormPage(form=form, title="Sample", submit="Save", cancel_url="/", fieldsets=parts, intro="All fields."),
    )


@page()
def sample_confirm(request):
    form = ConfirmForm(request.POST or None, word="North")
    if operate(request, form, lambda values: "gone"):
        return redirect("/console/")
    return render_form(request, FormPage(form=form, title="Delete North", submit="Delete", cancel_url="/", danger=True))


def sample_page() -> ListPage:
    return ListPage(
        key="sample",
        title="Sample",
        queryset=Job.objects.all(),
        table_class=JobTable,
        filterset_class=JobFilter,
        order=("title",),
        bulk_actions=[BulkAction("Name them", "/console/sample/chosen/")],
        empty=Empty("Nothing"),
    )


@page()
def sample_list(request):
    return render_list(request, sample_page())


@page()
def sample_chosen(request):
    return HttpResponse(
        ",".join(selected_rows(request, sample_page()).order_by("title").values_list("title", flat=True))
    )


@page()
def sample_detail(request):
    chart = Chart(
        "trend", "Seats", "Month", ["Jan", "Feb", "Mar"], [Series("Free", [3, 2, 1]), Series("Assigned", [1, 2, 3])]
    )
    return render_detail(
        request,
        DetailPage(
            title="A pool",
            reference=4711,
            state="active",
            counters=[Counter("Free", 1, "?tab=more", "of 4")],
            tabs=[
                Tab("chart", "Chart", lambda: [Section(template="components/chart.html", context={"chart": chart})]),
                Tab("more", "More", lambda: [Section(title="Facts", facts=[("Name", "A")], activity=[])]),
            ],
        ),
    )


SAMPLES = [
    path("sample/form/", sample_form),
    path("sample/confirm/", sample_confirm),
    path("sample/list/", sample_list),
    path("sample/chosen/", sample_chosen),
    path("sample/detail/", sample_detail),
]
CONSOLE = next(each for each in product if str(each.pattern) == "console/")

urlpatterns = [
    path("console/", include((SAMPLES + CONSOLE.url_patterns, "console"), namespace="console")),
    *(each for each in product if each is not CONSOLE),
]
