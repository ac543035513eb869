"""Lists of stays, move-outs and differences: the lines that stand behind every figure of the monitor (row 14)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from models.push_codes import DifferenceKind, DifferenceState, MoveOutState, StayState
from models.pushes import CheckIn, MoveOut, StayDifference
from models.rooms import CentralProject
from models.tenancy import LeaseFiling
from services.broker_pushes.listings import READERS
from services.broker_pushes.reasons import reasons_of, told_words
from services.engine.listings import Column, Filter, Listing, choice, exact, flag, listed, months, named, numbers
from services.engine.look_ups import values_by
from services.engine.work import Work

#: Outcomes the monitor counts together.
WAITING = (StayState.ROOM_TAKEN, StayState.WAITING)
FAILED = (StayState.REFUSED, StayState.INTERCEPTED)
FILED = (StayState.FILED, StayState.LEFT)
#: Move-outs that were not refused, as the monitor counts them.
TAKEN = "TAKEN"


def _push_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    names = values_by(work, CentralProject.project_no, CentralProject.name, (row.project_no for row in rows))
    filings = values_by(work, LeaseFiling.id, LeaseFiling.filing_no, (row.filing_id for row in rows))
    reasons = reasons_of(work, [row.id for row in rows])
    return {
        "project": lambda row: names.get(row.project_no, row.project_no),
        "filing_no": lambda row: filings.get(row.filing_id, ""),
        "reasons": lambda row: told_words(reasons.get(row.id, ())),
    }


STAYS = listed(
    Listing(
        name="check_ins",
        label="入住信息",
        roles=READERS,
        table=CheckIn,
        columns=(
            Column("checkin_no", "入住编号", width=120),
            Column("attempt", "报送次数", shown=False),
            Column("project", "项目", width=150),
            Column("room", "房间", lambda row: room_words(row.room_no, row.bed), width=84),
            Column("checked_in_at", "入住时间", sortable=True, width=126),
            Column("received_at", "接收时间", sortable=True, shown=False),
            Column("late_days", "补报天数", sortable=True, number=True, width=72),
            Column("persons", "居住人数", number=True, width=72),
            Column("month_rent", "月租金（元）", number=True, width=96),
            Column("start", "起租日期", shown=False),
            Column("end", "止租日期", shown=False),
            Column("state", "状态", width=116),
            Column("filing_no", "备案编号", width=170),
            Column("reasons", "原因", wraps=True),
        ),
        filters=(
            *months(CheckIn.month, "入住月份"),
            exact("project", "项目编号", CheckIn.project_no, width=200),
            named(
                "outcome",
                "结果",
                {
                    "FILED": ("已备案（含已退租）", col(CheckIn.state).in_(FILED)),
                    "WAITING": ("等待中", col(CheckIn.state).in_(WAITING)),
                    "FAILED": ("未通过", col(CheckIn.state).in_(FAILED)),
                },
                width=170,
            ),
            flag("late", "补报", col(CheckIn.late_days) > 0),
            exact("number", "入住编号", CheckIn.checkin_no, width=180, finds=numbers("RZ")),
        ),
        sort="-received_at",
        look_up=_push_cells,
        also=("contract_id",),
        empty="没有符合条件的入住信息",
    )
)


MOVE_OUTS = listed(
    Listing(
        name="move_outs",
        label="退租信息",
        roles=READERS,
        table=MoveOut,
        columns=(
            Column("checkout_no", "退租编号", width=150),
            Column("checkin_no", "入住编号", width=120),
            Column("project", "项目", width=150),
            Column("room_no", "房间", width=84),
            Column("left_on", "退租日期", sortable=True, width=92),
            Column("received_at", "接收时间", sortable=True, width=126),
            Column("room_change", "换房", width=56),
            Column("state", "状态", width=96),
            Column("filing_no", "备案编号", width=170),
            Column("reasons", "原因", wraps=True),
        ),
        filters=(
            *months(MoveOut.month, "退租月份"),
            exact("project", "项目编号", MoveOut.project_no, width=200),
            named(
                "outcome",
                "状态",
                {
                    TAKEN: ("已受理", MoveOut.state != MoveOutState.REFUSED),
                    **{str(state.value): (state.label, MoveOut.state == state) for state in MoveOutState},
                },
            ),
            exact("number", "退租编号", MoveOut.checkout_no, width=180, finds=numbers("TZ")),
        ),
        sort="-received_at",
        look_up=_push_cells,
        empty="没有符合条件的退租信息",
    )
)


def room_words(room_no: str, bed: str) -> str:
    """A room, with its bed where it is let by beds."""
    return f"{room_no} 床{bed}" if bed else room_no


def _difference_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    names = values_by(work, CentralProject.id, CentralProject.name, (row.project_id for row in rows))
    return {
        "project": lambda row: names.get(row.project_id, ""),
        "days": lambda row: ((row.closed_on or work.today) - row.found_on).days,
    }


def _of_project() -> Filter:
    projects = select(CentralProject.id)

    def where(work: Work, text: str) -> Any:
        return col(StayDifference.project_id).in_(projects.where(CentralProject.project_no == text))

    return Filter("project", "项目编号", where, width=200)


DIFFERENCES = listed(
    Listing(
        name="stay_differences",
        label="在住与备案差异",
        roles=READERS,
        table=StayDifference,
        columns=(
            Column("project", "项目", width=160),
            Column("kind", "差异", width=116),
            Column("room", "房间", lambda row: room_words(row.room_no, row.bed), width=90),
            Column("checkin_no", "入住编号", width=130),
            Column("detail", "说明", wraps=True),
            Column("found_on", "发现日期", sortable=True, width=92),
            Column("closed_on", "消除日期", width=92),
            Column("days", "持续天数", number=True, width=72),
            Column("state", "状态", width=76),
        ),
        filters=(
            _of_project(),
            choice("kind", "差异", StayDifference.kind, DifferenceKind, width=170),
            choice("state", "状态", StayDifference.state, DifferenceState),
        ),
        sort="found_on",
        # Open differences first, OPEN after CLOSED in the alphabet.
        first=(col(StayDifference.state).desc(),),
        last=(col(StayDifference.room_no),),
        look_up=_difference_cells,
        empty="在住房间与有效备案一致，没有差异",
    )
)
