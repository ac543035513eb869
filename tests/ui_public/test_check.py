"""Anybody scans a paper: every answer, nothing more than the public may see, and no database for forged codes."""

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta

import httpx
import pytest

from models.documents import IssuedDocument, PaperKind
from models.tenancy_codes import FilingState
from services.documents.stored_papers import open_paper
from services.public_check.reader import open_reader
from tests.services.documents.papers import (
    NUMBER,
    UNIT,
    Filed,
    Issued,
    end_filing,
    file,
    issue,
    query_result,
    stored,
    token_of,
)
from tests.ui_public.scans import app_over, count_statements, visitor
from tests.world import World, sealer
from ui.public.router import HEADERS, PublicSettings
from ui.public.upload import LARGEST

HOSTILE = "<script>alert(1)</script>{{7*7}}"


def notice_of(world: World, filed: Filed | None = None, **changes: object) -> IssuedDocument:
    """A rendered filing notice, its filing running since yesterday unless said otherwise."""
    clerk, today = world.caller("huamu01"), world.door.clock.today()
    filed = filed or Filed(unit_id=clerk.unit_id, valid_from=today - timedelta(1), valid_to=today + timedelta(300))
    paper = issue(world, clerk, Issued(file(world, filed), **changes))  # type: ignore[arg-type]
    open_paper(world.door, world.caller("shi01"), paper.id)
    return stored(world, paper.id)


def headline(page: str) -> str:
    found = re.search(r"<h1><span class=\"hidden\">核验结果：</span>(.+?)</h1>", page)
    assert found
    return found[1]


def forged(token: str) -> str:
    """The same code with another MAC."""
    other = "A" if token[-2] != "A" else "B"
    return token[:-2] + other + token[-1]


async def test_a_valid_notice_is_told_with_masked_parties(world: World) -> None:
    paper = notice_of(world)
    async with visitor(world) as phone:
        answer = await phone.get(f"/c/{token_of(world, paper)}")
    page = answer.text
    assert answer.status_code == 200
    assert headline(page) == "有效"
    assert all(shown in page for shown in (NUMBER, UNIT, "王**", "欧**", "上海市浦东新区***", paper.digest))


async def test_the_page_says_nothing_more_than_the_public_may_see(world: World) -> None:
    paper = notice_of(world)
    async with visitor(world) as phone:
        page = (await phone.get(f"/c/{token_of(world, paper)}")).text
    hidden = (
        "王小明",
        "欧阳",
        "牡丹路",
        "6500",
        "6,500",
        "012345",
        str(paper.id),
        str(paper.filing_id),
        paper.token_digest,
    )
    assert [word for word in hidden if word in page] == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (FilingState.CANCELLED, "已注销"),
        (FilingState.REPLACED, "已被替代"),
        (FilingState.REVOKED, "已撤销"),
        (FilingState.FROZEN, "已冻结"),
        (FilingState.EXPIRED, "已到期"),
    ],
)
async def test_the_end_of_a_filing_shows_at_once(world: World, state: FilingState, said: str) -> None:
    clerk = world.caller("huamu01")
    filing = file(world, Filed(unit_id=clerk.unit_id, valid_to=date(2099, 1, 1)))
    paper = issue(world, clerk, Issued(filing))
    async with visitor(world) as phone:
        before = await phone.get(f"/c/{token_of(world, paper)}")
        end_filing(world, filing, state, date(2026, 9, 9))
        after = await phone.get(f"/c/{token_of(world, paper)}")
    assert headline(before.text) == "有效"
    assert headline(after.text) == said


async def test_a_term_runs_out_without_any_job(world: World) -> None:
    today = world.door.clock.today()
    paper = notice_of(world, Filed(valid_from=today - timedelta(30), valid_to=today))
    async with visitor(world) as phone:
        last_day = await phone.get(f"/c/{token_of(world, paper)}")
        world.let_pass(days=1)
        next_day = await phone.get(f"/c/{token_of(world, paper)}")
        world.let_pass(days=-1)
    assert headline(last_day.text) == "有效"
    assert headline(next_day.text) == "已到期"


async def test_a_newer_version_shows_on_the_older_paper(world: World) -> None:
    clerk = world.caller("huamu01")
    filing = file(world, Filed(unit_id=clerk.unit_id, valid_to=date(2099, 1, 1)))
    old = issue(world, clerk, Issued(filing))
    new = issue(world, clerk, Issued(filing, replaces=old.id))
    async with visitor(world) as phone:
        said = [headline((await phone.get(f"/c/{token_of(world, paper)}")).text) for paper in (old, new)]
    assert said == ["已被替代", "有效"]


async def test_a_query_result_is_told_as_of_its_day(world: World) -> None:
    clerk = world.caller("huamu01")
    filing = file(world, Filed(unit_id=clerk.unit_id, state=FilingState.CANCELLED))
    paper = issue(world, clerk, Issued(filing, kind=PaperKind.QUERY_RESULT, page=query_result()))
    async with visitor(world) as phone:
        page = (await phone.get(f"/c/{token_of(world, paper)}")).text
    assert headline(page) == "有效"
    assert "签发时的情况" in page


