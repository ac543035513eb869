"""Questions of the importer about projects, titles and the library: answered from files or from the running system."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

from sqlmodel import col, select

from models.enterprise import Enterprise
from models.rooms import (
    CentralBuilding,
    CentralProject,
    CentralRoom,
    CentralRoomState,
    CentralTitle,
    ProjectKind,
    ProjectState,
)
from services.engine.work import Work
from services.imports.kinds import Asking
from services.rooms.room_judgement import ProjectFacts, TitleFacts


class FromFiles:
    """Answers from the tables of projects, buildings, titles and rooms as CSV bytes; without `rooms` the library is empty."""

    def __init__(self, projects: bytes, buildings: bytes, titles: bytes, rooms: bytes = b"") -> None:
        floors: dict[str, dict[str, int]] = defaultdict(dict)
        for line in rows_in(buildings):
            floors[line["project_no"]][line["building"]] = int(line["floors"])
        library: dict[str, list[Mapping[str, str]]] = defaultdict(list)
        for line in rows_in(rooms):
            if line["state"] != CentralRoomState.CANCELLED.value:
                library[line["project_no"]].append(line)
        lines = rows_in(projects)
        self._projects = {
            line["project_no"]: _from_line(line, floors[line["project_no"]], library[line["project_no"]])
            for line in lines
        }
        self._titles = {
            line["title_ref"]: TitleFacts(line["project_no"], date.fromisoformat(line["valid_to"]))
            for line in rows_in(titles)
        }
        #: The operator of the first project, who brings the table.
        self.firm = lines[0]["operator_uscc"] if lines else ""

    def project(self, number: str) -> ProjectFacts | None:
        """Return a project by its number."""
        return self._projects.get(number)

    def title(self, title_ref: str) -> TitleFacts | None:
        """Return a title proof by its number."""
        return self._titles.get(title_ref)


def rows_in(content: bytes) -> list[dict[str, str]]:
    """The lines of a CSV file with a header."""
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def _from_line(line: Mapping[str, str], buildings: Mapping[str, int], rooms: list[Mapping[str, str]]) -> ProjectFacts:
    return ProjectFacts(
        project_no=line["project_no"],
        kind=ProjectKind.of(line["kind"]),
        operator=line["operator_uscc"],
        closed=line["state"] == "CLOSED",
        recognised=bool(line["recognition_paper"]),
        buildings=buildings,
        taken=frozenset((room["building"], room["room_no"]) for room in rooms),
        build_area=Decimal(line["total_build_area"]) if line["total_build_area"] else None,
        has_manager=bool(line["safety_manager"].strip()),
        library_area=sum((Decimal(room["build_area"]) for room in rooms), Decimal(0)),
        library_persons=sum(int(room["max_persons"]) for room in rooms),
    )


class FromHouse:
    """Answers of the running system, each read once for a table."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._projects: dict[str, ProjectFacts | None] = {}
        self._titles: dict[str, TitleFacts | None] = {}

    def project(self, number: str) -> ProjectFacts | None:
        """Return a project with its buildings and the rooms in its library."""
        if number not in self._projects:
            self._projects[number] = self._asking.look(lambda work: project_numbered(work, number))
        return self._projects[number]

    def title(self, title_ref: str) -> TitleFacts | None:
        """Return a title proof by its number."""
        if title_ref not in self._titles:
            self._titles[title_ref] = self._asking.look(lambda work: title_facts(work, title_ref))
        return self._titles[title_ref]


def project_numbered(work: Work, number: str) -> ProjectFacts | None:
    """Return the facts of a project by its number."""
    project = work.first(CentralProject, CentralProject.project_no == number)
    return None if project is None else project_facts(work, project)


def project_facts(work: Work, project: CentralProject) -> ProjectFacts:
    """Return a project as its rooms are judged against it."""
    buildings = select(CentralBuilding.name, CentralBuilding.floors).where(CentralBuilding.project_id == project.id)
    facts = ProjectFacts(
        project_no=project.project_no,
        kind=project.kind,
        operator=work.first(Enterprise.uscc, Enterprise.id == project.enterprise_id) or "",
        closed=project.state is ProjectState.CLOSED,
        recognised=bool(project.recognition_no),
        buildings=dict(work.session.exec(buildings.order_by(col(CentralBuilding.name))).all()),
        build_area=project.build_area,
        has_manager=project.safety_manager is not None,
    )
    return replace(facts, **_library(work, project))


def _library(work: Work, project: CentralProject) -> dict[str, Any]:
    rooms_kept: Any = select(CentralRoom.building, CentralRoom.room_no, CentralRoom.build_area, CentralRoom.max_persons)
    kept = rooms_kept.where(CentralRoom.project_id == project.id, CentralRoom.state != CentralRoomState.CANCELLED)
    rooms = work.session.exec(kept).all()
    return {
        "taken": frozenset((building, number) for building, number, _, _ in rooms),
        "library_area": sum((area or Decimal(0) for _, _, area, _ in rooms), Decimal(0)),
        "library_persons": sum(persons for _, _, _, persons in rooms),
    }


def title_facts(work: Work, title_ref: str) -> TitleFacts | None:
    """Return the facts of a title proof by its number."""
    found = work.session.exec(
        select(col(CentralProject.project_no), col(CentralTitle.valid_to))
        .join(CentralProject, col(CentralProject.id) == col(CentralTitle.project_id))
        .where(CentralTitle.title_ref == title_ref)
    ).first()
    return None if found is None else TitleFacts(*found)


#: Answers about projects and titles.
Registry = FromFiles | FromHouse
