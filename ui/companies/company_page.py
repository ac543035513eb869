"""企业主页: what is registered, who holds it, how it is financed, its accounts, alerts, changes and applications (rows 51-54)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from models.monitoring import CompanyType
from services.companies.accounts import ACCOUNTS, SetQuota, set_quota
from services.companies.applications import APPLICATIONS
from services.companies.directory import READERS, CompanyOverview, CompanyRef, overview
from services.companies.exits import allow_exit
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, RevisionView
from services.engine.kinds import KINDS
from services.engine.listings import ListRows
from services.engine.orders import Reasoned
from services.engine.paging import Paging
from services.monitoring.graph import relations_of
from ui.alerts.parts import draw_alerts_of
from ui.companies.directory_page import COMPANY, draw_related
from ui.monitoring.panels import draw_changes_of, draw_relations_of
from ui.records.record_page import open_record
from ui.records.shown import draw_lines, draw_values
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.fields import count_field, text_field
from ui.shell.form import Form, ask_form
from ui.shell.modules import Module
from ui.shell.parts import badge, draw_cells, empty, facts, head, note, uuid_of
from ui.shell.place import Place
from ui.shell.values import shown


@dataclass(frozen=True)
class Shown:
    """A company as its page shows it; `record` is the version in force, where there is one."""

    place: Place
    one: CompanyOverview
    record: RevisionView | None


# ------------------------------------------------------------------ parts


async def _base(company: Shown) -> None:
    one = company.one
    if one.kind is not CompanyType.GROUP:
        head("准入")
        facts(
            {
                "状态": one.state,
                "准入日期": one.row.admitted_on,
                "退出日期": one.row.exited_on,
                "上级": "、".join(f"{up.name} {up.note}".strip() for up in one.parents),
            }
        )
    if company.record is None:
        note("尚无生效档案。")
    else:
        draw_values(replace(KINDS[one.kind.value], children=()), company.record)


async def _draw_lists(company: Shown, empty: Mapping[str, str]) -> None:
    for name, words in empty.items():
        child = KINDS[company.one.kind.value].child(name)
        if lines := company.record.children.get(name, ()) if company.record is not None else ():
            draw_lines(child, lines)
        else:
            head(child.label)
            note(words)


async def _accounts(company: Shown) -> None:
    answer = await call(ACCOUNTS.query, ListRows({"company": str(company.one.row.id)}, Paging(size=200)), quiet=True)
    head(f"账号（名额{company.one.row.account_quota}个）")
    if not answer.ok:
        note(answer.message)
        return
    for line in answer.value.lines:
        draw_cells(ACCOUNTS, line, without=("company",), columns=3)
    if not answer.value.lines:
        note("还没有账号。")
    with web.element("div").classes("sf-buttons sf-pad"):
        opening = partial(company.place.open, "company_accounts", company=company.one.row.id)
        plain_button("办理账号", opening, icon="manage_accounts")


async def _changes(company: Shown) -> None:
    if company.place.caller.has(*MARKET):
        await draw_changes_of(company.place, company.one.kind, company.one.row.id)
    head("办理经过")
    if not company.one.happened:
        note("还没有办理记录。")
        return
    with web.element("ol").classes("sf-happened"):
        for one in company.one.happened:
            with web.element("li"):
                TextElement(tag="time", text=shown(one.at))
                TextElement(tag="strong", text=one.what)
                TextElement(tag="small", text=f"{one.source}　{one.detail}".strip())


async def _applications(company: Shown) -> None:
    head("在办申请")
    if not company.one.on_its_way:
        note("没有在办的申请。")
    for version in company.one.on_its_way:
        facts({"事项": version.label, "状态": version.state, "编号": version.record_no})
    if company.one.kind is CompanyType.PROJECT and company.place.may(APPLICATIONS.query):
        with web.element("div").classes("sf-buttons sf-pad"):
            plain_button(APPLICATIONS.label, partial(company.place.open, APPLICATIONS.name, text=company.one.uscc))


async def _relations(company: Shown) -> None:
    one = company.one
    if one.parents:
        head("上级企业")
        draw_related(company.place, one.parents, empty="")
    if one.kind is not CompanyType.PROJECT:
        head("下属企业")
        draw_related(company.place, one.children, empty="没有下属企业。")
    head("项目")
    draw_related(company.place, one.projects, empty="还没有生效的项目。")
    if company.place.may(relations_of):
        head("关系图")
        await draw_relations_of(company.place, one.row.id)


PARTS: Mapping[str, tuple[str, Callable[[Shown], Awaitable[None]]]] = {
    "base": ("基本信息", _base),
    "holders": ("股东", partial(_draw_lists, empty={"shareholders": "尚未填报股东。"})),
    "financing": (
        "融资",
        partial(_draw_lists, empty={"financings": "尚未填报融资。", "indicators": "尚未填报财务指标。"}),
    ),
    "accounts": ("账号", _accounts),
    "alerts": ("预警", lambda company: draw_alerts_of(company.place, company.one.row.id)),
    "changes": ("变更", _changes),
    "applications": ("申请", _applications),
    "relations": ("关系", _relations),
}


# ------------------------------------------------------------------ the page


class CompanyPage:
    """A head with the company's state; under it a part at a time, drawn when it is opened."""

    def __init__(self, place: Place, ref: CompanyRef) -> None:
        self.place, self.ref = place, ref
        self.top = web.element("header").classes("sf-record-head")
        self.said = web.element("div")
        self.strip = web.element("nav").classes("sf-parts").props("aria-label=企业信息 role=tablist")
        self.body = web.element("section").props("aria-label=内容 role=tabpanel")

    async def load(self) -> None:
        """Read the company and draw its page."""
        answer = await call(overview, self.ref, quiet=True)
        if self.body.is_deleted:
            return
        if not answer.ok:
            with self.body:
                empty(answer.message)
            return
        record = await call(acts(self.ref.kind).record, self.ref.id, quiet=True)
        if self.body.is_deleted:
            return
        company = Shown(self.place, answer.value, record.value if record.ok else None)
        self.place.rename(company.one.row.name[:16])
        self._draw_head(company.one)
        self._commands(company.one)
        await self.show(company, self.place.params.get("part", ""))

    def _draw_head(self, one: CompanyOverview) -> None:
        self.top.clear()
        with self.top:
            TextElement(tag="h2", text=one.row.name).classes("sf-title")
            badge(one.state)
            if one.covered is not None:
                badge("已覆盖" if one.covered else "尚无项目", "good" if one.covered else "muted")
            TextElement(tag="span", text=f"{one.kind.label}　{one.row.record_no}").classes("sf-record-no")
        self.said.clear()
        with self.said:
            for version in one.on_its_way:
                with web.element("p").classes("sf-callout"):
                    TextElement(tag="span", text=f"{version.label}{version.state}　{version.record_no}　")
                    button = TextElement(tag="button", text="查看").props("type=button").classes("sf-link")
                    revision = version.id
                    button.on("click", partial(open_record, self.place, version.kind, revision, revision))
            if one.override:
                TextElement(tag="p", text=f"市级已准予例外退出：{one.override}").classes("sf-callout")

    def _commands(self, one: CompanyOverview) -> None:
        place = self.place
        place.commands.clear()
        opening = partial(open_record, place, self.ref.kind, self.ref.id)
        place.command("打开档案", opening, icon="description", key="f8")
        if one.exit_kind:
            place.command("申请退出", partial(self.begin_exit, one), icon="logout")
        if one.kind is CompanyType.PROJECT and not one.override and place.may(allow_exit):
            place.command("准予例外退出", partial(self.allow, one), icon="gavel")
        if one.kind is CompanyType.HEAD and place.may(set_quota):
            place.command("调整账号名额", partial(self.change_quota, one), icon="manage_accounts")
        place.command("刷新", self.load, icon="refresh", key="f3")

    async def change_quota(self, one: CompanyOverview) -> None:
        """Set how many accounts the head company may have."""

        def draw(form: Form) -> None:
            form.add(
                count_field("quota", "账号名额", value=one.row.account_quota, unit="个", required=True),
                text_field("reason", "调整原因", required=True, longest=200),
            )

        asked = await ask_form(f"调整账号名额：{one.row.name}", draw, yes="调整")
        if (await call(set_quota, SetQuota(one.row.id, **asked))).ok:
            await self.load()
            self.place.say(f"账号名额已调整为{asked['quota']}个", "good")

    async def begin_exit(self, one: CompanyOverview) -> None:
        """Draft the exit; its form opens beside this page."""
        summary = {"企业": one.row.name, "说明": "填写退出原因和结清情况，按流程确认、审核后生效，企业账号随即停用"}
        await confirm("起草退出申请？", summary=summary, yes="起草")
        done = (await call(acts(one.exit_kind).begin, Begin(one.row.id, {"company_name": one.row.name}))).or_end()
        await open_record(self.place, one.exit_kind, done.record_id, done.revision_id)

    async def allow(self, one: CompanyOverview) -> None:
        """Permit an exit although something is open."""
        reason = await ask_reason(f"准予例外退出：{one.row.name}", yes="准予", least=5, label="依据", danger=True)
        if (await call(allow_exit, Reasoned(one.row.id, reason))).ok:
            self.place.say("已准予，企业可在仍有未了事项时申请退出", "good")
            await self.load()

    async def show(self, company: Shown, part: str) -> None:
        """Draw a part of the company."""
        parts = {key: one for key, one in PARTS.items() if key != "accounts" or company.one.keeps_accounts}
        part = part if part in parts else "base"
        self.place.keep(part=part if part != "base" else "")
        self.strip.clear()
        with self.strip:
            for key, (label, _) in parts.items():
                told = f"{label} {company.one.alerts}" if key == "alerts" and company.one.alerts else label
                button = TextElement(tag="button", text=told).props("type=button role=tab")
                button.props["aria-selected"] = "true" if key == part else "false"
                button.mark(f"part-{key}").on("click", partial(self.show, company, key))
        self.body.clear()
        with self.body:
            await parts[part][1](company)


async def build(place: Place) -> None:
    kind, company_id = place.params.get("kind", ""), uuid_of(place.params.get("id", ""))
    if kind not in CompanyType.labels() or company_id is None:
        empty("没有这个企业")
        return
    await CompanyPage(place, CompanyRef(kind, company_id)).load()


COMPANY_PAGE = Module(COMPANY, "企业主页", "apartment", "subjects", READERS, build, hidden=True, several=True)
