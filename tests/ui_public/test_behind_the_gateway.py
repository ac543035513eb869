"""Behind the gateway a scanned code is still one visitor's, and past the gateway or in clear it is the guard's to refuse (D03, M2)."""

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from services.engine.networks import Networks
from services.public_check.reader import open_reader
from tests.world import World, sealer
from ui.front import Front
from ui.public.router import PublicPages, PublicSettings

GATEWAY = "10.20.0.1"
FRONT = Front(Networks.of(GATEWAY), required=True)


async def the_guard(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("guarded")(scope, receive, send)


@pytest.mark.proves("D03", "M2", "H75")
async def test_each_visitor_behind_the_gateway_has_his_own_share(world: World) -> None:
    """The gateway's address is everybody's: throttled by it, thirty scans a minute would be all there are in the city."""
    pages = PublicPages(
        world.door.house.sealer,
        open_reader(world.door.database, world.door.lock_later),
        PublicSettings(lookups_per_minute=2),
    )
    first = pages.before(the_guard, FRONT)
    address = f"/c/{sealer().qr_token('lc')[:-2]}xx"

    async def scanned(visitor: str, peer: str = GATEWAY, proto: str = "https") -> httpx.Response:
        headers = {"x-forwarded-for": visitor, "x-forwarded-proto": proto}
        transport = httpx.ASGITransport(first, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://check.test", headers=headers) as phone:
            return await phone.get(address)

    assert [(await scanned("198.51.100.1")).status_code for _ in range(3)] == [200, 200, 429]
    through = await scanned("198.51.100.2")
    assert through.status_code == 200
    assert "max-age" in through.headers["strict-transport-security"]
    # Whoever writes an address before the gateway's gets no second share by it.
    assert (await scanned("198.51.100.9, 198.51.100.1")).status_code == 429
    assert (await scanned("198.51.100.3", peer="203.0.113.5")).text == "guarded"
    assert (await scanned("198.51.100.3", proto="http")).text == "guarded"
