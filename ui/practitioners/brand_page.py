"""企业简称与图标: the firm puts in its short name and logo, the district reviews them (row 38)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from nicegui import ui as web

from models.practitioner_codes import BrandState
from services.access.visibility import ENTERPRISE
from services.engine.findings import Finding
from services.engine.listings import Line
from services.engine.orders import OneRow
from services.practitioners.brands import (
    BRANDS,
    OWN_BRANDS,
    approve_brand,
    brand_undo_left,
    open_brand,
    put_brand,
    release_brand,
    return_brand,
    take_brand,
    undo_brand,
    withdraw_brand,
)
from services.practitioners.orders import BrandForm, Told
from ui.practitioners.parts import PictureUpload, is_free, logo, standing_by, told
from ui.review.declaration import Decision, Hold, Queue, TakeBack
from ui.review.queue import review_module
from ui.shell.buttons import danger_button, main_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import text_field
from ui.shell.findings import draw_findings
from ui.shell.form import Form
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.parts import head, note, warning
from ui.shell.place import Place

_RULES = "简称 2 至 12 个汉字，在本区不与其他企业重复，不含“国家”“官方”等字样；图标为正方形 JPG 或 PNG，边长不小于 200 像素，不超过 1 MB。"


class BrandPage:
    """Earlier ones on the left; on the right what is in force, and the one being put in."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.current: Line | None = None
        self.picture: bytes = b""
        self.form: Form | None = None
        self.saving = place.command("保存草稿", lambda: self._put(submit=False), icon="save", key="ctrl+s")
        self.sending = place.command("提交审核", lambda: self._put(submit=True), icon="send", key="f8")
        with web.element("div").classes("sf-split sf-split-wide"):
            self.detail = web.element("section").props("aria-label=简称与图标")
            with web.element("section").props("aria-label=历次申报"):
                head("历次申报")
                self.grid = ListView(place, OWN_BRANDS, on_loaded=lambda page: self._draw())
        place.is_dirty = lambda: bool(self.picture) or (self.form is not None and self.form.changed)

    async def load(self) -> None:
        self.picture = b""
        await self.grid.load()

    def _draw(self) -> None:
        lines = list(self.grid.lines.values())
        in_force = next((line for line in lines if line.in_force), None)
        waiting = next((line for line in lines if line.state is BrandState.SUBMITTED), None)
        begun = next((line for line in lines if self.place.may(put_brand, line)), None)
        self.detail.clear()
        self.form = None
        with self.detail:
            head("现行简称与图标")
            if in_force is None:
                note("还没有审核通过的简称与图标。审核通过后显示在信息卡和公示页上。")
            else:
                _draw_one(in_force.id, in_force.short_name, {"生效时间": in_force.decided_at})
            for command in (self.saving, self.sending):
                command.enable(waiting is None)
            if waiting is not None:
                self._draw_waiting(waiting)
            else:
                self._draw_form(begun)

    def _draw_waiting(self, line: Line) -> None:
        head("正在审核")
        _draw_one(line.id, line.short_name, {"提交时间": line.submitted_at})
        note("由备案所在区房屋管理部门审核。审核通过前，现行的简称与图标继续有效。")
        with web.element("div").classes("sf-buttons sf-pad"):
            danger_button("撤回申报", lambda: self.take_back(line)).mark("withdraw-brand")

    def _draw_form(self, begun: Line | None) -> None:
        self.current = begun
        head("申报新的简称与图标" if begun is None or begun.state is BrandState.DRAFT else "修改后重新申报")
        if begun is not None and begun.state is BrandState.RETURNED:
            warning(f"退回原因：{begun.words}。请修改后重新提交。")
        note(_RULES)
        with Form(columns=1) as self.form:
            self.form.add(
                text_field("short_name", "企业简称", value=begun.short_name if begun else "", required=True, longest=30)
            )
        self.upload = PictureUpload("图标", self._take, mark="logo", most="1 MB")
        self.upload.help.mark("logo-chosen")
        with self.upload.picture:
            logo(begun.id if begun else None, begun.short_name if begun else "")
        self.found = web.element("div")
        with web.element("div").classes("sf-buttons sf-pad"):
            self.button = main_button("提交审核（F8）", lambda: self._put(submit=True)).mark("submit-brand")

    async def _take(self, content: bytes, name: str) -> None:
        self.picture = content
        self.upload.tell("")
        self.upload.help.text = f"已选择：{name[-40:]}（{len(content) / 1024:,.0f} KB），保存或提交时检查"

    async def _put(self, *, submit: bool) -> None:
        if self.form is None:
            return
        values = self.form.complete()
        order = BrandForm(
            values["short_name"] or "",
            self.picture,
            brand_id=self.current.id if self.current else None,
            submit=submit,
        )
        with self.found:
            answer = await call(put_brand, order, button=self.button)
        self.found.clear()
        if not answer.ok:
            self._mark(answer.findings)
            return
        self.form.keep()
        await self.load()
        self.place.say("已提交，等待区房屋管理部门审核" if submit else "草稿已保存", "good")

    def _mark(self, findings: tuple[Finding, ...]) -> None:
        assert self.form is not None
        about_logo = [finding for finding in findings if finding.field == "logo"]
        self.upload.tell("；".join(finding.message for finding in about_logo))
        rest = self.form.mark(finding for finding in findings if finding.field != "logo")
        with self.found:
            if rest:
                draw_findings(rest)

    async def take_back(self, line: Line) -> None:
        with self.grid.box:
            await confirm("撤回这份申报？撤回后可以重新申报。", summary={"企业简称": line.short_name}, yes="撤回")
            if (await call(withdraw_brand, OneRow(line.id, line.version))).ok:
                await self.load()
                self.place.say("申报已撤回", "good")


