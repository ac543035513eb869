"""Descriptions of tables for the data catalogue: label, keeper, source, sharing, level and purpose."""

from dataclasses import dataclass, replace
from pathlib import Path

from models.codes import Code
from models.own_data import read_rows
from services.engine.kinds import KINDS


class Sharing(Code):
    OPEN = "OPEN", "无条件共享"
    ASKED = "ASKED", "有条件共享"
    NONE = "NONE", "不予共享"


@dataclass(frozen=True)
class Subject:
    """A table. `level` is that of its plain columns, `payload` that of its encrypted texts (security.md 1.3)."""

    label: str
    purpose: str
    area: str
    owner: str
    source: str
    sharing: Sharing
    level: int
    payload: int
    sensitive: bool


#: The label of a table that is not described yet; the build fails while there is one.
UNDESCRIBED = Subject("（未登记）", "", "未登记", "", "", Sharing.NONE, 4, 4, sensitive=True)

#: Tables by name, in the order of the catalogue; tables of kinds say themselves what they are kept for.
SUBJECTS = {
    row["table"]: Subject(
        row["label"],
        row["purpose"],
        row["area"],
        row["owner"],
        row["source"],
        Sharing.of(row["sharing"]),
        int(row["level"]),
        int(row["payload"]),
        bool(row["sensitive"]),
    )
    for row in read_rows(Path(__file__).with_suffix(".csv"))
}


def subjects() -> dict[str, Subject]:
    """All of them, with the tables of kinds and of their lists."""
    return SUBJECTS | _of_kinds()


def subject_of(table: str) -> Subject:
    """Return the description of a table, or `UNDESCRIBED`."""
    return SUBJECTS.get(table) or _of_kinds().get(table, UNDESCRIBED)


def label_of(table: str, otherwise: str = "") -> str:
    """Return the label of a table, or `otherwise`, or its name."""
    found = subject_of(table)
    return (otherwise or table) if found is UNDESCRIBED else found.label


def _of_kinds() -> dict[str, Subject]:
    found: dict[str, Subject] = {}
    for kind in KINDS.values():
        purpose = kind.look.purpose or f"房地产市场监管：{kind.label}"
        # Tables of kinds are described as the versions they come from.
        found[str(kind.table.__tablename__)] = replace(SUBJECTS["revision"], label=kind.label, purpose=purpose)
        for child in kind.children:
            label = f"{kind.label}：{child.label}"
            found[str(child.table.__tablename__)] = replace(SUBJECTS["revision"], label=label, purpose=purpose)
    return found
