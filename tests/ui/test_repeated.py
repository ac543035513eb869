"""H35: what says a name twice has two readings, and gets none."""

import httpx
import pytest
from sqlmodel import col, select

from models.audit import AuditEvent
from tests.ui.people import Crowd, hidden, until
from tests.world import World


@pytest.mark.proves("H35")
@pytest.mark.parametrize("query", ["open=cases&open=parameters", "a=1&%61=2", "key=&key="])
async def test_h35_a_parameter_said_twice_is_refused_and_told(crowd: Crowd, world: World, query: str) -> None:
    browser = await crowd.browser("shi01")
    answer = await browser.get(f"/?{query}")
    assert answer.status_code == 400
    assert "Traceback" not in answer.text

    def told() -> bool:
        statement = select(AuditEvent.body).where(AuditEvent.event == "AUTHZ.DENY").order_by(col(AuditEvent.seq).desc())
        return '"rsn":"REPEATED"' in (world.read(lambda work: work.session.exec(statement.limit(1)).first()) or "")

    assert await until(told)
    assert (await browser.get("/?open=cases&key=1")).status_code == 200


@pytest.mark.proves("H35")
@pytest.mark.parametrize("name", ["host", "origin", "content-type", "authorization"])
async def test_h35_a_header_that_counts_is_sent_once(visitor: httpx.AsyncClient, name: str) -> None:
    sent = [(name.encode(), str(visitor.base_url.host).encode()), (name.encode(), b"other")]
    request = visitor.build_request("GET", "/login")
    request.headers = httpx.Headers([*((k, v) for k, v in request.headers.raw if k.lower() != name.encode()), *sent])
    assert (await visitor.send(request)).status_code in {400, 403}


@pytest.mark.proves("H35")
@pytest.mark.parametrize("field", ["login", "demo", "csrf"])
async def test_h35_a_form_that_fills_a_field_twice_signs_nobody_in(visitor: httpx.AsyncClient, field: str) -> None:
    page = await visitor.get("/login")
    token = hidden(page, "csrf")
    body = f"csrf={token}&login=shi01&demo=1&{field}={token if field == 'csrf' else 'shiju01'}"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await visitor.post("/login", content=body, headers=headers)
    assert answer.status_code == 400
    assert "重复的栏目" in answer.text
    assert "set-cookie" not in answer.headers or "sid=" not in answer.headers["set-cookie"]
