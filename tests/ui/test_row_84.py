"""Row 84, what travels between browser and application: in production through the gateway and encrypted, or not at all."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse

from services.access.sessions import SessionBook
from services.engine.networks import Networks
from ui.front import Front
from ui.guard import Gate, Guard

ADDRESS = "10.8.0.7"


@pytest.mark.row(84)
@pytest.mark.proves("M2", "D03", "H07")
async def test_in_production_nothing_is_answered_past_the_gateway_or_in_clear(app: FastAPI, book: SessionBook) -> None:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("reached")(scope, receive, send)

    gate = Gate(
        mode="production", public_url="https://shenfang.example", front=Front(Networks.of("10.20.0.1"), required=True)
    )
    guarded = Guard(answer, book, gate)

    async def asked(peer: str, proto: str) -> httpx.Response:
        transport = httpx.ASGITransport(guarded, client=(peer, 1))
        headers = {"x-forwarded-proto": proto, "x-forwarded-for": ADDRESS}
        async with httpx.AsyncClient(
            transport=transport, base_url="https://shenfang.example", headers=headers
        ) as client:
            return await client.get("/login")

    through = await asked("10.20.0.1", "https")
    assert through.text == "reached"
    assert "max-age" in through.headers["strict-transport-security"]
    for peer, proto in (("203.0.113.9", "https"), ("10.20.0.1", "http")):
        refused = await asked(peer, proto)
        assert refused.status_code == 403
        assert "reached" not in refused.text
