"""State of the access list for security administrator and auditor: signature, differences, last changes."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col

from models.access import Account, OrgUnit, Role
from models.partners import Partner
from models.rights import AccessChange
from services.access.access_list_signature import Checked, check_through
from services.access.entries import id_of
from services.audit.words import act_label
from services.engine.door import Gathering
from services.engine.listings import Line
from services.engine.look_ups import uuid_of, values_by
from services.engine.registry import query
from services.engine.work import Work

_LATEST = 50
_KINDS = {"account": "账号", "unit": "机构", "policy": "委托开户策略", "partner": "对接方"}


@dataclass(frozen=True)
class ListState:
    """Result of a check made just now, its problems in words, and the last changes."""

    checked: Checked
    problems: list[str]
    latest: list[Line]

    @property
    def waiting(self) -> int:
        """Return the number of changes that are not signed yet."""
        return self.checked.changes - (self.checked.newest.seq if self.checked.newest else 0)


def _check(gathering: Gathering, order: None) -> Checked:
    return check_through(gathering.house.crypto, gathering.look)


@query("access.list_state", "访问控制清单", roles={Role.SEC_ADMIN, Role.AUDITOR}, gather=_check)
def list_state(work: Work, order: None, checked: Checked) -> ListState:
    """The state of the list; names stay out of it, logins are enough to know whom to ask."""
    rows = work.rows(AccessChange, by=col(AccessChange.seq).desc(), most=_LATEST)
    bodies = [json.loads(row.body) for row in rows]
    names = _names(work, {str(body["key"]) for body in bodies} | {problem.key for problem in checked.problems})
    logins = values_by(work, Account.id, Account.login, (uuid_of(str(body["by"])) for body in bodies))
    problems = [
        f"{names.get(problem.key, problem.key) or '清单'}：{_WORDS.get(problem.code, problem.code)}"
        for problem in checked.problems
    ]
    latest = [
        Line(
            id=row.id,
            seq=row.seq,
            at=row.at,
            act=act_label(str(body["act"])),
            what=names.get(body["key"], body["key"]),
            by=logins.get(uuid_of(str(body["by"])), "系统"),
        )
        for row, body in zip(rows, bodies, strict=True)
    ]
    return ListState(checked, problems, latest)


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