FIRM_BRAND = Module(
    "firm_brand",
    "企业简称与图标",
    "branding_watermark",
    "practitioners",
    frozenset(ENTERPRISE),
    lambda place: BrandPage(place).load(),
)


PHRASES = (
    "简称与企业名称无关，请说明依据或更换",
    "简称容易与其他企业混淆，请更换",
    "图标含有官方标志或他人商标，请更换",
    "图标不清晰，请上传清晰的图标",
)


def _draw_one(brand_id: UUID, short_name: str, values: Mapping[str, Any]) -> None:
    with web.element("div").classes("sf-with-portrait"):
        logo(brand_id, short_name)
        told({"企业简称": short_name, **values}, columns=1)


def draw_brand(place: Place, line: Line) -> None:
    """The new one beside the one in force."""
    _draw_one(line.id, line.short_name, {"企业": line.firm, "提交时间": line.submitted_at})
    head("现行简称与图标")
    if line.standing:
        _draw_one(line.standing_brand_id, line.standing, {})
        note("新的简称与图标审核通过前，现行的继续有效。")
    else:
        note("本次申报即现行简称与图标。" if line.in_force else "该企业还没有简称与图标。")
    if line.words:
        head("最近审核意见")
        note(line.words)


BRAND_REVIEW = review_module(
    Queue(
        BRANDS,
        "verified",
        group="practitioners",
        sheet=open_brand,
        free=is_free(approve_brand),
        standing=standing_by(
            approve_brand,
            lambda line: f"{line.firm}：{line.short_name}",
            own="这份申报由您本人提交，请由其他同事审核",
        ),
        draw=draw_brand,
        decisions=(
            Decision(approve_brand, "通过", "p", Told, "已通过"),
            Decision(return_brand, "退回", "r", Told, "已退回企业", reason="退回原因", phrases=PHRASES),
        ),
        hold=Hold(take_brand, release_brand, OneRow),
        take_back=TakeBack(undo_brand, brand_undo_left, OneRow),
    )
)
