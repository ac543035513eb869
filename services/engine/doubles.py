"""Records in force that may be the one about to be made: named alike, shown beside it before it is submitted (issue 19)."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.letters import initials, same_character
from models.normal import half_width
from models.records import InForceState
from services.engine.findings import Finding, Severity
from services.engine.kinds import Kind, Proposal
from services.engine.work import Work

#: The code of a finding that names a likely double; its evidence has the fields of both under `alike`.
DOUBLE = "DUP"
_USUAL = re.compile(r"[（()）\s·.,，。\-_]|上海市?|股份|有限|责任|公司|集团")
_NUMERALS = frozenset("一二三四五六七八九十甲乙丙丁东西南北0123456789abcdefghijklmnopqrstuvwxyz")
#: A name of so many characters and more may differ in one of them; so many names are read, so many shown.
_LONG, _MOST_READ, _MOST_NAMED = 4, 200, 3


def core_of(name: str) -> str:
    """Return a name without what many names have: brackets, blanks, the city, the words for a company."""
    return _USUAL.sub("", half_width(name)).casefold()


def are_alike(one: str, other: str) -> bool:
    """Tell whether two names may be of one thing: the same but for variants, or long and different in one character.

    A different numeral, letter or side is the difference of two phases or companies, not a slip.
    """
    short, long = sorted((core_of(one), core_of(other)), key=len)
    if len(short) == len(long):
        differ = [pair for pair in zip(short, long, strict=True) if not same_character(*pair)]
        return bool(short) and (not differ or (len(differ) == 1 and _is_slip(short, *differ[0])))
    longer = (at for at in range(len(long)) if _is_slip(short, long[at]))
    return len(long) - len(short) == 1 and any(_same(short, long[:at] + long[at + 1 :]) for at in longer)


def _same(one: str, other: str) -> bool:
    return all(same_character(*pair) for pair in zip(one, other, strict=True))


def _is_slip(name: str, *different: str) -> bool:
    return len(name) >= _LONG and _NUMERALS.isdisjoint(different)


def doubles_of(work: Work, kind: Kind, proposal: Proposal) -> Iterator[Finding]:
    """Find what a first version of a record resembles, among the records its writer may see."""
    fields = {field.name: field for field in kind.fields}
    if not kind.facts.alike or proposal.before is not None or work.caller.account_id is None:
        return
    key, *others = kind.facts.alike
    name = str(proposal[key] or "")
    for row in _rows_alike(work, kind, proposal, key, name):
        told = [("编号", "（本次填写）", row.record_no)] + [
            (
                fields[one].label,
                *(fields[one].text(fields[one].shown(value, {})) for value in (mine, getattr(row, one))),
            )
            for one, mine in ((one, proposal[one]) for one in (key, *others))
        ]
        yield Finding(
            DOUBLE,
            f"与已有的“{getattr(row, key)}”（{row.record_no}）相近，确认不是同一{kind.label}后再提交",
            key,
            Severity.WARN,
            evidence={"alike": [list(line) for line in told]},
        )


def _rows_alike(work: Work, kind: Kind, proposal: Proposal, key: str, name: str) -> Sequence[Any]:
    """Read the records with half of the name's initials: of names that differ in one character, one half is the same.

    All the names are read first, and of the records only those named alike.
    """
    letters, table = initials(core_of(name)), kind.table
    if not letters:
        return ()
    half = len(letters) // 2
    halves = (letters[:half], letters[half:]) if len(letters) >= _LONG else (letters,)
    holds = [col(getattr(table, f"{key}_letters")).contains(part, autoescape=True) for part in halves]
    near = (
        work.visible(table)
        .with_only_columns(col(table.id), getattr(table, key))
        .where(col(table.in_force) == InForceState.EFFECTIVE, col(table.id) != proposal.record_id, sa.or_(*holds))
        .order_by(table.record_no)
        .limit(_MOST_READ)
    )
    alike = [known for known, other in work.session.execute(near) if are_alike(name, str(other))][:_MOST_NAMED]
    return work.rows(table, col(table.id).in_(alike), by=table.record_no) if alike else ()
