"""Declaration of a review queue by a kind of record; the queue knows nothing else of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.access import Role
from services.engine.listings import Line, Listing
from services.engine.registry import Act, Query
from ui.shell.place import Place


@dataclass(frozen=True)
class Standing:
    """State of a record for the reviewer who looks at it.

    `waits` while it can be decided; `holder` is its reviewer ("" for none), `mine` if that is the caller, `overdue`
    when it was taken so long ago that another may continue; `bar` is the reason why the caller may not decide, such as
    own work.
    """

    title: str
    state: str
    waits: bool
    holder: str = ""
    mine: bool = False
    since: datetime | None = None
    overdue: bool = False
    bar: str = ""
    version: int = 0


@dataclass(frozen=True)
class Decision:
    """A possible decision, also by its `letter`; a `reason` (its label) has at least `least` characters.

    `ask` is a question to confirm first, for a decision without reason that cannot be reversed. `order(id, reason,
    version)` makes the order of `action`.
    """

    action: Act
    label: str
    letter: str
    order: Callable[[UUID, str, int], Any]
    told: str
    reason: str = ""
    least: int = 5
    phrases: Sequence[str] = ()
    ask: str = ""
    danger: bool = False
    #: Whether it can be made about a record, as `sheet` answers it; by default about each.
    when: Callable[[Any], bool] = lambda record: True


@dataclass(frozen=True)
class Hold:
    """Claiming and releasing a record, so that two reviewers do not work on it at once."""

    take: Act
    release: Act
    order: Callable[[UUID], Any]


@dataclass(frozen=True)
class TakeBack:
    """Undoing the caller's last decision about a record: `left` answers for how many seconds it can be undone."""

    action: Act
    left: Query[UUID, int]
    order: Callable[[UUID], Any]


@dataclass(frozen=True)
class Queue:
    """A review queue over a listing that counts its rows by the views of its filter `view`.

    `free(line)` says that a line waits and no other reviewer holds it; `draw` draws what `sheet` loads.
    """

    listing: Listing
    icon: str
    sheet: Query[Any, Any]
    free: Callable[[Line], bool]
    standing: Callable[[Any], Standing]
    draw: Callable[[Place, Any], Awaitable[None] | None]
    decisions: Sequence[Decision] = ()
    hold: Hold | None = None
    take_back: TakeBack | None = None
    #: Shows all records of the page in view at once and returns the one that is chosen, such as a sheet of faces.
    overview: Callable[[Sequence[Line]], Awaitable[UUID | None]] | None = None
    #: Who has the queue in the menu, where it is not all who may ask for its listing.
    roles: frozenset[Role] | None = None
    #: The menu group of its module.
    group: str = "review"
