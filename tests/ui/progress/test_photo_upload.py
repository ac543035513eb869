"""Photos in parts over HTTP: an upload goes on where it broke off, and what is no photo is told as such (row 74)."""

import io

import httpx
import pytest
from PIL import Image

from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun
from tests.site import Site
from tests.ui.people import Crowd
from ui.record_uploads import PART, UPLOADING, UPLOADS

pytestmark = [pytest.mark.row(74), pytest.mark.asyncio(loop_scope="session")]
KIND = "progress_report"
KEY = "0a1b2c3d4e5f6071"


@pytest.fixture
def draft(site: Site) -> Begun:
    """A draft of a report that nothing is filled in yet."""
    market = site.land.market
    made: Begun = market.world.door.perform(acts(KIND).begin, market.caller("binjiang01"), Begin(site.project))
    return made


def photo(shade: int) -> bytes:
    """A JPEG of more than two parts."""
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 90 + shade).convert("RGB").save(out, "JPEG", quality=95)
    content = out.getvalue()
    assert len(content) > 2 * PART
    return content


def address(draft: Begun, slot: str = "photos", key: str = KEY) -> str:
    return f"{UPLOADS}{draft.revision_id}/{slot}/{key}"


async def put(browser: httpx.AsyncClient, to: str, content: bytes, begin: int, end: int) -> httpx.Response:
    headers = {"content-range": f"bytes {begin}-{end - 1}/{len(content)}", "x-file-name": "IMG_1.jpg"}
    return await browser.put(to, content=content[begin:end], headers=headers)


async def test_an_upload_goes_on_where_it_broke_off(crowd: Crowd, draft: Begun, site: Site) -> None:
    browser, content, to = await crowd.browser("binjiang01"), photo(1), address(draft)
    assert (await browser.get(to)).json()["have"] == 0
    assert (await put(browser, to, content, 0, PART)).json()["have"] == PART
    # The connection was lost, and perhaps the page with it: the browser asks what is there.
    assert (await browser.get(to)).json()["have"] == PART
    again = await put(browser, to, content, 0, PART)
    assert (again.status_code, again.json()["have"]) == (409, PART)
    for begin in range(PART, len(content), PART):
        said = (await put(browser, to, content, begin, min(begin + PART, len(content)))).json()
    assert (said["done"], said["refused"]) == (True, "")
    # The file that was sent already is not sent again.
    assert (await browser.get(to)).json()["done"]
    kept = UPLOADING.find(site.land.market.caller("binjiang01"), draft.revision_id, "photos", KEY)
    assert kept is not None
    assert kept.kept is not None
    small = await browser.get(f"/photos/{kept.kept.id}")
    assert (small.status_code, small.headers["content-type"]) == (200, "image/jpeg")
    assert (await (await crowd.browser("xincheng_admin")).get(f"/photos/{kept.kept.id}")).status_code == 404


async def test_what_is_no_photo_is_told_and_may_be_sent_anew(crowd: Crowd, draft: Begun) -> None:
    browser, to = await crowd.browser("binjiang01"), address(draft)
    program = b"MZ\x90\0" + b"\0" * 400
    said = (await put(browser, to, program, 0, len(program))).json()
    assert said["done"]
    assert "只接受JPG、PNG" in said["refused"]
    assert not (await browser.get(to)).json()["done"]


async def test_only_its_company_hands_photos_in(crowd: Crowd, draft: Begun) -> None:
    content, to = b"\xff\xd8\xff" * 100, address(draft)
    foreign = await put(await crowd.browser("xincheng_admin"), to, content, 0, len(content))
    assert foreign.json()["refused"] == "没有查到符合条件的记录"
    reviewer = await put(await crowd.browser("pdshen01"), to, content, 0, len(content))
    assert reviewer.json()["refused"] != ""
    assert (await (await crowd.browser("binjiang01")).get(to)).json()["have"] == 0


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("", b"1"),
        ("bytes 0-0/0", b"1"),
        ("bytes 5-2/10", b"1"),
        ("bytes 0-99/99999999", b"1" * 100),
        (f"bytes 0-{PART}/999999", b"1"),
    ],
)
async def test_a_part_that_cannot_be_is_refused(crowd: Crowd, draft: Begun, header: str, body: bytes) -> None:
    browser = await crowd.browser("binjiang01")
    answer = await browser.put(address(draft), content=body, headers={"content-range": header} if header else {})
    assert answer.status_code == 422


async def test_a_part_too_large_and_a_strange_key_are_refused(crowd: Crowd, draft: Begun) -> None:
    browser = await crowd.browser("binjiang01")
    large = await browser.put(address(draft), content=b"1" * 700_000)
    assert large.status_code == 413
    assert (await browser.get(address(draft, key="..%2fx"))).status_code in {404, 422}


async def test_the_page_shows_a_photo_that_arrived(crowd: Crowd, draft: Begun) -> None:
    browser, content = await crowd.browser("binjiang01"), photo(2)
    for begin in range(0, len(content), PART):
        await put(browser, address(draft), content, begin, min(begin + PART, len(content)))
    user = await crowd.open("binjiang01", f"/?open=record&kind={KIND}&id={draft.record_id}")
    await user.should_see("还没有照片", retries=50)
    user.find(marker="photo-sender").trigger("kept", {"key": KEY})
    await user.should_see("已上传1张")
