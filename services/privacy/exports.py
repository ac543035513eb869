"""Asking for a list as a file, and the second person's word where it is long or in clear (H23)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import defer
from sqlmodel import col, select

from models.access import MARKET, OrgUnit, Role, UnitKind
from models.privacy import EXPORT, ExportMedia, ExportRequest, ExportState, Shown
from models.sealed import Sealed
from services.access.visibility import CITY, ENTERPRISE, STAFF
from services.engine.listings import Column, choice, exact, listed, numbers
from services.engine.listings import Listing as Declared
from services.engine.look_ups import names_by, values_by
from services.engine.notices import notify
from services.engine.numbering import number_later
from services.engine.refusals import NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.steps import is_available, take_step
from services.engine.words import enough_words
from services.engine.work import Work, visible_rows
from services.privacy.fingerprint import new_mark
from services.privacy.listings import Criteria, Listing, known_listing, label_of_listing, listing_of
from services.privacy.reauthentication import need_fresh

#: Who may have lists as files: staff, and firms of what is their own; of the property market likewise.
ASKERS = STAFF | ENTERPRISE | MARKET | {Role.ANALYST, Role.SPATIAL_OPERATOR}
DECIDERS = CITY | {Role.DISTRICT_BUREAU, Role.DIST_REVIEWER, Role.CITY_REVIEWER}
#: Lists of kept records are decided upon by the reviewers of the market, and by no reviewer of the rental side.
_OF_RECORDS = "records."
#: Where a request stores the columns and the order of its list, beside the filters.
_COLUMNS, _SORT = "@columns", "@sort"
_MOST_COLUMNS = 60
#: Units below the district's bureau: its counters, and the firms on its register.
_BELOW_BUREAU = (UnitKind.STREET_CENTER, UnitKind.DISTRICT_CENTER, UnitKind.ENTERPRISE)


@visible_rows(ExportRequest)
def own_or_to_decide(work: Work, table: Any) -> Any:
    """Show users their own requests; a bureau those of its district's counters and firms; the city all."""
    caller = work.caller
    if caller.has(Role.SYSTEM):
        return sa.true()
    of_records = col(table.listing).startswith(_OF_RECORDS, autoescape=True)
    allowed: list[Any] = [sa.false()]
    if caller.account_id is not None and caller.has(*ASKERS):
        allowed.append(col(table.account_id) == caller.account_id)
    if caller.has(*CITY):
        allowed.append(~of_records)
    if districts := [scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)]:
        below = col(table.district_code).in_(districts) & col(table.unit_kind).in_(_BELOW_BUREAU)
        allowed.append(below & ~of_records)
    if caller.has(Role.CITY_REVIEWER):
        allowed.append(of_records)
    if districts := [scope.code for scope in caller.scope_of(Role.DIST_REVIEWER)]:
        firms = col(table.district_code).in_(districts) & (col(table.unit_kind) == UnitKind.ENTERPRISE)
        allowed.append(firms & of_records)
    return sa.or_(*allowed)


@dataclass(frozen=True)
class RequestExport:
    """A list with filters, format, masked or `full`, and purpose."""

    listing: str
    criteria: dict[str, str]
    media: str
    reason: str
    full: bool = False
    #: The columns and the order of the list as it is shown; without columns all that may be exported.
    columns: tuple[str, ...] = ()
    sort: str = ""


@dataclass(frozen=True)
class RequestedExport:
    id: UUID
    request_no: str
    rows: int
    waits: bool


@action("exports.request", "申请导出", roles=ASKERS, event="")
def request_export(work: Work, order: RequestExport) -> RequestedExport:
    """A short masked list is made at once; a long one or one in clear waits for the superior unit's word."""
    listing = listing_of(order.listing)
    if not work.caller.roles & listing.roles:
        raise NotAllowed("您的岗位不能导出此项清单")
    if order.media not in {media.value for media in listing.media}:
        raise Rejected("请选择导出格式")
    enough_words(order.reason, "导出用途", least=4, most=200)
    if set(order.criteria) - listing.filters:
        raise Rejected("查询条件不正确，请返回列表重新查询")
    if len(order.columns) > _MOST_COLUMNS or any("," in key for key in order.columns):
        raise Rejected("列的设置不正确，请重新选择")
    full = order.full and listing.personal
    if full:
        need_fresh(work)
    rows = listing.count(work, order.criteria)
    if not rows:
        raise Rejected("没有符合条件的记录，无须导出")
    if rows > listing.longest:
        raise Rejected(f"一次最多导出{listing.longest}条，请缩小查询范围")
    waits = full or (listing.drawn is None and rows > work.thresholds.integer("export.row_limit"))
    row = open_request(work, listing, order, rows=rows, waits=waits)
    return work.later(lambda: RequestedExport(row.id, row.request_no, rows, waits))


