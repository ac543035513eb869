"""People with browsers: signing in by the demo's buttons, opening the workspace."""

import asyncio
import re
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import httpx
from fastapi import FastAPI
from nicegui import Client
from nicegui.testing import User
from sqlmodel import select

from integrations.cloud_crypto.armour import pem
from integrations.cloud_crypto.local_authority import Issued
from models.audit import AuditEvent
from services.access.sessions import SessionBook
from tests.certificates import signature
from tests.scan import keep_error_page
from tests.world import World
from ui.shell.menus import Menus
from ui.shell.tree import Tree
from ui.shell.workspace import Workspace

HERE = "http://localhost"


class Crowd:
    """Everybody a test lets in; all leave at its end."""

    def __init__(self, app: FastAPI, book: SessionBook) -> None:
        self.app, self.book = app, book
        self._browsers: list[httpx.AsyncClient] = []
        self._pages: list[User] = []

    async def browser(self, login: str) -> httpx.AsyncClient:
        """A browser somebody has signed in with."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url=HERE,
            headers={"origin": HERE},
            event_hooks={"response": [keep_error_page]},
        )
        self._browsers.append(client)
        answer = await sign_in(client, login)
        assert answer.status_code == 303, answer.text
        return client

    async def open(self, login: str, address: str = "/") -> User:
        """Somebody in front of his workspace."""
        user = User(await self.browser(login))
        self._pages.append(user)
        await user.open(address)
        await self._drawn(user)
        return user

    async def _drawn(self, user: User) -> None:
        """The page is sent before its module is drawn; wait for the module, or for the word that there is none."""
        client = page_of(user)
        listen(client)

        def drawn() -> bool:
            workspace: Workspace | None = client.request.scope["state"].get("workspace")
            return workspace is not None and bool(workspace.places or workspace.refused)

        assert await until(drawn), "no module was drawn"

    async def leave(self) -> None:
        for page in self._pages:
            if page.client is not None and not page.client.is_deleted:
                page.client.delete()
        for browser in self._browsers:
            await browser.aclose()


async def form_token(client: httpx.AsyncClient, address: str = "/login") -> str:
    """The hidden token of a form, which also sets its cookie."""
    return hidden(await client.get(address), "csrf")


async def sign_in(
    client: httpx.AsyncClient, login: str, certificate: Issued | None = None, **more: str
) -> httpx.Response:
    """Press the demo's button of an account, or send a password and, if there is one, a certificate with its signature."""
    page = await client.get("/login")
    form = {"csrf": hidden(page, "csrf"), "login": login} | (more or {"demo": "1"})
    if certificate is not None:
        form["challenge"] = challenge = hidden(page, "challenge")
        form["certificate_text"] = pem("CERTIFICATE", certificate.der)
        form["signature"] = signature(certificate, challenge)
    return await client.post("/login", data=form | more)


def hidden(page: httpx.Response, name: str) -> str:
    """What a field of a page's form holds already."""
    found = re.search(rf'name="{name}"[^>]* value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found.group(1)


def token_of(client: httpx.AsyncClient) -> str:
    return client.cookies.get("sid") or ""


def page_of(user: User) -> Client:
    assert user.client is not None
    return user.client


_TOLD: "WeakKeyDictionary[Client, list[str]]" = WeakKeyDictionary()


def listen(client: Client) -> None:
    """Note what a page is told to run, from now on and what still waits."""
    told = _TOLD[client] = [str(data["code"]) for _, kind, data in client.outbox.messages if kind == "run_javascript"]
    send = client.outbox.enqueue_message

    def heard(kind: Any, data: Any, target: str) -> None:
        if kind == "run_javascript":
            told.append(str(data["code"]))
        send(kind, data, target)

    client.outbox.enqueue_message = heard  # type: ignore[method-assign,assignment]


def scripts_sent(client: Client) -> list[str]:
    """What a page was told to run."""
    return _TOLD[client]


async def until(holds: Callable[[], bool]) -> bool:
    """Give the loop turns until something holds; False when it does not come to hold in half a minute of turns."""
    for _ in range(3000):
        if holds():
            return True
        await asyncio.sleep(0.01)
    return False


async def was_told(user: User, words: str) -> bool:
    """Whether a page was told to run something with these words."""
    return await until(lambda: any(words in code for code in scripts_sent(page_of(user))))


async def denials(world: World, act: str, least: int) -> int:
    """How often a foreign event was told to the audit; waits for the background to write it."""
    for _ in range(100):
        found = world.read(
            lambda work: work.session.exec(
                select(AuditEvent).where(AuditEvent.event == "AUTHZ.DENY", AuditEvent.act == act)
            ).all()
        )
        if len(found) >= least:
            break
        await asyncio.sleep(0.02)
    return len(found)


def titles(user: User, drawn: type[Menus | Tree]) -> set[str]:
    """The modules that the menus or the tree of a page show."""
    (element,) = user.find(kind=drawn).elements
    return {one["title"] for group in element.props["groups"] for one in group["members"]}
