"""Dated parameters: read on a day, proposed by one, confirmed by another (leasing 4.1, row 5)."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from models.access import AUTHORITY, CITY_AUTHORITY, DISTRICT_AUTHORITY, Role
from models.companies import District
from models.engine import PARAMETER, Parameter, ParameterState
from services.engine.callers import Caller
from services.engine.notices import notify, tell_only
from services.engine.orders import Decide
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.thresholds import DECLARED, Threshold, Thresholds, key_in
from services.engine.words import enough_words
from services.engine.work import Work, visible_rows

STAFF = {Role.CITY_CENTER, Role.CITY_BUREAU}
#: Who proposes and who confirms: the rental centre any value; the market's authority those that districts may set.
PROPOSERS = {Role.CITY_CENTER, Role.CITY_HANDLER, Role.DIST_HANDLER}
CONFIRMERS = STAFF | {Role.CITY_REVIEWER, Role.DIST_REVIEWER}


visible_rows(Parameter)(lambda work, table: sa.true())
tell_only("parameter", frozenset(CONFIRMERS), second=True)
#: The value of a district's row from which on the city's holds there again.
TAKEN_BACK = ""
_READ = "parameters"
_TABLE: sa.Table = Parameter.__table__  # type: ignore[attr-defined]
_CONFIRMED = (
    sa.select(_TABLE.c.key, _TABLE.c.value, _TABLE.c.valid_from, _TABLE.c.valid_to, _TABLE.c.confirmed_at)
    .where(_TABLE.c.state == ParameterState.CONFIRMED)
    .order_by(_TABLE.c.valid_from, _TABLE.c.confirmed_at)
)


def thresholds_on(session: Session, on: date, *, known_at: datetime | None = None) -> Thresholds:
    """Return every confirmed value in force on a day; a later start replaces an earlier one.

    With `known_at`, values confirmed after that moment are left out: a change during the day spares earlier cases. A
    withdrawn district value is none, so the city's applies again.
    """
    if (rows := session.info.get(_READ)) is None:
        # Read once in a transaction: a filing asks for today's and for those of its case.
        rows = session.info[_READ] = session.connection().execute(_CONFIRMED).all()
    values = {
        row.key: row.value
        for row in rows
        if row.valid_from <= on
        and (row.valid_to is None or row.valid_to >= on)
        and (known_at is None or (row.confirmed_at is not None and row.confirmed_at <= known_at))
    }
    return Thresholds(on, {key: value for key, value in values.items() if value != TAKEN_BACK})


@dataclass(frozen=True)
class ProposeParameter:
    """A value for the whole city, or for one `district` where a parameter may differ between them.

    With `take_back` the district's own value ends on that day and it follows the city again; `value` is empty then.
    """

    key: str
    value: str
    valid_from: date
    reason: str
    district: str = ""
    take_back: bool = False


@action("parameters.propose", "提出参数修改", roles=PROPOSERS, event="CFG.CHANGE")
def propose_parameter(work: Work, order: ProposeParameter) -> UUID:
    """Propose a new value from a day on; it takes effect when a second person confirms it."""
    threshold = DECLARED.get(order.key)
    if threshold is None:
        raise Rejected("没有这个参数")
    _is_in_hand(work.caller, key_in(order.key, order.district))
    value = order.value.strip()
    if order.take_back:
        _may_be_taken_back(work, order)
    elif not value_fits(threshold, value):
        raise Rejected(why_unfit(threshold))
    if order.district and not threshold.local:
        raise Rejected(f"“{threshold.label}”全市统一，不能按区设定")
    if order.district and order.district not in District.labels():
        raise Rejected("请从列表中选择适用的区")
    if order.valid_from < work.today:
        raise Rejected("生效日期不能早于今天，已受理的办件按受理时的参数办理")
    reason = enough_words(order.reason, "修改理由", least=4)
    key = key_in(order.key, order.district)
    _is_the_only_proposal(work, key, order.valid_from)
    row = Parameter(
        key=key,
        value=TAKEN_BACK if order.take_back else value,
        valid_from=order.valid_from,
        source=threshold.source,
        reason=reason,
        proposed_by=work.caller.account_id,
    )
    work.add(row)
    work.trail.tell("CFG.CHANGE", "parameters.propose", about=row, detail={"key": row.key, "value": row.value})
    _tell_colleagues(work, row, threshold.label)
    return row.id


def _tell_colleagues(work: Work, row: Parameter, label: str) -> None:
    """Tell those of the proposer's office who may confirm that a change waits."""
    area = District.labels().get(row.key.partition("@")[2], "全市")
    words = f"“{label}”（{area}）自{row.valid_from}起{_change(row)}，理由：{row.reason}。请核对后同意或不同意。"
    notify(work, "参数修改待复核", words, about=row, to_unit=work.caller.unit_id)


