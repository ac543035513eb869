"""Clerks of a drill: each has a page open through nginx, files one lease after another, and loads the page anew when it breaks."""

import asyncio
import random
import ssl
import threading
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import websockets

from tests.bench.clerks_clients import Page
from tests.deploy.nginx_site import NAME
from tests.hosts.web import KEY, Batch

#: Seconds a clerk waits for an answer before the page is loaded anew, and between two tries.
PATIENCE, AGAIN = 20.0, 0.5
#: So often a clerk presses at most; more means that something stays wrong.
MOST_TRIES = 40
#: The shortest and the longest step in which a clerk's thinking is counted.
TICK, LONGEST_TICK = 0.05, 1.0


class SignedOut(Exception):
    """The page asked a clerk to sign in again."""


class SecurePage(Page):
    """A page behind nginx, which answers for one name only."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(f"https://{NAME}:{port}", token)
        self.port, self.token = port, token
        self.headers = {"Cookie": f"__Host-sid={token}"}
        self.trusting = ssl._create_unverified_context()
        self.tasks = []

    async def _get(self, http: httpx.AsyncClient, path: str) -> httpx.Response:
        answer = await http.get(
            f"https://127.0.0.1:{self.port}{path}",
            headers={**self.headers, "Accept": "text/html", "Host": f"{NAME}:{self.port}"},
            extensions={"sni_hostname": NAME},
        )
        if answer.is_redirect or answer.status_code == 401:
            raise SignedOut(answer.headers.get("location", ""))
        return answer

    async def _connect(self, address: str) -> websockets.ClientConnection:
        return await websockets.connect(
            address,
            host="127.0.0.1",
            port=self.port,
            ssl=self.trusting,
            max_size=None,
            ping_interval=None,
            additional_headers={**self.headers, "Origin": self.base},
        )

    def answer(self, number: int) -> str:
        """What the page says of a lease of this number; nothing while it says nothing."""
        start = f"回{number}："
        texts = [str(one.get("text")) for one in self.elements.values()]
        return next((text.removeprefix(start) for text in texts if text.startswith(start)), "")


@dataclass(frozen=True)
class Answered:
    """A click that was answered with a filing's number; moments are of the monotonic clock."""

    account: str
    number: int
    filing_no: str
    began: float
    ended: float
    tries: int


