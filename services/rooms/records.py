"""Shared parts of the actions on projects and applications: locked rows, the caller's firm, recipients, own listings."""

from typing import TypeVar
from uuid import UUID

from sqlmodel import SQLModel

from models.rooms import CentralProject
from services.access.visibility import ENTERPRISE
from services.engine.findings import Finding
from services.engine.notices import notify
from services.engine.refusals import Conflict, NotAllowed, NotFound
from services.engine.work import Work
from services.rooms.change_rules import MESSAGES

Table = TypeVar("Table", bound=SQLModel)
CHANGED = "该记录已被他人办理，请刷新后再办理"


def held(work: Work, table: type[Table], row_id: UUID, version: int = 0) -> Table:
    """Lock and return a visible row; `version` is the one the page loaded, 0 skips the check."""
    found = work.hold(table, row_id)
    if version and found.version != version:  # type: ignore[attr-defined]
        raise Conflict(CHANGED)
    return found


def firm_id_of_caller(work: Work) -> UUID:
    """Return the firm of the caller; refuse other callers."""
    if not work.caller.has(*ENTERPRISE) or work.caller.enterprise_id is None:
        raise NotAllowed("只有企业可以办理此项业务")
    return work.caller.enterprise_id


def held_project(work: Work, project_id: UUID) -> CentralProject:
    """Lock a project of which the caller's firm is the operator."""
    firm_id = firm_id_of_caller(work)
    mine = work.visible(CentralProject).where(CentralProject.id == project_id)
    project = work.held(mine).first()
    if project is None or project.enterprise_id != firm_id:
        told = MESSAGES["NOT_OPERATOR"]
        raise NotFound(told, [Finding("NOT_OPERATOR", told, "project_id")])
    return project


def tell_firm(work: Work, firm_id: UUID, subject: str, body: str, about: object) -> None:
    """Put a message into the workspace of a firm."""
    notify(work, subject, body, about=about, to_enterprise=firm_id)


def tell_bureau(work: Work, project: CentralProject, subject: str, body: str, about: object) -> None:
    """Put a message into the workspace of the bureau of a project's district."""
    notify(work, subject, body, about=about, to_district=project.district_code)
