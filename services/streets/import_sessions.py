"""The table of street users as a kind that can be brought in: each good row becomes a link (row 50)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from models.imports import ImportSession
from models.streets import LinkState, StreetLink
from services.engine.door import Gathering
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.imports.kinds import Asking, Importable, importable
from services.imports.sheets import Checks, ImportedRow, Level, Verdict
from services.streets.import_columns import DUTIES, LABELS, SHEET, checks_of
from services.streets.links import LinkUser, end_at_once, new_link
from services.streets.registry import ADMINISTRATORS, FromHouse, account_of


def _checks(asking: Asking) -> Checks:
    return checks_of(FromHouse(asking), asking.today)


def _prepare(gathering: Gathering, rows: Sequence[ImportedRow], archive: bytes | None) -> None:
    return None


def _file(work: Work, session: ImportSession, rows: Sequence[ImportedRow], ready: None) -> Sequence[UUID | None]:
    return [_link(work, session, row) for row in rows]


def _link(work: Work, session: ImportSession, row: ImportedRow) -> UUID | None:
    """Link the user of a row; what changed since the row was judged becomes a finding of the row."""
    values = {name: row.values.get(label, "") for name, label in LABELS.items()}
    account = account_of(work, values["login"])
    if account is None or row.verdict is Verdict.REJECT:
        return None
    order = LinkUser(
        values["login"],
        values["street_code"],
        DUTIES[values["duty"]],
        date.fromisoformat(values["valid_from"]),
        date.fromisoformat(values["valid_to"]) if values["valid_to"] else None,
        values["main"] == "是",
    )
    try:
        link = new_link(work, account, order, session_id=session.id)
    except Refusal as refusal:
        row.find(LABELS["street"], Level.ERROR, "LINK_REFUSED", refusal.message)
        return None
    # The next row of the same user has to see this link.
    work.session.flush()
    return link.id


def _undo(work: Work, session_id: UUID) -> None:
    """End the links of a session that are still there."""
    for link in work.rows(StreetLink, StreetLink.session_id == session_id, by=StreetLink.id):
        if link.state is not LinkState.ENDED:
            end_at_once(work, link, "撤销导入")


STREET_USERS = importable(
    Importable(
        name="street_users",
        sheet=SHEET,
        checks=_checks,
        prepare=_prepare,
        file=_file,
        undo=_undo,
        title="用户工号",
        roles=frozenset(ADMINISTRATORS),
        advice=("一行一个关联；同一用户关联多个街镇的分行填写，其中一行为主关联；区级管理员只能关联本区的街镇。",),
    )
)
