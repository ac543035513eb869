"""The handbook as PDF: a version's content with alerts, changes, files and thumbnails of its photos (row 77)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import groupby
from typing import Any
from uuid import UUID

from PIL import Image, ImageOps
from sqlmodel import col, select

from models.alerts import Alert
from models.documents import Attachment, FileState
from models.handbooks import Handbook
from models.places_data import district
from models.progress import ProgressPhoto
from models.records import Revision, RevisionFile
from models.sealing import CryptoError
from printing.handbook import ChapterPages, HandbookPaper, Picture, RecordPage, render
from printing.kept_record import Lines, Section
from printing.page import Issue
from printing.spelling import drawn
from services.engine.callers import Caller
from services.engine.clock import SHANGHAI, shanghai_text
from services.engine.door import Door
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.handbook.chapters import ALERTS, CHANGES, CHAPTERS, FILES, SALE
from services.handbook.versions import READERS, content_of
from services.supply.sums import sums_of

#: A select of columns.
columns: Any = select
#: The longer side of a thumbnail in pixels.
_THUMBNAIL = 560
_MOST_PICTURES = 2_000
#: From so many plain records of a kind on they are printed as rows of a table.
_TABLED = 3
_NUMBER = re.compile(r"—?$|-?[\d,]+(\.\d+)?%?( \S+)?$")
#: The chapters that can be printed, by number.
PRINTED: Mapping[int, str] = {
    **{one.no: one.title for one in CHAPTERS},
    ALERTS: "预警与处置",
    CHANGES: "变更记录",
    FILES: "附件目录",
}


def handbook_page(work: Work, handbook_id: UUID) -> HandbookPaper:
    """Return the page data of a visible version."""
    handbook = work.get(Handbook, handbook_id)
    content = content_of(work, handbook)
    cover, chapters = content["cover"], content["chapters"]
    place = district(cover["district"])
    return HandbookPaper(
        issue=Issue(
            number=f"{cover['record_no']}　{handbook.version_label} 版",
            unit=cover["company"],
            issued_on=handbook.compiled_at.astimezone(SHANGHAI).date(),
            digest=handbook.digest,
        ),
        project=cover["project"],
        cover=(
            ("项目名称", cover["project"]),
            ("项目编号", cover["record_no"]),
            ("项目公司", cover["company"]),
            ("总公司", cover["head"]),
            ("所属区", place.name if place else ""),
            ("手册版次", f"{handbook.version_label}（{handbook.cause.label}）"),
            ("项目阶段", handbook.stage.label),
            ("汇编时间", shanghai_text(handbook.compiled_at)[:16]),
            ("必填项完成", f"{handbook.filled} / {handbook.wanted}"),
            ("内容摘要（SM3）", handbook.digest),
        ),
        chapters=tuple(
            ChapterPages(
                chapter.no,
                chapter.title,
                (
                    *records_of(work, chapters.get(str(chapter.no), ())),
                    *(_stages(work, handbook) if chapter.no == SALE else ()),
                ),
            )
            for chapter in CHAPTERS
        ),
        alerts=tuple(_alerts(work, handbook)),
        changes=tuple(_changes(work, handbook)),
        files=tuple(_files(chapters)),
    )


def records_of(work: Work, pages: Sequence[dict[str, Any]]) -> Iterator[RecordPage]:
    """Yield the records of a chapter; plain ones of a kind, as months of payments are, in one table."""
    for label, group in groupby(pages, key=lambda page: str(page["label"])):
        own = list(group)
        plain = not any(page["lists"] or page["files"] for page in own)
        alike = len({tuple(name for name, _ in _fields(page)) for page in own}) == 1
        if plain and alike and len(own) >= _TABLED:
            yield _table(label, own)
        else:
            yield from (_record(work, page) for page in own)


def _fields(page: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(label, value) for _, fields in page["sections"] for label, value in fields]


def _table(label: str, pages: Sequence[dict[str, Any]]) -> RecordPage:
    """Print records as rows: what all of them say is put above, what none says is left out."""
    titles = [page["title"] for page in pages]
    columns = {name: [dict(_fields(page))[name] for page in pages] for name, _ in _fields(pages[0])}
    key = next((name for name, values in columns.items() if values == titles), "名称")
    told = {name: values for name, values in columns.items() if name != key and set(values) - {"", "—"}}
    same = {name: values[0] for name, values in told.items() if len(set(values)) == 1}
    shown = {name: values for name, values in told.items() if name not in same}
    return RecordPage(
        head=f"{label}　共{len(pages)}项",
        source=f"{pages[0]['record_no']} 至 {pages[-1]['record_no']}",
        sections=(Section("", tuple(same.items())),) if same else (),
        lists=(
            Lines(
                label,
                (key, *shown, "版次"),
                tuple(
                    (title, *(values[at] for values in shown.values()), f"第{pages[at]['version_no']}版")
                    for at, title in enumerate(titles)
                ),
                1,
                tuple(place for place, values in enumerate(shown.values(), 1) if all(map(_NUMBER.match, values))),
            ),
        ),
        pictures=(),
    )


def _record(work: Work, page: dict[str, Any]) -> RecordPage:
    source = str(page["record_no"])
    # What is no kept record has no versions.
    if page["version_no"]:
        source += f"　第 {page['version_no']} 版　{page['effective']} 生效"
    return RecordPage(
        head=f"{page['label']}　{page['title']}",
        source=source + (f"　审核：{page['reviewer']}" if page["reviewer"] else ""),
        sections=tuple(
            Section(head, tuple((label, value) for label, value in fields))
            for head, fields in page["sections"]
            # A part of which nothing is filled in says nothing but its name.
            if any(value not in ("", "—") for _, value in fields)
        ),
        lists=tuple(_lines(one) for one in page["lists"] if one["lines"]),
        pictures=tuple(_pictures(work, page)),
    )


def _lines(one: Mapping[str, Any]) -> Lines:
    """A list without the columns that no line fills: wide lists are broken into parts, of which some would be empty."""
    filled = [
        at
        for at in range(len(one["columns"]))
        if at < one["keys"] or any(line[at] not in ("", "—") for line in one["lines"])
    ]
    return Lines(
        one["label"],
        tuple(one["columns"][at] for at in filled),
        tuple(tuple(line[at] for at in filled) for line in one["lines"]),
        one["keys"],
        tuple(place for place, at in enumerate(filled) if at in one["numbers"]),
    )


def _pictures(work: Work, page: dict[str, Any]) -> Iterator[Picture]:
    """Yield thumbnails of the pictures a record cites, those that were found free of viruses.

    Contents are read one by one: two thousand photos at once would not fit into memory.
    """
    if not page["files"]:
        return
    pictures = (
        columns(Attachment.id, Attachment.digest, ProgressPhoto.thumbnail)
        .join(RevisionFile, col(RevisionFile.attachment_id) == col(Attachment.id))
        .join(Revision, col(Revision.id) == col(RevisionFile.revision_id))
        .outerjoin(ProgressPhoto, col(ProgressPhoto.attachment_id) == col(Attachment.id))
        .where(
            Revision.record_no == page["record_no"],
            Revision.version_no == page["version_no"],
            col(Attachment.media_type).like("image/%"),
            Attachment.state == FileState.CLEAN,
        )
        .order_by(col(RevisionFile.slot), col(RevisionFile.place))
        .limit(_MOST_PICTURES)
    )
    names = {digest: name for _, name, _, digest in page["files"]}
    for attachment_id, digest, made in work.session.execute(pictures).all():
        thumbnail = _made(work, attachment_id, made) if made is not None else _thumbnail(work, attachment_id)
        if thumbnail is not None:
            yield Picture(names.get(digest, ""), thumbnail)


def _made(work: Work, attachment_id: UUID, sealed: bytes) -> bytes | None:
    """The thumbnail that was made when a photo of the works was taken in."""
    try:
        return work.sealer.open_file(sealed, str(attachment_id))
    except CryptoError:
        return None


def _thumbnail(work: Work, attachment_id: UUID) -> bytes | None:
    content: Any = work.first(columns(Attachment.content), Attachment.id == attachment_id)
    try:
        with Image.open(BytesIO(work.sealer.open_file(content, str(attachment_id)))) as image:
            image.draft("RGB", (_THUMBNAIL, _THUMBNAIL))
            small = ImageOps.exif_transpose(image).convert("RGB")
            small.thumbnail((_THUMBNAIL, _THUMBNAIL))
            out = BytesIO()
            small.save(out, "JPEG", quality=80)
            return out.getvalue()
    except (CryptoError, OSError, Image.DecompressionBombError):
        return None


def _stages(work: Work, handbook: Handbook) -> Iterator[RecordPage]:
    """Yield the areas and homes of the project by stage at the end of the version's day, as reports of supply have them."""
    on = handbook.compiled_at.astimezone(SHANGHAI).date()
    lines = tuple(
        (one.label, f"{one.sets:,}", f"{one.area:,.2f}")
        for one in sums_of(work, handbook.project_id, day=on)
        if one.area or one.sets
    )
    if lines:
        table = Lines("各阶段套数和面积", ("阶段", "套数", "面积（㎡）"), lines, 1, (1, 2))
        yield RecordPage("可供应量", f"截至 {on.isoformat()}", (), (table,))


