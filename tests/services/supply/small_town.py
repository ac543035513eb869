"""A small town before the register: two projects, one with a tower on sale and one still land, as an export would bring them."""

from pathlib import Path

from tests.market_export import write_export

HEAD, OWN = "91310115MAXPB0011K", "91310115MAYPA0014U"
MOMENT = "T02:00:00Z"


def write_town(folder: Path, **more: list[dict[str, str]]) -> Path:
    """Write the export: tower T of project P1 with six homes, two for later; P2 has land alone, L3 is in no project.

    `more` are rows of files that are empty otherwise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return write_export(
        folder,
        companies=[
            {
                "id": "G1",
                "kind": "GROUP",
                "name": "上海示例集团有限公司",
                "uscc": "91310115MAXGA0010M",
                "in_city_list": "1",
            },
            {"id": "H1", "kind": "HEAD", "name": "上海示例置业有限公司", "uscc": HEAD, "group_company_id": "G1"}
            | {"district_code": "310115", "admission_state": "ADMITTED"},
            {
                "id": "C1",
                "kind": "PROJECT",
                "name": "上海示例一号房地产有限公司",
                "uscc": OWN,
                "head_company_id": "H1",
                "district_code": "310115",
                "admission_state": "ADMITTED",
            },
        ],
        parcels=[_parcel("L1", "310115", "甲板块"), _parcel("L2", "310115", ""), _parcel("L3", "310104", "乙板块")],
        projects=[
            _project("P1", "=SUM(1,2)梧栖苑(测试)", "2501-310115-70-03-900001"),
            _project("P2", "云汀苑(测试)", "2501-310115-70-03-900002", planned_presale_on=""),
        ],
        project_parcels=[
            {"project_id": "P1", "parcel_id": "L1", "used_area": "10000.00"},
            {"project_id": "P2", "parcel_id": "L2", "used_area": "10000.00"},
        ],
        planning_permits=[
            {"id": "PP1", "project_id": "P1", "permit_no": "沪规建(2025)TEST01", "issued_on": "2025-02-01"}
            | {"effective_from": f"2025-02-02{MOMENT}"}
        ],
        planned_buildings=[
            {"id": "PB1", "planning_permit_id": "PP1", "building_no": "1#", "use": "住宅", "structure": "剪力墙"}
            | {"floors_above": "18", "floors_below": "1", "gfa_above": "18000.00", "gfa_below": "2000.00"}
            | {"gfa_total": "20000.00", "sets": "6", "saleable_area": "600.00", "is_affordable": "0"}
        ],
        construction_permits=[
            {"id": "CP1", "project_id": "P1", "permit_no": "TEST-SG-01", "planning_permit_ids": "PP1"}
            | {"contract_start": "2025-03-01", "issued_on": "2025-02-20", "effective_from": f"2025-02-21{MOMENT}"}
        ],
        unit_engineerings=[
            {"id": "UE1", "construction_permit_id": "CP1", "unit_no": "1#", "name": "1号楼"}
            | {"effective_from": f"2025-02-22{MOMENT}"}
        ],
        unit_planned_links=[{"unit_engineering_id": "UE1", "planned_building_id": "PB1", "ratio": "1"}],
        natural_buildings=[
            {"id": "NB1", "project_id": "P1", "natural_building_no": "TEST0001", "building_name": "1号楼"}
            | {"sets_total": "6", "surveyed_on": "2026-04-10", "survey_recorded_at": f"2026-04-11{MOMENT}"}
        ],
        house_units=[
            {"id": f"HU{number}", "natural_building_id": "NB1", "room_no": f"{number}01", "nominal_floor": str(number)}
            | {"actual_floor_from": str(number), "actual_floor_to": str(number), "opening_unit_id": "OU1"}
            | {"surveyed_gross": "101.50"}
            for number in range(1, 7)
        ],
        unit_natural_links=[
            {"unit_engineering_id": "UE1", "natural_building_id": "NB1", "linked_on": "2025-06-01"}
            | {"effective_from": f"2025-06-02{MOMENT}"}
        ],
        milestones=[
            _milestone("M07", "2025-03-05"),
            _milestone("M13", "2025-08-20"),
        ],
        presale_permits=[
            {
                "id": "PS1",
                "project_id": "P1",
                "permit_no": "沪房管(2025)预字9000001",
                "building_ids": "NB1",
                "sets": "6",
            }
            | {"area": "600.00", "issued_on": "2025-09-30", "issued_at": "2025-09-30T15:59:00Z"}
            | {"recorded_at": "2025-09-30T15:59:30Z"}
        ],
        opening_units=[
            {"id": "OU1", "project_id": "P1", "presale_permit_id": "PS1", "code": "K1", "mode": "定期开盘"}
            | {"opened_on": "2025-10-15"}
        ],
        sale_events=[_event(number, f"HU{number}", "LIST", "2025-09-30", ref="PS1") for number in range(1, 7)]
        + [_event(10 + number, f"HU{number}", "OPEN", "2025-10-15", ref="OU1") for number in range(1, 7)]
        + [
            _event(21, "HU1", "SIGN", "2025-11-03", contract_no="C1", amount="6000000.00"),
            _event(22, "HU2", "SIGN", "2026-05-12", contract_no="C2", amount="6200000.00"),
        ],
        **more,
    )


def _parcel(number: str, district: str, plate: str) -> dict[str, str]:
    return {
        "id": number,
        "parcel_name": f"测试地块{number}",
        "parcel_no": f"TEST-{number}",
        "district_code": district,
        "plate": plate,
        "ring": "OUTSIDE",
        "land_area": "10000.00",
        "far": "1.80",
        "far_area": "18000.00",
        "residential_area": "18000.00",
        "saleable_area_plan": "16000.00",
        "contract_no": f"沪地合TEST{number}",
        "signed_on": "2024-12-10",
        "price_total": "200000000.00",
        "head_company_id": "H1",
        "effective_from": f"2024-12-11{MOMENT}",
    }


def _project(number: str, name: str, code: str, **more: str) -> dict[str, str]:
    return {"id": number, "name": name, "project_code": code, "effective_from": f"2025-01-05{MOMENT}", **more}


def _milestone(code: str, on: str) -> dict[str, str]:
    return {
        "project_id": "P1",
        "scope": "UNIT",
        "scope_id": "UE1",
        "code": code,
        "actual_on": on,
        "recorded_at": f"{on}{MOMENT}",
    }


def _event(number: int, home: str, what: str, on: str, **more: str) -> dict[str, str]:
    return {
        "event_no": f"E{number:04}",
        "house_unit_id": home,
        "type": what,
        "happened_on": on,
        "recorded_at": f"{on}T03:00:00Z",
        "area": "100.00",
        **more,
    }
