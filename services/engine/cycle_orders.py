"""Orders and answers of the record cycle, used by pages, workbooks and endpoints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models.records import RevisionState, SourceMode, StepVerdict
from services.engine.findings import Finding

#: A form as JSON: text, numbers as text, days as ISO, codes by value, UUIDs as text; what cannot be read stays as typed.
Raw = Mapping[str, Any]
Lists = Mapping[str, Sequence[Raw]]
Files = Mapping[str, Sequence[UUID]]


@dataclass(frozen=True)
class Begin:
    """A new record, about something or nothing, empty or with values."""

    about: UUID | None = None
    values: Raw = field(default_factory=dict)
    children: Lists = field(default_factory=dict)
    source_mode: SourceMode = SourceMode.MANUAL


@dataclass(frozen=True)
class Begun:
    record_id: UUID
    revision_id: UUID
    version: int


@dataclass(frozen=True)
class Save:
    """The whole form; a `version` that is outdated is refused with the later save, and loses nothing."""

    revision_id: UUID
    version: int
    values: Raw
    children: Lists = field(default_factory=dict)
    files: Files = field(default_factory=dict)


@dataclass(frozen=True)
class Saved:
    """Result of a save; `findings` report unreadable values, which are stored as typed."""

    version: int
    at: datetime
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Submit:
    """`reasons` answer warnings: the rule's code to a reason of at least five characters."""

    revision_id: UUID
    version: int
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OneRevision:
    """A revision to be taken for review, released, withdrawn or dropped."""

    revision_id: UUID
    version: int = 0


@dataclass(frozen=True)
class Decide:
    """A reviewer's word. An opinion of at least five characters is asked for a return and a refusal; `fields` points at
    what is meant."""

    revision_id: UUID
    version: int
    opinion: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class StartUpdate:
    record_id: UUID
    change_reason: str


@dataclass(frozen=True)
class Void:
    """An order to end a record in force; refused with its dependants unless `cascade` names them all."""

    record_id: UUID
    reason: str
    cascade: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class FillIn:
    """An order to fill a draft by its kind's key; the user's own input is kept unless `again`."""

    revision_id: UUID
    version: int
    key: str
    again: bool = False


# ------------------------------------------------------------------ answers


@dataclass(frozen=True)
class VersionLine:
    revision_id: UUID
    version_no: int
    state: RevisionState
    change_reason: str
    author: str
    submitted_at: datetime | None
    reviewed_at: datetime | None
    effective_from: datetime | None
    superseded_at: datetime | None


@dataclass(frozen=True)
class StepLine:
    """A step of the history; `by` is empty where the caller sees only the office of an official (`people_shown`)."""

    level: str
    verdict: StepVerdict
    by: str
    unit: str
    at: datetime
    opinion: str


@dataclass(frozen=True)
class Difference:
    """A field whose value is not the prefilled one."""

    field: str
    label: str
    given: str
    now: str


@dataclass(frozen=True)
class FileLine:
    """An attachment of a slot: `previewed` is true for PDF and pictures."""

    id: UUID
    slot: str
    name: str
    size: int
    digest: str
    previewed: bool


@dataclass(frozen=True, kw_only=True)
class RevisionView:
    """A complete version. `values` are raw for its editor, else readable; `ways` are the verbs open to the caller:
    save, drop, submit, withdraw, take, release, send_back, step_back, reject, approve, update, next_period, void,
    reassign, undo.
    """

    kind: str
    record_id: UUID
    revision_id: UUID
    record_no: str
    title: str
    version_no: int
    version: int
    state: RevisionState
    based_on: int | None = None
    change_reason: str = ""
    values: Raw
    children: Lists
    #: The lists whose lines the caller does not read.
    closed: frozenset[str] = frozenset()
    #: The names of the records that raw values refer to, with their numbers, by id.
    names: Mapping[str, str] = field(default_factory=dict)
    #: What was typed where another form of it is kept, by place such as `lots.2.code`; personal values masked.
    typed: Mapping[str, str] = field(default_factory=dict)
    files: tuple[FileLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    #: Why warnings were accepted, by rule code.
    reasons: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    source_at: datetime | None = None
    differences: tuple[Difference, ...] = ()
    opinion: str = ""
    pointed: tuple[str, ...] = ()
    #: What changed under review since a reviewer returned it.
    since_returned: "Comparison | None" = None
    steps: tuple[StepLine, ...]
    versions: tuple[VersionLine, ...]
    ways: frozenset[str]
    editable: bool = False
    level: str = ""
    due: date | None = None
    holder: str = ""
    mine: bool = False
    taken_at: datetime | None = None
    overdue: bool = False
    #: The reviewer assigned by an administrator to the step in hand, shown to the authority alone.
    assigned: str = ""
    for_me: bool = False
    #: An assigned reviewer who can review it no more: the step is open to all reviewers again.
    once_assigned: str = ""
    #: Why the record in force cannot be updated now, such as that a later permit depends on it.
    frozen: str = ""
    project_id: UUID | None = None
    #: The name in force of what the record is about, such as its project, where its own title does not say it.
    about: str = ""
    #: Until when the caller may undo his last decision about this version.
    undo_until: datetime | None = None
    #: Why the caller may not decide though his role could, such as that it is of his own making.
    bar: str = ""
    updated_by: str
    updated_at: datetime


@dataclass(frozen=True)
class Compare:
    """A pair of versions of a record, by version number."""

    record_id: UUID
    left: int
    right: int


@dataclass(frozen=True)
class Changed:
    """A field of the record or of a line; `how` is added, removed or changed; both sides as people read them."""

    field: str
    label: str
    left: str
    right: str
    how: str
    #: What was typed on either side, where another form of it is kept.
    left_typed: str = ""
    right_typed: str = ""


@dataclass(frozen=True)
class ChangedLine:
    """A line of a list, by its business key."""

    child: str
    key: str
    how: str
    fields: tuple[Changed, ...]


@dataclass(frozen=True)
class Comparison:
    left: VersionLine
    right: VersionLine
    fields: tuple[Changed, ...]
    lines: tuple[ChangedLine, ...]
