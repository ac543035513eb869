"""The answer to a site plan: the object of `main.py space drawing` (row 81)."""

from typing import Any

from services.files.file_refusals import FileRefused
from services.space.drawing_layers import Wanted
from services.space.site_plan import Building, SitePlan, read_site_plan
from services.space.space_findings import SpaceFinding

_CONVERTED = frozenset({"UNITS_MM", "UNITS_CONVERTED"})


def answer_drawing(file_name: str, content: bytes, wanted: Wanted | None = None) -> dict[str, Any]:
    """Read a drawing and say what is on it; a refused one has findings and no buildings."""
    try:
        plan = read_site_plan(content, wanted)
    except FileRefused as refusal:
        plan = SitePlan(findings=[SpaceFinding(refusal.code, refusal.message)])
    return {
        "file": file_name,
        "findings": [finding_line(finding) for finding in plan.findings],
        "buildings": [building_line(building) for building in plan.buildings],
    }


def finding_line(finding: SpaceFinding) -> dict[str, Any]:
    """A finding as the commands report it."""
    verdict = "convert" if finding.code in _CONVERTED else "warn" if finding.note else "reject"
    line: dict[str, Any] = {
        "code": finding.code,
        "spa": finding.rule,
        "building": finding.subject,
        "message": finding.message,
        "verdict": verdict,
    }
    if finding.handles:
        line["handles"] = list(finding.handles)
    if finding.place is not None:
        line["place"] = [round(finding.place[0], 3), round(finding.place[1], 3)]
    return line


def building_line(building: Building) -> dict[str, Any]:
    """A building as the command reports it."""
    centre = building.polygon.centroid
    return {
        "no": building.number,
        "storeys_above": building.above,
        "storeys_below": building.below,
        "height_m": building.height,
        "footprint_m2": round(building.polygon.area, 2),
        "centroid_e": round(centre.x, 2),
        "centroid_n": round(centre.y, 2),
    }
