"""An export of the market register: its files as rows, and the ids that their own ids become (issue 16)."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid5

from models.sealing import sm3_hex
from services.engine.kinds import Owner
from services.engine.refusals import Rejected

Line = Mapping[str, str]
#: States that a load reads: what was superseded is never read, what is on its way is not a record yet.
READ = frozenset({"EFFECTIVE", "VOIDED"})


#: Files whose rows no other row looks for, and of which there are millions.
_READ_ALONG = frozenset({"sale_events"})
#: So many ids are kept: a project's homes with their events come together.
_MOST_IDS = 50_000


@dataclass
class Export:
    """The folder of an export. Ids of its rows are made from its own ids under `space`, so that a load can go on."""

    folder: Path
    space: UUID
    #: Companies that the register has already, by credit code.
    companies: Mapping[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tables: dict[str, Sequence[Line]] = {}
        self._groups: dict[tuple[str, str], Mapping[str, Sequence[Line]]] = {}
        self._ids: dict[str, UUID] = {}
        self._along: dict[str, tuple[int, Iterator[Line]]] = {}

    def table(self, name: str) -> Sequence[Line]:
        """Return the rows of a file; a missing file is refused by name."""
        if name not in self._tables:
            self._tables[name] = list(self._lines(name))
        return self._tables[name]

    def portion(self, name: str, start: int, count: int) -> Sequence[Line]:
        """Return some rows of a file from a place on; a file that nothing else asks for is never held whole."""
        if name not in _READ_ALONG:
            return self.table(name)[start : start + count]
        if name not in self._along or self._along[name][0] != start:
            self._along[name] = start, islice(self._lines(name), start, None)
        _, lines = self._along[name]
        found = list(islice(lines, count))
        self._along[name] = start + len(found), lines
        return found

    def _lines(self, name: str) -> Iterator[Line]:
        path = self.folder / f"{name}.csv"
        if not path.is_file():
            raise Rejected(f"文件“{path.name}”不存在，请核对目录")
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from csv.DictReader(lines)

    def of(self, name: str, column: str, key: str) -> Sequence[Line]:
        """Return the rows of a file whose column has a value."""
        if (name, column) not in self._groups:
            found: dict[str, list[Line]] = defaultdict(list)
            for line in self.table(name):
                found[line[column]].append(line)
            self._groups[name, column] = found
        return self._groups[name, column].get(key, ())

    def one(self, name: str, key: str) -> Line | None:
        """Return the row of a file by its id."""
        found = self.of(name, "id", key)
        return found[0] if found else None

    def is_read(self, name: str, key: str) -> bool:
        """Return whether a row of a file is brought in: it is in force or was, and its project is."""
        line = self.one(name, key)
        if line is None or line.get("state", "EFFECTIVE") not in READ:
            return False
        return "project_id" not in line or self.is_read("projects", line["project_id"])

    def id(self, own: str) -> UUID:
        """Return the id under which a row of the export is stored; one is asked for by each row that names it."""
        known = self._ids.get(own)
        if known is None:
            if len(self._ids) >= _MOST_IDS:
                self._ids.clear()
            known = self._ids[own] = self._id(own)
        return known

    def _id(self, own: str) -> UUID:
        if own and own[0] in "GHC" and (line := self.one("companies", own)) is not None:
            known = self.companies.get(line["uscc"]) if line["uscc"] else None
            if known is not None:
                return known
        return uuid5(self.space, own)

    def ids(self, cell: str) -> list[UUID]:
        """Return the ids of a list in a cell."""
        return [self.id(one) for one in cell.split(";") if one]

    def names(self) -> dict[UUID, str]:
        """Return the export's own ids by those they became."""
        named = ("projects", "planning_permits", "construction_permits", "unit_engineerings", "natural_buildings")
        tables = (*named, "house_units", "presale_permits", "companies", "parcels", "planned_buildings")
        return {self.id(line["id"]): line["id"] for name in tables for line in self.table(name)}

    @cached_property
    def owners(self) -> Mapping[str, Owner]:
        """The scope keys of each project's records."""
        return {
            line["id"]: Owner(
                line["district_code"],
                self.id(line["head_company_id"]),
                self.id(line["project_company_id"]),
                self.id(line["id"]),
            )
            for line in self.table("projects")
        }

    def project_name(self, key: str) -> str:
        """The name of a project, empty for one that the export has not."""
        return (self.one("projects", key) or {}).get("name", "")

    @cached_property
    def permit_projects(self) -> Mapping[str, str]:
        """The project of each construction permit."""
        return {line["id"]: line["project_id"] for line in self.table("construction_permits")}


def moment_of(cell: str) -> datetime:
    """Return a UTC moment of the export."""
    return datetime.fromisoformat(cell.replace("Z", "+00:00"))


def digest_of_folder(folder: Path, names: Sequence[str]) -> str:
    """Return the digest of all files of an export, by which a load knows it again."""
    parts = []
    for name in names:
        path = folder / f"{name}.csv"
        if not path.is_file():
            raise Rejected(f"文件“{path.name}”不存在，请核对目录")
        parts.append(f"{name}:{sm3_hex(path.read_bytes())}")
    return sm3_hex("\n".join(parts).encode())
