"""Changes of a list by an imported table, stored with the draft so that they can be undone before further edits."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from models.records import Revision
from models.sealed import Sealed
from services.engine.kinds import Child
from services.engine.proposals import line_key
from services.engine.refusals import Conflict
from services.engine.work import Work

IMPORTS = "imports"
_GONE_ON = "导入以后清单又有修改或已提交过审核，不能整批撤销，请在草稿中修改"
Line = Mapping[str, Any]


def remember(work: Work, version: Revision, session_id: UUID, child: Child, before: Sequence[Line]) -> None:
    """Keep with a draft what its list was before rows of a session were put into it, and what it is now: line by line."""
    payload = version.payload.json()
    now = payload["children"].get(child.name, [])
    changed = [[was, line] for was, line in _pairs(child, before, now) if was != line]
    imports = payload.get(IMPORTS, {})
    imports[str(session_id)] = [*imports.get(str(session_id), []), *changed]
    version.payload = Sealed.of_json({**payload, IMPORTS: imports})
    work.add(version)


def _pairs(child: Child, before: Sequence[Line], now: Sequence[Line]) -> list[tuple[Line | None, Line]]:
    """Pair each present line with the line it replaced; lines are replaced in place or added."""
    return [(before[at] if at < len(before) else None, line) for at, line in enumerate(now)]


def taken_back(payload: Mapping[str, Any], session_id: UUID, child: Child) -> list[Line]:
    """The list of a draft as it was before a session; refuses when a line of it is no longer as it was brought in."""
    put = payload.get(IMPORTS, {}).get(str(session_id))
    if put is None:
        raise Conflict(_GONE_ON)
    lines: list[Line] = list(payload["children"].get(child.name, []))
    for was, line in reversed(put):
        at = next((at for at, one in enumerate(lines) if one == line), None)
        if at is None:
            named = " ".join(line_key(child, line)).strip()
            raise Conflict(f"“{named}”这一行导入以后又有修改，不能整批撤销，请在草稿中修改" if named else _GONE_ON)
        if was is None:
            del lines[at]
        else:
            lines[at] = was
    return lines
