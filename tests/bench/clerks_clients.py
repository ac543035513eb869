"""Bare socket clients that open the workspace, click and time the answer; no browser, so that one core drives hundreds."""

import ast
import asyncio
import json
import random
import re
import sys
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import websockets

_QUERY = re.compile(r"query: (\{.*?\}),\n")
_ELEMENTS = re.compile(r"parseElements\(String\.raw`(.*?)`\)", re.DOTALL)
_ESCAPES = (("&#36;", "$"), ("&#96;", "`"), ("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&"))
PATIENCE = 30.0


class Page:
    """One open page of one clerk, known as the browser knows it: elements by id."""

    def __init__(self, base: str, token: str) -> None:
        self.base, self.headers = base, {"Cookie": f"sid={token}"}
        self.elements: dict[str, dict[str, Any]] = {}
        self.wanted = ""
        self.arrived = asyncio.Event()
        self.broken = ""

    async def open(self, http: httpx.AsyncClient, module: str) -> None:
        """Load the page and connect its socket, as a browser does."""
        answer = await self._get(http, f"/?open={module}")
        query = _QUERY.search(answer.text)
        found = _ELEMENTS.search(answer.text)
        if answer.status_code != 200 or query is None or found is None:
            raise RuntimeError(f"no page: {answer.status_code} {answer.text[:200]}")
        listed = found[1]
        for escape, char in _ESCAPES:
            listed = listed.replace(escape, char)
        self._take(json.loads(listed))
        asked = ast.literal_eval(query[1])
        self.client, self.next = asked["client_id"], asked["next_message_id"]
        asked |= {"document_id": str(uuid.uuid4()), "tab_id": str(uuid.uuid4()), "EIO": 4, "transport": "websocket"}
        asked["implicit_handshake"] = "true"
        address = f"{self.base.replace('http', 'ws', 1)}/_nicegui_ws/socket.io/?{urlencode(asked)}"
        self.socket = await self._connect(address)
        await self.socket.recv()
        await self.socket.send("40")
        self.tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._acknowledge())]

    async def _get(self, http: httpx.AsyncClient, path: str) -> httpx.Response:
        return await http.get(f"{self.base}{path}", headers={**self.headers, "Accept": "text/html"})

    async def _connect(self, address: str) -> websockets.ClientConnection:
        return await websockets.connect(
            address, max_size=None, ping_interval=None, additional_headers={**self.headers, "Origin": self.base}
        )

    async def _read(self) -> None:
        try:
            async for message in self.socket:
                text = str(message)
                if text == "2":
                    await self.socket.send("3")
                elif text.startswith('42["update"'):
                    update = json.loads(text[2:])[1]
                    self.next = max(self.next, int(update.pop("_id", self.next - 1)) + 1)
                    self._take(update)
                    if self.wanted and self.wanted in text:
                        self.arrived.set()
        except Exception as problem:
            self.broken = repr(problem)

    async def _acknowledge(self) -> None:
        told = -1
        while True:
            await asyncio.sleep(3)
            if told < self.next:
                told = self.next
                await self._send("ack", {"client_id": self.client, "next_message_id": told})

    def _take(self, elements: dict[str, Any]) -> None:
        for key, element in elements.items():
            if isinstance(element, dict):
                self.elements[key] = element
            else:
                self.elements.pop(key, None)

    async def _send(self, what: str, content: dict[str, Any]) -> None:
        await self.socket.send("42" + json.dumps([what, content]))

    def _button(self, label: str) -> tuple[int, str] | None:
        for key, element in self.elements.items():
            if (element.get("props") or {}).get("label") == label:
                for event in element.get("events", ()):
                    if event["type"] == "click":
                        return int(key), event["listener_id"]
        return None

    async def until(self, label: str) -> None:
        """Wait until the module has drawn its button."""
        deadline = time.perf_counter() + PATIENCE
        while self._button(label) is None:
            if time.perf_counter() > deadline or self.broken:
                raise RuntimeError(f"no button {label}: {self.broken}")
            await asyncio.sleep(0.05)

    async def click(self, label: str, wanted: str) -> float:
        """Click and wait for the update that carries `wanted`; seconds it took."""
        button = self._button(label)
        if button is None or self.broken:
            raise RuntimeError(f"no button {label}: {self.broken}")
        self.wanted = wanted
        self.arrived.clear()
        start = time.perf_counter()
        element, listener = button
        event = {"id": element, "client_id": self.client, "listener_id": listener, "args": ["{}"]}
        await self._send("event", event)
        await asyncio.wait_for(self.arrived.wait(), PATIENCE)
        return time.perf_counter() - start

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await self.socket.close()