@pytest.mark.proves("H75")
async def test_a_forged_code_costs_the_database_nothing_and_a_good_one_a_single_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of(world, notice_of(world))
    swapped = token.replace("q1.fn.", "q1.cn.")
    async with visitor(world) as phone:
        # PostgreSQL's pool has made its connections by the first answer.
        await phone.get(f"/c/{token}")
    statements = count_statements(monkeypatch)
    async with visitor(world) as phone:
        await phone.get(f"/c/{token}")
        statements.clear()
        for bad in (forged(token), swapped, "q1", "x" * 500, token + "A", "%00", "..%2f..%2fetc"):
            await phone.get(f"/c/{bad}")
        assert statements == []
        answer = await phone.get(f"/c/{token}")
    assert headline(answer.text) == "有效"
    assert len(statements) == 1


@pytest.mark.proves("H74", "H75")
async def test_a_forged_and_an_unknown_code_look_alike(world: World) -> None:
    token = token_of(world, notice_of(world))
    unknown = sealer().qr_token("fn")
    async with visitor(world) as phone:
        pages = [await phone.get(f"/c/{code}") for code in (forged(token), unknown)]
    clock = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
    bodies = {clock.sub("", page.text) for page in pages}
    assert headline(pages[0].text) == "非本系统签发或已损坏"
    assert len(bodies) == 1
    assert pages[0].status_code == pages[1].status_code
    assert len(pages[0].content) == len(pages[1].content)


@pytest.mark.proves("H75")
async def test_a_thousand_random_codes_find_nothing(world: World) -> None:
    notice_of(world)
    async with visitor(world) as phone:
        said = set()
        for count in range(1000):
            token = sealer().qr_token("fn")
            said.add(headline((await phone.get(f"/c/{forged(token) if count % 2 else token}")).text))
    assert said == {"非本系统签发或已损坏"}


@pytest.mark.proves("H74")
async def test_a_code_of_another_kind_is_no_paper(world: World) -> None:
    async with visitor(world) as phone:
        page = (await phone.get(f"/c/{sealer().qr_token('cd')}")).text
    assert headline(page) == "非本系统签发或已损坏"


@pytest.mark.parametrize(
    "token", ["q1", "hello", "q1.fn.1.short.short", "q1.fn.0." + "A" * 22 + "." + "A" * 22, "%E6%9D%8E", NUMBER]
)
async def test_what_is_no_code_cannot_be_read(world: World, token: str) -> None:
    async with visitor(world) as phone:
        answer = await phone.get(f"/c/{token}")
    assert answer.status_code == 200
    assert headline(answer.text) == "无法识别"


@pytest.mark.proves("H27")
async def test_markup_in_names_is_shown_as_text(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id)), number=HOSTILE))
    async with visitor(world) as phone:
        page = (await phone.get(f"/c/{token_of(world, paper)}")).text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page


