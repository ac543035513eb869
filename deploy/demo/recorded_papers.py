"""Papers of the demo's projects as the simulated registers answer them: those in force of each project (rows 63-73).

The simulators forget their records at every stop and receive them again at every start.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

import httpx

from integrations.one_map.contract import FORMS, TYPES
from integrations.property_register.certificate_desk import CERTIFICATE_CHANGE_PATH
from integrations.property_register.project_certificate import Bdcqz
from models.codes import Code
from models.construction import UnitEngineering
from models.planning import EngineeringPlanningPermit
from models.projects import Project
from models.records import InForceState
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.kinds import KINDS
from services.engine.proposals import raw_row
from services.engine.work import Work

CERTIFICATE = "realty_certificate"
#: A list names here what its lines name by an id of ours.
_NAMED = {
    ("construction_permit", "plannings"): ("planning_permit_id", EngineeringPlanningPermit, "permit_no"),
    ("completion_filing", "works"): ("unit_engineering_id", UnitEngineering, "unit_no"),
}


def tell_registers(door: Door, urls: Mapping[str, str]) -> int:
    """Tell the sharing platform and the property register the papers in force; returns how many there are."""
    papers = door.look(SYSTEM, lambda work: [*_permits(work), *_certificates(work)])
    with httpx.Client(timeout=30) as client:
        for system, path, told in papers:
            client.post(f"{urls[system]}{path}", json=told).raise_for_status()
    return len(papers)


def _permits(work: Work) -> Iterator[tuple[str, str, Any]]:
    codes = {row.id: row.project_code for row in work.rows(Project)}
    for name, cert_type in TYPES.items():
        form = FORMS[cert_type]
        for row in _in_force(work, name):
            values = {**_texts(raw_row(row)), "registered_under": codes.get(row.project_id, "")}
            values["permit_no"] = values[form.NUMBER]
            if name == "planning_acceptance":
                permit = work.get(EngineeringPlanningPermit, row.engineering_planning_permit_id)
                values["planning_no"] = permit.permit_no
            cert = form.model_validate_strings(values).model_dump(mode="json", by_alias=True)
            for one in form.LISTS:
                field = form.model_fields[one]
                line, *_ = get_args(field.annotation)
                cert[field.alias or one] = [
                    line.model_validate_strings(texts).model_dump(mode="json", by_alias=True)
                    for texts in _lines(work, name, one, row.id)
                ]
            yield "one_map", "/sim/change", {"certType": cert_type, "cert": cert}


def _certificates(work: Work) -> Iterator[tuple[str, str, Any]]:
    for row in _in_force(work, CERTIFICATE):
        flags = {"mortgaged": str(row.mortgaged).lower(), "sealed": str(row.sealed).lower()}
        told = Bdcqz.model_validate_strings({**_texts(raw_row(row)), **flags}).model_dump(mode="json", by_alias=True)
        number = told.pop("bdcqzh")
        yield "property_register", CERTIFICATE_CHANGE_PATH, {"bdcqzh": number, "set": told}


def _in_force(work: Work, name: str) -> Sequence[Any]:
    table: Any = KINDS[name].table
    return work.rows(table, table.in_force == InForceState.EFFECTIVE, by=table.record_no)


def _lines(work: Work, kind: str, name: str, record_id: Any) -> list[dict[str, str]]:
    table: Any = next(child.table for child in KINDS[kind].children if child.name == name)
    rows = work.rows(table, table.record_id == record_id, by=table.place)
    if (kind, name) not in _NAMED:
        # The platform writes words where we have codes.
        return [_texts({**raw_row(row), **_words(row)}) for row in rows]
    of: Any
    column, of, number = _NAMED[kind, name]
    return [{number: getattr(work.get(of, getattr(row, column)), number)} for row in rows]


def _words(row: Any) -> dict[str, str]:
    return {name: value.label for name, value in vars(row).items() if isinstance(value, Code)}


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Return single values as text, as they are on the wire."""
    return {name: str(value) for name, value in values.items() if not isinstance(value, (list, dict))}
