"""A citizen with a phone at /bl, signed in through the simulated portal over real HTTP."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import httpx
from fastapi import FastAPI

from integrations.citizen_portal.contract import SIGN_IN
from services.access.sessions import SessionBook
from services.public_check.reader import open_reader
from tests.files_made import pdf
from tests.services.tenancy.counter import Person
from tests.ui_public.citizens import FREE
from tests.world import World
from ui.citizens.pages import CitizenPages
from ui.guard import Gate, Guard
from ui.plain import broken
from ui.public.router import PublicPages

SITE = "https://check.test"


class Phone:
    """A browser without script: it follows links, fills in forms and keeps cookies."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.page = ""
        self.at = ""
        self.status = 0

    async def see(self, path: str) -> str:
        """Open a page."""
        return await self._follow(await self.client.get(path))

    async def send(self, path: str, **fields: str) -> str:
        """Send the form of the page that goes to an address, with its hidden fields and what it had already."""
        given = self.fields(path) | fields
        return await self._follow(await self.client.post(path, data=given, headers={"origin": SITE}))

    async def upload(self, path: str, material: str, name: str, content: bytes | None = None) -> str:
        data = self.fields(path) | {"material": material}
        data.pop("file", None)
        answer = await self.client.post(
            path,
            data=data,
            files={"file": (name, pdf() if content is None else content, "application/pdf")},
            headers={"origin": SITE},
        )
        return await self._follow(answer)

    def fields(self, path: str) -> dict[str, str]:
        """Return what the form to an address carries when nothing is typed."""
        form = re.search(rf'<form[^>]*action="{re.escape(path)}".*?</form>', self.page, re.DOTALL)
        assert form, f"no form to {path} on {self.at}"
        found: dict[str, str] = {}
        for tag in re.findall(r"<input[^>]*>", form[0]):
            said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            if said.get("type") == "checkbox" and " checked" not in tag:
                continue
            if "name" in said:
                found[said["name"]] = unescape(said.get("value", ""))
        for name, options in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', form[0], re.DOTALL):
            values = re.findall(r'<option value="([^"]*)"', options)
            chosen = re.findall(r'<option value="([^"]*)" selected', options)
            found[name] = (chosen or values)[0]
        return found

    async def sign_in(self, world: World, person: Person, *, back: str = "/bl/my", mobile: str = "13800001234") -> str:
        """Go to the portal, sign in there and come back."""
        answer = await self.client.get(f"/bl/sign-in?next={back}")
        assert answer.status_code == 303
        portal = httpx.URL(answer.headers["location"])
        query = dict(portal.params)
        async with httpx.AsyncClient() as outside:
            told = await outside.post(
                str(portal.copy_with(query=None)),
                data={**query, "name": person.name, "id_no": person.id_no, "mobile": mobile},
            )
        assert told.status_code == 303
        assert portal.path.endswith(SIGN_IN)
        return await self.see(told.headers["location"].removeprefix(SITE))

    async def _follow(self, answer: httpx.Response) -> str:
        for _ in range(4):
            if answer.status_code != 303:
                break
            answer = await self.client.get(answer.headers["location"])
        assert answer.status_code != 500, answer.text
        self.status, self.page = answer.status_code, answer.text
        self.at = answer.url.raw_path.decode()
        return self.page


@asynccontextmanager
async def phone(world: World, address: str = "192.0.2.7", *, per_minute: int = 0) -> AsyncIterator[Phone]:
    """A phone before the pages, behind the guard."""
    reader = open_reader(world.door.database, world.door.lock_later)
    await reader.start()
    try:
        gate = Gate(mode="test")
        public = PublicPages(world.door.house.sealer, reader, FREE)
        app = FastAPI(openapi_url=None)
        pages = CitizenPages(world.door, public, gate, per_minute=per_minute)
        app.include_router(pages.router())
        app.include_router(public.router())
        app.add_exception_handler(Exception, broken)
        guarded = Guard(app, SessionBook(world.door), gate)
        transport = httpx.ASGITransport(guarded, client=(address, 50000))
        async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
            yield Phone(client)
    finally:
        await reader.stop()
