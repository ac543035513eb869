"""Certificates, works and building tables of an export as records of before (issue 16)."""

from datetime import date
from decimal import Decimal
from typing import Any

from models.building_codes import BuildingUse, CertificateKind, RightType, Structure, TieState, WorkKind
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole
from models.completion import DeliveryItem
from models.construction import UnitPlannedLink
from services.engine.past_records import Past, PastRecords
from services.legacy.market_companies import UNKNOWN, filled, labelled, source_of
from services.legacy.market_export import Export, Line, moment_of

_STRUCTURES = {"框剪": "FRAME_WALL"}


def _builder(export: Export, line: Line) -> dict[str, str]:
    """The project's company as the holder of a certificate."""
    project = export.one("projects", line["project_id"])
    company = export.one("companies", project["project_company_id"]) if project is not None else None
    return {"builder": company["name"], "builder_uscc": company["uscc"]} if company is not None else {}


def _kept(
    export: Export,
    into: PastRecords,
    kind: str,
    name: str,
    line: Line,
    values: dict[str, Any],
    *,
    children: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
    **rest: Any,
) -> None:
    owner = export.owners[line["project_id"]]
    past = Past(
        kind,
        export.id(line["id"]),
        owner,
        moment_of(line["effective_from"]),
        values,
        children or {},
        more or {},
        source=source_of(name, line),
        **rest,
    )
    into.record(past)


def land_permit(export: Export, line: Line, into: PastRecords) -> None:
    builder = _builder(export, line)
    project = export.one("projects", line["project_id"]) or {}
    values = filled(line, "permit_no", "land_user_uscc", "land_area_total", "contract_no", "issued_on") | {
        "project_name": project.get("name") or UNKNOWN,
        "land_user": builder.get("builder") or UNKNOWN,
        "location": project.get("address") or UNKNOWN,
        "land_use": UNKNOWN,
        "land_area_text": f"{line['land_area_total']}平方米",
        "scale_text": UNKNOWN,
        "issuer": UNKNOWN,
    }
    _kept(export, into, "land_planning_permit", "land_permits", line, values)


def realty_certificate(export: Export, line: Line, into: PastRecords) -> None:
    builder = _builder(export, line)
    values = filled(
        line,
        *("cert_no", "realty_unit_code", "right_nature", "parcel_area", "building_area", "use_term_from"),
        *("use_term_to", "registered_on"),
    ) | {
        "kind": CertificateKind.of(line["kind"]).value,
        "right_type": labelled(RightType, line["right_type"], RightType.LAND),
        "holder": builder.get("builder") or UNKNOWN,
        "holder_uscc": builder.get("builder_uscc") or "",
        "location": (export.one("projects", line["project_id"]) or {}).get("address") or UNKNOWN,
    }
    more = {"mortgaged": line["mortgaged"] == "1", "sealed": line["sealed"] == "1"}
    _kept(export, into, "realty_certificate", "realty_certificates", line, values, more=more)


def planning_permit(export: Export, line: Line, into: PastRecords) -> None:
    project = export.one("projects", line["project_id"]) or {}
    values = filled(line, "permit_no", "gfa_total", "gfa_above", "gfa_below", "issued_on", "extended_to")
    values |= _builder(export, line) | {"builder_uscc": line["builder_uscc"]}
    values |= {"project_name": project.get("name") or UNKNOWN, "location": project.get("address") or UNKNOWN}
    values |= {"scale_text": UNKNOWN, "issuer": UNKNOWN}
    rows = export.of("planned_buildings", "planning_permit_id", line["id"])
    buildings = [
        filled(
            row,
            *("building_no", "floors_above", "floors_below", "height_m", "gfa_above", "gfa_below", "gfa_total"),
            *("footprint_area", "sets", "saleable_area", "self_held_area", "affordable_area", "public_facility_area"),
        )
        | {
            "use": labelled(BuildingUse, row["use"], BuildingUse.OTHER),
            "structure": _structure(row["structure"]),
            "is_affordable": row["is_affordable"] == "1",
        }
        for row in rows
    ]
    _kept(
        export,
        into,
        "engineering_planning_permit",
        "planning_permits",
        line,
        values,
        children={"buildings": buildings},
        more={"building_count": len(buildings)},
        line_ids={"buildings": [export.id(row["id"]) for row in rows]},
        version_no=int(line["version_no"] or 1),
        voided_at=moment_of(line["voided_at"]) if line["state"] == "VOIDED" and line["voided_at"] else None,
    )