class Office:
    """All clerks of one run and what they found."""

    def __init__(self, base: str, tokens: list[str], plan: dict[str, Any]) -> None:
        self.base, self.tokens, self.plan = base, tokens, plan
        self.clicks: list[float] = []
        self.filings: list[float] = []
        self.opens: list[float] = []
        self.errors: list[str] = []
        self.stop = 0.0

    async def run(self) -> dict[str, Any]:
        limits = httpx.Limits(max_connections=8)
        async with httpx.AsyncClient(timeout=PATIENCE, limits=limits) as http:
            pages = [Page(self.base, token) for token in self.tokens]
            filing = int(self.plan["filing"])
            for place, page in enumerate(pages):
                await page.open(http, "bench_filing" if place < filing else "filings")
                await page.until("办理备案" if place < filing else "查询")
            await asyncio.sleep(3)
            before = (await http.get(f"{self.base}/api/watchdog")).json()
            started = time.perf_counter()
            self.stop = started + float(self.plan["seconds"])
            await asyncio.gather(
                *(self._file(page) for page in pages[:filing]),
                *(self._search(page) for page in pages[filing:]),
                self._load_pages(http),
            )
            watchdog = (await http.get(f"{self.base}/api/watchdog")).json()
            seconds = time.perf_counter() - started
            for page in pages:
                await page.close()
        return {
            "clicks": self.clicks,
            "filings": self.filings,
            "opens": self.opens,
            "errors": self.errors,
            "watchdog": watchdog,
            "seconds": seconds,
            "core": (watchdog["cpu"] - before["cpu"]) / seconds,
        }

    async def _search(self, page: Page) -> None:
        await self._repeat(page, "查询", '"rows":', self.clicks, float(self.plan["think"]))

    async def _file(self, page: Page) -> None:
        await self._repeat(page, "办理备案", "备案B", self.filings, float(self.plan["filing_think"]))

    async def _repeat(self, page: Page, label: str, wanted: str, times: list[float], think: float) -> None:
        await asyncio.sleep(random.random() * think)
        while time.perf_counter() < self.stop:
            try:
                times.append(await page.click(label, wanted))
            except Exception as problem:
                texts = [str(one.get("text")) for one in page.elements.values() if "备案" in str(one.get("text"))]
                self.errors.append(f"{label}: {problem!r} {texts[-1:]}")
                return
            await asyncio.sleep(min(random.expovariate(1 / think), max(0.0, self.stop - time.perf_counter())))

    async def _load_pages(self, http: httpx.AsyncClient) -> None:
        """Some clerk reloads: a new page, closed again after a second."""
        pause = 1 / float(self.plan["pages_a_second"])
        place = 0
        while time.perf_counter() < self.stop:
            start = time.perf_counter()
            place += 1
            page = Page(self.base, self.tokens[place % len(self.tokens)])
            try:
                await page.open(http, "filings")
                self.opens.append(time.perf_counter() - start)
                asyncio.get_running_loop().call_later(1, lambda page=page: asyncio.ensure_future(page.close()))  # type: ignore[misc]
            except Exception as problem:
                self.errors.append(f"page: {problem!r}")
            await asyncio.sleep(max(0.0, pause - (time.perf_counter() - start)))


if __name__ == "__main__":
    address, tokens_file, given = sys.argv[1:4]
    order = json.loads(given)
    known = json.loads(Path(tokens_file).read_text())[: int(order["clerks"])]
    print(json.dumps(asyncio.run(Office(address, known, order).run())))
