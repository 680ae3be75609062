"""What stands below each other on pages: blocks of known height, and none of them is torn."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from invoicing.papers.pen import Pen


@dataclass(frozen=True, slots=True)
class Block:
    """`joined` to the next one: both are on one page. `heads` stand above it once more where a page begins with it."""

    height: float
    draw: Callable[[Pen, float], None]
    joined: bool = False
    heads: tuple["Block", ...] = ()


def paginated(blocks: Iterable[Block], first: float, later: float, bottom: float) -> list[list[tuple[float, Block]]]:
    """For each page the blocks with where they start: on the first page from `first` on, on those after it from
    `later`, down to `bottom`."""
    page: list[tuple[float, Block]] = []
    pages, top = [page], first
    for unit in _units(blocks):
        if page and top + sum(block.height for block in unit) > bottom:
            page, top = [], later
            pages.append(page)
            unit = [*unit[0].heads, *unit]
        for block in unit:
            page.append((top, block))
            top += block.height
    return pages


def _units(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """What is on one page together."""
    unit: list[Block] = []
    for block in blocks:
        unit.append(block)
        if not block.joined:
            yield unit
            unit = []
    if unit:
        yield unit


def space(height: float) -> Block:
    """Before what comes next."""
    return Block(height, lambda pen, top: None, joined=True)
