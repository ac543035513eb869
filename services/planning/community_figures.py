"""The figures of an estate beside those of its planned buildings, for its page and its reviewer (row 66)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from models.access import MARKET
from models.building_codes import BuildingUse
from models.records import Revision
from services.engine.cycle_judgement import proposal_of
from services.engine.cycle_lock import owner_of
from services.engine.proposals import form_of
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.value_checks import shown
from services.engine.work import Work
from services.planning.community import COMMUNITY, its_buildings, planned_of_project


@dataclass(frozen=True)
class Figure:
    """A figure of the estate as filled in, and the sum of its planned buildings."""

    label: str
    estate: str
    planned: str

    @property
    def differs(self) -> bool:
        return bool(self.estate) and self.estate != self.planned


@query("community.figures", "小区数据对照规划建筑物", roles=set(MARKET))
def community_figures(work: Work, revision_id: UUID) -> tuple[Figure, ...]:
    """Return the figures of a visible version of an estate beside those of the buildings it has."""
    row: Revision = work.get(Revision, revision_id)
    if row.kind != COMMUNITY.name:
        raise NotFound
    estate = proposal_of(work, COMMUNITY, row, form_of(COMMUNITY, row.payload.json()), owner_of(row), {})
    estate = replace(estate, found=planned_of_project(work, estate))
    buildings = its_buildings(estate)
    homes = [one for one in buildings if one.use is BuildingUse.HOUSING]
    planned = {
        "total_gfa": ("总建筑面积", sum((one.gfa_total for one in buildings), Decimal(0)), "㎡"),
        "residential_gfa": ("住宅建筑面积", sum((one.gfa_above or Decimal(0) for one in homes), Decimal(0)), "㎡"),
        "sets_total": ("总套数", Decimal(sum(one.sets or 0 for one in buildings)), "套"),
        "buildings_total": ("幢数", Decimal(len(buildings)), "幢"),
    }
    return tuple(
        Figure(label, "" if estate[name] is None else f"{shown(Decimal(estate[name]))}{unit}", f"{shown(number)}{unit}")
        for name, (label, number, unit) in planned.items()
    )
