"""Parts of a document before it becomes Word or PDF, and their reading from the Markdown of the handbooks."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import markdown2
from lxml import html  # type: ignore[import-untyped]
from PIL import Image as Pixels


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is that of a chapter."""

    level: int
    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list, numbered where the order matters; `first` is where one goes on after typed lines."""

    items: tuple[str, ...]
    numbered: bool = False
    first: int = 1


@dataclass(frozen=True)
class Grid:
    """A table; `widths` are shares of the page, equal ones where they are left out."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture of a file with its caption."""

    path: Path
    caption: str


@dataclass(frozen=True)
class Code:
    """Lines that are typed or shown as they are."""

    text: str


Block = Heading | Text | Bullets | Grid | Picture | Code


@dataclass(frozen=True)
class Document:
    """A document with its number in the list of what is handed over."""

    number: int
    title: str
    blocks: tuple[Block, ...] = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.number:02d}-{self.title}"


_EXTRAS = ("tables", "fenced-code-blocks", "cuddled-lists", "code-friendly")
#: A line break that is meant, while those of the source are joined.
_BREAK = "\v"
#: Numbers and names that a narrow column must not cut, and how many of their letters a table's line holds.
_UNBROKEN, _LINE = re.compile(r"[!-~]{1,24}"), 100
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def from_markdown(path: Path, *, deeper: int = 0) -> Iterator[Block]:
    """Read a handbook's page; its headings become `deeper` by so many levels."""
    tree = html.fromstring(f"<div>{markdown2.markdown(path.read_text(encoding='utf-8'), extras=_EXTRAS)}</div>")
    for node in tree:
        yield from _blocks(node, path.parent, deeper)


def pages(paths: Iterable[Path], *, deeper: int = 0) -> Iterator[Block]:
    """Read several pages, one chapter each."""
    for path in paths:
        yield from from_markdown(path, deeper=deeper)


def _blocks(node: html.HtmlElement, folder: Path, deeper: int) -> Iterator[Block]:
    if node.tag in _HEADINGS:
        yield Heading(min(4, _HEADINGS[node.tag] + deeper), _text(node))
    elif node.tag == "p":
        yield from _pictures(node, folder)
        if words := _text(node):
            yield Text(words)
    elif node.tag in {"ul", "ol"}:
        items: list[str] = []
        first = int(node.get("start", 1))
        for number, item in enumerate(node, 1):
            below = [part for child in _below(item) for part in _blocks(child, folder, deeper)]
            # A box to be ticked by hand, where the source has that of a task list.
            items.append(re.sub(r"^\[ \]", "□", _text(item)))
            if below or number == len(node):
                yield Bullets(tuple(items), node.tag == "ol", first + number - len(items))
                yield from below
                items = []
    elif node.tag == "table":
        yield from _pictures(node, folder)
        lines = [tuple(_text(cell) for cell in row) for row in node.iter("tr")]
        if any(any(line) for line in lines[1:]):
            yield Grid(lines[0], tuple(_fitted(line, len(lines[0])) for line in lines[1:]))
    elif node.tag == "pre" or node.find("pre") is not None:
        yield Code(node.text_content().strip("\n"))
    elif node.tag in {"blockquote", "div"}:
        for part in node:
            yield from _blocks(part, folder, deeper)


def _pictures(node: html.HtmlElement, folder: Path) -> Iterator[Block]:
    for one in node.iter("img"):
        place = (folder / one.get("src", "")).resolve()
        if place.is_file():
            yield Picture(place, one.get("alt", ""))


def _below(item: html.HtmlElement) -> list[html.HtmlElement]:
    """Take what is shown below the words of a list's item from it: typed lines, a table, and all that follows these."""
    shown = [number for number, child in enumerate(item) if child.tag == "table" or [*child.iter("pre")]]
    below = list(item)[shown[0] :] if shown else []
    for child in below:
        item.remove(child)
    return below


def _fitted(line: tuple[str, ...], width: int) -> tuple[str, ...]:
    """A line of a table with as many cells as its head; a bar within a word had cut it."""
    return (*line[: width - 1], "|".join(line[width - 1 :])) + ("",) * (width - len(line))


def _text(node: html.HtmlElement) -> str:
    """The words of a node without what is typed; a nested list is joined into the sentence of its item."""
    return _inner(node).replace(_BREAK, "\n").strip()


def _inner(node: html.HtmlElement) -> str:
    if node.tag == "pre":
        return ""
    parts = [node.text or ""]
    for child in node:
        if child.tag == "br":
            parts.append(_BREAK)
        elif child.tag in {"ul", "ol"}:
            told = "；".join(_inner(item) for item in child).replace("。；", "；")
            parts = [f"{''.join(parts).rstrip().rstrip('。：')}：{told}"]
        else:
            parts.append(_inner(child))
        parts.append(child.tail or "")
    return _joined("".join(parts))


def _joined(text: str) -> str:
    """Join the lines of a source file: between Chinese words a line break is no space."""
    lines = [line.strip() for line in text.strip().split("\n")]
    return "".join(
        line if not before or not (before[-1].isascii() and line[:1].isascii()) else f" {line}"
        for before, line in zip(("", *lines), lines, strict=False)
    )


def fitted(picture: Path, width: float, height: float) -> tuple[float, float]:
    """The width and height of a picture as large as fits."""
    with Pixels.open(picture) as pixels:
        factor = min(width / pixels.width, height / pixels.height)
        return pixels.width * factor, pixels.height * factor


def size_of(grid: Grid) -> float:
    """The size of a table's letters; one of many columns, or of long numbers, is set smaller, so that these are not cut."""
    return 8 if len(grid.head) < 10 and sum(_least(grid, 8)) <= 1 else 6.5


def shares(grid: Grid) -> Sequence[float]:
    """The widths of a table's columns as shares of one."""
    if grid.widths:
        whole = sum(grid.widths)
        return [width / whole for width in grid.widths]
    columns = list(zip(grid.head, *grid.rows, strict=True))
    # A column of long sentences gets more than one of numbers, but not all.
    weights = [min(500, max(map(len, column))) ** 0.6 for column in columns]
    wanted = [weight / sum(weights) for weight in weights]
    least = _least(grid, size_of(grid))
    if sum(least) >= 1:
        return [floor / sum(least) for floor in least]
    spare = [max(0.0, share - floor) for share, floor in zip(wanted, least, strict=True)]
    return [floor + over * (1 - sum(least)) / sum(spare) for floor, over in zip(least, spare, strict=True)]


def _least(grid: Grid, size: float) -> list[float]:
    """The room of each column for its longest number or name in letters of a size, else for a few characters."""
    if grid.widths:
        return []
    few = 4 if len(grid.head) < 10 else 2
    return [
        (max(_wide(word) for cell in column for word in (*_UNBROKEN.findall(cell), cell[:few])) + 2)
        * size
        / (8 * _LINE)
        for column in zip(grid.head, *grid.rows, strict=True)
    ]


def _wide(word: str) -> float:
    """The room of a word in small letters: a Chinese sign takes that of two."""
    return sum(2 if char > "\u2e80" else 1.3 if char.isupper() or char in "mw_" else 1 for char in word)
