"""The shapes of requests and answers. A FooIn says what is taken, a FooOut what is given; one class is never both."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from resellerhub.kernel.money import AMOUNT_MAX, NO_CURRENCY, Money, currencies, minor_units
from resellerhub.kernel.text import has_lines, is_blank
from resellerhub.rest.parsers import Upload

INT64_MAX = 2**63 - 1
LINES_FROM = 1000
"""A text of so many characters may have lines; what is shorter is a name, a code or a reason."""
WRONG_TYPE = _("This is not of the type that is asked for.")


class In(serializers.Serializer[Any]):
    """A request: unknown fields are refused, a number is a number and not a text that looks like one."""

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping):
            for name in data:
                if name not in self.fields:
                    errors[str(name)] = [ErrorDetail(str(_("This field is not known here.")), "unknown_field")]
                elif (wrong := fault(self.fields[name], data[name])) is not None:
                    errors[str(name)] = [wrong]
        if errors:
            raise ValidationError(errors)
        return super().to_internal_value(data)


class FormIn(In):
    """The same where a file comes along: in a form everything is text, so "5" is 5 and "true" is true."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and any(isinstance(value, Upload) for value in data.values()):
            data = {name: self._meant(name, value) for name, value in data.items()}
        return super().to_internal_value(data)

    def _meant(self, name: str, value: Any) -> Any:
        field = self.fields.get(name)
        if isinstance(field, serializers.IntegerField) and isinstance(value, str) and value.isdigit():
            return int(value) if len(value) < 19 else value
        if isinstance(field, serializers.BooleanField):
            return {"true": True, "false": False}.get(value, value)
        return value


class UploadField(serializers.FileField):
    """A file, as `multipart/form-data` brings it."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Upload):
            self.fail("invalid")
        return data.file


def fault(field: Any, value: Any) -> ErrorDetail | None:
    """What DRF would quietly turn into something else: "5" into 5, 1 into True, a filler into a name."""
    if value is None or field.read_only or value in getattr(field, "words", ()):
        return None
    if isinstance(field, serializers.ListField):
        values = value if isinstance(value, list) else []
        return next((wrong for one in values if (wrong := fault(field.child, one)) is not None), None)
    wanted: Any = None
    if isinstance(field, serializers.BooleanField):
        wanted = bool
    elif isinstance(field, serializers.IntegerField):
        wanted = int
    elif isinstance(field, serializers.CharField | serializers.DateField | serializers.DateTimeField):
        wanted = str
    if wanted and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
        return ErrorDetail(str(WRONG_TYPE), "wrong_type")
    if isinstance(field, serializers.CharField) and not field.allow_blank and is_blank(value):
        return ErrorDetail(str(_("This may not be empty.")), "blank")
    if isinstance(field, serializers.CharField) and (field.max_length or LINES_FROM) < LINES_FROM and has_lines(value):
        return ErrorDetail(str(_("This has to be one line.")), "lines")
    return None


class Out(serializers.Serializer[Any]):
    """An answer. Fields that are listed in `expandable` are there only when `expand=` asks for them."""

    expandable: tuple[str, ...] = ()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in self.expandable:
            fields[name].required = False
        return fields

    @property
    def _readable_fields(self) -> Any:
        wanted = self.context.get("expand", ()) if self.expandable else ()
        return [f for f in self.fields.values() if f.field_name not in self.expandable or f.field_name in wanted]


class Id(serializers.IntegerField):
    """The key of a row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": INT64_MAX, **options})


class Quantity(serializers.IntegerField):
    """A whole number from 1 that a 64-bit column can hold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": INT64_MAX, **options})


class Ids(serializers.ListField):
    """Keys of rows, each once."""

    child = Id()

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 10_000, **options})

    def to_internal_value(self, data: Any) -> list[int]:
        return list(dict.fromkeys(super().to_internal_value(data)))


class MoneyField(serializers.Field[Any, Any, Any, Any]):
    """`{"amount": "12.50", "currency": "EUR"}` ↔ `Money`. In an answer `amount` and `currency` name attributes of the
    row; as a request `places` says how finely a price may be given.
    """

    default_error_messages = {
        "shape": _('An amount is written {{"amount": "12.50", "currency": "EUR"}}.'),
        "amount": _("An amount is a string of digits with a point, such as 12.50."),
        "places": _("At most {places} digits may follow the point."),
        "range": _("This amount is out of range."),
        "currency": NO_CURRENCY,
    }

    def __init__(
        self, *, amount: str = "", currency: str = "currency", places: int = 6, minimum: Decimal | None = Decimal(0),
        **options: Any,
    ) -> None:  # fmt: skip
        self.amount, self.currency, self.places, self.minimum = amount, currency, places, minimum
        if amount:
            options.setdefault("source", "*")
            options["read_only"] = True
        super().__init__(**options)

    def to_representation(self, value: Any) -> dict[str, str] | None:
        if not self.amount:
            return written(value.amount, value.currency)
        one = value.get if isinstance(value, dict) else lambda name: attrgetter(name)(value)
        amount = one(self.amount)
        return None if amount is None else written(amount, str(one(self.currency)))

    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, dict) or set(data) != {"amount", "currency"}:
            self.fail("shape")
        amount, currency = data["amount"], data["currency"]
        if not isinstance(currency, str) or currency not in currencies():
            self.fail("currency")
        if not isinstance(amount, str) or not amount.isascii() or not set(amount) <= set("-.0123456789"):
            self.fail("amount")
        try:
            value = Decimal(amount)
        except InvalidOperation:
            self.fail("amount")
        if abs(value) >= AMOUNT_MAX or (self.minimum is not None and value < self.minimum):
            self.fail("range")
        if -int(value.as_tuple().exponent) > self.places:
            self.fail("places", places=self.places)
        return Money(value, currency)


def written(amount: Decimal, currency: str) -> dict[str, str]:
    """As many digits as the currency has, and more only where a price has more."""
    least = minor_units(currency)
    digits = f"{amount:.{max(least, -int(amount.as_tuple().exponent))}f}"
    whole, _point, fraction = digits.partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    return {"amount": f"{whole}.{fraction}" if fraction else whole, "currency": currency}


class JobOut(Out):
    """How far a job is. `percent` never goes back but for a retry."""

    id = Id()
    kind = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=["queued", "running", "cancelled", "done"])
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    skipped = serializers.IntegerField()
    failed = serializers.IntegerField()
    percent = serializers.IntegerField(min_value=0, max_value=100)
    attempt = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    cancel_asked_at = serializers.DateTimeField(allow_null=True)


class JobItemOut(Out):
    """One target of a job and what became of it."""

    id = Id()
    position = serializers.IntegerField()
    subject_id = Id()
    state = serializers.ChoiceField(choices=["pending", "done", "skipped", "failed"])
    reason = serializers.CharField(help_text="Empty, or why it was skipped or failed.")
    facts = serializers.JSONField(allow_null=True)
    result_id = Id(allow_null=True)
