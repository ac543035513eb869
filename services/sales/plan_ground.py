"""The ground of a sales plan: buildings with units, works and permits, land and money, as rules and pages judge them (row 76)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from models.building_codes import WorkKind
from models.building_tables import SaleRole
from models.sales_plans import SaleKind
from services.engine.thresholds import Thresholds

INVESTED_PERCENT, PRESALE_PROGRESS, LEGACY_FLOORS = (
    "sales.invested_percent",
    "sales.presale_progress",
    "sales.legacy_floors",
)
#: Values of the parameter that says what progress a presale asks for (SAL-06).
TOPPED_OUT, TWO_THIRDS = 1, 2


@dataclass(frozen=True)
class SeenUnit:
    """A unit of the building table."""

    id: UUID
    code: str
    section: str
    floor: str
    room: str
    use: str
    layout: str
    gross: Decimal | None
    role: SaleRole
    price: Decimal | None = None
    opening: str = ""


@dataclass(frozen=True)
class SeenWork:
    """A unit work of a building with its permits and its progress."""

    id: UUID
    name: str
    kind: WorkKind | None
    floors_above: int | None
    floors_done: int = 0
    topped_on: date | None = None
    permit_no: str = ""
    planning_no: str = ""
    planned_finish: date | None = None
    filed: bool = False
    #: Its whole area, and how much of it is built by the last report, in hundredths.
    gfa: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)

    @property
    def progress(self) -> str:
        """The progress of the structure in words."""
        if self.topped_on is not None:
            return f"主体结构封顶（{self.topped_on}）"
        return f"主体结构完成{self.floors_done}层（共{self.floors_above or '—'}层）"

    def is_far_enough(self, thresholds: Thresholds) -> bool:
        """Return whether the structure is as far as a presale asks for (SAL-06)."""
        if self.topped_on is not None:
            return True
        if thresholds.integer(PRESALE_PROGRESS) != TWO_THIRDS or not self.floors_above:
            return False
        least = thresholds.integer(LEGACY_FLOORS)
        return self.floors_above > least and self.floors_done >= least and self.floors_done * 3 >= self.floors_above * 2


@dataclass(frozen=True)
class SeenBuilding:
    """A natural building of a project; `pending` says that its tie is on its way, `other_plan` which other plan sells it."""

    id: UUID
    number: str
    name: str
    use: str
    address: str
    floors: int
    area: Decimal | None
    units: tuple[SeenUnit, ...] = ()
    works: tuple[SeenWork, ...] = ()
    other_plan: str = ""
    accepted_on: date | None = None
    delivery_permit: str = ""
    pending: str = ""

    @property
    def structures(self) -> Sequence[SeenWork]:
        """The works that decide its progress; a garage only where there is nothing else."""
        return [one for one in self.works if one.kind is not WorkKind.GARAGE] or self.works

    @property
    def is_housing(self) -> bool:
        return "住宅" in self.use


@dataclass(frozen=True)
class PlanGround:
    """All a plan of a project is judged by."""

    buildings: Mapping[str, SeenBuilding] = field(default_factory=dict)
    #: Parcels whose price is not paid in full, with what is missing.
    unpaid: tuple[str, ...] = ()
    land_certificate: str = ""
    #: Certificates and units that are mortgaged.
    mortgages: tuple[str, ...] = ()
    #: Certificates that are sealed.
    seals: tuple[str, ...] = ()
    #: Hundredths of the project's construction investment that are invested; None while no report says so.
    invested: Decimal | None = None
    #: All unit works of the project, by which its investment is divided among buildings.
    works: tuple[SeenWork, ...] = ()
    price_cap: Decimal | None = None
    last_average: Decimal | None = None
    archived: bool = False
    plan_no: str = ""
    #: Presale permits issued under this plan.
    permits: tuple[str, ...] = ()
    #: Version of the project's data and since when it is in force.
    project_version: int = 1
    project_since: datetime | None = None
    #: The plan that a change plan names: whether it is in force.
    changed_stands: bool = True


def invested_in(ground: PlanGround, buildings: Sequence[SeenBuilding]) -> Decimal | None:
    """Return the hundredths of the construction investment of some buildings that are invested (SAL-05).

    Reports tell of the project's investment alone: what is planned is divided by area, what is invested by built area.
    """
    works = {one.id: one for building in buildings for one in building.works}
    area, built = _area_and_built(ground.works)
    own_area, own_built = _area_and_built(works.values())
    if ground.invested is None or not (area and built and own_area):
        return ground.invested
    return ground.invested * own_built * area / (built * own_area)


def _area_and_built(works: Iterable[SeenWork]) -> tuple[Decimal, Decimal]:
    counted = list(works)
    area = sum((one.gfa for one in counted), Decimal(0))
    return area, sum((one.gfa * one.percent for one in counted), Decimal(0))


def reasons_against(building: SeenBuilding, kind: SaleKind, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    """Yield why a building cannot be sold, by the code of the rule."""
    if building.pending:
        yield "SAL-04", building.pending
        return
    if not building.works or not building.units:
        yield "SAL-04", "未关联楼盘表" if not building.works else "楼盘表中没有房屋"
    for one in building.works:
        if not one.permit_no:
            yield "SAL-02", f"单位工程“{one.name}”的施工许可证未生效"
        if not one.planning_no:
            yield "SAL-02", f"单位工程“{one.name}”未关联生效的工程规划许可证"
    if kind is SaleKind.PRESALE:
        for one in building.structures:
            if not one.is_far_enough(thresholds):
                yield "SAL-06", f"“{one.name}”{one.progress}，未达到预售形象进度"
    else:
        for one in building.works:
            if not one.filed:
                yield "SAL-17", f"单位工程“{one.name}”未竣工验收备案"
        if building.accepted_on is None:
            yield "SAL-17", "未通过规划资源验收"
        if building.is_housing and not building.delivery_permit:
            yield "SAL-17", "未取得交付使用许可证"
    if building.other_plan:
        yield "SAL-18", f"已列入方案{building.other_plan}"
