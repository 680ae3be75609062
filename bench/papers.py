"""How long does a document take, against one that is barely one?

    python bench/papers.py [--rounds 9]

Needs no database: papers are values. Each is printed by ours and as a minimal platypus document (paragraphs and two
tables, the same lines, the same two embedded fonts, no head, no foot but a page number, no code to pay by), in turns,
by processor time. Then the same documents by one process and by two at once, by the clock; and the XML and the hybrid
of them, for information.
"""

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from invoicing.papers import cii, hybrid, pdf
from invoicing.papers.fonts import face
from invoicing.papers.paper import Paper
from tests.invoicing.papers.samples import SAMPLES, line, paper

MOST, LEAST = 1.3, 1.8
TOGETHER = 200
REGULAR, BOLD = face("regular").font.fontName, face("bold").font.fontName
TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=9, bulletFontName=REGULAR)
TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=18, leading=24, bulletFontName=BOLD)
RULED = TableStyle(
    [
        ("FONT", (0, 0), (-1, -1), REGULAR, 9),
        ("FONT", (0, 0), (-1, 0), BOLD, 9),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, "#d5dae0"),
        ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
    ]
)
PAPERS = {
    "3 lines": (SAMPLES["few lines"], 40),
    "30 lines": (paper(*(line(f"Business Mail {n}", "3", "4.90") for n in range(30))), 20),
    "1,000 lines": (SAMPLES["long"], 1),
}


def minimal(paper: Paper) -> bytes:
    file, to, totals = BytesIO(), paper.recipient, paper.totals
    made = SimpleDocTemplate(file, pagesize=A4, invariant=1, title=paper.number, initialFontName=REGULAR)
    words = [to.name, to.street, f"{to.postal_code} {to.city}", str(paper.issued_on)]
    rows = [["Pos.", "Bezeichnung", "Menge", "Einzelpreis", "USt.", "Betrag"]]
    rows += [
        [str(each.position), Paragraph(escape(each.label), TEXT)]
        + [str(value) for value in (each.quantity, each.unit_price, each.rate, each.amount)]
        for each in paper.lines
    ]
    sums = [["Netto", totals.net], ["Steuer", totals.tax], ["Brutto", totals.gross], ["Zahlbetrag", totals.payable]]
    story = [Paragraph(escape(each), TEXT) for each in words]
    story += [Paragraph(escape(f"Rechnung {paper.number}"), TITLE)]
    story += [Table(rows, colWidths=[25, 200, 60, 60, 40, 70], style=RULED, repeatRows=1), Spacer(1, 10)]
    story += [Table([[name, str(value)] for name, value in sums], style=RULED)]

    def foot(canvas: Any, document: Any) -> None:
        canvas.setFont(REGULAR, 7)
        canvas.drawRightString(545, 30, f"Seite {document.page}")

    made.build(story, onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


def cost(make: Callable[[Paper], bytes], of: Paper, times: int) -> float:
    """Milliseconds of processor time for one."""
    start = time.process_time()
    for _ in range(times):
        make(of)
    return (time.process_time() - start) / times * 1000


def many(number: int) -> int:
    return sum(len(pdf.printed(SAMPLES["few lines"])) for _ in range(number))


def together(processes: int) -> float:
    """Documents a second by so many at once, each with its fonts loaded."""
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(many, [1] * processes * 4))
        start = time.perf_counter()
        list(pool.map(many, [TOGETHER // 10] * (processes * 10)))
        return TOGETHER * processes / (time.perf_counter() - start)


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=9)
    rounds, good = asked.parse_args().rounds, True
    for name, (of, times) in PAPERS.items():
        pdf.printed(of), minimal(of)
        both = [(cost(pdf.printed, of, times), cost(minimal, of, times)) for _ in range(rounds)]
        ratio = median(ours / floor for ours, floor in both)
        ours, floor = (median(each) for each in zip(*both, strict=True))
        good &= ratio <= MOST
        print(f"PDF of {name}: {ours:.1f} ms, minimal {floor:.1f} ms: {ratio:.2f} × (≤ {MOST})")
    for name, (of, times) in PAPERS.items():
        xml = median(cost(cii.invoice, of, times) for _ in range(3))
        both_in_one = median(cost(hybrid.printed, of, times) for _ in range(3))
        print(f"XML of {name}: {xml:.1f} ms; hybrid PDF {both_in_one:.1f} ms")
    one, two = together(1), together(2)
    good &= two / one >= LEAST
    print(f"one process {one:.0f} documents a second, two {two:.0f}: {two / one:.2f} × (≥ {LEAST})")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
