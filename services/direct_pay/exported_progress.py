"""The progress of direct payment as a list that may leave as a file (row 23, H23)."""

from dataclasses import replace
from datetime import date

from sqlmodel import col

from models.direct_pay import Entrustment
from models.normal import BadText, parse_day
from services.direct_pay.progress import ProgressFilter, ProgressLine, progress_page
from services.direct_pay.visibility import WATCHERS
from services.engine.refusals import Rejected
from services.engine.work import Work
from services.privacy.listings import LONGEST, Criteria, Listed, Listing, offer_listing

_PAGE = 200


def _day(criteria: Criteria, key: str) -> date | None:
    try:
        return parse_day(criteria[key]) if criteria.get(key) else None
    except BadText as problem:
        raise Rejected("查询条件中的日期有误") from problem


def progress_filter(criteria: Criteria) -> ProgressFilter:
    """Return what the grid's filters ask for."""
    return ProgressFilter(
        number=criteria.get("number", ""),
        id_no=criteria.get("id_no", ""),
        tenant=criteria.get("tenant", ""),
        enterprise=criteria.get("enterprise", ""),
        project=criteria.get("project", ""),
        state=criteria.get("state", ""),
        abnormal=criteria.get("abnormal", ""),
        since=_day(criteria, "since"),
        until=_day(criteria, "until"),
    )


def _count(work: Work, criteria: Criteria) -> int:
    return progress_page(work, replace(progress_filter(criteria), size=1)).total


def _lines(work: Work, criteria: Criteria, full: bool) -> Listed:
    order = replace(progress_filter(criteria), size=_PAGE)
    lines: list[ProgressLine] = []
    while len(lines) <= LONGEST:
        found = progress_page(work, order).lines
        lines += found
        if len(found) < _PAGE:
            break
        order = replace(order, after=found[-1].mark)
    tenants = _tenants(work, lines)
    return Listed(
        tuple(
            (
                line.entrust_no,
                line.filing_no,
                line.contract_no,
                tenants[line.id].tenant.plain if full else line.tenant,
                line.enterprise,
                line.project,
                line.monthly_rent,
                line.draw,
                line.state,
                line.bills,
                line.paid,
                line.unpaid,
                line.waiting,
                line.paid_sum,
                "、".join(line.abnormal),
                line.received_at,
            )
            for line in lines
        ),
        frozenset(index for row in tenants.values() if (index := row.tenant_id_no_index)),
    )


def _tenants(work: Work, lines: list[ProgressLine]) -> dict[object, Entrustment]:
    found: dict[object, Entrustment] = {}
    for start in range(0, len(lines), 500):
        ids = [line.id for line in lines[start : start + 500]]
        rows = work.session.exec(work.visible(Entrustment).where(col(Entrustment.id).in_(ids))).all()
        found |= {row.id: row for row in rows}
    return found


PROGRESS_LISTING = offer_listing(
    Listing(
        name="direct_pay",
        label="公积金直付进度",
        roles=frozenset(WATCHERS),
        columns=(
            "委托书编号",
            "备案编号",
            "合同编号",
            "承租人",
            "企业",
            "项目",
            "月租金",
            "提取月份",
            "状态",
            "账单数",
            "已支付",
            "未支付",
            "待处理",
            "已付金额",
            "异常",
            "接收时间",
        ),
        count=_count,
        lines=_lines,
        filters=frozenset(
            {"number", "id_no", "tenant", "enterprise", "project", "state", "abnormal", "since", "until"}
        ),
        personal=True,
    )
)
