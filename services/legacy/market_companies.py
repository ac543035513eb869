"""Companies, land and projects of an export as records of before (issue 16)."""

from datetime import date
from decimal import Decimal
from typing import Any

from models.companies import AdmissionState, Ownership, RegistryStatus
from models.parcels import ParcelHeadLink, ParcelProjectLink
from models.records import PactState
from services.engine.kinds import Owner
from services.engine.past_records import Past, PastRecords
from services.legacy.market_export import Export, Line, moment_of

UNKNOWN = "未提供"
_NO_PHONE = "13800000000"
_COMPANY = {"GROUP": "group_company", "HEAD": "head_company", "PROJECT": "project_company"}
_ACQUIRED = {"GRANTED": "GRANTED", "ALLOCATED": "ALLOCATED"}
_EVER = "2000-01-01T00:00:00Z"


def labelled(codes: Any, label: str, otherwise: Any) -> str:
    """Return the value of the code that people call so."""
    return str(next((one for one in codes if one.label == label), otherwise).value)


def filled(line: Line, *names: str, **renamed: str) -> dict[str, str]:
    """Return the filled cells of a row by the columns of the register; `renamed` gives column=cell."""
    taken = {name: line[name] for name in names} | {name: line[cell] for name, cell in renamed.items()}
    return {name: cell for name, cell in taken.items() if cell}


def source_of(name: str, line: Line) -> dict[str, Any]:
    """Return what a version keeps of where it comes from."""
    return {"source": "历史数据装载", "file": f"{name}.csv", "key": line.get("id", ""), "values": {}, "children": {}}


def company(export: Export, line: Line, into: PastRecords) -> None:
    """A group, a head company or a project company; one that the register has is left as it is."""
    if line["uscc"] and line["uscc"] in export.companies:
        return
    kind = _COMPANY[line["kind"]]
    values: dict[str, Any] = filled(line, "name", "uscc", "established_on", "registered_capital") | {
        "reg_place": "上海市",
        "legal_representative": line["legal_representative"] or UNKNOWN,
        "registry_status": labelled(RegistryStatus, line["registry_status"], RegistryStatus.EXISTING),
        "ownership_type": labelled(Ownership, line["ownership_type"], Ownership.MIXED),
    }
    more: dict[str, Any] = {"live_key": line["uscc"] or line["foreign_id"], "name_key": line["name"]}
    owner = Owner(line["district_code"])
    if kind == "group_company":
        values |= {"in_city_list": line["in_city_list"] == "1"} | filled(line, "foreign_id")
    else:
        values |= {"qualification_grade": "NONE", "contact_name": UNKNOWN, "contact_phone": _NO_PHONE}
        values |= {"reg_district": line["district_code"]}
        more |= {
            "admission_state": AdmissionState.of(line["admission_state"] or AdmissionState.NOT_ADMITTED.value),
            "admitted_on": date.fromisoformat(line["admitted_on"]) if line["admitted_on"] else None,
        }
    own = export.id(line["id"])
    if kind == "head_company":
        values["independent"] = not line["group_company_id"]
        if line["group_company_id"]:
            values["group_company_id"] = str(export.id(line["group_company_id"]))
        owner = Owner(line["district_code"], own)
    elif kind == "project_company":
        values["holding_ratio"] = str(Decimal(line["holding_ratio"] or 1) * 100)
        owner = Owner(line["district_code"], export.id(line["head_company_id"]), own)
    at = moment_of(f"{line['admitted_on']}T00:00:00Z" if line["admitted_on"] else _EVER)
    into.record(Past(kind, own, owner, at, values, more=more, source=source_of("companies", line)))


def parcel(export: Export, line: Line, into: PastRecords) -> None:
    """A parcel with its land contract, held by its head company and the project companies that use it."""
    values: dict[str, Any] = filled(
        line,
        *("parcel_name", "parcel_no", "plate", "ring", "land_area", "far", "far_area", "residential_area"),
        *("commercial_area", "office_area", "other_area", "affordable_area", "self_held_area", "public_facility_area"),
        *(
            "contract_no",
            "signed_on",
            "handover_on",
            "start_due_on",
            "start_extended_to",
            "finish_due_on",
            "price_total",
        ),
        district="district_code",
    )
    values |= {"street": UNKNOWN, "location": line["parcel_name"], "entry_mode": "BACKFILL"}
    values["acquire_mode"] = _ACQUIRED.get(line["acquire_mode"], "OTHER")
    more = {"plate": line["plate"]}
    if line["saleable_area_plan"]:
        more["saleable_area_plan"] = Decimal(line["saleable_area_plan"])  # type: ignore[assignment]
    head, at = export.id(line["head_company_id"]), moment_of(line["effective_from"])
    owner = Owner(line["district_code"], head)
    cadastres = [{"cadastral_code": line["cadastral_code"]}] if line["cadastral_code"] else []
    own = export.id(line["id"])
    into.record(
        Past("parcel", own, owner, at, values, {"cadastres": cadastres}, more, source=source_of("parcels", line))
    )
    link = export.id(f"{line['id']}:head")
    agreed: dict[str, Any] = {"state": PactState.CONFIRMED, "offered_side": "AUTHORITY", "offered_at": at}
    agreed |= {"answered_at": at, "district_code": line["district_code"], "parcel_id": own}
    into.row(ParcelHeadLink, id=link, head_company_id=head, open_key=f"{own.hex}:{head.hex}", **agreed)
    for used in export.of("project_parcels", "parcel_id", line["id"]):
        owner = export.owners[used["project_id"]]
        into.row(
            ParcelProjectLink,
            id=export.id(f"{line['id']}:{used['project_id']}"),
            head_link_id=link,
            head_company_id=head,
            project_company_id=owner.project_company_id,
            part_area=Decimal(used["used_area"]),
            made_project_id=owner.project_id,
            open_key=f"{own.hex}:{owner.project_company_id.hex if owner.project_company_id else ''}",
            **agreed,
        )


def project(export: Export, line: Line, into: PastRecords) -> None:
    """A project, and the list of its parcels."""
    values: dict[str, Any] = filled(
        line,
        *("name", "project_code", "ring", "address", "land_area", "total_gfa", "above_gfa", "below_gfa", "far_area"),
        *("total_investment", "project_capital", "land_cost", "planned_start_on", "planned_presale_on"),
        *("planned_finish_on", "planned_delivery_on", "plate"),
        district="district_code",
    )
    housing = "HOUSING" in line["property_types"].split(";")
    values |= {"street": UNKNOWN, "housing_kind": "MARKET" if housing else "NONE"}
    values |= {"contact_name": UNKNOWN, "contact_phone": _NO_PHONE}
    types = [{"property_type": one} for one in line["property_types"].split(";") if one]
    owner, at = export.owners[line["id"]], moment_of(line["effective_from"])
    more = {"plate": line["plate"], "relaxed_order": True}
    source = source_of("projects", line)
    into.record(Past("project", export.id(line["id"]), owner, at, values, {"properties": types}, more, source=source))
    used = [one for one in export.of("project_parcels", "project_id", line["id"]) if one["state"] == "EFFECTIVE"]
    if used:
        lines = [{"parcel_id": str(export.id(one["parcel_id"])), "used_area": one["used_area"]} for one in used]
        total = sum((Decimal(one["used_area"]) for one in used), Decimal(0))
        more = {"project_name": line["name"], "used_area_total": total}
        own = export.id(f"{line['id']}:parcels")
        used_by = Past(
            "project_parcels", own, owner, at, {}, {"parcels": lines}, more, source=source, title=line["name"]
        )
        into.record(used_by)
