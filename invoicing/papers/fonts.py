"""The fonts of documents: loaded once for each worker, embedded in part in each document.

IBM Plex Sans has the Latin, Greek and Cyrillic letters and digits that are all as wide; what it lacks is set in DejaVu
Sans, and what that lacks is an empty box, which says that something stood there. Both are front-end packages, fetched
with the others.
"""

import functools
from collections.abc import Iterator
from itertools import accumulate, groupby, takewhile
from pathlib import Path

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

from resellerhub.kernel.text import FORBIDDEN

PACKAGES = Path(__file__).parents[2] / "node_modules"
PLEX = PACKAGES / "@expo-google-fonts" / "ibm-plex-sans"
DEJAVU = PACKAGES / "dejavu-fonts-ttf" / "ttf"
FILES = {
    "regular": (PLEX / "400Regular" / "IBMPlexSans_400Regular.ttf", DEJAVU / "DejaVuSans.ttf"),
    "bold": (PLEX / "600SemiBold" / "IBMPlexSans_600SemiBold.ttf", DEJAVU / "DejaVuSans-Bold.ttf"),
}
LACKING = "□"
PARTING = "@./-_"
LONGEST = 500
"""So many characters of a text are printed: what is longer is no name and no label."""


class Face:
    """A font with the one that stands in for it."""

    def __init__(self, name: str, main: Path, other: Path) -> None:
        self.name, self._other = name, other
        self.font = _registered(name, main)
        self._has = frozenset(map(chr, self.font.face.charWidths))
        self._widths = {chr(code): width / 1000 for code, width in self.font.face.charWidths.items()}

    @functools.cached_property
    def fallback(self) -> "TTFont":
        """Loaded when a text first asks for it: most never do."""
        return _registered(f"{self.name}-other", self._other)

    def width(self, text: str, size: float) -> float:
        try:
            return float(sum([self._widths[each] for each in text])) * size
        except KeyError:
            return float(sum(font.stringWidth(piece, size) for font, piece in self.runs(text)))

    def runs(self, text: str) -> Iterator[tuple["TTFont", str]]:
        """The text in pieces, each with a font that has all its letters."""
        if self._has.issuperset(text):
            yield self.font, text
            return
        for has, piece in groupby(text, self._has.__contains__):
            if has:
                yield self.font, "".join(piece)
            else:
                known = self.fallback.face.charWidths
                yield self.fallback, "".join(each if ord(each) in known else LACKING for each in piece)

    def fitted(self, text: str, size: float, room: float) -> str:
        """The text on one line, with an ellipsis where it does not fit."""
        if self.width(text, size) <= room:
            return text
        ends = accumulate(self.width(letter, size) for letter in f"…{text}")
        fits = sum(1 for _end in takewhile(lambda end: end <= room, ends))
        return f"{text[: max(fits - 1, 0)].rstrip()}…"

    def wrapped(self, text: str, size: float, room: float) -> list[str]:
        """In lines that fit; a word that is wider than the room is broken."""
        if self.width(text, size) <= room and "\n" not in text:
            return [text]
        lines: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for word in paragraph.split(" "):
                wider = f"{line} {word}" if line else word
                if self.width(wider, size) <= room:
                    line = wider
                    continue
                if line:
                    lines.append(line)
                *whole, line = self._broken(word, size, room)
                lines += whole
            lines.append(line)
        return lines

    def _broken(self, word: str, size: float, room: float) -> list[str]:
        """After a sign that parts it, as an address of mail has them, if there is one in the second half of a line."""
        pieces = []
        while len(word) > 1 and self.width(word, size) > room:
            ends = accumulate(self.width(letter, size) for letter in word)
            most = max(sum(1 for _end in takewhile(lambda end: end <= room, ends)), 1)
            parted = max(word.rfind(sign, most // 2, most) for sign in PARTING) + 1
            pieces.append(word[: parted or most])
            word = word[parted or most :]
        return [*pieces, word]


def _registered(name: str, path: Path) -> TTFont:
    font = TTFont(name, path)
    registerFont(font)
    return font


@functools.cache
def face(name: str) -> Face:
    return Face(name, *FILES[name])


def printable(text: str, longest: int = LONGEST) -> str:
    """What may be drawn: no character that cannot be seen, and not more of them than a line or two."""
    seen = FORBIDDEN.sub("", text[: longest + 1].replace("\r\n", "\n").replace("\t", " "))
    return f"{seen[: longest - 1].rstrip()}…" if len(seen) > longest else seen
