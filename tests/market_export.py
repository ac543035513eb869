"""A small export of the market register for tests, laid out like the shared set: files of a folder, written from few cells."""

import csv
from collections.abc import Mapping
from pathlib import Path

#: The columns of each file.
HEADS = {
    "companies": "id kind name uscc foreign_id group_company_id head_company_id district_code legal_representative "
    "registered_capital established_on registry_status ownership_type in_city_list admission_state admitted_on "
    "holding_ratio",
    "parcels": "id parcel_name parcel_no cadastral_code district_code plate ring acquire_mode land_area far far_area "
    "residential_area commercial_area office_area other_area affordable_area self_held_area public_facility_area "
    "saleable_area_plan contract_no signed_on handover_on start_due_on start_extended_to finish_due_on price_total "
    "head_company_id state effective_from",
    "projects": "id name project_code project_company_id head_company_id district_code plate ring address "
    "property_types land_area total_gfa above_gfa below_gfa far_area total_investment project_capital land_cost "
    "planned_start_on planned_presale_on planned_finish_on planned_delivery_on state effective_from",
    "project_parcels": "project_id parcel_id used_area state",
    "land_permits": "id project_id permit_no land_user_uscc land_area_total contract_no issued_on state effective_from",
    "realty_certificates": "id project_id kind cert_no realty_unit_code right_type right_nature parcel_area "
    "building_area use_term_from use_term_to registered_on mortgaged sealed building_ids state effective_from",
    "planning_permits": "id project_id permit_no builder_uscc gfa_total gfa_above gfa_below issued_on extended_to "
    "version_no state effective_from voided_at",
    "planned_buildings": "id planning_permit_id building_no use structure floors_above floors_below height_m "
    "gfa_above gfa_below gfa_total footprint_area sets saleable_area self_held_area affordable_area "
    "public_facility_area is_affordable",
    "communities": "id project_id name total_gfa residential_gfa sets_total buildings_total parking_ground "
    "parking_underground pm_office_area owners_committee_area state effective_from",
    "construction_permits": "id project_id permit_no planning_permit_ids area contract_amount contract_start "
    "contract_finish contractor contractor_uscc issued_on actual_start_on extension_count extended_to suspended_from "
    "resumed_on status state effective_from",
    "unit_engineerings": "id construction_permit_id unit_no name kind structure_type floors_above floors_below gfa "
    "planned_start planned_topout planned_finish actual_start actual_topout actual_finish state effective_from",
    "unit_planned_links": "unit_engineering_id planned_building_id ratio",
    "natural_buildings": "id project_id natural_building_no realty_unit_code building_name floors_above floors_below "
    "planned_use structure sets_total forecast_area surveyed_area surveyed_on survey_recorded_at",
    "house_units": "id natural_building_id section_no nominal_floor actual_floor_from actual_floor_to room_no "
    "planned_use forecast_gross surveyed_gross sale_role filed_unit_price opening_unit_id",
    "unit_natural_links": "unit_engineering_id natural_building_id linked_on state effective_from",
    "payments": "id construction_permit_id period contract_amount output_value_period output_value_cum "
    "payable_period payable_cum paid_period paid_cum labour_paid_period payment_guarantee_no state effective_from",
    "completions": "id project_id filing_no construction_permit_ids unit_engineering_ids area accepted_on filed_on "
    "household_acceptance_done state effective_from",
    "acceptances": "id project_id cert_no planning_permit_ids planned_building_ids planned_gfa_total "
    "measured_gfa_total issued_on state effective_from",
    "delivery_permits": "id project_id permit_no building_ids sets area issued_on state effective_from",
    "progress_reports": "id project_id period report_on invested_period invested_cum state effective_from",
    "progress_lines": "report_id unit_engineering_id visual_progress floors_done percent status stop_from stop_reason",
    "milestones": "project_id scope scope_id code planned_on actual_on recorded_at",
    "sales_plans": "id project_id plan_no sale_kind building_ids sets_for_sale area_for_sale price_avg price_min "
    "price_max finish_on deliver_on state effective_from",
    "presale_permits": "id project_id sales_plan_id permit_no building_ids sets area status issued_on issued_at "
    "recorded_at voided_at",
    "opening_units": "id project_id presale_permit_id master_certificate_id code mode opened_on subscribe_from "
    "subscribe_to state",
    "sale_events": "event_no house_unit_id type happened_on recorded_at contract_no area amount ref",
    "restrictions": "id house_unit_id kind from_on to_on recorded_at",
    "handbooks": "id project_id version_no cause state effective_from",
}
#: Cells that rows have where a test says nothing else.
USUAL: Mapping[str, Mapping[str, str]] = {
    "companies": {"registered_capital": "100000000.00", "established_on": "2020-01-01", "registry_status": "存续"},
    "projects": {
        "project_company_id": "C1",
        "head_company_id": "H1",
        "district_code": "310115",
        "plate": "甲板块",
        "ring": "OUTSIDE",
        "address": "梧栖路1号",
        "property_types": "HOUSING",
        "land_area": "10000.00",
        "total_gfa": "20000.00",
        "above_gfa": "18000.00",
        "below_gfa": "2000.00",
        "far_area": "18000.00",
        "total_investment": "500000000.00",
        "project_capital": "150000000.00",
        "land_cost": "200000000.00",
        "planned_start_on": "2025-01-10",
        "planned_presale_on": "2025-06-01",
        "planned_finish_on": "2026-12-01",
        "planned_delivery_on": "2027-03-01",
    },
    "planning_permits": {
        "builder_uscc": "91310115MAYPA0014U",
        "gfa_total": "20000.00",
        "gfa_above": "18000.00",
        "gfa_below": "2000.00",
        "version_no": "1",
    },
    "construction_permits": {
        "area": "20000.00",
        "contract_amount": "90000000.00",
        "contract_finish": "2026-12-31",
        "contractor": "上海示例建设有限公司",
        "contractor_uscc": "91310115MAYHA0017M",
        "status": "VALID",
    },
    "unit_engineerings": {
        "kind": "住宅楼",
        "structure_type": "剪力墙",
        "floors_above": "18",
        "floors_below": "1",
        "gfa": "10000.00",
        "planned_start": "2025-01-10",
        "planned_finish": "2026-12-01",
    },
    "natural_buildings": {"floors_above": "18", "floors_below": "1", "planned_use": "住宅"},
    "house_units": {
        "section_no": "1",
        "nominal_floor": "1",
        "actual_floor_from": "1",
        "actual_floor_to": "1",
        "planned_use": "住宅",
        "forecast_gross": "100.00",
        "sale_role": "FOR_SALE",
        "filed_unit_price": "50000.00",
    },
    "payments": {
        "contract_amount": "90000000.00",
        "output_value_period": "1000000.00",
        "output_value_cum": "1000000.00",
        "payable_period": "900000.00",
        "payable_cum": "900000.00",
        "paid_period": "900000.00",
        "paid_cum": "900000.00",
        "labour_paid_period": "200000.00",
    },
    "progress_reports": {"invested_period": "1000000.00", "invested_cum": "1000000.00"},
    "progress_lines": {"visual_progress": "4", "floors_done": "5", "percent": "30", "status": "正常"},
    "presale_permits": {"status": "归档", "sets": "1", "area": "100.00"},
}


def write_export(folder: Path, **rows: list[dict[str, str]]) -> Path:
    """Write every file of an export; a row has the cells that are given, then the usual ones, then EFFECTIVE."""
    for name, head in HEADS.items():
        columns = head.split()
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            lines = csv.DictWriter(file, columns, restval="", lineterminator="\r\n")
            lines.writeheader()
            for row in rows.get(name, []):
                usual = dict(USUAL.get(name, {}))
                if "state" in columns:
                    usual["state"] = "EFFECTIVE"
                lines.writerow({**usual, **row})
    return folder
