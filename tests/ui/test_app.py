"""The outer application: errors in Chinese, papers, and building it again."""

import logging
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from nicegui import app as inner

from models.dialect import Database
from services.access.sessions import SessionBook
from services.engine.door import Door
from tests.ui.conftest import DEMO, MODULES_HERE
from tests.ui.people import HERE, Crowd, page_of, sign_in
from tests.ui.probe import PROBE_PAPER, SECRET
from tests.world import World
from ui.app import build_outer
from ui.health import health

HTML = {"accept": "text/html"}


async def test_what_breaks_shows_a_number_and_logs_where_without_values(
    crowd: Crowd, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    browser = await crowd.browser("huamu01")
    page = await browser.get("/probe/broken", headers=HTML)
    assert page.status_code == 500
    assert "系统出错" in page.text
    reference = page.text.split("<strong>")[1].split("</strong>")[0]
    ours = [record.getMessage() for record in caplog.records if record.name == "shenfang.ui"]
    assert any(reference in line and "broken_route" in line for line in ours)
    assert not any(SECRET in line for line in (*ours, page.text))
    assert "Traceback" not in page.text
    assert page.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("method", "address", "status", "words"),
    [
        ("GET", "/probe/refused", 422, "房屋已有有效备案，请先注销"),
        ("GET", "/probe/number/x", 422, "提交的内容不完整或格式不对"),
        ("POST", "/healthz", 405, "不支持这种请求方式"),
        ("GET", "/probe/none", 404, "没有这个页面"),
    ],
)
async def test_errors_are_told_in_chinese_to_people_and_programs(
    crowd: Crowd, method: str, address: str, status: int, words: str
) -> None:
    browser = await crowd.browser("huamu01")
    page = await browser.request(method, address, headers=HTML)
    told = await browser.request(method, address)
    assert (page.status_code, told.status_code) == (status, status)
    assert words in page.text
    assert words in told.json()["message"]
    assert "演示环境" in page.text


async def test_a_paper_is_shown_inline_and_framed_by_our_own_pages_only(crowd: Crowd) -> None:
    browser = await crowd.browser("huamu01")
    paper = await browser.get(f"/papers/{PROBE_PAPER}.pdf")
    assert paper.content.startswith(b"%PDF")
    assert paper.headers["content-disposition"].startswith("inline")
    assert paper.headers["x-frame-options"] == "SAMEORIGIN"
    assert paper.headers["content-security-policy"] == "frame-ancestors 'self'"
    assert paper.headers["cache-control"] == "no-store"


async def test_a_paper_out_of_scope_is_not_found(crowd: Crowd) -> None:
    other = await crowd.browser("huamu02")
    for name in (f"{PROBE_PAPER}.pdf", "..%2f..%2fetc.pdf", "1.pdf"):
        assert (await other.get(f"/papers/{name}")).status_code == 404


async def test_an_upload_to_another_sessions_page_is_refused(crowd: Crowd) -> None:
    page = page_of(await crowd.open("shi01"))
    thief = await crowd.browser("huamu01")
    answer = await thief.post(f"/_nicegui/client/{page.id}/upload/1", content=b"x")
    assert answer.status_code == 403


async def test_health_says_when_the_database_is_gone(world: World, tmp_path: Path) -> None:
    nowhere = Database(f"sqlite:///{tmp_path / 'missing' / 'gone.db'}")
    lonely = FastAPI()
    lonely.add_api_route("/healthz", health(Door(replace(world.door.house, database=nowhere))))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(lonely), base_url=HERE) as client:
        answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


async def test_building_again_replaces_what_was_built(app: FastAPI, world: World, book: SessionBook) -> None:
    before = (len(inner.user_middleware), len(inner.routes))
    again = build_outer(world.door, book, DEMO, modules=MODULES_HERE)
    assert (len(inner.user_middleware), len(inner.routes)) == before
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(again), base_url=HERE, headers={"origin": HERE}
    ) as browser:
        await sign_in(browser, "shi02")
        page = await browser.get("/")
        assert page.status_code == 200
        assert "'nonce-" in page.headers["content-security-policy"]
