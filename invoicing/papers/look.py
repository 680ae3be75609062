"""A paper with what it takes to print it: its words, the way it writes numbers, the colours of its house."""

import functools
import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from invoicing.papers.fonts import printable
from invoicing.papers.formats import Formats
from invoicing.papers.paper import Kind, Mark, Paper
from invoicing.papers.pen import WHITE, Colour, colour
from invoicing.papers.words import words
from resellerhub.kernel.periods import Period

if TYPE_CHECKING:
    from reportlab.lib.utils import ImageReader

LEFT, RIGHT = 25.0, 190.0
WIDE = RIGHT - LEFT
ASIDE = 125.0
"""Where the block of facts beside the address window starts (DIN 5008)."""
LOGO_PIXELS = 900


@dataclass(frozen=True)
class Look:
    paper: Paper
    logo: bytes | None = None

    @functools.cached_property
    def formats(self) -> Formats:
        return Formats(self.paper.language, self.paper.currency)

    @functools.cached_property
    def accent(self) -> Colour:
        """Of text and lines."""
        return colour(self.paper.head.colour).readable

    @functools.cached_property
    def tint(self) -> Colour:
        """Of areas that text stands on; nothing where they would hide the word across the page."""
        return WHITE if self.mark else self.accent.mixed(WHITE, 0.94)

    @functools.cached_property
    def title(self) -> str:
        return f"{self.say(self.paper.kind)} {printable(self.paper.number, 60)}".rstrip()

    @property
    def mark(self) -> str:
        """The word across the pages."""
        if self.paper.mark is not Mark.NONE:
            return self.say(f"mark_{self.paper.mark}")
        return self.say("mark_proforma") if self.paper.kind is Kind.PROFORMA else ""

    @functools.cached_property
    def only_service(self) -> Period | None:
        """The days that all lines are for, where they are the same: said once, at the top."""
        periods = {line.service for line in self.paper.lines if line.service}
        return periods.pop() if len(periods) == 1 else None

    def say(self, word: str, **facts: str) -> str:
        said = words(self.paper.language)[word]
        return printable(said.format(**facts)) if facts else said

    @property
    def image(self) -> "ImageReader | None":
        """The logo, if these are the bytes that the paper means."""
        if not self.logo or hashlib.sha256(self.logo).hexdigest() != self.paper.head.logo:
            return None
        return _image(self.logo)


@functools.lru_cache(maxsize=64)
def _image(logo: bytes) -> "ImageReader":
    """No finer than a printer can show it: each document carries it."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    with Image.open(BytesIO(logo), formats=["PNG"]) as image:
        image.thumbnail((LOGO_PIXELS, LOGO_PIXELS))
        return ImageReader(image.convert("RGBA"))