def _change(row: Parameter) -> str:
    return "恢复按全市" if row.value == TAKEN_BACK else f"改为“{row.value}”"


def _is_the_only_proposal(work: Work, key: str, valid_from: date) -> None:
    """Refuse a second proposal for a parameter and day while the first waits: which one holds would be left to chance."""
    first = work.first(
        Parameter, Parameter.key == key, Parameter.valid_from == valid_from, Parameter.state == ParameterState.PROPOSED
    )
    if first is not None:
        raise Conflict(f"同一生效日期已有一项修改待复核（{_change(first)}，理由：{first.reason}），请先复核该项")


def _may_be_taken_back(work: Work, order: ProposeParameter) -> None:
    if not order.district:
        raise Rejected("请选择要恢复按全市执行的区")
    if order.value.strip():
        raise Rejected("恢复按全市执行的，不填新值")
    if key_in(order.key, order.district) not in thresholds_on(work.session, order.valid_from).values:
        raise Rejected("该区没有单独设定的值，已按全市执行")


@action(
    "parameters.confirm",
    "复核参数修改",
    roles=CONFIRMERS,
    step=Step(PARAMETER, "confirm"),
    event="CFG.CHANGE",
)
def confirm_parameter(work: Work, order: Decide) -> None:
    """Confirm a proposed value; the proposer may not confirm it."""
    row = work.get(Parameter, order.id)
    if row.state is not ParameterState.PROPOSED:
        raise Conflict("该修改已经复核过了")
    if row.proposed_by == work.caller.account_id:
        raise NotAllowed("提出人不能复核自己的修改，请由另一位同事复核")
    _is_in_hand(work.caller, row.key)
    take_step(work, row, PARAMETER, "confirm" if order.agree else "reject", log=False)
    row.confirmed_by, row.confirmed_at = work.caller.account_id, work.now
    if row.valid_from < work.today:
        row.valid_from = work.today
    work.add(row)
    work.trail.tell(
        "CFG.CHANGE", "parameters.confirm", about=row, detail={"agree": order.agree, "key": row.key, "value": row.value}
    )


def sets_all(caller: Caller) -> bool:
    """Return whether a caller sets every parameter, and not only those of the market that districts may set."""
    return not caller.has(*AUTHORITY) or caller.has(*STAFF)


def own_districts(caller: Caller) -> frozenset[str]:
    """Return the districts whose values alone a caller sets; none for callers of the city."""
    if caller.has(*STAFF, *CITY_AUTHORITY):
        return frozenset()
    return frozenset(scope.code for scope in caller.scope_of(*DISTRICT_AUTHORITY))


def sets(caller: Caller, key: str) -> bool:
    """Return whether a caller proposes or confirms a value under a key, which names its district after an @."""
    name, _, district = key.partition("@")
    own = own_districts(caller)
    local = name in DECLARED and DECLARED[name].local
    return (local or sets_all(caller)) and (not own or district in own)


def _is_in_hand(caller: Caller, key: str) -> None:
    """Refuse to a market authority what is not its own: other parameters, and values of another district or the city."""
    if not sets(caller, key):
        own = own_districts(caller)
        raise NotAllowed("区级只能设定本区的值，请选择本区" if own else "该参数由市租赁管理事务中心设定")


_LONGEST = 200
_WHOLE = re.compile("[0-9]{1,9}")
_DECIMAL = re.compile(r"[0-9]{1,18}(\.[0-9]{1,6})?")
_SHAPES = {
    "integer": "整数",
    "decimal": "小数",
    "flag": "true 或 false",
    "words": "以顿号分隔的字样",
    "day": "日期（如2027-06-30）",
}


def why_unfit(threshold: Threshold) -> str:
    """Return the sentence that refuses a value: the shape and the span it should have."""
    span = f"，可填范围{threshold.span}" if threshold.numeric else ""
    return f"“{threshold.label}”的值不正确，请按{_SHAPES[threshold.kind]}填写{span}"


def value_fits(threshold: Threshold, value: str) -> bool:
    """Return whether a value has the parameter's shape and lies within its span."""
    if threshold.kind == "flag":
        return value in {"true", "false"}
    if threshold.kind == "words":
        words = value.split("、")
        return len(value) <= _LONGEST and all(word.strip() == word and word for word in words)
    if threshold.kind == "day":
        return _is_day(value)
    # As rules read it: a whole number written 5.0 or 1e2 is none to them, and every rule that asks for it would break.
    if not (_WHOLE if threshold.kind == "integer" else _DECIMAL).fullmatch(value):
        return False
    return threshold.least <= Decimal(value) <= threshold.most


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
