"""Forms that run an operation: a request id in each, refusals beside the field they are about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Busy, Forbidden, NotFound, Refusal
from resellerhub.web.pages import render_page

T = TypeVar("T")


class OperationForm(forms.Form):
    """The base of every form that changes something. It parses; the service that it calls decides."""

    required_css_class = "is-required"
    aliases: Mapping[str, str] = {}
    """Fields by the names that services have for what is in them, where these are others."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **options})
        self.status = 200

    @property
    def request_uuid(self) -> UUID:
        """The id of this request, the same however often the form is sent."""
        asked: UUID = self.cleaned_data["request_id"]
        return asked

    @property
    def values(self) -> dict[str, Any]:
        """What was entered, without the request id."""
        return {name: value for name, value in self.cleaned_data.items() if name != "request_id"}

    def refuse(self, refusal: Refusal) -> None:
        """Put the refusal's own sentence beside the field it is about, else above the form."""
        self.status = 503 if isinstance(refusal, Busy) else 422
        for name, sentences in (refusal.errors or {"": [refusal.detail]}).items():
            field = self.aliases.get(name, name)
            for sentence in sentences:
                self.add_error(field if field in self.fields else None, sentence)

    def blame(self, errors: Mapping[str, Sequence[str]]) -> None:
        """In `clean`: say what a service would refuse, beside fields of which nothing is said yet."""
        for name in [name for name in errors if name in self.fields and name not in self.errors]:
            for sentence in errors[name]:
                self.add_error(name, sentence)

    def fill(self, names: Sequence[str]) -> None:
        """Answer the "Fill all" button: the same values, the empty ones of `names` filled, nothing checked yet."""
        data = fill_untouched(self.data, [self.add_prefix(name) for name in names])
        self.initial = {
            name: field.widget.value_from_datadict(data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }
        self.is_bound = False


class ConfirmForm(OperationForm):
    """What destroys is confirmed by typing a word: `Yes`, or the name of what goes."""

    confirm = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}))

    def __init__(self, *args: Any, word: str = "Yes", **options: Any) -> None:
        super().__init__(*args, **options)
        self.word = word
        self.fields["confirm"].label = _("Type %(word)s to confirm") % {"word": word}

    def clean_confirm(self) -> str:
        if self.cleaned_data["confirm"].strip() != self.word:
            raise forms.ValidationError(_("Type %(word)s exactly as it stands here.") % {"word": self.word})
        return self.word


@dataclass(frozen=True)
class Fieldset:
    """A titled part of a form. `grid` sets short fields side by side; `fill` adds the button that fills the rest."""

    title: Any
    names: Sequence[str]
    text: Any = ""
    grid: bool = False
    fill: bool = False


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """A page with one form. Without fieldsets its fields stand in one column."""

    form: OperationForm
    title: Any
    submit: Any
    cancel_url: str
    intro: Any = ""
    parent: str = ""
    fieldsets: Sequence[Fieldset] = ()
    danger: bool = False
    template: str = "form.html"
    context: Mapping[str, Any] = field(default_factory=dict)


def operate(request: HttpRequest, form: OperationForm, call: Callable[[dict[str, Any]], T]) -> T | None:
    """Run an operation with a posted form's values. None: nothing was posted, or it was refused and the form says why.

    Out of sight (404) and not permitted (403) concern the page, not a field: those go on to the error page.
    """
    if request.method != "POST" or not form.is_bound:
        return None
    if not form.is_valid():
        form.status = 422
        return None
    try:
        return call(form.values)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def answer_form(
    request: HttpRequest,
    page: FormPage,
    call: Callable[[dict[str, Any]], T],
    done: str | Callable[[T], str],
    to: str | Callable[[T], str] = "",
) -> HttpResponse:
    """Run the operation of a posted form, say what was done, and go on; else the page of the form.

    It goes on to where "Cancel" leads, unless `to` says another place.
    """
    made = operate(request, page.form, lambda values: (call(values),))  # a tuple: an operation may return nothing
    if made is None:
        return render_form(request, page)
    messages.success(request, done(*made) if callable(done) else done)
    return redirect((to(*made) if callable(to) else to) or page.cancel_url)


def attempt(request: HttpRequest, call: Callable[[], T]) -> T | None:
    """What the call gives. None: it was refused, and the next page says why; 404 and 403 go on to the error page."""
    try:
        return call()
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.detail)
        return None


def answer_click(request: HttpRequest, call: Callable[[], T], done: str | Callable[[T], str], to: str) -> HttpResponse:
    """Do what a button asks for, and go on with a sentence: what was done, or why not."""
    made = attempt(request, lambda: (call(),))
    if made is not None:
        messages.success(request, done(*made) if callable(done) else done)
    return redirect(to)


def render_form(request: HttpRequest, page: FormPage) -> HttpResponse:
    """The page of a form; 422 with every value kept when it was refused."""
    return render_page(
        request,
        page.template,
        title=page.title,
        parent=page.parent,
        status=page.form.status,
        page=page,
        form=page.form,
        parts=[Part(part, page.form) for part in page.fieldsets or [_everything(page.form)]],
        **page.context,
    )


@dataclass(frozen=True)
class Part:
    """A fieldset with its bound fields, as the template walks over it."""

    fieldset: Fieldset
    form: OperationForm

    @property
    def fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.fieldset.names]


def fill_untouched(data: Mapping[str, Any], names: Sequence[str]) -> QueryDict:
    """The posted values, with the first value given among `names` in every one of them that is empty."""
    filled = QueryDict(mutable=True)
    filled.update(data)
    first = next((value for name in names if (value := filled.get(name, "").strip())), "")
    for name in names:
        if not filled.get(name, "").strip():
            filled[name] = first
    return filled


def _everything(form: OperationForm) -> Fieldset:
    return Fieldset("", [bound.name for bound in form.visible_fields()])
