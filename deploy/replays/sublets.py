"""`main.py replay sublets DIR --houses H.csv`: registrations, filings and head leases of personal sublets in their order."""

import argparse
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from deploy.replays.filings import FiledLease, end_lease, file_lease
from deploy.replays.ground import Ground
from models.house import House, HouseRestriction, RestrictionKind
from models.sealed import Sealed
from models.sublets import SubletAct, SubletAlertDistrict, SubletAlertState, SubletAlertStep, SubletPerson, SubletUnit
from services.engine.callers import SYSTEM
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.sublets.alerts import alert_of
from services.sublets.filings import count_parties, recount_all
from services.sublets.sublet_count import WATCH, count_of, documents_of, person_by_number
from services.sublets.units import (
    JoinDocuments,
    NoteFirm,
    RegisterUnit,
    Sublessor,
    end_unit,
    join_documents,
    note_firm,
    register_unit,
)

HELP = "个人转租：逐条登记、备案、结束，给出每条之后该人员的套（间）数和预警"
_ACTIONS = {SubletAct.OPENED: "OPEN", SubletAct.REOPENED: "REOPEN"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--houses", type=Path, required=True, metavar="H.csv", help="房屋基础库")


def lines(ground: Ground, wanted: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield an object an event: the result, and the person's count and alert after it."""
    events = ground.table("sublets.csv")
    persons = ground.table("sublet_persons.csv")
    barred = ground.table("sublet_barred_houses.csv")
    ground.stand_at(events[0]["time"] if events else "2026-01-01T00:00:00")
    ground.load_houses(wanted.houses)
    ground.act(lambda work: _load(work, persons, barred))
    kinds = {one["id_no"]: one["id_type"] for one in persons}
    names: dict[str, str] = {one["id_no"]: one["name"] for one in persons}
    for event in events:
        ground.stand_at(event["time"])
        names.setdefault(event["person_id"], event["person_name"])
        told = ground.door.look(SYSTEM, partial(_steps, id_no=event["person_id"]))
        result, codes = "OK", []
        try:
            codes = _play(ground, event, kinds, names)
            result = "INTERCEPTED" if codes else "OK"
        except Refusal as refusal:
            result, codes = "REFUSED", sorted({one.code for one in refusal.findings} or {"REFUSED"})
        after = ground.door.look(SYSTEM, partial(_after, id_no=event["person_id"], told=told))
        yield {"seq": int(event["seq"]), "result": result, "codes": codes, **after}


def _load(work: Work, persons: list[dict[str, str]], barred: list[dict[str, str]]) -> None:
    for one in persons:
        work.add(
            SubletPerson(
                name=Sealed.of(one["name"]),
                id_type=one["id_type"],
                id_no=Sealed.of(one["id_no"]),
                district_code=one["main_district"],
            )
        )
    for one in barred:
        house = work.session.exec(select(House).where(House.house_code == one["house_id"])).one()
        work.add(HouseRestriction(house_id=house.id, kind=RestrictionKind.POLICY, source=one["kind"]))


def _play(ground: Ground, event: dict[str, str], kinds: dict[str, str], names: dict[str, str]) -> list[str]:
    """Do what an event says; the codes of what was let through with a reservation."""
    door, person_id = ground.door, event["person_id"]
    match event["event"]:
        case "REGISTER":
            registered = door.perform(
                register_unit,
                SYSTEM,
                RegisterUnit(
                    Sublessor(names[person_id], person_id, kinds.get(person_id, "11")),
                    event["house_id"],
                    date.fromisoformat(event["head_from"]),
                    date.fromisoformat(event["head_to"]),
                    "" if event["part"] == "WHOLE" else event["part"],
                    # The record keeps that the paper was handed in, not the paper.
                    "纸质件" if event["consent"] == "是" else "",
                ),
            )
            return ["U04"] if registered.intercepted else []
        case "END":
            for unit_id in door.look(SYSTEM, lambda work: _units(work, event)):
                door.perform(end_unit, SYSTEM, unit_id)
        case "FILING":
            ground.act(lambda work: _file(work, event, kinds, names))
        case "FILING_END":
            ground.act(lambda work: count_parties(work, end_lease(work, event["filing_ref"])))
        case "LINK":
            door.perform(
                join_documents, SYSTEM, JoinDocuments(_person(ground, person_id), event["other_id"], "同一人的证件")
            )
        case "FIRM":
            door.perform(note_firm, SYSTEM, NoteFirm(_person(ground, person_id), event["other_id"]))
        case "CHECK":
            recount_all(door)
    return []


def _file(work: Work, event: dict[str, str], kinds: dict[str, str], names: dict[str, str]) -> None:
    filing = file_lease(
        work,
        FiledLease(
            event["filing_ref"],
            event["house_id"],
            "*" if event["part"] == "WHOLE" else event["part"].replace("+", ","),
            event["deal"],
            ((names.get(event["lessor_id"], "某甲"), kinds.get(event["lessor_id"], "11"), event["lessor_id"]),),
            ((names.get(event["lessee_id"], "某乙"), kinds.get(event["lessee_id"], "11"), event["lessee_id"]),),
            date.fromisoformat(event["date_from"]),
            date.fromisoformat(event["date_to"]),
        ),
    )
    count_parties(work, filing)


def _person(ground: Ground, id_no: str) -> Any:
    return ground.door.look(SYSTEM, lambda work: _known(work, id_no).id)


def _known(work: Work, id_no: str) -> SubletPerson:
    person = person_by_number(work, id_no)
    assert person is not None, id_no
    return person


def _units(work: Work, event: dict[str, str]) -> list[Any]:
    documents = [one.id for one in documents_of(work, _known(work, event["person_id"]))]
    parts = ["*"] if event["part"] == "WHOLE" else event["part"].split("+")
    units = (
        work.visible(SubletUnit)
        .join(House, col(House.id) == SubletUnit.house_id)
        .where(
            House.house_code == event["house_id"],
            col(SubletUnit.person_id).in_(documents),
            SubletUnit.ended_on.is_(None),  # type: ignore[union-attr]
        )
    )
    found = work.session.exec(units).all()
    return [unit.id for unit in found if unit.part in parts or parts == ["*"]]


def _steps(work: Work, id_no: str) -> set[Any]:
    person = person_by_number(work, id_no)
    alert = None if person is None else alert_of(work, documents_of(work, person)[0])
    if alert is None:
        return set()
    return set(work.session.exec(select(SubletAlertStep.id).where(SubletAlertStep.alert_id == alert.id)).all())


def _after(work: Work, id_no: str, told: set[Any]) -> dict[str, Any]:
    """Return the count and the alert after an event, and what the event did to the alert."""
    after: dict[str, Any] = {
        "count": 0,
        "watch": False,
        "alert": "NONE",
        "action": "",
        "districts": [],
        "streets": [],
    }
    person = person_by_number(work, id_no)
    if person is None:
        return after
    main = documents_of(work, person)[0]
    count, threshold = count_of(work, main), work.thresholds
    after["count"] = count.units
    after["watch"] = threshold.integer(WATCH) <= count.units <= threshold.integer("sublet.threshold_units")
    alert = alert_of(work, main)
    if alert is None:
        return after
    after["alert"] = "CLOSED" if alert.state is SubletAlertState.CLOSED else "OPEN"
    steps = work.session.exec(
        select(SubletAlertStep).where(SubletAlertStep.alert_id == alert.id).order_by(col(SubletAlertStep.id))
    ).all()
    for step in steps:
        if step.id not in told and step.act in (*_ACTIONS, SubletAct.CLOSED):
            closed = f"CLOSE {alert.closing.label}" if alert.closing else "CLOSE"
            after["action"] = _ACTIONS.get(step.act, closed)
    if after["action"] in _ACTIONS.values():
        districts = select(SubletAlertDistrict.district_code).where(SubletAlertDistrict.alert_id == alert.id)
        after["districts"] = sorted(work.session.exec(districts).all())
        after["streets"] = count.streets()
    return after
