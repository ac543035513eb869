"""办件列表: applications of the case library by state, district, day, age and clock; groups and the library's messages (rows 1, 2).

`CASES` is the staff's list; `GROUPS` those merged or contradicting each other; `MESSAGES` what came, for who watches the exchange.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from models.access import OrgUnit
from models.cancellation import CancelApply
from models.codes import Toned
from models.house import House
from models.one_stop import StopCase, StopGroup, StopMessage
from models.one_stop_codes import (
    INTAKE,
    UNDECIDED,
    GroupState,
    MessageOutcome,
    StopKind,
    StopState,
)
from models.places_data import districts_by_code
from models.tenancy_codes import CancelState, Channel, Situation
from models.working_days import calendar
from services.access.visibility import CITY, STAFF
from services.engine.clock import shanghai_day
from services.engine.findings import rule_names
from services.engine.listings import Column, Filter, Listing, choice, days, exact, listed, named, numbers, sealed
from services.engine.look_ups import rows_by, values_by
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.one_stop.items import item_on
from services.one_stop.lease_groups import LABELS
from services.tenancy.paper_words import part_name

#: No more cases are counted; a city keeps a million that ended.
COUNTED = 10_000
_OPEN = (*INTAKE, *UNDECIDED, StopState.INTERCEPTED)
#: Said by the column that an index of open cases is made of.
_NOT_ENDED = col(StopCase.ended_at).is_(None)
_STATES = {
    "": ("未办结", _NOT_ENDED),
    **{
        state.value: (
            state.label,
            _NOT_ENDED & (StopCase.state == state) if state in _OPEN else StopCase.state == state,
        )
        for state in StopState
    },
    "ALL": ("全部", col(StopCase.content_version) >= 0),
}
_GROUPED = {
    "": ("全部", col(StopCase.content_version) >= 0),
    "MERGED": ("已合并", col(StopCase.group_id).is_not(None)),
    "CONFLICT": ("内容不一致", col(StopCase.suggestion_id).is_not(None)),
    "NOTICE": ("注销告知期", col(StopCase.cancel_id).is_not(None) & (StopCase.state == StopState.ACCEPTED)),
}


def fields_text(conflict_fields: str) -> str:
    """The fields that differ, in words."""
    return "、".join(LABELS.get(name, name) for name in conflict_fields.split(",") if name)


def clock_of(work: Work, case: StopCase) -> str:
    """Return what a case waits for, and until when; red once its time is over."""
    if case.state is StopState.CORRECTION and case.correct_by is not None:
        return f"补正至 {case.correct_by}"
    if case.state in (*UNDECIDED, StopState.INTERCEPTED, StopState.RECEIVED):
        since = case.accepted_on or shanghai_day(case.received_at)
        limit = item_on(work, case.item_code, case.opened_on).limit_days
        due = calendar().add_working_days(since, limit)
        return Toned(f"超期（{due}）", "bad") if work.today > due else f"{due} 前"
    return ""


def _case_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    addresses = values_by(work, House.id, House.address, (row.house_id for row in rows))
    units = values_by(work, OrgUnit.id, OrgUnit.name, (row.unit_id for row in rows))
    groups = values_by(work, StopGroup.id, StopGroup.group_no, (row.group_id for row in rows))
    applies = rows_by(work, CancelApply, (row.cancel_id for row in rows))
    return {
        "address": lambda row: addresses.get(row.house_id, ""),
        "unit": lambda row: units.get(row.unit_id, ""),
        "group": lambda row: groups.get(row.group_id, ""),
        "conflict": lambda row: Toned("不一致", "warn") if row.suggestion_id else "",
        "clock": lambda row: _notice(work, row, applies.get(row.cancel_id)) or clock_of(work, row),
        "cancelling": lambda row: applies[row.cancel_id].state if row.cancel_id in applies else "",
        "age": lambda row: (work.today - shanghai_day(row.received_at)).days,
        "part": lambda row: part_name(row.part_keys) if row.part_keys else "",
    }


def _notice(work: Work, row: Any, apply: CancelApply | None) -> str:
    """Return until when the other side may object to a cancellation; empty where nothing is waited for."""
    if apply is None or apply.state is not CancelState.NOTICE or row.state not in _OPEN:
        return ""
    until = apply.objection_until
    if until is None:
        return Toned("待区中心核实", "warn")
    return Toned(f"待审定（{until}）", "warn") if work.today > until else f"异议至 {until}"


def _accepted_in(work: Work, text: str) -> Any:
    return col(StopCase.accept_district) == text


def _lies_in(work: Work, text: str) -> Any:
    return col(StopCase.district_code) == text


def _in_group(work: Work, text: str) -> Any:
    """Match the cases of a group, merged or contradicting each other."""
    groups = select(StopGroup.id).where(StopGroup.group_no == search_word(text))
    return col(StopCase.group_id).in_(groups) | col(StopCase.suggestion_id).in_(groups)


CASES = listed(
    Listing(
        name="stop_cases",
        label="一网通办办件",
        roles=STAFF,
        table=StopCase,
        columns=(
            Column("case_no", "办件编号", sortable=True, width=180),
            Column("situation", "情形", width=80),
            Column("state", "状态", width=80),
            Column("applicant", "申请人", width=76),
            Column("role", "身份", width=64),
            Column("address", "房屋坐落"),
            Column("part", "部位", width=64),
            Column("codes", "未通过规则", lambda row: rule_names(row.codes.split()), width=90),
            Column("conflict", "提示", width=66),
            Column("cancelling", "注销", width=84),
            Column("age", "已收天数", number=True, width=70),
            Column("clock", "时限", width=110),
            Column("received_at", "收件时间", sortable=True, width=126),
            Column("group", "合并组", width=180, shown=False),
            Column("applicant_no", "证件号码", width=160, shown=False),
            Column("unit", "受理单位", shown=False),
            Column(
                "district",
                "房屋所在区",
                lambda row: districts_by_code().get(row.district_code, ""),
                width=90,
                shown=False,
            ),
            Column("channel", "渠道", width=84, shown=False),
            Column("item_code", "事项编码", width=120, shown=False),
            Column("accepted_at", "受理时间", sortable=True, width=126, shown=False),
            Column("decided_at", "办结时间", sortable=True, width=126, shown=False),
        ),
        filters=(
            named("state", "状态", _STATES),
            named("grouped", "合并", _GROUPED),
            exact("number", "办件编号", StopCase.case_no, width=180, finds=numbers("YWTB", "SF")),
            sealed("id_no", "申请人证件号码", StopCase.applicant_no_index, "id_no"),
            choice("situation", "情形", StopCase.situation, Situation),
            choice("channel", "渠道", StopCase.channel, Channel),
            Filter("accepted", "受理区", _accepted_in, options=districts_by_code(), width=110),
            Filter("district", "房屋所在区", _lies_in, options=districts_by_code(), width=110),
            *days(StopCase.received_at, "收件日期"),
            Filter("group", "组编号", _in_group, hidden=True),
        ),
        sort="-received_at",
        look_up=_case_cells,
        counts="state",
        # Those that ended grow without end; they are found by the filter and counted up to a limit.
        counting=("", *(state.value for state in _OPEN)),
        counted_to=COUNTED,
        found_with={"state": "ALL"},
        persons=lambda work, rows: frozenset(row.applicant_no_index for row in rows if row.applicant_no_index),
        empty="没有符合条件的办件",
    )
)

GROUPS = listed(
    Listing(
        name="stop_groups",
        label="合并与提示组",
        roles=STAFF,
        table=StopGroup,
        columns=(
            Column("group_no", "组编号", sortable=True, width=190),
            Column("situation", "情形", width=90),
            Column("suggested", "类别", lambda row: "内容不一致" if row.suggested else "合并办理", width=96),
            Column("by_hand", "方式", lambda row: "人工" if row.by_hand else "系统", width=60),
            Column("conflict_fields", "不一致的内容", lambda row: fields_text(row.conflict_fields)),
            Column("reason", "理由"),
            Column("state", "状态", width=80),
            Column("created_at", "建立时间", sortable=True, width=126),
            Column("decided_at", "决定时间", sortable=True, width=126),
        ),
        filters=(
            choice("state", "状态", StopGroup.state, GroupState),
            exact("number", "组编号", StopGroup.group_no, width=190, finds=numbers("HZ")),
            choice("situation", "情形", StopGroup.situation, Situation),
        ),
        sort="-created_at",
        empty="没有符合条件的组",
    )
)

MESSAGES = listed(
    Listing(
        name="stop_messages",
        label="办件库报文",
        roles=CITY,
        table=StopMessage,
        columns=(
            Column("received_at", "接收时间", sortable=True, width=140),
            Column("case_no", "办件编号", width=180),
            Column("kind", "报文种类", width=90),
            Column("message_version", "版本", number=True, width=56),
            Column("outcome", "处理结果", width=90),
            Column("note", "说明"),
            Column("deliveries", "送达次数", number=True, width=80),
            Column("event_time", "发生时间", sortable=True, width=140),
            Column("msg_id", "报文编号", width=120, shown=False),
            Column("feed_no", "库内序号", number=True, width=80, shown=False),
        ),
        filters=(
            choice("outcome", "处理结果", StopMessage.outcome, MessageOutcome),
            choice("kind", "报文种类", StopMessage.kind, StopKind),
            exact("number", "办件编号", StopMessage.case_no, width=180),
        ),
        sort="-received_at",
        empty="没有符合条件的报文",
    )
)
