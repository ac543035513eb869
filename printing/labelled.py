"""The usual paper: an opening, a table of its labelled fields in the order they are declared, and notes."""

from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, TypeVar, dataclass_transform

from printing.page import CLAUSE, NOTE, Issue, Paper
from printing.people import people
from printing.table import Row, form, grid, pair
from printing.table import field as wide
from printing.text import Text

Show = Callable[[Any], Text]
Page = TypeVar("Page")


@dataclass(frozen=True)
class Label:
    """Label of a field on the paper; a half shares its row with the next half."""

    text: str
    half: bool
    empty: str
    optional: bool
    show: Show | None


def half(label: str, *, empty: str = "", show: Show | None = None) -> Any:
    """A field that takes half a row; `empty` is printed where there is no value."""
    return field(metadata={"printed": Label(label, True, empty, False, show)})


def whole(label: str, *, empty: str = "", show: Show | None = None) -> Any:
    """A field with a row of its own. `show` makes the text from the paper's data."""
    return field(metadata={"printed": Label(label, False, empty, False, show)})


def column(
    label: str, share: float, *, centred: bool = False, default: Any = MISSING, show: Show = lambda value: value
) -> Any:
    """A field of an entry in a column that takes a share of its list's width; `show` makes the text of its value."""
    return field(default=default, metadata={"column": (label, share, centred, show)})


def or_dash(value: str) -> str:
    """Show a dash where there is no value."""
    return value or "—"


def optional(label: str, *, show: Show | None = None, default: Any = MISSING) -> Any:
    """A field with a row of its own, which is left out where there is no value.

    With a default, pages that were frozen before the field was added are printed too.
    """
    return field(default=default, metadata={"printed": Label(label, False, "", True, show)})


@dataclass_transform(frozen_default=True, field_specifiers=(half, whole, optional, column))
def labelled(kind: type[Page]) -> type[Page]:
    """Make a frozen dataclass of labelled fields, none of which has a default by its label."""
    return dataclass(frozen=True)(kind)


def write_list(paper: Paper, entries: Sequence[Any], *, number: float = 0, **look: Any) -> None:
    """A grid of entries by their columns; with `number`, the share of its column, they are counted."""
    told = [(one.name, *one.metadata["column"]) for one in fields(entries[0]) if "column" in one.metadata]
    columns = [(label, share) for _, label, share, *_ in told]
    rows = [[show(getattr(entry, name)) for name, *_, show in told] for entry in entries]
    centred = [place for place, (*_, middle, _) in enumerate(told) if middle]
    if number:
        columns.insert(0, ("序号", number))
        rows = [[str(place), *row] for place, row in enumerate(rows, 1)]
        centred = [0, *(place + 1 for place in centred)]
    grid(paper, columns, rows, centred=centred, **look)


def rows_of(page: Any) -> list[Row]:
    """The table of the labelled fields of some page data."""
    rows: list[Row] = []
    first: tuple[str, Text] | None = None
    for one in fields(page):
        label: Label | None = one.metadata.get("printed")
        if label is None:
            continue
        value = _text(page, one.name, label) or label.empty
        if label.half and first is None:
            first = label.text, value
        elif first is not None:
            rows.append(pair(*first, label.text, value))
            first = None
        elif value or not label.optional:
            rows.append(wide(label.text, value))
    return rows


def _text(page: Any, name: str, label: Label) -> Text:
    if label.show is not None:
        return label.show(page)
    value = getattr(page, name)
    return value if isinstance(value, str) else people(value)


@labelled
class LabelledPaper:
    """A paper of the usual form; its class says title and notes."""

    issue: Issue

    TITLE: ClassVar[str]
    NUMBER_LABEL: ClassVar[str] = "编号"
    NOTES: ClassVar[Sequence[str]] = ()
    NOTES_HEADING: ClassVar[str] = ""
    #: An official paper of its unit, with the unit's name in red at the top.
    RED_HEAD: ClassVar[bool] = False
    #: Space below the table.
    GAP: ClassVar[float] = 6

    def laid_out(self) -> Paper:
        """The paper with everything in its place, not yet drawn."""
        red = self.issue.unit if self.RED_HEAD else ""
        paper = Paper(self.TITLE, self.issue, number_label=self.NUMBER_LABEL, red_head=red)
        self.begin(paper)
        form(paper, self.rows())
        paper.gap(self.GAP)
        self.go_on(paper)
        self.end(paper)
        return paper

    def opening(self) -> str:
        """The paragraph above the table."""
        return ""

    def begin(self, paper: Paper) -> None:
        """Write the part above the table."""
        if opening := self.opening():
            paper.write(opening, CLAUSE.but(after=8))

    def rows(self) -> list[Row]:
        return rows_of(self)

    def go_on(self, paper: Paper) -> None:
        """Write the part between table and notes."""

    def notes(self) -> Sequence[str]:
        return self.NOTES

    def end(self, paper: Paper) -> None:
        """Write the numbered notes and the closing."""
        notes = [f"{number}．{note}" for number, note in enumerate(self.notes(), 1)]
        paper.ending(notes, NOTE, heading=self.NOTES_HEADING)


def render(paper: LabelledPaper) -> bytes:
    """The paper as PDF."""
    return paper.laid_out().pdf()


def residents(page: Any) -> str:
    """The number of residents and their names."""
    return f"共 {len(page.residents)} 人" + ("：" + "、".join(page.residents) if page.residents else "")
