"""A kept record on paper (market 3.8): its fields by section, its lists, files and who decided, number and version on every page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from printing.fonts import Face, width
from printing.labelled import column, labelled, write_list
from printing.page import BODY, NOTE, ROOM, Issue, Paper
from printing.table import DENSE, Row, field, form, grid, pair
from printing.text import Align

#: A value wider than this takes the whole line.
_HALF = 150.0
#: So many columns a page takes beside one another; a wider list goes on below with its first columns again.
_MOST_COLUMNS = 7
#: The column that counts the lines.
_COUNTER = 26.0
_WIDEST, _NARROWEST = 150.0, 34.0
_FOOT = "本单由系统按上述版本的内容打印，个人信息已遮蔽；现时内容以系统中生效版本为准。"
_FILE_COLUMNS = (("附件栏", 90.0), ("文件名", 220.0), ("SM3 摘要", 170.0))


@dataclass(frozen=True)
class Section:
    """Labels with their values under a head; every text is as it should be shown."""

    head: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Lines:
    """A list of the record; the first `keys` columns identify a line."""

    label: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    keys: int = 1
    numbers: tuple[int, ...] = ()


@labelled
class Step:
    """A step in the history of a version: level, decision, actor, time."""

    level: str = column("环节", 70, centred=True)
    verdict: str = column("结果", 60, centred=True)
    by: str = column("办理人", 90)
    at: str = column("时间", 92, centred=True)
    opinion: str = column("意见", 171)


@dataclass(frozen=True)
class KeptRecordSheet:
    """A version of a record. `issue.number` is its number with the version, its preview the watermark of a draft."""

    issue: Issue
    title: str
    state: str
    effective: str
    owner: str
    sections: tuple[Section, ...]
    lists: tuple[Lines, ...] = ()
    files: tuple[tuple[str, str, str], ...] = ()
    steps: tuple[Step, ...] = ()


def render(sheet: KeptRecordSheet) -> bytes:
    """The sheet as PDF."""
    paper = Paper(sheet.title, sheet.issue, number_label="业务编号")
    form(paper, [pair("记录状态", sheet.state, "生效时间", sheet.effective or "—"), field("所属", sheet.owner or "—")])
    paper.gap(6)
    for section in sheet.sections:
        if section.head:
            paper.heading(section.head)
        form(paper, list(field_rows(section.fields)))
        paper.gap(6)
    for one in sheet.lists:
        write_lines(paper, one)
    if sheet.files:
        paper.heading("附件")
        grid(paper, _FILE_COLUMNS, sheet.files, style=DENSE)
        paper.gap(6)
    if sheet.steps:
        paper.heading("办理过程")
        write_list(paper, sheet.steps, style=DENSE)
        paper.gap(6)
    if sheet.issue.seal is not None:
        paper.ending((_FOOT,), NOTE)
    else:
        paper.write(_FOOT, NOTE)
    return paper.pdf()


def field_rows(fields: Sequence[tuple[str, str]]) -> Iterator[Row]:
    """Yield table rows: two short values share a row, a long value has a row of its own."""
    waiting: tuple[str, str] | None = None
    for label, value in fields:
        if "\n" in value or width(value, Face.SERIF, BODY.size) > _HALF or width(label, Face.SERIF, BODY.size) > 86:
            if waiting is not None:
                yield field(*waiting)
                waiting = None
            yield field(label, value or "—")
        elif waiting is None:
            waiting = label, value or "—"
        else:
            yield pair(*waiting, label, value or "—")
            waiting = None
    if waiting is not None:
        yield field(*waiting)


def write_lines(paper: Paper, one: Lines) -> None:
    """Write a list under its head, a wide one in parts below one another."""
    groups = _groups(one)
    for number, places in enumerate(groups, 1):
        part = f"（{number}/{len(groups)}）" if len(groups) > 1 else ""
        paper.heading(f"{one.label}{part}，共 {len(one.lines)} 行")
        if not one.lines:
            paper.write("（无）", BODY.but(after=4, align=Align.LEFT))
            continue
        columns = [
            ("序号", _COUNTER),
            *zip((one.columns[place] for place in places), _widths(one, places), strict=True),
        ]
        rows = [(str(at), *(line[place] for place in places)) for at, line in enumerate(one.lines, 1)]
        centred = (0, *(at for at, place in enumerate(places, 1) if place in one.numbers))
        grid(paper, columns, rows, centred=centred, style=DENSE, pad=3.0)
        paper.gap(6)


def _groups(one: Lines) -> list[list[int]]:
    """Return groups of columns that are printed side by side, of about as many columns each."""
    groups = list(_filled(one, _MOST_COLUMNS))
    even = one.keys + -(-(len(one.columns) - one.keys) // len(groups))
    balanced = list(_filled(one, even))
    return balanced if len(balanced) == len(groups) else groups


def _filled(one: Lines, most: int) -> Iterator[list[int]]:
    """Yield groups of up to `most` columns, as many as have room without a number broken in two."""
    keys, rest = list(range(one.keys)), range(one.keys, len(one.columns))
    room = ROOM - _COUNTER - sum(_least(one, place) for place in keys)
    group: list[int] = []
    used = 0.0
    for place in rest:
        need = _least(one, place)
        if group and (len(keys) + len(group) >= most or used + need > room):
            yield keys + group
            group, used = [], 0.0
        group.append(place)
        used += need
    if group or not rest:
        yield keys + group


def _widths(one: Lines, places: Sequence[int]) -> list[float]:
    """Return the widths of columns side by side: numbers have what they need, words share the rest as they want."""
    wanted = [_least(one, place) if place in one.numbers else _share(one, place) for place in places]
    words = sum(width for width, place in zip(wanted, places, strict=True) if place not in one.numbers)
    rest = ROOM - _COUNTER - (sum(wanted) - words)
    scale = rest / words if words and rest > 0 else 1.0
    return [width if place in one.numbers else width * scale for width, place in zip(wanted, places, strict=True)]


def _least(one: Lines, place: int) -> float:
    """Return the width below which a number is broken; words may be."""
    share = _share(one, place)
    if place not in one.numbers:
        return min(share, _NARROWEST)
    return max([share, *(width(line[place], Face.SERIF, DENSE.size) + 8 for line in one.lines)])


def _share(one: Lines, place: int) -> float:
    """Return the wanted width of a column: that of its head and of its first hundred values, within bounds."""
    words = [one.columns[place], *(line[place] for line in one.lines[:100])]
    wanted = max(width(word.split("\n")[0], Face.SERIF, 8.5) for word in words) + 8
    return min(_WIDEST, max(_NARROWEST, wanted, ROOM / 30))
