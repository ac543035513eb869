"""打印预警告知单: a visible alert as of now, for its recipient (market 6.3)."""

from uuid import UUID

from sqlmodel import select

from models.access import MARKET, OrgUnit, UnitKind
from models.alerts import Alert
from printing.alert_notice import AlertNotice, render
from printing.page import Issue
from printing.spelling import drawn
from services.alerts.alert_states import CITY_CODE
from services.alerts.listings import whole_alert
from services.engine.callers import Caller
from services.engine.clock import SHANGHAI, shanghai_text
from services.engine.copied import taken
from services.engine.door import Door
from services.engine.registry import query
from services.engine.work import Work


@query("alerts.print", "打印预警告知单", roles=set(MARKET), personal=True)
def printed_alert(work: Work, alert_id: UUID) -> AlertNotice:
    """Return the page data of an alert; the print is logged."""
    alert = work.get(Alert, alert_id)
    work.trail.tell("FILE.DOWNLOAD", "alerts.print", about=alert)
    line = whole_alert(work, alert)
    return AlertNotice(
        **taken(line, "told", "title", "detail", "basis", "threshold", "todo", "data_time"),
        issue=Issue(
            number=alert.alert_no,
            unit=_office(work, alert),
            issued_on=alert.first_seen.astimezone(SHANGHAI).date(),
            made=f"打印：{work.caller.unit_name} {work.caller.name} {shanghai_text(work.now)[:16]}",
        ),
        subject=line.subject_label,
        rule=f"{line.rule_code} {line.rule}",
        grade=line.grade.label,
        state=line.state.label,
        first_seen=shanghai_text(line.first_seen)[:16],
        last_seen=shanghai_text(line.last_seen)[:16],
        hits=f"{line.hits}次",
        acknowledge_by=line.acknowledge_by.isoformat(),
        due_on=line.due_on.isoformat(),
        compared=tuple((label, old or "—", new or "—") for label, old, new in line.compared),
        steps=tuple(
            (
                shanghai_text(step.at)[:16],
                step.act.label,
                step.grade.label,
                " ".join(part for part in (step.unit, step.by) if part),
                "\n".join(part for part in (step.text, *(f"附件：{name}" for name in step.files.values())) if part)
                or "—",
            )
            for step in line.steps
        ),
    )


def alert_pdf(door: Door, caller: Caller, alert_id: UUID) -> bytes:
    """The notice as PDF, drawn with no transaction open."""
    return drawn(render, door.ask(printed_alert, caller, alert_id))


def _office(work: Work, alert: Alert) -> str:
    """Return the issuing office: the district's, or the city's where no district is responsible."""
    kind = UnitKind.DISTRICT_BUREAU if alert.district_code else UnitKind.CITY_BUREAU
    district = alert.district_code or CITY_CODE
    named = select(OrgUnit.name).where(OrgUnit.kind == kind, OrgUnit.district_code == district).order_by(OrgUnit.name)
    return work.session.exec(named).first() or "上海市房屋管理局"
