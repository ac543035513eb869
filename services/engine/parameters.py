"""Dated parameters: read on a day, proposed by one, confirmed by another (leasing 4.1, row 5)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlmodel import Session, col, or_, select

from models.access import Role
from models.engine import Parameter, ParameterState
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import action, query
from services.engine.thresholds import DECLARED, Threshold, Thresholds
from services.engine.work import Work, visible_rows

STAFF = {Role.CITY_CENTER, Role.CITY_BUREAU}


@visible_rows(Parameter)
def everybody_reads_parameters(work: Work, table: type[Parameter]) -> bool:
    return True


def thresholds_on(session: Session, on: date, *, known_at: datetime | None = None) -> Thresholds:
    """Every confirmed value in force on a day; a later start wins over an earlier one.

    With `known_at`, what was confirmed after that moment is left out: a change of the same day spares earlier cases.
    """
    statement = select(Parameter.key, Parameter.value).where(
        Parameter.state == ParameterState.CONFIRMED,
        Parameter.valid_from <= on,
        or_(col(Parameter.valid_to).is_(None), col(Parameter.valid_to) >= on),
    )
    if known_at is not None:
        statement = statement.where(col(Parameter.confirmed_at) <= known_at)
    rows = session.exec(statement.order_by(col(Parameter.valid_from), col(Parameter.confirmed_at))).all()
    return Thresholds(on, dict(rows))


@dataclass(frozen=True)
class ParameterLine:
    """One parameter as the page shows it: what holds today, and the changes ahead and behind."""

    threshold: Threshold
    value: str
    rows: tuple[Parameter, ...]


@query("parameters.list", "参数一览", roles=STAFF | {Role.DISTRICT_BUREAU, Role.DISTRICT_CLERK, Role.STREET_CLERK})
def parameter_lines(work: Work, order: None) -> list[ParameterLine]:
    rows = work.session.exec(work.visible(Parameter).order_by(col(Parameter.valid_from).desc())).all()
    by_key: dict[str, list[Parameter]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    return [
        ParameterLine(threshold, work.thresholds.text(key), tuple(by_key.get(key, ())))
        for key, threshold in sorted(DECLARED.items())
    ]


@dataclass(frozen=True)
class ProposeParameter:
    key: str
    value: str
    valid_from: date
    reason: str


@action("parameters.propose", "提出参数修改", roles={Role.CITY_CENTER}, event="CFG.CHANGE")
def propose_parameter(work: Work, order: ProposeParameter) -> UUID:
    """Ask for a new value from a day on; nothing changes until somebody else confirms it."""
    threshold = DECLARED.get(order.key)
    if threshold is None:
        raise Rejected("没有这个参数")
    value = order.value.strip()
    if not value_fits(threshold, value):
        raise Rejected(f"“{threshold.label}”的值不正确，请按{_SHAPES[threshold.kind]}填写")
    if order.valid_from < work.today:
        raise Rejected("生效日期不能早于今天，已受理的办件按受理时的参数办理")
    if len(order.reason.strip()) < 4:
        raise Rejected("请填写修改理由（不少于4个字）")
    row = Parameter(
        key=order.key,
        value=value,
        valid_from=order.valid_from,
        source=threshold.source,
        reason=order.reason.strip(),
        proposed_by=work.caller.account_id,
    )
    work.add(row)
    work.trail.tell("CFG.CHANGE", "parameters.propose", about=row, detail={"key": row.key, "value": row.value})
    return row.id


@dataclass(frozen=True)
class ConfirmParameter:
    id: UUID
    agree: bool


@action("parameters.confirm", "复核参数修改", roles={Role.CITY_CENTER, Role.CITY_BUREAU}, event="CFG.CHANGE")
def confirm_parameter(work: Work, order: ConfirmParameter) -> None:
    """The second person's word; nobody confirms what he proposed."""
    row = work.get(Parameter, order.id)
    if row.state is not ParameterState.PROPOSED:
        raise Conflict("该修改已经复核过了")
    if row.proposed_by == work.caller.account_id:
        raise NotAllowed("提出人不能复核自己的修改，请由另一位同事复核")
    row.state = ParameterState.CONFIRMED if order.agree else ParameterState.REJECTED
    row.confirmed_by, row.confirmed_at = work.caller.account_id, work.now
    if row.valid_from < work.today:
        row.valid_from = work.today
    work.add(row)
    work.trail.tell(
        "CFG.CHANGE", "parameters.confirm", about=row, detail={"agree": order.agree, "key": row.key, "value": row.value}
    )


_SHAPES = {"integer": "整数", "decimal": "小数", "flag": "true 或 false"}


def value_fits(threshold: Threshold, value: str) -> bool:
    """Whether a value has the parameter's shape and is not negative or absurd."""
    if threshold.kind == "flag":
        return value in {"true", "false"}
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    if not number.is_finite() or not 0 <= number <= 100_000:
        return False
    return threshold.kind == "decimal" or number == number.to_integral_value()
