"""The walk's part for alerts: city, district, and of a company what it is told of its own (row 54)."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from models.access import DISTRICT_AUTHORITY, HEAD_OFFICE, PROJECT_OFFICE
from models.alerts import Alert, AlertAct, AlertAction, AlertGrade
from models.sealed import Sealed
from services.alerts.life import AlertFile, Explain, KeepAlertFile
from services.engine.orders import OneRow, Reasoned
from services.engine.work import Work
from tests.walks.kinds import HEADS, PROJECTS, by_keys

_AT = datetime(2027, 2, 1, tzinfo=UTC)
_WHY = "核查情况已经清楚"
_DISTRICTS = ("310115", "310104")


def _alert(city: Any, caller: Any, row: Any) -> bool:
    if caller.has(*DISTRICT_AUTHORITY):
        return by_keys(caller, row) or (row.district_code == "" and "D" in row.told)
    if not caller.has(*HEAD_OFFICE, *PROJECT_OFFICE):
        return by_keys(caller, row)
    firm = caller.enterprise_id
    head = caller.has(*HEAD_OFFICE) and row.head_company_id == firm and "H" in row.told
    project = caller.has(*PROJECT_OFFICE) and row.project_company_id == firm and "P" in row.told
    return firm is not None and (head or project)


def _act(city: Any, caller: Any, row: Any) -> bool:
    return any(_alert(city, caller, alert) for alert in city.where(Alert, "id", row.alert_id))


ORACLE: dict[Any, Any] = {Alert: _alert, AlertAction: _act}

ORDERS: dict[str, Any] = {
    "alerts.acknowledge": (Alert, lambda city, row_id: OneRow(row_id)),
    "alerts.explain": (Alert, lambda city, row_id: Explain(row_id, _WHY)),
    "alerts.close": (Alert, lambda city, row_id: Reasoned(row_id, _WHY)),
    "alerts.keep_file": (Alert, lambda city, row_id: KeepAlertFile(row_id, "a.png", b"")),
    "alerts.file": (Alert, lambda city, row_id: AlertFile(row_id, uuid4())),
    "alerts.market_one": (Alert, lambda city, row_id: row_id),
    "alerts.print": (Alert, lambda city, row_id: row_id),
}
UNFOREIGN: dict[str, str] = {
    "alerts.graded": "answers for those one sees of several",
}


def furnish(city: Any) -> None:
    """Alerts of each side told to all, to some and to nobody of the companies, and some of the whole city."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    for number, told in enumerate(("PHDC", "HD", "DC", "P", "PHDC", "HD", "DC", "P")):
        side = number // 4
        _row(work, number, told, _DISTRICTS[side], HEADS[side], PROJECTS[side])
    for number, told in enumerate(("DC", "CS"), 8):
        _row(work, number, told, "", None, None)


def _row(work: Work, number: int, told: str, district: str, head: Any, project: Any) -> None:
    alert = Alert(
        alert_no=f"YJWALK{number}",
        rule_code="SUB-07",
        subject_type="project_company",
        subject_id=uuid4(),
        subject_label=f"走查{number}",
        grade=AlertGrade.YELLOW,
        title="走查",
        detail=Sealed.of_json("走查"),
        evidence=Sealed.of_json({}),
        told=told,
        first_seen=_AT,
        last_seen=_AT,
        acknowledge_by=date(2027, 2, 8),
        due_on=date(2027, 2, 15),
        district_code=district,
        head_company_id=head,
        project_company_id=project,
    )
    work.add(alert)
    work.add(AlertAction(alert_id=alert.id, act=AlertAct.RAISED, grade=AlertGrade.YELLOW, at=_AT))
