"""Lines of text: broken by code point under the rules of Chinese typesetting, numbers and Latin words kept whole."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple, Self

from printing.fonts import Face, glyphs, runs, width

NEVER_FIRST = frozenset("，。、；：？！）》〉」』】〕〗］｝％‰℃㎡°·•…—～”’,.;:?!)]}%>/")
NEVER_LAST = frozenset("（《〈「『【〔〖［｛“‘([{<￥¥№")
# A blank at which no line is broken.
GLUE = "\u00a0"
# A word is what a reader takes as one: a number with its points and signs, an address, a code.
WORD = re.compile(
    r"[0-9A-Za-z\u00C0-\u024F\u0400-\u04FF@#&+*=_$'\"~^|\\][0-9A-Za-z\u00C0-\u024F\u0400-\u04FF@#&+*=_$'\"~^|\\.,:/%?-]*|.",
    re.DOTALL,
)


class Align(StrEnum):
    """Alignment of a line within its width."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


@dataclass(frozen=True)
class Style:
    """Typography of running text."""

    face: Face = Face.SERIF
    bold: Face = Face.SERIF_BOLD
    size: float = 10.5
    leading: float = 17
    align: Align = Align.JUSTIFY
    indent: float = 0
    first: float = 0
    before: float = 0
    after: float = 0

    def but(self, **changes: object) -> Self:
        """Return this style with the given attributes changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Span:
    """A piece of a paragraph with a look of its own; the text is always literal, there is no markup."""

    text: str
    bold: bool = False
    underline: bool = False


Text = str | Span | Sequence[str | Span]


class Piece(NamedTuple):
    """A part of a line in a single face."""

    text: str
    face: Face
    width: float
    underline: bool = False


class Line(NamedTuple):
    """A line ready to be drawn."""

    pieces: tuple[Piece, ...]
    width: float
    ends: bool

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


class Mark(NamedTuple):
    """A run of a registered font at a position on the page."""

    x: float
    y: float
    font: str
    size: float
    text: str
    spacing: float = 0


class Rule(NamedTuple):
    """A straight line on the page."""

    x1: float
    y1: float
    x2: float
    y2: float
    thickness: float = 0.5


def filled(text: str) -> Span:
    """A value filled into running text, underlined as on a form."""
    return Span(f"{GLUE}{text}{GLUE}", underline=True)


def spans(text: Text) -> list[Span]:
    """Any accepted text as a list of spans."""
    if isinstance(text, Span):
        return [text]
    if isinstance(text, str):
        return [Span(text)]
    return [part if isinstance(part, Span) else Span(part) for part in text]


def plain(text: Text) -> str:
    """The characters alone."""
    return "".join(span.text for span in spans(text))


def tidy(text: str) -> str:
    """Unify line ends; replace tabs by ideographic spaces, because no font draws a tab."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "\u3000")


def lines(text: Text, room: float, style: Style) -> list[Line]:
    """The lines the text takes in a column of this width."""
    broken: list[Line] = []
    for paragraph in paragraphs(spans(text)):
        broken.extend(broken_lines(paragraph, room - style.indent, style))
    return broken


def paragraphs(parts: Iterable[Span]) -> Iterator[list[Span]]:
    """Split at line ends, keeping the look of each piece."""
    current: list[Span] = []
    for part in parts:
        first, *rest = tidy(part.text).split("\n")
        current.append(replace(part, text=first))
        for piece in rest:
            yield current
            current = [replace(part, text=piece)]
    yield current


class Cluster(NamedTuple):
    """Characters that stay together on a line."""

    parts: tuple[tuple[str, Span], ...]
    width: float
    blank: bool = False


def broken_lines(paragraph: list[Span], room: float, style: Style) -> Iterator[Line]:
    whole = line_of([cluster_of([(span.text, span) for span in paragraph if span.text], style)], style, ends=True)
    if whole.width + style.first <= room:
        yield whole
        return
    current: list[Cluster] = []
    used = style.first
    for cluster in clusters(paragraph, style):
        pending = [cluster] if cluster.width <= room else list(crumbs(cluster, style))
        for piece in pending:
            if current and used + piece.width > room + 0.01:
                if piece.blank:
                    continue
                yield line_of(current, style, ends=False)
                current, used = [], 0
            if piece.blank and not current and used == 0 and piece.parts[0][0] == " ":
                continue
            current.append(piece)
            used += piece.width
    yield line_of(current, style, ends=True)


def clusters(paragraph: list[Span], style: Style) -> Iterator[Cluster]:
    """Opening marks go with what follows, closing marks with what precedes."""
    atoms = [(token, span) for span in paragraph for token in WORD.findall(span.text)]
    held: list[tuple[str, Span]] = []
    for index, (token, span) in enumerate(atoms):
        held.append((token, span))
        following, next_span = atoms[index + 1] if index + 1 < len(atoms) else ("", None)
        if GLUE in (token, following) and next_span is span:
            continue
        if token in NEVER_LAST and following.strip():
            continue
        if following[:1] in NEVER_FIRST and following:
            continue
        yield cluster_of(held, style)
        held = []
    if held:
        yield cluster_of(held, style)


def cluster_of(parts: list[tuple[str, Span]], style: Style) -> Cluster:
    total = sum(width(token, face_of(span, style), style.size) for token, span in parts)
    return Cluster(tuple(parts), total, blank=len(parts) == 1 and not parts[0][0].strip() and not parts[0][1].underline)


def crumbs(cluster: Cluster, style: Style) -> Iterator[Cluster]:
    """Split a word longer than the line into characters."""
    for token, span in cluster.parts:
        for char in token:
            yield cluster_of([(char, span)], style)


def face_of(span: Span, style: Style) -> Face:
    return style.bold if span.bold else style.face


def line_of(parts: list[Cluster], style: Style, *, ends: bool) -> Line:
    while len(parts) > 1 and parts[-1].blank:
        parts = parts[:-1]
    pieces: list[Piece] = []
    for token, span in (part for cluster in parts for part in cluster.parts):
        face = face_of(span, style)
        if pieces and pieces[-1].face == face and pieces[-1].underline == span.underline:
            token = pieces.pop().text + token
        pieces.append(Piece(token, face, width(token, face, style.size), span.underline))
    return Line(tuple(pieces), sum(piece.width for piece in pieces), ends)


def placed(line: Line, x: float, y: float, room: float, style: Style, *, first: bool) -> Iterator[Mark | Rule]:
    """Yield the positioned pieces of a line, and the rules under filled-in text."""
    indent = style.indent + (style.first if first else 0)
    slack = room - indent - line.width
    spacing = 0.0
    x += indent
    if style.align is Align.CENTER:
        x += slack / 2
    elif style.align is Align.RIGHT:
        x += slack
    elif style.align is Align.JUSTIFY and not line.ends and 0 < slack < 2.5 * style.size:
        gaps = len(line.text) - 1
        spacing = slack / gaps if gaps > 0 else 0
    for piece in line.pieces:
        start = x
        for font, text in runs(piece.text, piece.face):
            yield Mark(x, y, font, style.size, text, spacing)
            known = glyphs(piece.face)
            x += sum([known[char].width for char in text]) * style.size / 1000 + spacing * len(text)
        if piece.underline:
            yield Rule(start, y - style.size * 0.18, x - spacing, y - style.size * 0.18, 0.5)
