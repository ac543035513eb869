"""合同列表 (row 24): filings of centralized rooms that run out, filed again one or many at once, their notices as one document."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models.access import Role
from models.codes import Toned
from models.documents import IssuedDocument, PaperKind
from models.name_search import holds_text
from models.privacy import ExportMedia
from models.rooms import CentralProject, CentralRoom
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import FilingState
from printing.filing_notice import FilingNotice
from printing.page import bound
from services.access.visibility import CITY, ENTERPRISE
from services.documents.forms import thaw
from services.engine.listings import Bulk, Column, Filter, Listing, exact, listed, named, numbers
from services.engine.look_ups import values_by
from services.engine.refusals import NotFound, Rejected
from services.engine.work import Work
from services.privacy.listings import Criteria, Drawing, Drawn, offer_listing
from services.privacy.listings import Listing as ExportListing
from services.tenancy.endings import filing_state_text
from services.tenancy.refiling import Refile, refile

READERS = ENTERPRISE | CITY | {Role.DISTRICT_BUREAU}
#: One document holds no more notices than this.
MOST_NOTICES = 300


def _of_rooms(work: Work) -> Any:
    """The newest filings of leases in projects: those that count or have run out, and were not made again."""
    again = aliased(LeaseFiling)
    later = select(again.id).where(again.previous_id == LeaseFiling.id, again.state == FilingState.ACTIVE)
    return work.visible(LeaseFiling).where(
        col(LeaseFiling.house_id).in_(select(CentralRoom.house_id).where(col(CentralRoom.house_id).is_not(None))),
        col(LeaseFiling.state).in_((FilingState.ACTIVE, FilingState.FROZEN, FilingState.EXPIRED)),
        ~later.exists(),
    )


def _soon(work: Work) -> Any:
    until = work.today + timedelta(days=work.thresholds.integer("filing.refile_days"))
    return and_(col(LeaseFiling.state) == FilingState.ACTIVE, col(LeaseFiling.valid_to).between(work.today, until))


def _over(work: Work) -> Any:
    """Run out while the lease goes on."""
    running = select(LeaseContract.id).where(LeaseContract.end >= work.today)
    return and_(
        col(LeaseFiling.state).in_((FilingState.ACTIVE, FilingState.EXPIRED)),
        col(LeaseFiling.valid_to) < work.today,
        col(LeaseFiling.contract_id).in_(running),
    )


def _of_project(work: Work, text: str) -> Any:
    word = text.strip()
    projects = select(CentralProject.id).where(
        (col(CentralProject.project_no) == word.upper()) | holds_text(word, CentralProject.name)
    )
    rooms = select(CentralRoom.house_id).where(col(CentralRoom.project_id).in_(projects))
    return col(LeaseFiling.house_id).in_(rooms)


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    houses = {row.house_id for row in rows}
    found = select(CentralRoom, CentralProject).join(CentralProject, col(CentralProject.id) == CentralRoom.project_id)
    rooms = {
        room.house_id: (room.room_no, project.name)
        for room, project in work.session.exec(found.where(col(CentralRoom.house_id).in_(houses))).all()
    }
    contracts = [row.contract_id for row in rows]
    numbers = values_by(work, LeaseContract.id, LeaseContract.contract_no, contracts)
    ends = values_by(work, LeaseContract.id, LeaseContract.end, contracts)
    days = work.thresholds.integer("filing.refile_days")

    def due(row: Any) -> str:
        left = (row.valid_to - work.today).days
        if left < 0:
            return Toned(f"已到期{-left}天", "bad")
        return Toned(f"将到期，还有{left}天", "warn") if left <= days else ""

    return {
        "contract_no": lambda row: numbers.get(row.contract_id) or "",
        "contract_end": lambda row: ends.get(row.contract_id),
        "project": lambda row: rooms.get(row.house_id, ("", ""))[1],
        "room_no": lambda row: rooms.get(row.house_id, ("", ""))[0],
        "state_now": lambda row: filing_state_text(row, work.today),
        "due": due,
    }


REFILINGS = listed(
    Listing(
        name="refilings",
        label="合同列表",
        roles=READERS,
        table=LeaseFiling,
        rows=_of_rooms,
        columns=(
            Column("filing_no", "备案编号", width=180),
            Column("contract_no", "合同编号", width=180),
            Column("project", "项目"),
            Column("room_no", "房号", width=70),
            Column("valid_from", "备案起", sortable=True, width=92),
            Column("valid_to", "备案止", sortable=True, width=92),
            Column("contract_end", "合同止", width=92),
            Column("month_rent", "月租金（元）", number=True, width=92),
            Column("state_now", "状态", width=80),
            Column("due", "到期", width=126),
        ),
        filters=(
            named(
                "due",
                "到期",
                {"soon": ("将到期", _soon), "over": ("已到期，合同未到期", _over)},
                width=180,
            ),
            Filter("project", "项目", _of_project, width=170),
            exact("number", "备案编号", LeaseFiling.filing_no, upper=True, width=200, finds=numbers("BA")),
        ),
        sort="valid_to",
        look_up=_cells,
        also=("contract_id", "state"),
        counts="due",
        bulk=(
            Bulk(
                refile,
                lambda line, given: Refile(line.id),
                label="重新备案",
                icon="autorenew",
                key="f8",
                done="已重新备案",
                question="勾选的合同当事人、部位和租金都没有变化，重新备案？每件单独核验，不能办理的逐件说明原因。",
            ),
        ),
        empty="没有符合条件的合同",
    )
)


# ------------------------------------------------------------------ notices as one document


def _filings_of(work: Work, criteria: Criteria) -> list[LeaseFiling]:
    try:
        ids = {UUID(one) for one in criteria["ids"].split(",")}
    except (KeyError, ValueError):
        raise Rejected("请选择要打印通知书的备案") from None
    rows = work.rows(work.visible(LeaseFiling), col(LeaseFiling.id).in_(ids))
    if len(rows) != len(ids):
        raise NotFound
    return sorted(rows, key=lambda row: row.filing_no)


def _notices(work: Work, criteria: Criteria) -> Drawing:
    """The filing notices as they were issued, in the order of their numbers."""
    filings = _filings_of(work, criteria)
    papers = work.rows(
        work.visible(IssuedDocument),
        col(IssuedDocument.filing_id).in_([filing.id for filing in filings]),
        IssuedDocument.kind == PaperKind.FILING_NOTICE,
    )
    by_filing = {paper.filing_id: paper for paper in papers}
    pages: list[FilingNotice] = [thaw(by_filing[one.id].page)[1] for one in filings if one.id in by_filing]
    if not pages:
        raise Rejected("所选备案没有通知书")
    return Drawing(pages, len(pages))


NOTICES = offer_listing(
    ExportListing(
        name="filing_notices",
        label="备案通知书",
        roles=frozenset(ENTERPRISE),
        columns=(),
        count=lambda work, criteria: len(_filings_of(work, criteria)),
        filters=frozenset({"ids"}),
        media=(ExportMedia.SINGLE,),
        longest=MOST_NOTICES,
        drawn=Drawn(_notices, lambda pages, media, done: bound([page.laid_out() for page in pages], done)),
    )
)
