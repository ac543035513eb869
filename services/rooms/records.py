"""Shared parts of the actions on projects and applications: locked rows, the caller's firm, recipients, own listings."""

from typing import TypeVar
from uuid import UUID

from sqlmodel import SQLModel

from models.rooms import CentralProject
from services.access.visibility import firm_id_of_caller
from services.engine.findings import Finding
from services.engine.notices import notify
from services.engine.refusals import NotFound
from services.engine.work import Work
from services.rooms.change_rules import MESSAGES

Table = TypeVar("Table", bound=SQLModel)


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