def _alerts(work: Work, handbook: Handbook) -> Iterator[tuple[str, ...]]:
    rows = work.rows(
        Alert,
        Alert.project_id == handbook.project_id,
        Alert.first_seen <= handbook.compiled_at,
        by=col(Alert.first_seen),
    )
    for row in rows:
        seen = shanghai_text(row.first_seen)[:16]
        yield row.alert_no, row.rule_code, row.grade.label, seen, row.title, row.state.label


def _changes(work: Work, handbook: Handbook) -> Iterator[tuple[str, ...]]:
    rows = work.rows(
        Handbook,
        Handbook.project_id == handbook.project_id,
        Handbook.compiled_at <= handbook.compiled_at,
        by=col(Handbook.compiled_at),
    )
    for row in rows:
        yield row.version_label, row.cause.label, shanghai_text(row.compiled_at)[:16], row.changed or "—"


def _files(chapters: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, ...]]:
    for number in sorted(chapters, key=int):
        for page in chapters[number]:
            for slot, name, size, digest in page["files"]:
                yield f"{page['label']} {page['record_no']}", slot, name, f"{size / 1024:.0f} KB", digest[:16]


@query("handbook.print", "下载手册", roles=set(READERS), personal=True)
def printed_handbook(work: Work, handbook_id: UUID) -> HandbookPaper:
    """Return the page data of a version; the print is logged."""
    handbook = work.get(Handbook, handbook_id)
    work.trail.tell("FILE.DOWNLOAD", "handbook.print", about=handbook, digest=handbook.digest)
    return handbook_page(work, handbook_id)


def rendered(page: HandbookPaper) -> bytes:
    """The PDF of page data."""
    return drawn(render, page)


def handbook_pdf(door: Door, caller: Caller, handbook_id: UUID, chapters: Collection[int] = ()) -> bytes:
    """The handbook as PDF, or some chapters of it, drawn with no transaction open."""
    page = door.ask(printed_handbook, caller, handbook_id)
    if not chapters:
        return rendered(page)
    chosen = sorted(set(chapters))
    if any(no not in PRINTED for no in chosen):
        raise Rejected("没有这样的章节")
    told = ("节选", f"第{'、'.join(map(str, chosen))}章，非完整手册")
    return rendered(replace(page, chosen=tuple(chosen), cover=(*page.cover, told)))
