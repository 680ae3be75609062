"""How an operator's browser works in the admin."""

from django.forms import Select
from django.urls import reverse


def page(row) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def shown(answer) -> dict[str, object]:
    """What a browser would send of the page as it stands there, with how many rows its inlines show."""
    form = answer.context["adminform"].form
    values = {bound.html_name: _value(bound) for bound in form}
    counts = {
        f"{one.formset.prefix}-{what}_FORMS": 0
        for one in answer.context["inline_admin_formsets"]
        for what in ("TOTAL", "INITIAL")
    }
    return {name: value for name, value in values.items() if is_sent(value) and value != ""} | counts


def send(browser, address: str, **values):
    """The form of the page with other values: None or False leaves one out."""
    sent = shown(browser.get(address)) | values
    return browser.post(address, {name: value for name, value in sent.items() if is_sent(value)}, follow=True)


def is_sent(value: object) -> bool:
    return value is not None and value is not False


def _value(bound) -> object:
    """As a browser has it: a select stands on its first choice."""
    value = bound.value()
    if value is None and isinstance(bound.field.widget, Select) and not bound.field.widget.allow_multiple_selected:
        return next((str(key) for key, _label in bound.field.choices), None)
    return value
