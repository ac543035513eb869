"""schemathesis asks every endpoint of the sandbox's OpenAPI document: whatever is sent, it is answered and never by a 500."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from sqlmodel import select

import integrations.endpoints  # noqa: F401  (declares every endpoint)
from deploy.demo.firms import load_firms
from deploy.demo.partners import load_partners
from deploy.partners import introduced, product_end
from integrations.wire.exchange.openapi import openapi
from integrations.wire.exchange.relay import ROOT, relay_at
from integrations.wire.exchange_simulator import Answered, ExchangeSimulator, Waiting
from models.partners import Partner
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM
from tests.drills import write_drill
from tests.market_rules import parameter
from tests.partner.rig import serve
from tests.world import running_world

SCHEMA, STRANGE, THOROUGH = (schemathesis.openapi.from_dict(openapi()) for _ in range(3))
# The edges of every field are for the drills. Whoever signs nothing is refused before his message is looked at.
SCHEMA.config.phases.coverage.enabled = STRANGE.config.phases.coverage.enabled = False
ONE = settings(max_examples=1, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
MANY, LEAST, MOST = settings(ONE, max_examples=60), 30, "100000"
#: Answers of the drill by endpoint and code, and when its first message was sent.
ANSWERED: Counter[tuple[str, str]] = Counter()
BEGUN: list[float] = []


@dataclass
class Line:
    """The API at an address, and the partner to ask each endpoint as."""

    url: str
    partners: dict[str, ExchangeSimulator]
    scopes: dict[str, frozenset[str]]

    def signed(self, path: str, plain: bytes) -> Answered:
        """What the API answers to a body that the right partner seals and signs."""
        declared = relay_at("POST", path)
        assert declared is not None
        app_id = next(app for app, held in self.scopes.items() if not declared.right or declared.right in held)
        key = uuid4().hex if declared.changes else ""
        while True:
            answered = self.partners[app_id].send(Waiting(path.removeprefix(ROOT), plain, key, str(uuid4())))
            if answered.code != "E1010":
                return answered


@pytest.fixture(scope="module")
def line(sqlite_url: str) -> Iterator[Line]:
    with running_world(sqlite_url, houses=False) as world:
        world.door.perform(load_firms, SYSTEM, None)
        world.door.perform(load_partners, SYSTEM, introduced(world.simulators))
        sign_pending(world.door)
        node, _ = serve(world.door)
        world.simulators.connect(product_end(world.door.house, node.url))
        rows = world.read(lambda work: work.session.exec(select(Partner)).all())
        # Within the limits of checks an hour goes by before the next answer.
        with parameter(world, "precheck.address_an_hour", MOST), parameter(world, "precheck.person_a_day", MOST):
            yield Line(node.url, world.simulators.partners, {row.app_id: row.scope_set for row in rows})
        node.stop()


def partner_sends(case: Any, line: Line) -> None:
    answer_of(case, line)


def partner_sends_edges(case: Any, line: Line) -> None:
    BEGUN.append(time.monotonic())
    ANSWERED[case.operation.path, answer_of(case, line).code] += 1


def answer_of(case: Any, line: Line) -> Answered:
    answered = line.signed(case.operation.path, _plain(case))
    assert answered.code == "0" or answered.code.startswith("E10"), answered
    assert answered.status < 500, answered
    assert answered.code != "E1099"
    return answered


def stranger_sends(case: Any, line: Line) -> None:
    headers = {name: value for name, value in dict(case.headers or {}).items() if _sendable(name, value)}
    reply = httpx.request(
        case.method, line.url + case.operation.path, content=_plain(case), headers=headers, trust_env=False
    )
    assert 400 <= reply.status_code < 500, reply.text
    assert reply.json()["code"].startswith("E10")


def _plain(case: Any) -> bytes:
    body = case.body
    if isinstance(body, bytes):
        return body
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except (TypeError, ValueError):
        # What is left out of a case, or a lone surrogate.
        return b""


def _sendable(name: str, value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and name.lower() != "content-length"


# Not as decorators: the library's are untyped.
test_whatever_a_partner_sends_is_answered = SCHEMA.parametrize()(ONE(partner_sends))
if "--soak" in sys.argv:
    # Every edge is made when tests are collected, which takes each process of every other run four seconds.
    test_the_edges_of_every_field_are_answered = pytest.mark.soak(THOROUGH.parametrize()(MANY(partner_sends_edges)))


@pytest.mark.soak
def test_each_endpoint_was_asked_often_enough() -> None:
    """Runs after the drill above, and writes down what it came to."""
    asked: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for (path, code), count in ANSWERED.items():
        asked[path] += count
        codes[code] += count
    assert asked.keys() == set(THOROUGH.raw_schema["paths"])
    assert min(asked.values()) >= LEAST
    told = "、".join(f"{code} {count}" for code, count in sorted(codes.items()))
    result = f"{asked.total()} 个签名请求（{len(asked)} 个接口，每个至少 {min(asked.values())} 个：{told}）；无 500，无 E1099"
    write_drill("接口报文生成", "SQLite，schemathesis", result, time.monotonic() - BEGUN[0])


test_whatever_a_stranger_sends_is_refused = STRANGE.parametrize()(ONE(stranger_sends))
