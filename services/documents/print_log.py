"""打印 and 补打: every print of an issued paper is counted and kept; its bytes never change (row 9, decision 17)."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select

from models.documents import IssuedDocument, PaperKind, PrintLog
from models.sealed import Sealed
from printing.page import Issue
from printing.reprint_slip import ReprintSlip
from services.access.visibility import ENTERPRISE, STAFF
from services.engine.clock import shanghai_text
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import action, query
from services.engine.work import Work

#: How many prints go out with the decision, one for each side; what comes after is 补打.
FIRST_COPIES = {PaperKind.CONTRACT: 2, PaperKind.FILING_NOTICE: 2}


@dataclass(frozen=True)
class Requester:
    """The person who asked for the print."""

    name: str
    capacity: str = ""


@dataclass(frozen=True)
class PrintPaper:
    id: UUID
    printer: str = ""
    purpose: str = ""
    requester: Requester | None = None


@dataclass(frozen=True)
class Printed:
    """A print: `reprint` is the count of 补打, 0 for a first copy."""

    log_id: UUID
    copy_no: int
    reprint: int


@action("papers.print", "打印文书", roles=STAFF | ENTERPRISE, event="FILE.DOWNLOAD")
def print_paper(work: Work, order: PrintPaper) -> Printed:
    """Count one print; a 补打 says what it is for."""
    if work.caller.account_id is None:
        raise NotAllowed("请登录后再打印")
    paper = work.hold(IssuedDocument, order.id)
    if paper.content is None:
        raise Conflict("文书正在生成，请稍候再打印")
    reprint = reprint_count(paper.kind, paper.copies + 1)
    if reprint and not order.purpose.strip():
        raise Rejected("补打文书请填写用途")
    paper.copies += 1
    log = PrintLog(
        document_id=paper.id,
        account_id=work.caller.account_id,
        at=work.now,
        on_day=work.today,
        copy_no=paper.copies,
        printer=order.printer.strip()[:60],
        purpose=order.purpose.strip()[:60],
        requester=Sealed.of_json({"name": order.requester.name, "capacity": order.requester.capacity})
        if order.requester
        else None,
    )
    work.add(paper)
    work.add(log)
    work.trail.tell(
        "FILE.DOWNLOAD",
        "papers.print",
        about=paper,
        digest=paper.digest,
        detail={"copy": paper.copies, "reprint": reprint},
    )
    _flag_many(work, paper)
    return Printed(log.id, paper.copies, reprint)


def reprint_count(kind: PaperKind, copy_no: int) -> int:
    """Return which 补打 this copy is; 0 for the copies that go out with the decision."""
    return max(0, copy_no - FIRST_COPIES.get(kind, 1))


def _flag_many(work: Work, paper: IssuedDocument) -> None:
    work.session.flush()
    today = work.session.exec(
        select(sa.func.count())
        .select_from(PrintLog)
        .where(PrintLog.account_id == work.caller.account_id, PrintLog.on_day == work.today)
    ).one()
    if today > work.thresholds.integer("print.daily_flag"):
        work.trail.tell("FILE.DOWNLOAD", "papers.print.many", about=paper, severity=4, detail={"today": today})


@query("papers.slip", "补打凭条", roles=STAFF | ENTERPRISE, personal=True)
def reprint_slip(work: Work, log_id: UUID) -> ReprintSlip:
    """Return the content of the slip for a 补打; it is drawn outside the transaction."""
    log = work.get(PrintLog, log_id)
    paper = work.get(IssuedDocument, log.document_id)
    count = reprint_count(paper.kind, log.copy_no)
    if not count:
        raise Conflict("首次打印没有补打凭条")
    asked = log.requester.json() if log.requester else {}
    unit = work.caller.unit_name
    return ReprintSlip(
        issue=Issue(number=f"{paper.number}-B{count:02d}", unit=unit, issued_on=log.on_day),
        paper_title=paper.title,
        paper_no=paper.number,
        record_no=paper.number,
        issued_on=paper.issued_on.isoformat(),
        paper_digest=paper.digest,
        count=count,
        requester=asked.get("name") or "—",
        capacity=asked.get("capacity") or "—",
        purpose=log.purpose,
        unit=unit,
        printer=work.caller.name,
        printed_at=shanghai_text(log.at),
    )
