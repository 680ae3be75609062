"""Forms parse and the service decides: refusals come back beside the field, values and request id are kept."""

from uuid import UUID

import pytest
from django import forms
from django.http import QueryDict

from resellerhub.kernel.refusals import Busy, Forbidden, Invalid, NotFound, Refusal
from resellerhub.web.forms import ConfirmForm, OperationForm, fill_untouched, operate

REQUEST = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


class Sold(Refusal):
    code, message = "sold-out", "Only {free} are free."


class SeatForm(OperationForm):
    seats = forms.IntegerField(min_value=1)
    spare = forms.IntegerField(required=False)
    note = forms.CharField(required=False)


def posted(rf, form_class=SeatForm, **values):
    request = rf.post("/", {"request_id": REQUEST, **values})
    return request, form_class(request.POST)


def refuse(refusal):
    def call(values):
        raise refusal

    return call


def test_a_form_passes_its_values_and_its_request_id(rf):
    request, form = posted(rf, seats="3")
    assert operate(request, form, lambda values: values) == {"seats": 3, "spare": None, "note": ""}
    assert form.request_uuid == UUID(REQUEST)
    assert form.status == 200


def test_every_unbound_form_has_an_id_of_its_own():
    assert SeatForm()["request_id"].value() != SeatForm()["request_id"].value()


def test_nothing_is_run_before_something_is_sent(rf):
    assert operate(rf.get("/"), SeatForm(None), refuse(AssertionError())) is None


def test_a_wrong_value_answers_422(rf):
    request, form = posted(rf, seats="0")
    assert operate(request, form, refuse(AssertionError())) is None
    assert form.status == 422


def test_without_a_request_id_nothing_is_run(rf):
    request = rf.post("/", {"seats": "3"})
    assert operate(request, form := SeatForm(request.POST), refuse(AssertionError())) is None
    assert "request_id" in form.errors


@pytest.mark.parametrize(
    ("refusal", "place", "status"),
    [
        (Sold(free=2, field="seats"), "seats", 422),
        (Sold(free=2), "__all__", 422),
        (Sold(free=2, field="unknown"), "__all__", 422),
        (Busy(), "__all__", 503),
    ],
)
def test_a_refusal_stands_beside_its_field_else_above_the_form(rf, refusal, place, status):
    request, form = posted(rf, seats="3", note="kept")
    assert operate(request, form, refuse(refusal)) is None
    assert form.errors[place] == [refusal.detail]
    assert form.status == status
    assert form["note"].value() == "kept"
    assert form["request_id"].value() == REQUEST


def test_many_refusals_at_once(rf):
    request, form = posted(rf, seats="3")
    operate(request, form, refuse(Invalid({"seats": ["too many"], "note": ["too short"]})))
    assert form.errors == {"seats": ["too many"], "note": ["too short"]}


@pytest.mark.parametrize("refusal", [NotFound(), Forbidden(permission="seat.assign")])
def test_what_concerns_the_page_is_not_put_into_the_form(rf, refusal):
    request, form = posted(rf, seats="3")
    with pytest.raises(type(refusal)):
        operate(request, form, refuse(refusal))


@pytest.mark.parametrize(("typed", "right"), [("Yes", True), (" Yes ", True), ("yes", False), ("", False)])
def test_destroying_asks_for_the_word(rf, typed, right):
    request, form = posted(rf, ConfirmForm, confirm=typed)
    assert (operate(request, form, lambda values: "done") == "done") is right


def test_the_first_value_fills_the_empty_ones_only():
    data = QueryDict("a=&b=9999&c=5&d=&other=")
    filled = fill_untouched(data, ["a", "b", "c", "d"])
    assert filled.dict() == {"a": "9999", "b": "9999", "c": "5", "d": "9999", "other": ""}


def test_filling_judges_nothing_and_keeps_all(rf):
    _, form = posted(rf, seats="7", note="kept")
    form.fill(["seats", "spare"])
    assert not form.is_bound
    assert [form[name].value() for name in ("seats", "spare", "note", "request_id")] == ["7", "7", "kept", REQUEST]
