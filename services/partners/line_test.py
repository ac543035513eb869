"""Line test: whether a partner can be reached, verifies our signature, and signs as registered; and vice versa."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field

from models.access import Role
from models.partners import Partner, PartnerExchange
from models.sealed import Sealed
from services.engine.door import Gathering
from services.engine.refusals import Conflict
from services.engine.registry import action, query
from services.engine.work import Work
from services.partners.outgoing import answered
from services.partners.partner_cache import SYSTEMS, Believed, NotBelieved, believed
from services.ports.exchange import EXCHANGE, PartnerAnswer, PartnerMessage

PATH = "/ping"
LABEL = "线路测试"


@dataclass(frozen=True)
class LineTested:
    """Result of a line test; `error` is empty when request and reply were both verified."""

    app_id: str
    status: int
    code: str
    milliseconds: int
    error: str


@dataclass(frozen=True)
class _Asked:
    app_id: str
    key: str
    answer: PartnerAnswer


def _ask(gathering: Gathering, partner_id: UUID) -> _Asked:
    to: Believed = gathering.look(lambda work: _partner(work, partner_id))
    key = uuid4().hex
    if not to.row.base_url:
        return _Asked(to.app_id, key, PartnerAnswer(error="对接方没有登记接口基址"))
    body = json.dumps({"message": "ping"}, separators=(",", ":"))
    keys = gathering.look(lambda work: to.signing_keys(work.at))
    # Nothing changes at theirs, so there is no idempotency key.
    message = PartnerMessage(to.app_id, to.row.base_url, PATH, body, "", keys, encrypted=False)
    return _Asked(to.app_id, key, gathering.systems.at(EXCHANGE).send(message))


def _partner(work: Work, partner_id: UUID) -> Believed:
    row = work.get(Partner, partner_id)
    try:
        found = believed(work.session, row.app_id)
    except NotBelieved as forged:
        raise Conflict("该对接方与已签名的登记不一致，已停止使用，请联系安全管理员核查") from forged
    assert found is not None
    return found


@action("partners.test_line", "线路测试", roles={Role.SYS_ADMIN, Role.CITY_CENTER}, gather=_ask, event="API.OUT")
def test_line(work: Work, partner_id: UUID, asked: _Asked) -> LineTested:
    """Return a signed question without any business in it; works in maintenance mode too, which is what it is for."""
    row, answer = work.get(Partner, partner_id), asked.answer
    work.add(
        PartnerExchange(
            at=work.at,
            direction="OUT",
            app_id=asked.app_id,
            system=SYSTEMS[row.kind],
            operation=PATH,
            label=LABEL,
            request_id=asked.key,
            milliseconds=answer.milliseconds,
            **answered(answer),
            detail=answer.error[:200],
            payload=Sealed.of_json({"message": "ping"}),
        )
    )
    work.trail.tell("API.OUT", "partners.test_line", about=row, result="ok" if not answer.error else "fail")
    return LineTested(asked.app_id, answer.status, answer.code, answer.milliseconds, answer.error)


@dataclass(frozen=True)
class Ping:
    """A partner's question whether it is heard."""

    message: Annotated[
        str, Field(title="内容", description="任意短文字，应答中原样返回", max_length=64, pattern=r"^[A-Za-z0-9 _.-]*$")
    ] = "ping"


@dataclass(frozen=True)
class Pong:
    message: str
    app_id: str
    environment: str
    time: datetime


@query("partners.ping", "对接方线路测试", roles={Role.PARTNER})
def ping(work: Work, order: Ping) -> Pong:
    """Answer a partner's line test, which shows it that signature, keys and clock are right."""
    return Pong(order.message, work.caller.name, work.house.environment_id, work.at)