def open_request(
    work: Work, listing: Listing, order: RequestExport, *, rows: int, waits: bool = False
) -> ExportRequest:
    """Keep a request that was found good, once it is numbered; the worker makes its file, after a superior's word if it waits."""
    caller = work.caller
    if caller.account_id is None or caller.unit_kind is None:
        raise NotAllowed("您的岗位不能导出此项清单")
    row = ExportRequest(
        request_no="",
        listing=listing.name,
        criteria=Sealed.of_json({**order.criteria, **_shown_as(order)}),
        media=ExportMedia.of(order.media),
        full=order.full and listing.personal,
        reason=Sealed.of_json(order.reason.strip()[:200]),
        rows=rows,
        account_id=caller.account_id,
        unit_id=caller.unit_id,
        unit_kind=caller.unit_kind,
        state=ExportState.REQUESTED if waits else ExportState.APPROVED,
        requested_at=work.now,
        mark=new_mark(),
        district_code=caller.district_code or "310000",
        street_code=caller.street_code,
    )
    number_later(work, "DC", row.district_code, work.today, lambda number: setattr(row, "request_no", number))
    # Added with its number only: an empty one could stand there once.
    work.then(lambda: _keep(work, row, waits=waits))
    return row


def _keep(work: Work, row: ExportRequest, *, waits: bool) -> None:
    work.add(row)
    detail = {"listing": row.listing, "rows": row.rows, "full": row.full, "waits": waits}
    work.trail.tell("PII.EXPORT", "exports.request", about=row, detail=detail)
    if waits:
        for unit_id in _superiors(work, row):
            notify(work, "导出申请待审批", f"{row.request_no}，共{row.rows}条", about=row, to_unit=unit_id)


@dataclass(frozen=True)
class DecideExport:
    id: UUID
    agree: bool
    opinion: str = ""


@action("exports.decide", "审批导出", roles=DECIDERS, step=Step(EXPORT, "approve"), event="DATA.STATE")
def decide_export(work: Work, order: DecideExport) -> None:
    """The word of a second person of the superior unit."""
    row = work.hold(ExportRequest, order.id)
    if row.account_id == work.caller.account_id:
        raise NotAllowed("申请人不能审批自己的导出申请")
    if not decides(work, row):
        raise NotAllowed("该申请应由申请单位的上级单位审批")
    opinion = enough_words(order.opinion, "不批准的理由", least=0 if order.agree else 4, most=200)
    take_step(work, row, EXPORT, "approve" if order.agree else "refuse")
    row.decided_by, row.decided_at = work.caller.account_id, work.now
    row.opinion = Sealed.of_json(opinion) if opinion else None
    word = "已批准，正在生成文件" if order.agree else "未批准"
    notify(work, "导出申请审批结果", f"{row.request_no}：{word}", about=row, to_account=row.account_id)


def decides(work: Work, row: ExportRequest) -> bool:
    """Return whether the caller's unit is the requester's superior: bureau over counters, city over all."""
    caller = work.caller
    if row.listing.startswith(_OF_RECORDS):
        districts = {scope.code for scope in caller.scope_of(Role.DIST_REVIEWER)}
        return caller.has(Role.CITY_REVIEWER) or (
            row.unit_kind is UnitKind.ENTERPRISE and row.district_code in districts
        )
    if row.unit_kind in _BELOW_BUREAU and row.district_code in {
        scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)
    }:
        return True
    if row.unit_kind in (UnitKind.CITY_CENTER, UnitKind.CITY_BUREAU):
        return caller.has(Role.CITY_BUREAU)
    return caller.has(*CITY)


