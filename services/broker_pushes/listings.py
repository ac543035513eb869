"""Lists of batches and pushed leases: the lines that stand behind every figure of the reports (row 13)."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.enterprise import Enterprise
from models.house import House
from models.places_data import districts
from models.push_codes import PushState
from models.pushes import BrokerBatch, BrokerPush, PushReason
from models.tenancy import LeaseContract, LeaseFiling
from services.access.visibility import CITY
from services.broker_pushes.reasons import reasons_of, told_words
from services.engine.listings import Column, Filter, Listing, choice, exact, flag, listed, months
from services.engine.look_ups import values_by
from services.engine.work import Work

READERS = CITY | {Role.DISTRICT_BUREAU}
#: How a line without a firm or a district of ours is called, and what its filter says.
UNKNOWN, NONE = "未识别", "-"


def stops() -> Any:
    """Reasons that kept a push from being filed; hints do not count."""
    return col(PushReason.severity) != "WARN"


def _of_member(work: Work, text: str) -> Any:
    return BrokerPush.member_uscc == ("" if text == NONE else text.upper())


def _of_district(work: Work, text: str) -> Any:
    return BrokerPush.district_code == ("" if text == NONE else text)


def _for_reason(work: Work, text: str) -> Any:
    stopped = select(PushReason.push_id).where(PushReason.code == text.upper(), stops())
    return col(BrokerPush.id).in_(stopped)


def _of_batch(work: Work, text: str) -> Any:
    return col(BrokerPush.batch_id).in_(select(BrokerBatch.id).where(BrokerBatch.batch_no == text))


def member_names(work: Work, usccs: set[str]) -> dict[str, str]:
    """Credit code to the firm's name, for firms on the register."""
    return values_by(work, Enterprise.uscc, Enterprise.name, usccs)


def district_names() -> dict[str, str]:
    """Code to name of each district."""
    return {one.code: one.name for one in districts()}


def _push_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    batches = values_by(work, BrokerBatch.id, BrokerBatch.batch_no, (row.batch_id for row in rows))
    firms = member_names(work, {row.member_uscc for row in rows})
    filings = values_by(work, LeaseFiling.id, LeaseFiling.filing_no, (row.filing_id for row in rows))
    houses = values_by(work, LeaseContract.id, LeaseContract.house_id, (row.contract_id for row in rows))
    addresses = values_by(work, House.id, House.address, houses.values())
    reasons = reasons_of(work, [row.id for row in rows])
    names = district_names()
    return {
        "batch_no": lambda row: batches.get(row.batch_id, ""),
        "member": lambda row: firms.get(row.member_uscc, row.member_uscc or UNKNOWN),
        "district": lambda row: names.get(row.district_code, UNKNOWN),
        "address": lambda row: addresses.get(houses.get(row.contract_id), ""),
        "filing_no": lambda row: filings.get(row.filing_id, ""),
        "reasons": lambda row: told_words(reasons.get(row.id, ())),
    }


PUSHES = listed(
    Listing(
        name="broker_pushes",
        label="协会报送件",
        roles=READERS,
        table=BrokerPush,
        columns=(
            Column("received_at", "接收时间", sortable=True, width=126),
            Column("batch_no", "批次号", width=112),
            Column("position", "批内序号", shown=False),
            Column("member", "会员机构", width=168),
            Column("own_no", "自编号", width=100),
            Column("attempt", "报送次数", shown=False),
            Column("district", "区", width=76),
            Column("address", "房屋坐落", shown=False),
            Column("month_rent", "月租金（元）", sortable=True, number=True, width=96),
            Column("leased_area", "租赁面积（㎡）", sortable=True, number=True, shown=False),
            Column("late_days", "逾期天数", sortable=True, number=True, width=72),
            Column("state", "状态", width=80),
            Column("filing_no", "备案编号", width=170),
            Column("reasons", "原因", wraps=True),
        ),
        filters=(
            *months(BrokerPush.month, "报送月份"),
            Filter("member", "会员信用代码", _of_member, width=210),
            Filter("district", "区", _of_district, options=district_names() | {NONE: UNKNOWN}),
            choice("state", "状态", BrokerPush.state, PushState),
            Filter("reason", "原因规则", _for_reason, width=130),
            flag("late", "逾期", col(BrokerPush.late_days) > 0),
            flag("unusual", "租金异常", col(BrokerPush.rent_unusual).is_(True)),
            Filter("batch", "批次号", _of_batch, width=170),
            exact("own_no", "自编号", BrokerPush.own_no),
        ),
        sort="-received_at",
        last=(col(BrokerPush.batch_id), col(BrokerPush.position)),
        look_up=_push_cells,
        also=("contract_id",),
        empty="没有符合条件的报送件",
    )
)


def _batch_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    """Return what the items of each batch have come to; `repeated` were answered from an earlier batch or not taken."""
    counted = work.session.exec(
        select(BrokerPush.batch_id, BrokerPush.state, func.count())
        .where(col(BrokerPush.batch_id).in_([row.id for row in rows]))
        .group_by(col(BrokerPush.batch_id), col(BrokerPush.state))
    ).all()
    counts = {(batch_id, PushState.of(state)): count for batch_id, state, count in counted}

    def of_state(state: PushState) -> Callable[[Any], int]:
        return lambda row: counts.get((row.id, state), 0)

    return {
        "filed": of_state(PushState.FILED),
        "waiting": of_state(PushState.WAITING),
        "intercepted": of_state(PushState.INTERCEPTED),
        "refused": of_state(PushState.REFUSED),
        "repeated": lambda row: row.total - sum(counts.get((row.id, state), 0) for state in PushState),
    }


def _seconds(row: Any) -> Decimal | None:
    spent = (row.answered_at - row.received_at).total_seconds() if row.answered_at else None
    return None if spent is None else Decimal(f"{spent:.2f}")


BATCHES = listed(
    Listing(
        name="broker_batches",
        label="协会报送批次",
        roles=CITY,
        table=BrokerBatch,
        columns=(
            Column("batch_no", "批次号"),
            Column("received_at", "接收时间", sortable=True, width=126),
            Column("seconds", "用时（秒）", _seconds, number=True, width=80),
            Column("total", "报送", number=True, width=64),
            Column("filed", "已备案", number=True, width=64),
            Column("waiting", "核验中", number=True, width=64),
            Column("intercepted", "拦截", number=True, width=60),
            Column("refused", "未通过", number=True, width=64),
            Column("repeated", "重复", number=True, width=60),
            Column("state", "状态", width=80),
        ),
        filters=(exact("batch_no", "批次号", BrokerBatch.batch_no, width=220),),
        sort="-received_at",
        look_up=_batch_cells,
        empty="还没有收到协会报送的批次",
    )
)
