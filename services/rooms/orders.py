"""Orders on projects, applications and openings of centralized housing (rows 33-36)."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as fresh
from datetime import date
from decimal import Decimal
from uuid import UUID

from models.rooms import ApplyKind, LineKind, ProjectKind, TitleKind


@dataclass(frozen=True)
class StartProject:
    """A project that a district begins; firms by their credit codes, the owner only where it is another firm."""

    name: str
    kind: ProjectKind
    operator_uscc: str
    address: str
    street_code: str = ""
    owner_uscc: str = ""
    build_area: Decimal | None = None
    operate_from: date | None = None
    operate_to: date | None = None
    district_code: str = ""


@dataclass(frozen=True)
class BuildingForm:
    """A building of a project."""

    name: str
    floors: int
    elevator: bool = True


@dataclass(frozen=True)
class KeepProject:
    """The operator's particulars of its project; `version` is the one the page loaded."""

    project_id: UUID
    managed: bool
    recognition_no: str = ""
    agreement_no: str = ""
    safety_manager: str = ""
    safety_phone: str = ""
    buildings: tuple[BuildingForm, ...] = ()
    version: int = 0


@dataclass(frozen=True)
class AddTitle:
    """A title proof with the file of its scan."""

    project_id: UUID
    kind: TitleKind
    cert_no: str
    valid_to: date
    file_id: UUID | None = None


@dataclass(frozen=True)
class ChangeOperator:
    """Another operator of a project."""

    project_id: UUID
    operator_uscc: str
    operate_from: date | None = None
    operate_to: date | None = None
    version: int = 0


@dataclass(frozen=True)
class BeginApply:
    """An application of a project, empty."""

    project_id: UUID
    kind: ApplyKind = ApplyKind.CHANGE
    reason: str = ""


@dataclass(frozen=True)
class LineForm:
    """A line as the firm fills it in; `content` are the fields of a room to add."""

    kind: LineKind
    building: str
    room_no: str
    field: str = ""
    before: str = ""
    after: str = ""
    content: Mapping[str, str] = fresh(default_factory=dict)
    paper: str = ""
    reason: str = ""


@dataclass(frozen=True)
class KeepLines:
    """Lines to add to an application, and ids of lines to remove from it."""

    apply_id: UUID
    lines: tuple[LineForm, ...] = ()
    removed: tuple[UUID, ...] = ()
    version: int = 0


@dataclass(frozen=True)
class OneApply:
    """An application; `version` is the one the page loaded."""

    id: UUID
    version: int = 0


@dataclass(frozen=True)
class Decide:
    """A decision on an application: lines in `refused` are not applied, all others that wait are.

    `opinions` are words on single lines.
    """

    id: UUID
    opinion: str = ""
    refused: frozenset[UUID] = frozenset()
    opinions: Mapping[UUID, str] = fresh(default_factory=dict)
    version: int = 0


@dataclass(frozen=True)
class ReturnApply:
    """An application sent back to its firm with a reason."""

    id: UUID
    reason: str
    version: int = 0


@dataclass(frozen=True)
class OpenProject:
    """The opening of a project; the key only where several are valid."""

    project_id: UUID
    key_id: UUID | None = None
