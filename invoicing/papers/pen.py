"""Drawing on a page whose origin is the top left corner, in millimetres, with plain text alone.

Text is never markup here: a name goes to the page letter by letter, and there is nothing in it that could be obeyed.
"""

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from invoicing.papers.fonts import face

if TYPE_CHECKING:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

MM = 72 / 25.4
WIDTH, HEIGHT = 210.0, 297.0
SLANT = math.radians(52)


class Colour(NamedTuple):
    red: float
    green: float
    blue: float

    def mixed(self, other: "Colour", share: float) -> "Colour":
        return Colour(*(mine + (theirs - mine) * share for mine, theirs in zip(self, other, strict=True)))

    @property
    def contrast(self) -> float:
        """Against white, as WCAG counts it."""
        bright = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in self]
        return 1.05 / (0.2126 * bright[0] + 0.7152 * bright[1] + 0.0722 * bright[2] + 0.05)

    @property
    def readable(self) -> "Colour":
        """Dark enough for text on white: a brand may be yellow."""
        dark = self
        while dark.contrast < 4.5:
            dark = dark.mixed(BLACK, 0.1)
        return dark


def colour(text: str) -> Colour:
    """Of `#rrggbb`."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f"{text} is no colour")
    return Colour(*(int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)))


BLACK, WHITE = Colour(0, 0, 0), Colour(1, 1, 1)
INK, GREY, HAIR = colour("#1b1f24"), colour("#59626e"), colour("#d5dae0")


class Style(NamedTuple):
    """Size in points, as fonts have it; `leading` in millimetres, from one line to the next."""

    size: float
    leading: float
    face: str = "regular"
    colour: Colour = INK

    def of(self, colour: Colour) -> "Style":
        return self._replace(colour=colour)

    @property
    def bold(self) -> "Style":
        return self._replace(face="bold")

    @property
    def rise(self) -> float:
        """From the top of a line to where its letters stand, so that it is in the middle of its leading."""
        return self.leading / 2 + self.size * 0.35 / MM

    def width(self, text: str) -> float:
        return face(self.face).width(text, self.size) / MM

    def wrapped(self, text: str, room: float) -> list[str]:
        return face(self.face).wrapped(text, self.size, room * MM)

    def cut(self, text: str, room: float, most: int) -> list[str]:
        """In so many lines at most; the last says that there was more."""
        lines = self.wrapped(text, room)
        return lines if len(lines) <= most else [*lines[: most - 1], self.fitted(" ".join(lines[most - 1 :]), room)]

    def fitted(self, text: str, room: float) -> str:
        return face(self.face).fitted(text, self.size, room * MM)


TITLE = Style(18, 8, "bold")
TEXT = Style(9, 4.2)
SMALL = Style(7.5, 3.5, colour=GREY)
TINY = Style(6.8, 3.1, colour=GREY)


class Pen:
    """Writes the operators of PDF itself: what reportlab makes of each number takes longer than all the rest."""

    def __init__(self, canvas: "Canvas") -> None:
        self.canvas = canvas
        self._fill: Colour | None = None

    def new_page(self) -> None:
        self.canvas.showPage()
        self._fill = None

    def text(self, x: float, top: float, text: str, style: Style, *, right: bool = False) -> None:
        """One line, from `x` on or up to it."""
        if not text:
            return
        at = x - style.width(text) if right else x
        self.fill(style.colour)
        self._write(f"BT 1 0 0 1 {_place(at, top + style.rise)} Tm {self._shown(text, style)} ET")

    def lines(self, x: float, top: float, lines: Iterable[str], style: Style) -> float:
        """One below the other; where the next would stand."""
        for line in lines:
            self.text(x, top, line, style)
            top += style.leading
        return top

    def rule(self, x: float, top: float, width: float, colour: Colour = HAIR, thick: float = 0.5) -> None:
        """`thick` in points, and evenly above and below."""
        self.box(x, top - thick / MM / 2, width, thick / MM, colour)

    def box(self, x: float, top: float, width: float, height: float, colour: Colour) -> None:
        self.fill(colour)
        self._write(f"{_place(x, top + height)} {width * MM:.2f} {height * MM:.2f} re f")

    def squares(self, x: float, top: float, wide: float, rows: list[list[bool]]) -> None:
        """What is dark of a code, `wide` as a whole; what touches in a row is in one piece."""
        size = wide / len(rows) * MM
        pieces = [
            f"{piece.start()} {-number} {len(piece[0])} -1 re"
            for number, row in enumerate(rows)
            for piece in re.finditer("1+", "".join("01"[dark] for dark in row))
        ]
        self.fill(INK)
        self._write("q", f"{size:.4f} 0 0 {size:.4f} {_place(x, top)} cm", *pieces, "f Q")

    def image(self, x: float, top: float, width: float, height: float, image: "ImageReader") -> None:
        at = (HEIGHT - top - height) * MM
        self.canvas.drawImage(image, x * MM, at, width * MM, height * MM, mask="auto")

    def across(self, text: str, style: Style) -> None:
        """Large and slanting over the whole page."""
        cos, sin = math.cos(SLANT), math.sin(SLANT)
        back, down = style.width(text) / 2, style.size * 0.35 / MM
        x, top = WIDTH / 2 - back * cos + down * sin, HEIGHT / 2 + back * sin + down * cos
        turned = f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {_place(x, top)} Tm"
        self.fill(style.colour)
        self._write(f"BT {turned} {self._shown(text, style)} ET")

    def fill(self, colour: Colour) -> None:
        if colour != self._fill:
            self._write("{:.3f} {:.3f} {:.3f} rg".format(*colour))
            self._fill = colour

    def _shown(self, text: str, style: Style) -> str:
        """In the fonts that have its letters, of which reportlab embeds what is used."""
        document = self.canvas._doc
        return " ".join(
            f"{font.getSubsetInternalName(subset, document)} {style.size} Tf <{codes.hex()}> Tj"
            for font, piece in face(style.face).runs(text)
            for subset, codes in font.splitString(piece, document)
        )

    def _write(self, *operators: str) -> None:
        self.canvas._code += operators


def _place(x: float, top: float) -> str:
    return f"{x * MM:.2f} {(HEIGHT - top) * MM:.2f}"
