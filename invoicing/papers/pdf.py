"""A paper as PDF: the same bytes each time, fonts and colour profile within, nothing fetched and nothing linked."""

import functools
from dataclasses import replace
from io import BytesIO

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import PDFArray, PDFCatalog, PDFDictionary, PDFName, PDFStream, PDFString, PDFZCompress
from reportlab.pdfgen.canvas import Canvas

from invoicing.papers import letterhead
from invoicing.papers.blocks import paginated
from invoicing.papers.closing import closing
from invoicing.papers.fonts import face, printable
from invoicing.papers.look import Look
from invoicing.papers.paper import Paper
from invoicing.papers.pen import HEIGHT, MM, WIDTH, Pen
from invoicing.papers.table import table

rl_config.useA85 = 0  # text for mail of the nineties: a quarter more bytes, and slow


def printed(paper: Paper, logo: bytes | None = None) -> bytes:
    """`logo` is the PNG that `paper.head.logo` is the digest of; any other is left out."""
    look, file = Look(paper, logo), BytesIO()
    canvas = _canvas(file, look)
    pen = Pen(canvas)
    letterhead.background(pen, look)
    start = letterhead.first_page(pen, look)
    *rows, last = table(look)
    blocks = [*rows, replace(last, joined=True), *closing(look)]  # totals never stand alone on a page
    pages = paginated(blocks, start, letterhead.LATER_TOP, letterhead.BOTTOM)
    for number, page in enumerate(pages, 1):
        if number > 1:
            letterhead.background(pen, look)
            letterhead.later_page(pen, look)
        for top, block in page:
            block.draw(pen, top)
        letterhead.foot(pen, look, number, len(pages))
        pen.new_page()
    canvas.save()
    return file.getvalue()


def title(look: Look) -> str:
    """As windows and archives show it."""
    return f"{look.title} – {printable(look.paper.issuer.name, 200)}"


def _canvas(file: BytesIO, look: Look) -> Canvas:
    """With all that PDF/A asks of a document but the statement that it is one, which goes with the XML."""
    canvas = Canvas(
        file,
        pagesize=(WIDTH * MM, HEIGHT * MM),
        pageCompression=1,
        invariant=1,
        initialFontName=face("regular").font.fontName,
        lang=look.paper.language,
        pdfVersion=(1, 7),
    )
    canvas.setTitle(title(look))
    canvas.setAuthor(printable(look.paper.issuer.name, 200))
    canvas.setSubject(look.title)
    canvas.setCreator(printable(look.paper.issuer.name, 200))  # whose program it is says nothing to who is billed
    canvas.setViewerPreference("DisplayDocTitle", "true")
    document = canvas._doc
    profile = PDFStream(PDFDictionary({"N": 3}), _profile(), [PDFZCompress])
    intent = PDFDictionary(
        {
            "Type": PDFName("OutputIntent"),
            "S": PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": PDFString("sRGB"),
            "Info": PDFString("sRGB"),
            "DestOutputProfile": document.Reference(profile),
        }
    )
    document.Catalog.__class__ = _Catalog
    document.Catalog.OutputIntents = PDFArray([intent])
    return canvas


class _Catalog(PDFCatalog):
    """reportlab writes only the entries that it knows."""

    __NoDefault__ = [*PDFCatalog.__NoDefault__, "OutputIntents"]
    __Refs__ = PDFCatalog.__NoDefault__


@functools.cache
def _profile() -> bytes:
    """sRGB; LittleCMS writes into its head when it made it, in bytes 24 to 35."""
    from PIL import ImageCms

    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + bytes((7, 234, 0, 1, 0, 1)) + bytes(6) + made[36:]