def _structure(label: str) -> str:
    return _STRUCTURES.get(label) or labelled(Structure, label, Structure.OTHER)


def community(export: Export, line: Line, into: PastRecords) -> None:
    values = filled(
        line,
        *("name", "total_gfa", "residential_gfa", "sets_total", "buildings_total", "parking_ground"),
        *("parking_underground", "pm_office_area", "owners_committee_area"),
    )
    _kept(export, into, "community", "communities", line, values)


def construction_permit(export: Export, line: Line, into: PastRecords) -> None:
    project = export.one("projects", line["project_id"]) or {}
    values = filled(
        line,
        *("permit_no", "contract_amount", "contract_start", "contract_finish", "contractor", "contractor_uscc"),
        *("issued_on", "actual_start_on"),
        works_area="area",
    )
    values |= _builder(export, line) | {
        "project_name": project.get("name") or UNKNOWN,
        "address": project.get("address") or UNKNOWN,
        "supervisor": UNKNOWN,
        "supervisor_uscc": UNKNOWN,
        "issuer": UNKNOWN,
    }
    days = {name: _day(line[name]) for name in ("extended_to", "suspended_from", "resumed_on")}
    named = [one for one in line["planning_permit_ids"].split(";") if export.is_read("planning_permits", one)]
    plannings = [{"planning_permit_id": str(export.id(one))} for one in named]
    events = []
    if line["extended_to"]:
        extended = {"event": "EXTENSION", "on_day": line["issued_on"], "until": line["extended_to"], "reason": UNKNOWN}
        events.append(extended)
    _kept(
        export,
        into,
        "construction_permit",
        "construction_permits",
        line,
        values,
        children={"plannings": plannings, "events": events},
        more={**days, "extension_count": int(line["extension_count"] or 0)},
    )


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def unit_engineering(export: Export, line: Line, into: PastRecords) -> None:
    project_id = export.permit_projects.get(line["construction_permit_id"])
    if not export.is_read("construction_permits", line["construction_permit_id"]):
        return
    values = filled(
        line,
        *("unit_no", "name", "floors_above", "floors_below", "gfa", "planned_start", "planned_topout"),
        *("planned_finish", "actual_start", "actual_topout", "actual_finish"),
    )
    values |= {
        "construction_permit_id": str(export.id(line["construction_permit_id"])),
        "kind": labelled(WorkKind, line["kind"], WorkKind.OTHER),
        "structure_type": _structure(line["structure_type"]),
    }
    permit = export.one("construction_permits", line["construction_permit_id"]) or {}
    own = {**line, "project_id": project_id or ""}
    title = "　".join(one for one in (line["name"], line["unit_no"], permit.get("permit_no")) if one)
    _kept(export, into, "unit_engineering", "unit_engineerings", own, values, title=title)


def planned_tie(export: Export, line: Line, into: PastRecords) -> None:
    """Store a tie of row 69 as the export has it; ties take effect at once."""
    work = export.one("unit_engineerings", line["unit_engineering_id"])
    building = export.one("planned_buildings", line["planned_building_id"])
    if work is None or building is None or not export.is_read("planning_permits", building["planning_permit_id"]):
        return
    owner = export.owners[export.permit_projects[work["construction_permit_id"]]]
    unit, planned = export.id(work["id"]), export.id(building["id"])
    into.row(
        UnitPlannedLink,
        id=export.id(f"{work['id']}:{building['id']}"),
        state=TieState.TIED,
        open_key=f"{unit.hex}:{planned.hex}",
        unit_id=unit,
        planning_permit_id=export.id(building["planning_permit_id"]),
        planned_building_id=planned,
        building_no=building["building_no"],
        ratio=Decimal(line["ratio"] or 1),
        tied_at=moment_of(work["effective_from"]),
        **owner.keys,
    )


def natural_building(export: Export, line: Line, into: PastRecords) -> None:
    texts = filled(line, "natural_building_no", "realty_unit_code", "building_name", "planned_use", "structure")
    into.row(
        NaturalBuilding,
        id=export.id(line["id"]),
        **texts,
        cadastral_code=line["realty_unit_code"][:19] or None,
        floors_above=int(line["floors_above"] or 0),
        floors_below=int(line["floors_below"] or 0),
        sets_total=int(line["sets_total"]) if line["sets_total"] else None,
        forecast_area=number_of(line["forecast_area"]),
        surveyed_area=number_of(line["surveyed_area"]),
        surveyed_on=_day(line["surveyed_on"]),
        survey_recorded_at=moment_of(line["survey_recorded_at"]) if line["survey_recorded_at"] else None,
        **export.owners[line["project_id"]].keys,
    )


