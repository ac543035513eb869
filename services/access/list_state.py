"""State of the access list for security administrator and auditor: signature, differences, last changes."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from models.access import Account, OrgUnit, Role
from models.partners import Partner
from models.rights import AccessChange
from services.access.access_list_signature import Checked, check_through
from services.access.entries import id_of
from services.audit.words import act_label
from services.engine.door import Gathering
from services.engine.look_ups import uuid_of, values_by
from services.engine.registry import query
from services.engine.work import Work

_LATEST = 50
_KINDS = {"account": "账号", "unit": "机构", "policy": "委托开户策略", "partner": "对接方"}


@dataclass(frozen=True)
class ChangeLine:
    id: UUID
    seq: int
    at: datetime
    act: str
    what: str
    by: str


@dataclass(frozen=True)
class ListState:
    """The newest signed list and what a check found just now; `waiting` changes are not signed yet."""

    version: int
    signed_at: datetime | None
    key: str
    digest: str
    changes: int
    waiting: int
    entries: int
    problems: list[str]
    latest: list[ChangeLine]


def _check(gathering: Gathering, order: None) -> Checked:
    return check_through(gathering.house.crypto, gathering.look)


@query("access.list_state", "访问控制清单", roles={Role.SEC_ADMIN, Role.AUDITOR}, gather=_check)
def list_state(work: Work, order: None, checked: Checked) -> ListState:
    """The state of the list; names stay out of it, logins are enough to know whom to ask."""
    newest = checked.newest
    rows = work.session.exec(select(AccessChange).order_by(col(AccessChange.seq).desc()).limit(_LATEST)).all()
    bodies = [json.loads(row.body) for row in rows]
    names = _names(work, {str(body["key"]) for body in bodies} | {problem.key for problem in checked.problems})
    logins = values_by(work, Account.id, Account.login, (uuid_of(str(body["by"])) for body in bodies))
    return ListState(
        newest.version if newest else 0,
        newest.signed_at if newest else None,
        newest.signature_key if newest else "",
        newest.digest if newest else "",
        checked.changes,
        checked.changes - (newest.seq if newest else 0),
        len(checked.entries),
        [
            f"{names.get(problem.key, problem.key) or '清单'}：{_WORDS.get(problem.code, problem.code)}"
            for problem in checked.problems
        ],
        [
            ChangeLine(
                row.id,
                row.seq,
                row.at,
                act_label(str(body["act"])),
                names.get(body["key"], body["key"]),
                logins.get(uuid_of(str(body["by"])), "系统"),
            )
            for row, body in zip(rows, bodies, strict=True)
        ],
    )


_WORDS = {
    "DIFFERS": "与清单不一致",
    "NOT_LISTED": "不在清单中",
    "GONE": "已被删除",
    "ROLLBACK": "清单被换成较早的版本",
    "SIGNATURE": "签名不正确",
    "PROOF": "有来历不明的变更",
    "HASH": "变更内容被改动",
    "GAP": "变更记录缺失",
    "ORDER": "变更次序不正确",
}


def _names(work: Work, keys: set[str]) -> dict[str, str]:
    ids = [id_of(key) for key in keys if key]
    named: dict[UUID, str] = {}
    for key, name in ((Account.id, Account.login), (OrgUnit.id, OrgUnit.name), (Partner.id, Partner.app_id)):
        named |= values_by(work, key, name, ids)
    return {key: f"{_KINDS[key.partition(':')[0]]} {named.get(id_of(key), '')}".strip() for key in keys if key}
