"""The chapters of a handbook, and which records of a project each of them shows (market 6.1)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.companies import GroupCompany, HeadCompany, ProjectCompany
from models.projects import Project
from models.records import InForce
from services.engine.kinds import KINDS, Kind
from services.engine.work import Work
from services.projects.project import parcels_of


@dataclass(frozen=True)
class Chapter:
    """A chapter by its number, with the kinds whose records it shows, in order."""

    no: int
    title: str
    kinds: tuple[str, ...]

    @property
    def built(self) -> list[Kind]:
        return [KINDS[name] for name in self.kinds]


TEXTS = "handbook_text"
CHAPTERS = (
    Chapter(1, "企业情况", ("group_company", "head_company", "project_company")),
    Chapter(2, "地块情况", ("parcel",)),
    Chapter(3, "项目基本情况", ("project", "project_parcels", TEXTS)),
    Chapter(4, "投资企业与代建单位", ("project_investors", "project_builders")),
    Chapter(5, "转让与拆迁安置", ("project_transfer", "relocation")),
    Chapter(6, "规划阶段", ("land_planning_permit", "realty_certificate", "engineering_planning_permit", "community")),
    Chapter(7, "施工阶段", ("construction_permit", "unit_engineering", "unit_natural_link")),
    Chapter(8, "工程款", ("engineering_payment",)),
    Chapter(9, "工程进度", ("progress_report",)),
    Chapter(10, "销售情况", ("sales_plan",)),
    Chapter(11, "竣工交付", ("completion_filing", "planning_acceptance", "delivery_permit")),
    Chapter(12, "空间信息", ("red_line", "building_model")),
)
#: The chapter that ends with the areas by stage, and those that are written from the handbook's own rows: these are written
#: when it is drawn and are no content of a version.
SALE = 10
ALERTS, CHANGES, FILES = 13, 14, 15

#: Rows of a kind that are the project's, where its scope keys do not say so.
Find = Callable[[Work, Project], Sequence[InForce]]


def _one(table: Any, row_id: UUID | None, work: Work) -> Sequence[InForce]:
    return work.in_force(table, table.id == row_id) if row_id else []


def _group(work: Work, project: Project) -> Sequence[InForce]:
    head = work.first(HeadCompany, HeadCompany.id == project.head_company_id)
    return _one(GroupCompany, head.group_company_id if head else None, work)


_ELSEWHERE: dict[str, Find] = {
    "group_company": _group,
    "head_company": lambda work, project: _one(HeadCompany, project.head_company_id, work),
    "project_company": lambda work, project: _one(ProjectCompany, project.project_company_id, work),
    "parcel": lambda work, project: [parcel for parcel, _ in parcels_of(work, project.id)],
    "project": lambda work, project: [project],
}


def records_of(work: Work, kind: Kind, project: Project) -> Sequence[InForce]:
    """Return the records in force of a kind that belong to a project, by their numbers."""
    if (elsewhere := _ELSEWHERE.get(kind.name)) is not None:
        return sorted(elsewhere(work, project), key=lambda row: row.record_no)
    table: Any = kind.table
    return work.in_force(table, project=project.id, by=col(table.record_no))
