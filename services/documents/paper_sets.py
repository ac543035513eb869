"""整套打印 and 发放登记: the papers of a case in one press, with the line of what was handed out to whom (issue 19).

Each paper of a set is a print of its own, counted and logged as by `print_paper`; `PrintLog.set_id` joins them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col

from models.columns import new_id
from models.documents import IssuedDocument, PrintLog
from models.sealed import Sealed
from printing.handout_sheet import HandedOut, HandoutSheet
from printing.page import PRINTED_DIGEST, Issue, bound
from services.access.visibility import ENTERPRISE, STAFF
from services.documents.forms import thaw
from services.documents.print_log import Printed, PrintPaper, Requester, print_paper, reprint_count
from services.engine.callers import Caller
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.look_ups import names_by, rows_by
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import action, query
from services.engine.work import Work

_MOST = 30
_MOST_LINES = 200


@dataclass(frozen=True)
class PrintSet:
    """The papers of a case to be handed out together; `purpose` is asked for as soon as one is a 补打."""

    ids: tuple[UUID, ...]
    requester: Requester
    purpose: str = ""
    printer: str = ""


@dataclass(frozen=True)
class PrintedSet:
    set_id: UUID
    prints: tuple[Printed, ...]


@dataclass(frozen=True)
class HandoutLine:
    """A copy of a paper that was handed out: which version, to whom, when and by which clerk."""

    id: UUID
    title: str
    number: str
    version: str
    copy_no: int
    receiver: str
    purpose: str
    at: datetime
    clerk: str


@action("papers.print_set", "整套打印文书", roles=STAFF | ENTERPRISE, event="FILE.DOWNLOAD")
def print_set(work: Work, order: PrintSet) -> PrintedSet:
    """Count one print of each paper of a set, all or none, and keep the receiver with each."""
    ids = tuple(dict.fromkeys(order.ids))
    if not 0 < len(ids) <= _MOST:
        raise Rejected(f"请选择1至{_MOST}份文书")
    if not order.requester.name.strip():
        raise Rejected("请填写领取人")
    set_id = new_id()
    prints = [
        print_in_set(work, PrintPaper(paper_id, order.printer, order.purpose, order.requester), set_id)
        for paper_id in ids
    ]
    work.trail.tell(
        "FILE.DOWNLOAD", "papers.print_set", kind="print_log", object_id=set_id, detail={"papers": len(ids)}
    )
    return PrintedSet(set_id, tuple(prints))


def print_in_set(work: Work, order: PrintPaper, set_id: UUID) -> Printed:
    """Count one print of a paper as part of a set."""
    done = print_paper(work, order)
    log = work.only(PrintLog, PrintLog.id == done.log_id)
    log.set_id = set_id
    work.add(log)
    return done


@query("papers.handed_out", "文书发放记录", roles=STAFF | ENTERPRISE, personal=True)
def handed_out(work: Work, paper_ids: tuple[UUID, ...]) -> tuple[HandoutLine, ...]:
    """Return every copy of some papers that was handed out, the latest first."""
    if len(paper_ids) > _MOST_LINES:
        raise Rejected(f"一次最多查询{_MOST_LINES}份文书")
    logs = work.rows(
        work.visible(PrintLog),
        col(PrintLog.document_id).in_(set(paper_ids)),
        by=(col(PrintLog.at).desc(), col(PrintLog.id).desc()),
        most=_MOST_LINES,
    )
    papers = rows_by(work, IssuedDocument, [log.document_id for log in logs])
    clerks = names_by(work, [log.account_id for log in logs])
    return tuple(
        HandoutLine(
            log.id,
            papers[log.document_id].title,
            papers[log.document_id].number,
            _version(papers[log.document_id]),
            log.copy_no,
            _receiver(log),
            log.purpose,
            log.at,
            clerks.get(log.account_id, ""),
        )
        for log in logs
    )


@dataclass(frozen=True)
class SetPages:
    """Pages of a set: its sheet, and the frozen pages of its papers in order."""

    sheet: HandoutSheet
    pages: tuple[Sealed, ...]


@query("papers.set", "打印整套文书", roles=STAFF | ENTERPRISE, personal=True)
def set_pages(work: Work, set_id: UUID) -> SetPages:
    """Return the papers of a set that the caller printed today."""
    logs = work.rows(
        work.visible(PrintLog),
        PrintLog.set_id == set_id,
        PrintLog.account_id == work.caller.account_id,
        PrintLog.on_day == work.today,
        by=PrintLog.id,
    )
    if not logs:
        raise NotFound
    papers = rows_by(work, IssuedDocument, [log.document_id for log in logs])
    first = papers[logs[0].document_id]
    sheet = HandoutSheet(
        issue=Issue(number=first.number, unit=work.caller.unit_name, issued_on=work.today),
        receiver=_receiver(logs[0]) or "—",
        purpose=logs[0].purpose,
        clerk=work.caller.name,
        handed_at=f"{logs[0].at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        papers=tuple(_entry(papers[log.document_id], log) for log in logs),
    )
    return SetPages(sheet, tuple(papers[log.document_id].page for log in logs))


def set_pdf(door: Door, caller: Caller, set_id: UUID) -> bytes:
    """Draw a set as one document, its sheet first, with no transaction open."""
    found = door.ask(set_pages, caller, set_id)
    pages = [form.laid_out(page) for form, page in map(thaw, found.pages)]
    return bound([found.sheet.laid_out(), *pages])


def _entry(paper: IssuedDocument, log: PrintLog) -> HandedOut:
    reprint = reprint_count(paper.kind, log.copy_no)
    copy = f"第{log.copy_no}份" + (f"（补打{reprint}）" if reprint else "")
    return HandedOut(paper.title, paper.number, _version(paper), copy)


def _version(paper: IssuedDocument) -> str:
    return f"{paper.issued_on} {paper.digest[:PRINTED_DIGEST]}".strip()


def _receiver(log: PrintLog) -> str:
    asked: dict[str, str] = log.requester.json() if log.requester else {}
    told: Sequence[str] = [text for text in (asked.get("name", ""), asked.get("capacity", "")) if text]
    return "／".join(told)
