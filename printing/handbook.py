"""电子开发项目手册 as PDF (market 6.1): cover, contents with links, chapters, alerts, changes, files; outline and page numbers."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from printing.kept_record import Lines, Section, field_rows, write_lines
from printing.page import BODY, NOTE, ROOM, SIDE, SMALL, Issue, Paper
from printing.table import DENSE, field, form, grid
from printing.text import Align, lines

TITLE = "电子开发项目手册"
EMPTY = "本阶段未填报"
_FILES = (("所属记录", 130.0), ("附件栏", 80.0), ("文件名", 140.0), ("大小", 50.0), ("SM3 摘要", 83.0))
_CHANGES = (("版次", 50.0), ("成因", 80.0), ("汇编时间", 110.0), ("变更章节", 243.0))
_ALERTS = (("编号", 122.0), ("规则", 46.0), ("级别", 40.0), ("首次发现", 92.0), ("事项", 123.0), ("状态", 60.0))
_CONTENTS = (("章", 34.0), ("标题", 389.0), ("记录数", 60.0))
#: A section's head with the first row below it.
_WITH_HEAD = 64.0
#: Four pictures on a page, two beside each other.
_PICTURE, _PICTURE_HIGH = (ROOM - 12) / 2, 250.0


@dataclass(frozen=True)
class Picture:
    """A thumbnail (JPEG) with its caption."""

    caption: str
    jpeg: bytes


@dataclass(frozen=True)
class RecordPage:
    """A record of a chapter; every text is as it should be shown."""

    head: str
    source: str
    sections: tuple[Section, ...]
    lists: tuple[Lines, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class ChapterPages:
    """A chapter with its records."""

    no: int
    title: str
    records: tuple[RecordPage, ...]


@dataclass(frozen=True)
class HandbookPaper:
    """A version of a handbook, ready to be drawn."""

    issue: Issue
    project: str
    cover: tuple[tuple[str, str], ...]
    chapters: tuple[ChapterPages, ...]
    alerts: tuple[tuple[str, ...], ...] = ()
    changes: tuple[tuple[str, ...], ...] = ()
    files: tuple[tuple[str, ...], ...] = ()
    #: The chapters that are drawn; all of them if none is named.
    chosen: tuple[int, ...] = ()

    def draws(self, no: int) -> bool:
        return not self.chosen or no in self.chosen


def render(handbook: HandbookPaper) -> bytes:
    """The handbook as PDF; equal content gives equal bytes."""
    paper = Paper(TITLE, handbook.issue, code_in_foot=False, number_label="手册版次")
    form(paper, [field(label, value or "—") for label, value in handbook.cover])
    paper.gap(10)
    _enter(paper, "封面", level=0)
    paper.heading("目录")
    grid(
        paper,
        _CONTENTS,
        [
            (str(one.no), one.title, str(len(one.records)) if one.records else "—")
            for one in handbook.chapters
            if handbook.draws(one.no)
        ],
        centred=(0, 2),
        style=DENSE,
    )
    for chapter in handbook.chapters:
        if handbook.draws(chapter.no):
            _chapter(paper, chapter)
    for no, title, columns, rows, empty in (
        (13, "预警与处置", _ALERTS, handbook.alerts, "没有预警"),
        (14, "变更记录", _CHANGES, handbook.changes, "没有变更"),
        (15, "附件目录", _FILES, handbook.files, "没有附件"),
    ):
        if not handbook.draws(no):
            continue
        _begin(paper, no, title)
        if rows:
            grid(paper, columns, rows, style=DENSE)
        else:
            paper.write(empty, BODY.but(align=Align.LEFT))
    return paper.pdf()


def _chapter(paper: Paper, chapter: ChapterPages) -> None:
    _begin(paper, chapter.no, chapter.title)
    if not chapter.records:
        paper.write(EMPTY, BODY.but(align=Align.LEFT))
    for record in chapter.records:
        paper.heading(record.head)
        _enter(paper, record.head, level=1)
        paper.write(record.source, NOTE)
        for section in record.sections:
            if section.head:
                paper.keep(_WITH_HEAD)
                paper.write(section.head, BODY.but(align=Align.LEFT, before=4, after=2))
            form(paper, list(field_rows(section.fields)))
            paper.gap(4)
        for one in record.lists:
            write_lines(paper, one)
        _pictures(paper, record.pictures)


def _begin(paper: Paper, no: int, title: str) -> None:
    paper.turn()
    paper.heading(f"第{no}章　{title}")
    _enter(paper, f"{no} {title}", level=0)


def _enter(paper: Paper, title: str, *, level: int) -> None:
    """Put a place into the outline."""
    key, top = f"{len(paper.sheets)}-{round(paper.y)}-{title}", paper.y + 24

    def mark(canvas: Canvas) -> None:
        canvas.bookmarkHorizontal(key, 0, top)
        canvas.addOutlineEntry(title, key, level=level, closed=level == 0)

    paper.sheet.draws.append(mark)


def _pictures(paper: Paper, pictures: Sequence[Picture]) -> None:
    for start in range(0, len(pictures), 2):
        paper.keep(_PICTURE_HIGH)
        for at, picture in enumerate(pictures[start : start + 2]):
            _picture(paper, picture, SIDE + at * (_PICTURE + 12), paper.y)
        paper.gap(_PICTURE_HIGH)


class _Jpeg(ImageReader):
    """A picture that goes into the document as it is, named by its bytes: two thousand are never decoded."""

    def __init__(self, jpeg: bytes) -> None:
        super().__init__(io.BytesIO(jpeg))
        self._jpeg = jpeg
        # Without a mask.
        self._dataA = None

    def getRGBData(self) -> bytes:  # noqa: N802 - the library asks for it by this name
        return self._jpeg


def _picture(paper: Paper, picture: Picture, x: float, top: float) -> None:
    with Image.open(io.BytesIO(picture.jpeg)) as header:
        wide, high = header.size
    scale = min(_PICTURE / wide, (_PICTURE_HIGH - 24) / high)
    place = (x, top - high * scale, wide * scale, high * scale)

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(_Jpeg(picture.jpeg), *place)

    paper.sheet.draws.append(draw)
    caption, *_ = lines(picture.caption, _PICTURE, SMALL)
    paper.put(caption, x, top - high * scale - 13, _PICTURE, SMALL)