@pytest.mark.parametrize("path", ["/c", "/c/q1", "/c/{token}"])
async def test_every_page_is_small_and_works_without_script_cookie_and_foreign_files(world: World, path: str) -> None:
    token = token_of(world, notice_of(world))
    async with visitor(world) as phone:
        answer = await phone.get(path.format(token=token))
        (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', answer.text)
        (symbol,) = re.findall(r'<link rel="icon" href="([^"]+)"', answer.text)
        css, icon = await phone.get(style), await phone.get(symbol)
    assert len(answer.content) + len(css.content) + len(icon.content) < 50_000
    assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert "set-cookie" not in answer.headers
    assert not re.search(r"<script|<img|\son\w+=|style=|https?://", answer.text)
    assert css.headers["content-type"].startswith("text/css")


async def test_a_browser_without_chinese_letters_gets_ours_and_another_does_not_ask_for_them(world: World) -> None:
    async with visitor(world) as kiosk:
        page, css, font = await kiosk.get("/c"), await kiosk.get("/c/page.css"), await kiosk.get("/c/font.woff2")
    assert font.content.startswith(b"wOF2")
    assert "font-src 'self'" in page.headers["content-security-policy"]
    assert re.search(r'"Microsoft YaHei".*"Shenfang Fallback", sans-serif', css.text)
    assert "unicode-range" in css.text


@pytest.mark.parametrize("path", ["/c", "/c/q1", "/c/{token}"])
async def test_a_screen_reader_finds_language_landmarks_headings_and_labels(world: World, path: str) -> None:
    token = token_of(world, notice_of(world))
    async with visitor(world) as phone:
        page = (await phone.get(path.format(token=token))).text
    assert '<html lang="zh-CN">' in page
    assert [page.count(f"<{mark}") for mark in ("main", "header", "footer", "h1", "title")] == [1] * 5
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1
    assert set(levels[1:]) <= {2}
    assert re.findall(r'<input[^>]* id="(\w+)"', page) == re.findall(r'<label for="(\w+)"', page)


@pytest.mark.parametrize("path", ["/c", "/c/"])
async def test_the_explanation_has_nothing_to_search_with(world: World, path: str) -> None:
    async with visitor(world) as phone:
        page = (await phone.get(path)).text
    assert "怎样核验文书" in page
    assert "<form" not in page
    assert "<input" not in page


@pytest.mark.proves("H75")
async def test_too_many_lookups_of_one_address_are_put_off(world: World) -> None:
    token = token_of(world, notice_of(world))
    async with visitor(world, PublicSettings(lookups_per_minute=30)) as phone:
        codes = [(await phone.get(f"/c/{token}")).status_code for _ in range(30)]
        refused = await phone.get(f"/c/{token}")
        explained = await phone.get("/c")
    assert codes == [200] * 30
    assert refused.status_code == 429
    assert "查询过于频繁" in refused.text
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert explained.status_code == 200


async def test_a_database_that_does_not_answer_is_told_in_words(world: World) -> None:
    token = token_of(world, notice_of(world))
    app = app_over(world, open_reader(world.door.database, world.door.lock_later), PublicSettings())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://check.test") as phone:
        answer = await phone.get(f"/c/{token}")
        forged_answer = await phone.get(f"/c/{forged(token)}")
    assert answer.status_code == 503
    assert "请稍后再试" in answer.text
    assert headline(forged_answer.text) == "非本系统签发或已损坏"


async def hand_in(world: World, token: str, content: bytes, name: str = "通知书.pdf") -> tuple[int, str]:
    async with visitor(world) as phone:
        answer = await phone.post(f"/c/{token}", files={"paper": (name, content, "application/pdf")})
    found = re.search(r"<h2>原件核对：(.+?)</h2>", answer.text)
    return answer.status_code, found[1] if found else ""


@pytest.mark.proves("H74")
async def test_the_original_is_recognised_and_one_changed_byte_too(world: World) -> None:
    paper = notice_of(world)
    content = open_paper(world.door, world.caller("shi01"), paper.id).content or b""
    altered = content[:-10] + bytes([content[-10] ^ 1]) + content[-9:]
    token = token_of(world, paper)
    assert await hand_in(world, token, content) == (200, "与原件一致")
    assert await hand_in(world, token, altered) == (200, "与原件不一致")
    assert await hand_in(world, token, content + b"\n") == (200, "与原件不一致")


async def test_an_upload_in_small_pieces_is_the_same_upload(world: World) -> None:
    paper = notice_of(world)
    content = open_paper(world.door, world.caller("shi01"), paper.id).content or b""
    body = b'--x\r\nContent-Disposition: form-data; name="paper"; filename="a.pdf"\r\n\r\n' + content + b"\r\n--x--\r\n"

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1013):
            yield body[start : start + 1013]

    async with visitor(world) as phone:
        kind = {"content-type": "multipart/form-data; boundary=x"}
        answer = await phone.post(f"/c/{token_of(world, paper)}", content=pieces(), headers=kind)
    assert "与原件一致" in answer.text


async def test_another_paper_of_ours_is_not_this_one(world: World) -> None:
    one, other = notice_of(world, number="BA0001"), notice_of(world, number="BA0002")
    content = open_paper(world.door, world.caller("shi01"), other.id).content or b""
    assert await hand_in(world, token_of(world, one), content) == (200, "与原件不一致")


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"\xff\xd8\xff\xe0 a photograph", 415, "不能核对"),
        (b"%PD", 415, "不能核对"),
        (b"", 400, "不能核对"),
        (b"%PDF-1.4\n" + b"0" * LARGEST, 413, "不能核对"),
        (b"%PDF-1.4\n" + b"0" * (2 * LARGEST), 413, "不能核对"),
        (b"%PDF-1.4\n" + b"0" * (LARGEST - 9), 200, "与原件不一致"),
    ],
)
async def test_only_a_pdf_of_at_most_five_megabytes_is_compared(
    world: World, content: bytes, status: int, said: str
) -> None:
    assert await hand_in(world, token_of(world, notice_of(world)), content) == (status, said)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n\r\n"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"not a multipart body"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=paper\r\n\r\n%PDF-cut"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 2000 + b"\r\n%PDF-\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nA: b\r\n\r\n%PDF-\r\n--x\r\nA: b\r\n\r\n%PDF-\r\n--x--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 500, b""),
        ("application/x-www-form-urlencoded", b"paper=1"),
        ("", b"%PDF-"),
    ],
)
async def test_a_crooked_upload_is_refused_in_words(world: World, kind: str, body: bytes) -> None:
    token = token_of(world, notice_of(world))
    async with visitor(world) as phone:
        answer = await phone.post(f"/c/{token}", content=body, headers={"content-type": kind})
    assert answer.status_code == 400
    assert "没有收到文件" in answer.text


@pytest.mark.proves("H74")
async def test_a_forged_code_compares_nothing(world: World) -> None:
    paper = notice_of(world)
    content = open_paper(world.door, world.caller("shi01"), paper.id).content or b""
    assert await hand_in(world, forged(token_of(world, paper)), content) == (200, "")


async def test_before_it_has_bytes_a_paper_says_so(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id))))
    token = token_of(world, paper)
    async with visitor(world) as phone:
        assert "原件正在生成" in (await phone.get(f"/c/{token}")).text
    assert await hand_in(world, token, b"%PDF-1.4") == (200, "暂时不能核对")