def _superiors(work: Work, row: ExportRequest) -> list[UUID]:
    statement = select(OrgUnit.id)
    if row.unit_kind in _BELOW_BUREAU:
        statement = statement.where(
            OrgUnit.kind == UnitKind.DISTRICT_BUREAU, OrgUnit.district_code == row.district_code
        )
    elif row.unit_kind is UnitKind.DISTRICT_BUREAU:
        statement = statement.where(OrgUnit.kind == UnitKind.CITY_CENTER)
    else:
        statement = statement.where(OrgUnit.kind == UnitKind.CITY_BUREAU)
    return list(work.session.exec(statement).all())


def _without_content(work: Work) -> Any:
    return work.visible(ExportRequest).options(defer(col(ExportRequest.content)))  # type: ignore[arg-type]


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    people = names_by(work, (row.account_id for row in rows))
    units = values_by(work, OrgUnit.id, OrgUnit.name, (row.unit_id for row in rows))
    me = work.caller.account_id
    return {
        "who": lambda row: people.get(row.account_id, ""),
        "unit": lambda row: units.get(row.unit_id, ""),
        "mine": lambda row: row.account_id == me,
        "may_decide": lambda row: (
            is_available(work.caller, decide_export, row) and row.account_id != me and decides(work, row)
        ),
        "ready": lambda row: row.account_id == me and row.state is ExportState.READY,
        "waiting": lambda row: row.state is ExportState.APPROVED,
    }


#: The caller's own requests and those he may decide or watch over.
EXPORTS = listed(
    Declared(
        name="exports",
        label="导出记录",
        roles=ASKERS,
        table=ExportRequest,
        rows=_without_content,
        columns=(
            Column("request_no", "申请号", width=190),
            Column("listing", "清单", lambda row: label_of_listing(row.listing), width=110),
            Column("rows", "条数", number=True, width=60),
            Column("content", "内容", lambda row: _content(row), width=110),
            Column("media", "格式", width=110),
            Column("reason", "用途", lambda row: row.reason.json()),
            Column("who", "申请人", width=80),
            Column("unit", "申请单位", width=190),
            Column("state", "状态", width=90),
            Column("progress", "进度", lambda row: _progress(row), width=80),
            Column("opinion", "审批意见", lambda row: row.opinion.json() if row.opinion else "", shown=False),
            Column("requested_at", "申请时间", sortable=True, width=126),
            Column("expires_at", "有效至", width=126),
            Column("downloads", "下载次数", number=True, shown=False),
        ),
        filters=(
            exact("number", "申请号", ExportRequest.request_no, upper=True, width=190, finds=numbers("DC")),
            choice("state", "状态", ExportRequest.state, ExportState, width=170),
        ),
        sort="-requested_at",
        look_up=_cells,
        also=("full",),
        exporters=set(),
        empty="没有导出记录。请在列表页面查询后点“导出”",
    )
)


def _progress(row: ExportRequest) -> str:
    """Return how far a file is that takes its time, as 120/300."""
    return f"{row.done}/{row.rows}" if row.state is ExportState.APPROVED and row.done else ""


def _content(row: ExportRequest) -> str:
    listing = known_listing(row.listing)
    if listing is not None and listing.drawn is not None:
        return listing.label
    return Shown.FULL.label if row.full else Shown.MASKED.label


def keep_until(work: Work) -> datetime:
    """Return how long a file made now may be fetched."""
    return work.now + timedelta(days=work.thresholds.integer("export.keep_days"))


def _shown_as(order: RequestExport) -> dict[str, str]:
    """Return the columns and the order the list was shown in, as far as the caller chose them."""
    chosen = {_COLUMNS: ",".join(order.columns), _SORT: order.sort}
    return {key: text for key, text in chosen.items() if text}


def criteria_of(row: ExportRequest) -> Criteria:
    stored: dict[str, str] = row.criteria.json()
    return {key: text for key, text in stored.items() if key not in (_COLUMNS, _SORT)}


def exported_listing(row: ExportRequest) -> Listing:
    """Return the list of a request with the columns and the order it was asked in."""
    stored: dict[str, str] = row.criteria.json()
    columns = tuple(key for key in stored.get(_COLUMNS, "").split(",") if key)
    return listing_of(row.listing, columns, stored.get(_SORT, ""))
