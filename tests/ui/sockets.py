"""A bare socket against the application, as an attacker would write one: no browser, no library of the page."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI

from tests.ui.people import HERE

_WAIT = 5


class Socket:
    """One socket that was let in; `heard` are the frames the server sent."""

    def __init__(self, to: "asyncio.Queue[dict[str, Any]]", frm: "asyncio.Queue[dict[str, Any]]") -> None:
        self._to, self._from = to, frm

    async def say(self, text: str) -> None:
        await self._to.put({"type": "websocket.receive", "text": text})

    async def emit(self, event: str, message: dict[str, Any]) -> None:
        """A socket.io event, as the page's script would send it."""
        await self.say("42" + json.dumps([event, message]))

    async def hear(self) -> str:
        """The next frame; empty when the server closed."""
        message = await asyncio.wait_for(self._from.get(), _WAIT)
        return str(message.get("text", "")) if message["type"] == "websocket.send" else ""

    async def hear_until_closed(self) -> str:
        """Everything the server still says until it closes the socket; `1` is its word for closing."""
        said = []
        while (frame := await self.hear()) not in ("", "1"):
            said.append(frame)
        return "\n".join(said)

    async def hear_until(self, start: str) -> str:
        while frame := await self.hear():
            if frame.startswith(start):
                return frame
        return ""


@asynccontextmanager
async def knock(
    app: FastAPI, *, cookie: str = "", origin: str | None = HERE, client_id: str = ""
) -> AsyncIterator[Socket | None]:
    """Try to open the page socket; None when it is refused before it opens."""
    headers = [(b"host", b"localhost"), (b"upgrade", b"websocket"), (b"connection", b"Upgrade")]
    if cookie:
        headers.append((b"cookie", f"sid={cookie}".encode()))
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    query = {"EIO": "4", "transport": "websocket"} | ({"client_id": client_id} if client_id else {})
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/_nicegui_ws/socket.io/",
        "raw_path": b"/_nicegui_ws/socket.io/",
        "query_string": urlencode(query).encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        "subprotocols": [],
        "state": {},
        "extensions": {},
    }
    to: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    frm: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    await to.put({"type": "websocket.connect"})
    serving = asyncio.create_task(app(scope, to.get, frm.put))  # type: ignore[arg-type]
    try:
        first = await asyncio.wait_for(frm.get(), _WAIT)
        yield Socket(to, frm) if first["type"] == "websocket.accept" else None
    finally:
        await to.put({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait({serving}, timeout=_WAIT)
        serving.cancel()