@dataclass
class Office:
    """All clerks of a drill, in a thread of their own. `leases` are how many each account has to file.

    The seconds that they think may be set anew at any time.
    """

    port: int
    tokens: dict[str, str]
    leases: dict[str, list[str]]
    think: float
    #: What others have to push, and the seconds between two of their batches.
    batches: dict[str, list[Batch]] = field(default_factory=dict)
    push_think: float = 4.0
    answered: list[Answered] = field(default_factory=list)
    #: Clicks that were answered after they had been filed by an earlier click, whose answer was lost.
    found_filed: int = 0
    reloads: int = 0
    signed_out: int = 0
    refusals: list[str] = field(default_factory=list)
    thread: threading.Thread | None = None
    failed: BaseException | None = None
    #: Colleagues who look for filings again and again until the others are done, and the seconds of their clicks.
    searching: list[str] = field(default_factory=list)
    search_think: float = 5.0
    clicks: list[float] = field(default_factory=list)
    #: When the first of the others began to file, after all pages were open.
    began: float = 0.0
    #: Set by the last of them, or by a drill that has seen enough.
    over: bool = False

    def open(self) -> None:
        """Let the clerks begin."""
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until everything is filed."""
        assert self.thread is not None
        self.thread.join(seconds)
        if self.failed is not None:
            raise self.failed
        assert not self.thread.is_alive(), f"{self.left()} leases are not filed; {self.refusals[-5:]}"

    def answers(self, *, pushed: bool) -> list[Answered]:
        """Return the answers that clerks, or those who push, have had so far."""
        return [one for one in self.answered if (one.account in self.batches) is pushed]

    @property
    def tasks(self) -> dict[str, int]:
        """Return how many buttons each account has to press."""
        return {account: len(mine) for account, mine in (self.leases | self.batches).items()}

    def left(self) -> int:
        return sum(self.tasks.values()) - len(self.answered) - self.found_filed

    def left_of(self, tasks: Mapping[str, Sequence[object]]) -> int:
        """Return how many of these have not been answered."""
        return sum(map(len, tasks.values())) - sum(one.account in tasks for one in self.answered)

    def _run(self) -> None:
        try:
            asyncio.run(self._all())
        except BaseException as problem:
            self.failed = problem

    async def _all(self) -> None:
        clerks: list[Coroutine[Any, Any, None]] = []
        async with httpx.AsyncClient(timeout=PATIENCE, verify=False) as http:
            pages = [await self._page(http, token, "filings", "查询") for token in self.searching]
            looks = [asyncio.create_task(self._search(http, page)) for page in pages]
            self.began = time.monotonic()
            clerks += [self._work(http, account, self.tokens[account]) for account in self.tasks]
            await asyncio.gather(*clerks)
            self.over = True
            await asyncio.gather(*looks)

    async def _search(self, http: httpx.AsyncClient, page: SecurePage) -> None:
        """Ask for the list of filings as the bench of clerks does, and wait for its rows."""
        while not self.over:
            await _thought(lambda: self.search_think)
            try:
                self.clicks.append(await page.click("查询", '"rows":'))
            except Exception as problem:
                self.refusals.append(repr(problem)[:200])
                if page.broken:
                    self.reloads += 1
                    await self._close(page)
                    page = await self._page(http, page.token, "filings", "查询")
        await self._close(page)

    async def _work(self, http: httpx.AsyncClient, account: str, token: str) -> None:
        page = await self._page(http, token)
        for number in range(self.tasks[account]):
            await _thought(lambda: self.push_think if account in self.batches else self.think)
            if self.over:
                break
            if page.broken:
                # A browser opens a page anew by itself when its process is gone; nothing was pressed meanwhile.
                self.reloads += 1
                await self._close(page)
                page = await self._page(http, token)
            began, tries = time.monotonic(), 0
            while True:
                tries += 1
                try:
                    await asyncio.wait_for(page.click(f"备案{number}", f"回{number}："), PATIENCE)
                    told = page.answer(number)
                except Exception as problem:
                    told = ""
                    self.refusals.append(repr(problem))
                if told.isalnum() and told.isascii():
                    self.answered.append(Answered(account, number, told, began, time.monotonic(), tries))
                    break
                if "已" in told and "备案" in told:
                    self.found_filed += 1
                    break
                if told:
                    self.refusals.append(told)
                if tries >= MOST_TRIES:
                    raise RuntimeError(f"{account} cannot file lease {number}: {self.refusals[-3:]}")
                await asyncio.sleep(AGAIN)
                if page.broken or not told:
                    self.reloads += 1
                    await self._close(page)
                    page = await self._page(http, token)
        await self._close(page)

    async def _page(self, http: httpx.AsyncClient, token: str, module: str = KEY, button: str = "备案0") -> SecurePage:
        """Open the page until it is there, as a clerk who presses F5."""
        while True:
            page = SecurePage(self.port, token)
            try:
                await page.open(http, module)
                await page.until(button)
                return page
            except SignedOut:
                self.signed_out += 1
                raise
            except Exception as problem:
                self.refusals.append(repr(problem)[:200])
                await self._close(page)
                await asyncio.sleep(AGAIN)

    async def _close(self, page: SecurePage) -> None:
        for task in page.tasks:
            task.cancel()
        if hasattr(page, "socket"):
            await page.socket.close()


async def _thought(seconds: Callable[[], float]) -> None:
    """Wait as long as a clerk thinks: so many seconds on average, whatever they are set to meanwhile."""
    while True:
        tick = min(LONGEST_TICK, max(TICK, seconds() / 10))
        if random.random() <= tick / seconds():
            return
        # Of many clerks who begin together no two go on in step.
        await asyncio.sleep(random.uniform(0, 2 * tick))


@dataclass
class Visitors:
    """People who scan one paper again and again through nginx, in a thread of their own."""

    port: int
    path: str
    wanted: str
    pause: float = 0.3
    right: int = 0
    #: Answers that say that the check is not possible at the moment, and any other answers.
    busy: int = 0
    wrong: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self._scan, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.over.set()
        assert self.thread is not None
        self.thread.join()

    def _scan(self) -> None:
        told = {"Host": f"{NAME}:{self.port}"}
        address = f"https://127.0.0.1:{self.port}{self.path}"
        with httpx.Client(headers=told, verify=False, timeout=PATIENCE) as phone:
            while not self.over.wait(self.pause):
                try:
                    answer = phone.get(address, extensions={"sni_hostname": NAME})
                except httpx.TransportError:
                    self.busy += 1
                    continue
                if answer.status_code == 200 and self.wanted in answer.text:
                    self.right += 1
                elif answer.status_code in {502, 503, 504}:
                    self.busy += 1
                else:
                    self.wrong.append(f"{answer.status_code} {answer.text[:200]}")
