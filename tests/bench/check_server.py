"""The outer app with the public check, and beside it what it is measured against: a bare endpoint and a NiceGUI page."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import DictLoader, Environment, select_autoescape
from nicegui import helpers
from nicegui import ui as web
from sqlmodel import col

import ui.public.router as public
from models.dialect import Database
from models.documents import IssuedDocument
from models.tenancy import LeaseFiling
from services.access.sessions import SessionBook
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.public_check.answers import chinese_day, lines, verdict
from services.public_check.reader import PostgresReader, SqliteReader, open_reader
from tests.bench.ground import house_at
from ui.app import WebSettings, build_outer
from ui.guard import Gate
from ui.shell import quicker

LABELS = ("文书名称", "文书编号", "签发日期", "SM3 摘要", "有效期起", "有效期止", "状态")
_QUERY = (
    sa.select(
        col(IssuedDocument.title),
        col(IssuedDocument.number),
        col(IssuedDocument.issued_on),
        col(IssuedDocument.digest),
        col(LeaseFiling.valid_from),
        col(LeaseFiling.valid_to),
        col(LeaseFiling.state),
        col(IssuedDocument.public),
    )
    .select_from(sa.outerjoin(IssuedDocument, LeaseFiling, col(LeaseFiling.id) == col(IssuedDocument.filing_id)))
    .where(col(IssuedDocument.token_digest) == sa.bindparam("digest"))
)
_PAGE = """{% extends "page.html" %}
{% block title %}有效{% endblock %}
{% block main %}
<h1>有效</h1>
<h2>文书信息</h2>
<table>
{% for label, value in rows %}
<tr><th scope="row">{{ label }}</th><td>{{ value }}</td></tr>
{% endfor %}
</table>
<p class="note">请核对以上内容与手中文书是否一致。姓名和坐落只显示一部分，完整内容以文书原件为准。</p>
{% endblock %}
"""


def app(url: str) -> FastAPI:
    """Everything under the guard of the product; the throttle is off for all (decision 32)."""
    door = Door(house_at(url))
    reader = open_reader(door.database, lambda table, row_id: None)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        await reader.start()
        yield
        await reader.stop()

    pages = public.PublicPages(door.house.sealer, reader, public.PublicSettings(0))
    outer = build_outer(
        door,
        SessionBook(door),
        WebSettings(mode="test", gate=Gate(mode="test")),
        modules=(),
        routers=[pages.router(), _bare(reader, url)],
        before=pages.before,
        lifespan=living,
    )
    _nicegui_page(reader)
    return outer


def _bare(reader: Any, url: str) -> APIRouter:
    """What somebody would write by hand: one indexed read by the driver, one template, nothing else."""
    router = APIRouter()
    sql = str(_QUERY.compile(dialect=sa.make_url(Database(url).url).get_dialect()()))
    templates = Path(public.__file__).parent / "templates"
    environment = Environment(
        loader=DictLoader({"page.html": (templates / "page.html").read_text("utf-8"), "bare.html": _PAGE}),
        autoescape=select_autoescape(),
        auto_reload=False,
    )
    page = environment.get_template("bare.html")

    async def read(digest: str) -> Any:
        if isinstance(reader, SqliteReader):
            assert reader._connection is not None
            return reader._connection.execute(sql, (digest,)).fetchone()
        assert isinstance(reader, PostgresReader)
        async with reader._pool.connection() as connection:
            return await (await connection.execute(sql.encode(), {"digest": digest})).fetchone()

    @router.get("/api/bare/{digest}", response_class=HTMLResponse)
    async def bare(digest: str) -> HTMLResponse:
        row = await read(digest)
        if row is None:
            return HTMLResponse("未找到", status_code=404)
        facts = json.loads(row[7]) if isinstance(row[7], str) else row[7]
        rows = [*zip(LABELS, row, strict=False), ("签发单位", facts["unit"]), ("坐落", facts["address"])]
        rows += [tuple(pair) for pair in facts["parties"]]
        return HTMLResponse(page.render(rows=rows, style="0"))

    return router


def _nicegui_page(reader: Any) -> None:
    # As NiceGUI comes, without what the product has it do more quickly.
    helpers.expects_arguments = quicker._look

    async def page(digest: str) -> None:
        paper = await reader.find(digest)
        found = verdict(paper, datetime.now(SHANGHAI).date())
        with web.header():
            web.label("申房")
            web.label("住房租赁文书核验")
        with web.card():
            web.label(found.standing.label).classes("text-h4")
            web.label(f"自{chinese_day(found.since or date.min)}起")
            web.label(found.meaning)
        web.label("文书信息").classes("text-h6")
        for label, value in lines(paper):
            with web.row():
                web.label(label)
                web.label(value)
        web.label("请核对以上内容与手中文书是否一致。姓名和坐落只显示一部分，完整内容以文书原件为准。")
        web.label("核对电子原件").classes("text-h6")
        web.upload(label="选择收到的电子文书（PDF，不超过5 MB）")
        web.button("核对是否被改动")
        web.label("文件只用于当场比对摘要，不会保存。纸质文书的照片和扫描件不能比对。")
        with web.footer():
            web.label(f"核验时间：{datetime.now(SHANGHAI):%F %T}（北京时间）。核验结果只反映核验时的情况。")
            web.label("本页不需要登录，不收集个人信息。咨询电话：962269")

    web.page("/api/nice/{digest}")(page)


if __name__ == "__main__":
    uvicorn.run(app(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
