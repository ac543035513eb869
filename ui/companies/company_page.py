"""企业主页: what is registered, who holds it, how it is financed, its accounts, alerts, changes and applications (rows 51-54)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import AUTHORITY, CITY_AUTHORITY, MARKET, Role
from models.companies import AdmissionState
from models.monitoring import CompanyType
from services.companies.accounts import FindAccounts, find_accounts
from services.companies.nightly_ends import AllowExit, allow_exit
from services.companies.overview import CompanyOverview, CompanyRef, overview
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, RevisionView
from services.engine.kinds import KINDS, Kind
from ui.alerts.parts import draw_alerts_of
from ui.companies.parts import COMPANY, draw_related
from ui.monitoring.panels import draw_changes_of, draw_relations_of
from ui.records.record_page import open_record
from ui.records.shown import draw_lines, draw_values
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.modules import Module
from ui.shell.parts import badge, facts, head, note, uuid_of
from ui.shell.place import Place
from ui.shell.values import shown

TABS = {
    "base": "基本信息",
    "holders": "股东",
    "financing": "融资",
    "accounts": "账号",
    "alerts": "预警",
    "changes": "变更",
    "applications": "申请",
    "relations": "关系",
}
_EXITS = {"head_company": "head_exit", "project_company": "project_exit"}


class CompanyPage:
    """A head with the company's state; under it a part at a time, drawn when it is opened."""

    def __init__(self, place: Place, kind: str, company_id: UUID) -> None:
        self.place, self.kind, self.id = place, kind, company_id
        self.one: CompanyOverview | None = None
        self.record: RevisionView | None = None
        self.top = web.element("header").classes("sf-record-head")
        self.said = web.element("div")
        self.strip = web.element("nav").classes("sf-parts").props("aria-label=企业信息 role=tablist")
        self.body = web.element("section").props("aria-label=内容 role=tabpanel")

    async def load(self) -> None:
        answer = await call(overview, CompanyRef(self.kind, self.id), quiet=True)
        if answer.gone or self.body.is_deleted:
            return
        if not answer.ok:
            with self.body:
                TextElement(tag="p", text=answer.message).classes("sf-empty")
            return
        self.one = answer.value
        record = await call(acts(self.kind).record, self.id, quiet=True)
        self.record = record.value if record.ok else None
        if self.body.is_deleted:
            return
        self.place.rename(self.one.name[:16])
        self._draw_head(self.one)
        self._commands(self.one)
        await self.show(self.place.params.get("part", "base"))

    def _draw_head(self, one: CompanyOverview) -> None:
        self.top.clear()
        with self.top:
            TextElement(tag="h2", text=one.name).classes("sf-title")
            badge(one.state_label)
            if one.covered is not None:
                covered = "已覆盖" if one.covered else "尚无项目"
                TextElement(tag="span", text=covered).classes(f"sf-badge sf-{'good' if one.covered else 'muted'}")
            TextElement(tag="span", text=f"{KINDS[one.kind].label}　{one.record_no}").classes("sf-record-no")
        self.said.clear()
        with self.said:
            for version in one.on_its_way:
                with web.element("p").classes("sf-callout"):
                    TextElement(tag="span", text=f"{version.label}{version.state}　{version.record_no}　")
                    button = TextElement(tag="button", text="查看").props("type=button").classes("sf-link")
                    button.on("click", self._version_opener(version.kind, version.revision_id))
            if one.override:
                TextElement(tag="p", text=f"市级已准予例外退出：{one.override}").classes("sf-callout")

    def _version_opener(self, kind: str, revision_id: UUID) -> Callable[[], Awaitable[None]]:
        async def go() -> None:
            await open_record(self.place, kind, revision_id, revision_id)

        return go

    def _commands(self, one: CompanyOverview) -> None:
        place, caller = self.place, self.place.caller
        place.commands.clear()
        place.command("打开档案", self.open_file, icon="description", key="f8")
        exit_kind = _EXITS.get(self.kind)
        if exit_kind and one.state is AdmissionState.ADMITTED and caller.roles & KINDS[exit_kind].makers.draft:
            place.command("申请退出", self.begin_exit, icon="logout")
        if self.kind == "project_company" and caller.has(Role.CITY_REVIEWER) and not one.override:
            place.command("准予例外退出", self.allow, icon="gavel")
        place.command("刷新", self.load, icon="refresh", key="f3")

    async def open_file(self) -> None:
        await open_record(self.place, self.kind, self.id)

    async def begin_exit(self) -> None:
        """A draft of the exit; its form opens beside this page."""
        assert self.one is not None
        kind = _EXITS[self.kind]
        summary = {"企业": self.one.name, "说明": "填写退出原因和结清情况，按流程确认、审核后生效，企业账号随即停用"}
        if not await confirm("起草退出申请？", summary=summary, yes="起草"):
            return
        answer = await call(acts(kind).begin, Begin(self.id, {"company_name": self.one.name}))
        if answer.ok:
            await open_record(self.place, kind, answer.value.record_id, answer.value.revision_id)

    async def allow(self) -> None:
        assert self.one is not None
        reason = await ask_reason(f"准予例外退出：{self.one.name}", yes="准予", least=5, label="依据", danger=True)
        if reason is not None and (await call(allow_exit, AllowExit(self.id, reason))).ok:
            self.place.say("已准予，企业可在仍有未了事项时申请退出", "good")
            await self.load()

    # ---------------------------------------------------------------- parts

    async def show(self, part: str) -> None:
        part = part if part in self._parts() else "base"
        self.place.keep(part=part if part != "base" else "")
        self.strip.clear()
        with self.strip:
            for key, label in self._parts().items():
                told = label
                if key == "alerts" and self.one is not None and (count := sum(self.one.alerts.values())):
                    told = f"{label} {count}"
                button = TextElement(tag="button", text=told).props("type=button role=tab")
                button.props["aria-selected"] = "true" if key == part else "false"
                button.mark(f"part-{key}").on("click", self._shower(key))
        self.body.clear()
        with self.body:
            await getattr(self, f"_draw_{part}")()

    def _parts(self) -> dict[str, str]:
        parts = dict(TABS)
        if not self._keeps_accounts():
            parts.pop("accounts")
        return parts

    def _keeps_accounts(self) -> bool:
        caller = self.place.caller
        if self.kind == "project_company":
            return caller.has(Role.HEAD_ADMIN)
        return self.kind == "head_company" and caller.has(Role.CITY_HANDLER)

    def _shower(self, part: str) -> Callable[[], Awaitable[None]]:
        async def go() -> None:
            await self.show(part)

        return go

    async def _draw_base(self) -> None:
        one = self.one
        assert one is not None
        if one.state is not None:
            head("准入")
            self._draw_admission(one)
        if self.record is None:
            note("尚无生效档案。")
            return
        draw_values(_without_lists(self.kind), self.record)

    def _draw_admission(self, one: CompanyOverview) -> None:
        facts(
            {
                "状态": one.state_label,
                "准入日期": one.admitted_on,
                "退出日期": one.exited_on,
                "上级": "、".join(f"{up.name} {up.note}".strip() for up in one.parents),
            }
        )

    async def _draw_holders(self) -> None:
        self._draw_list("shareholders", "尚未填报股东。")

    async def _draw_financing(self) -> None:
        self._draw_list("financings", "尚未填报融资。")
        self._draw_list("indicators", "尚未填报财务指标。")

    def _draw_list(self, name: str, empty: str) -> None:
        child = KINDS[self.kind].child(name)
        lines = self.record.children.get(name, ()) if self.record is not None else ()
        if not lines:
            head(child.label)
            note(empty)
            return
        draw_lines(child, lines, ())

    async def _draw_accounts(self) -> None:
        answer = await call(find_accounts, FindAccounts(self.id, size=200), quiet=True)
        head("账号")
        if not answer.ok:
            note(answer.message)
            return
        for line in answer.value.lines:
            facts(
                {
                    "登录名": line.login,
                    "姓名": line.name,
                    "岗位": line.role_label,
                    "状态": line.word.label,
                    "有效期至": line.valid_to,
                    "最近登录": line.last_seen_at,
                }
            )
        if not answer.value.lines:
            note("还没有账号。")
        with web.element("div").classes("sf-buttons sf-pad"):
            plain_button(
                "办理账号", lambda: self.place.open("company_accounts", company=self.id), icon="manage_accounts"
            )

    async def _draw_alerts(self) -> None:
        await draw_alerts_of(self.place, self.id)

    async def _draw_changes(self) -> None:
        if self.place.caller.has(*MARKET):
            await draw_changes_of(self.place, CompanyType.of(self.kind), self.id)
        head("办理经过")
        self._draw_happened()

    def _draw_happened(self) -> None:
        assert self.one is not None
        if not self.one.happened:
            note("还没有办理记录。")
            return
        with web.element("ol").classes("sf-happened"):
            for one in self.one.happened:
                with web.element("li"):
                    TextElement(tag="time", text=shown(one.at))
                    TextElement(tag="strong", text=one.what)
                    TextElement(tag="small", text=f"{one.source}　{one.detail}".strip())

    async def _draw_applications(self) -> None:
        assert self.one is not None
        head("在办申请")
        if not self.one.on_its_way:
            note("没有在办的申请。")
        for version in self.one.on_its_way:
            facts({"事项": version.label, "状态": version.state, "编号": version.record_no})
        if self.kind == "project_company" and self.place.caller.has(*AUTHORITY, Role.HEAD_ADMIN, Role.HEAD_USER):
            with web.element("div").classes("sf-buttons sf-pad"):
                plain_button(
                    "准入退出协同", lambda: self.place.open("company_joint", text=self.one.uscc if self.one else "")
                )

    async def _draw_relations(self) -> None:
        one = self.one
        assert one is not None
        if one.parents:
            head("上级企业")
            draw_related(self.place, one.parents, empty="")
        if self.kind != "project_company":
            head("下属企业")
            draw_related(self.place, one.children, empty="没有下属企业。")
        head("项目")
        draw_related(self.place, one.projects, empty="还没有生效的项目。")
        if self.place.caller.has(*CITY_AUTHORITY, *AUTHORITY, Role.HEAD_ADMIN, Role.HEAD_USER):
            head("关系图")
            await draw_relations_of(self.place, self.id)


def _without_lists(name: str) -> Kind:
    return replace(KINDS[name], children=())


async def build(place: Place) -> None:
    kind, company_id = place.params.get("kind", ""), uuid_of(place.params.get("id", ""))
    if kind not in {"group_company", "head_company", "project_company"} or company_id is None:
        TextElement(tag="p", text="没有这个企业").classes("sf-empty")
        return
    await CompanyPage(place, kind, company_id).load()


COMPANY_PAGE = Module(
    COMPANY,
    "企业主页",
    "apartment",
    "subjects",
    frozenset(MARKET | {Role.ANALYST}),
    build,
    hidden=True,
    several=True,
)
