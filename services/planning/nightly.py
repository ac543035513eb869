"""The night's look at certificates and planning permits: mortgage and seal (PLN-14), the property area (PLN-11)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col

from models.access import Role
from models.alerts import AlertGrade
from models.planning import Community, EngineeringPlanningPermit, RealtyCertificate
from services.alerts.alert_states import sweep
from services.alerts.signs import Line, Sign, Subject
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job, one_by_one
from services.engine.kinds import Owner
from services.engine.registry import action
from services.engine.work import Work
from services.planning.realty_certificate import REGISTER
from services.ports.answers import Answer
from services.ports.permits import RealtyPaper


@dataclass(frozen=True)
class Refresh:
    """A certificate to be compared with the register."""

    certificate_id: UUID
    cert_no: str


def certificates_in_force(work: Work) -> Iterable[Refresh]:
    rows = work.in_force(RealtyCertificate, by=RealtyCertificate.id)
    return [Refresh(row.id, row.cert_no) for row in rows]


def _ask(gathering: Gathering, order: Refresh) -> Answer[RealtyPaper]:
    return REGISTER.permit_of(gathering, order.cert_no)


@action("planning.refresh", "核对不动产登记状态", roles={Role.SYSTEM}, gather=_ask, event="DATA.UPDATE")
def refresh_certificate(work: Work, order: Refresh, answer: Answer[RealtyPaper]) -> bool:
    """Keep what the register says now of mortgage, seal and the number that replaced it; silence changes nothing."""
    row = work.first(RealtyCertificate, RealtyCertificate.id == order.certificate_id)
    said = answer.value
    if row is None or said is None:
        return False
    row.mortgaged, row.sealed, row.checked_at = said.mortgaged, said.sealed, work.now
    row.replaced_by_no = said.replaced_by or row.replaced_by_no
    work.add(row)
    work.trail.tell("DATA.UPDATE", "planning.refresh", about=row, detail={"seal": said.sealed, "mort": said.mortgaged})
    return True


@action("planning.watch", "监测抵押查封与物业管理区域", roles={Role.SYSTEM}, event="")
def watch_planning(work: Work, order: None) -> int:
    """Raise and settle the alerts about certificates that are mortgaged or sealed, and permits without a property area."""
    found = sweep(work, "PLN-14", _encumbered(work), "抵押、查封已解除")
    return found + sweep(work, "PLN-11", _without_area(work), "物业管理区域已核定")


def _encumbered(work: Work) -> Iterator[tuple[Subject, Sign]]:
    rows = work.in_force(RealtyCertificate, by=RealtyCertificate.id)
    for row in rows:
        for there, word, grade in ((row.sealed, "查封", AlertGrade.RED), (row.mortgaged, "抵押", AlertGrade.BLUE)):
            if there:
                told = f"不动产登记显示不动产权证{row.cert_no}已{word}。"
                sign = Sign(grade, f"项目土地已{word}", told, (Line("证号", row.cert_no, word),), key=word)
                yield Subject(str(row.__tablename__), row.id, Owner.of(row), row.cert_no), sign


def _without_area(work: Work) -> Iterator[tuple[Subject, Sign]]:
    estates = work.in_force(Community, col(Community.property_area_code).is_not(None))
    settled = {one.project_id for one in estates}
    permits = work.in_force(EngineeringPlanningPermit, by=EngineeringPlanningPermit.id)
    for permit in permits:
        if permit.project_id not in settled:
            told = f"工程规划许可证{permit.permit_no}已发证，项目尚未核定物业管理区域。"
            sign = Sign(AlertGrade.BLUE, "物业管理区域未核定", told, (Line("物业管理区域", "应核定", "未核定"),))
            yield Subject(str(permit.__tablename__), permit.id, Owner.of(permit), permit.permit_no), sign


refresh_certificates = one_by_one(
    "planning.refresh", "核对不动产登记状态", refresh_certificate, certificates_in_force, at="02:05"
)


@job("planning.watch", "监测抵押查封与物业管理区域", at="02:20")
def planning_watch(door: Door) -> int:
    return door.perform(watch_planning, SYSTEM, None)
