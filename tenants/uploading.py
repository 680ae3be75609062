"""What a page tells of an uploaded file that was refused: every line, beside the form."""

from collections.abc import Callable
from typing import TypeVar

from tenants.services.reading import FaultyRows

T = TypeVar("T")


class UploadErrors:
    """Keeps the refusal of single rows, which is more than fits beside a field."""

    def __init__(self) -> None:
        self.refused: FaultyRows | None = None

    def note(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except FaultyRows as refusal:
            self.refused = refusal
            raise
