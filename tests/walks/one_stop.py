"""The walk's part for applications of the case library: the accepting office, the house's district, the city."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlmodel import select

from models.access import Role
from models.house import House
from models.one_stop import (
    StopCase,
    StopCorrection,
    StopGroup,
    StopItem,
    StopMatch,
    StopMaterial,
    StopMessage,
    StopStep,
)
from models.one_stop_codes import (
    ApplicantRole,
    MatchVerdict,
    MaterialSource,
    MaterialState,
    MessageOutcome,
    RefusalGround,
    StopAct,
    StopKind,
    StopMaterialKind,
    StopState,
)
from models.sealed import Sealed
from models.tenancy_codes import Channel, Side, Situation
from services.engine.orders import Reasoned
from services.engine.work import Work
from services.one_stop.hand import MergeCases
from services.one_stop.intake_checks import AskCorrection, RefuseCase

_CITY = (Role.CITY_CENTER, Role.CITY_BUREAU, Role.SYSTEM)
_CLERKS = (Role.STREET_CLERK, Role.DISTRICT_CLERK)
_STAFF = (*_CITY, *_CLERKS, Role.DISTRICT_BUREAU)


def _office(city: Any, caller: Any, row: Any) -> bool:
    districts = {scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)}
    own = caller.has(*_CLERKS) and caller.unit_id is not None and row.unit_id == caller.unit_id
    return bool(caller.has(*_CITY)) or own or row.district_code in districts


def _of_case(city: Any, caller: Any, row: Any) -> bool:
    return _office(city, caller, next(iter(city.where(StopCase, "id", row.case_id))))


ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {
    StopCase: _office,
    StopGroup: _office,
    StopMaterial: _of_case,
    StopStep: _of_case,
    StopCorrection: _of_case,
    StopMatch: _of_case,
    StopMessage: lambda city, caller, row: bool(caller.has(*_CITY)),
    StopItem: lambda city, caller, row: bool(caller.has(*_STAFF)),
}

_WORDS = "走查时写明的办理情况和理由"
ORDERS: dict[str, Any] = {
    "one_stop.case": (StopCase, lambda city, row_id: row_id),
    "one_stop.correct": (StopCase, lambda city, row_id: AskCorrection(row_id, (StopMaterialKind.TITLE,), _WORDS)),
    "one_stop.refuse": (StopCase, lambda city, row_id: RefuseCase(row_id, RefusalGround.NOT_OURS, _WORDS)),
    "one_stop.withdraw": (StopCase, lambda city, row_id: Reasoned(row_id, _WORDS)),
    "one_stop.merge": (StopCase, lambda city, row_id: MergeCases(row_id, "YWTB2027", _WORDS)),
    "one_stop.part": (StopCase, lambda city, row_id: Reasoned(row_id, _WORDS)),
}
UNFOREIGN: dict[str, str] = {
    "one_stop.decide": "the system's own",
    "one_stop.check_again": "the system's own",
}


def furnish(city: Any) -> None:
    """A case with everything it may have for each office, and a version of the item."""
    city.counter.world.act(lambda work: _furnish(work, city))


def _furnish(work: Work, city: Any) -> None:
    for number, (login, filed) in enumerate(city.filed.items()):
        house = work.session.exec(select(House).where(House.house_code == filed.flat.code)).one()
        office, numbered = city.callers[login].unit_id, f"YWTB2027{number:04}"
        group = StopGroup(
            group_no=f"HZWALK{number}",
            situation=Situation.NEW,
            unit_id=office,
            district_code=house.district_code,
        )
        work.add(group)
        case = StopCase(
            case_no=numbered,
            item_code="310-ZLBA-0001",
            situation=Situation.NEW,
            channel=Channel.YWTB,
            accept_district=house.district_code,
            unit_id=office,
            district_code=house.district_code,
            last_kind=StopKind.SUBMIT,
            opened_on=date(2027, 2, 26),
            received_at=work.now,
            role=ApplicantRole.LESSEE,
            side=Side.LESSEE,
            applicant=Sealed.of("走查乙"),
            applicant_no=Sealed.of("310104199506150028"),
            house_id=house.id,
            group_id=group.id,
            state=StopState.CORRECTION,
            corrections=1,
            steps=1,
        )
        work.add(case)
        _details(work, case)
        work.add(
            StopMessage(
                msg_id=f"WALK{number}",
                case_no=numbered,
                message_version=1,
                kind=StopKind.SUBMIT,
                event_time=work.now,
                received_at=work.now,
                body=Sealed.of_json({"case_no": numbered}),
                outcome=MessageOutcome.APPLIED,
            )
        )
        work.add(
            StopItem(
                item_code="310-ZLBA-0001",
                version_no=number + 1,
                name="住房租赁合同网签备案",
                valid_from=date(2027, 1, 1),
                materials=[{"kind": "APPLICATION", "situations": ["NEW", "CANCEL"]}],
                limit_days=3,
                questions=[],
            )
        )


def _details(work: Work, case: StopCase) -> None:
    work.add(
        StopMaterial(
            case_id=case.id,
            kind=StopMaterialKind.APPLICATION,
            source=MaterialSource.UPLOAD,
            file_name=Sealed.of("申请书.pdf"),
            size=4096,
            content_version=1,
            state=MaterialState.GOOD,
        )
    )
    work.add(StopStep(case_id=case.id, position=1, at=work.now, act=StopAct.RECEIVE, actor="系统"))
    work.add(
        StopCorrection(
            case_id=case.id,
            position=1,
            at=work.now,
            until=date(2027, 3, 31),
            codes="F08",
            gaps="TITLE",
            findings=Sealed.of_json([["F08", "还需补充以下材料：住房权属证明", "materials", ""]]),
        )
    )
    work.add(
        StopMatch(
            case_id=case.id,
            other_id=case.id,
            at=work.now,
            verdict=MatchVerdict.APART,
            facts=Sealed.of_json({}),
        )
    )