def number_of(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


def house_unit(export: Export, line: Line, into: PastRecords) -> None:
    same = export.of("house_units", "natural_building_id", line["natural_building_id"])
    column = _column_of(export, same, line)
    into.row(
        HouseUnit,
        id=export.id(line["id"]),
        natural_building_id=export.id(line["natural_building_id"]),
        house_code=line["id"],
        section_no=line["section_no"],
        nominal_floor=line["nominal_floor"],
        actual_floor_from=int(line["actual_floor_from"]),
        actual_floor_to=int(line["actual_floor_to"]),
        room_no=line["room_no"],
        column_index=column,
        planned_use=line["planned_use"],
        forecast_gross=number_of(line["forecast_gross"]),
        surveyed_gross=number_of(line["surveyed_gross"]),
        sale_role=SaleRole.of(line["sale_role"]),
        filed_unit_price=number_of(line["filed_unit_price"]),
        opening_unit_id=export.id(line["opening_unit_id"]) if line["opening_unit_id"] else None,
    )


def _column_of(export: Export, same: Any, line: Line) -> int:
    """The place of a unit on its storey: by its number where that ends in one, else in the order of the file."""
    tail = line["room_no"][-2:]
    if tail.isdecimal() and not line["room_no"].startswith("B"):
        return int(tail) - 1
    places = export.__dict__.setdefault("_columns", {})
    key = (line["natural_building_id"], line["actual_floor_from"])
    places[key] = places.get(key, -1) + 1
    return int(places[key])


def natural_link(export: Export, line: Line, into: PastRecords) -> None:
    building = export.one("natural_buildings", line["natural_building_id"])
    work = export.one("unit_engineerings", line["unit_engineering_id"])
    if building is None or work is None:
        return
    own = {**line, "id": f"{work['id']}:{building['id']}", "project_id": building["project_id"]}
    values = {
        "unit_engineering_id": str(export.id(work["id"])),
        "natural_building_no": building["natural_building_no"],
        "linked_on": line["linked_on"],
    }
    more = {"natural_building_id": export.id(building["id"]), "building_name": building["building_name"]}
    _kept(export, into, "unit_natural_link", "unit_natural_links", own, values, more=more)


def completion_filing(export: Export, line: Line, into: PastRecords) -> None:
    values: dict[str, Any] = filled(line, "filing_no", "accepted_on", "filed_on", filed_area="area") | _builder(
        export, line
    )
    values["household_acceptance_done"] = line["household_acceptance_done"] == "1"
    works = [{"unit_engineering_id": str(one)} for one in export.ids(line["unit_engineering_ids"])]
    _kept(export, into, "completion_filing", "completions", line, values, children={"works": works})


def planning_acceptance(export: Export, line: Line, into: PastRecords) -> None:
    permit = line["planning_permit_ids"].split(";")[0]
    values = filled(line, "issued_on", acceptance_no="cert_no", measured_gfa_total="measured_gfa_total")
    values |= _builder(export, line) | {"engineering_planning_permit_id": str(export.id(permit))}
    planned = [export.one("planned_buildings", one) for one in line["planned_building_ids"].split(";")]
    buildings = [{"building_no": row["building_no"]} for row in planned if row is not None]
    more = {"planned_gfa_total": number_of(line["planned_gfa_total"])}
    children = {"buildings": buildings}
    _kept(export, into, "planning_acceptance", "acceptances", line, values, children=children, more=more)


def delivery_permit(export: Export, line: Line, into: PastRecords) -> None:
    values = filled(line, "permit_no", "sets", "issued_on", permitted_area="area") | _builder(export, line)
    rows = [export.one("natural_buildings", one) for one in line["building_ids"].split(";")]
    buildings = [{"natural_building_no": row["natural_building_no"]} for row in rows if row is not None]
    conditions = [{"item": one.value, "met": True} for one in DeliveryItem]
    children = {"buildings": buildings, "conditions": conditions}
    _kept(export, into, "delivery_permit", "delivery_permits", line, values, children=children)
