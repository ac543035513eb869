"""Monitoring panels of a company's page: freshness of the registry's answer, changes, relations."""

from decimal import Decimal
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.monitoring import CompanyType, Refreshed
from services.engine.listings import Line, ListRows
from services.engine.paging import Paging
from services.monitoring.companies import OneCompany
from services.monitoring.graph import Relations, relations_of
from services.monitoring.listings import CHANGES, Freshness, freshness
from services.monitoring.nightly import check_company
from services.ports.registry import CompanyProfile
from ui.monitoring.relation import RelationGraph
from ui.records.record_page import open_record
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.parts import badge, empty, facts, head
from ui.shell.place import Place
from ui.shell.values import large_money, shown

_CHANGES = 100


async def draw_changes_of(place: Place, kind: CompanyType, company_id: UUID) -> None:
    """The registry's newest answer about a company, a button to ask again, and the time line of its changes."""
    box = web.element("section").props("aria-label=登记信息监测").classes("sf-watch")

    async def draw() -> None:
        fresh = await call(freshness, OneCompany(kind, company_id), quiet=True)
        order = ListRows({"company": str(company_id)}, Paging(1, _CHANGES))
        changes = await call(CHANGES.query, order, quiet=True) if fresh.ok else None
        if box.is_deleted:
            return
        box.clear()
        with box:
            if not fresh.ok or changes is None or not changes.ok:
                empty(fresh.message or "暂时不能查看登记信息")
                return
            _draw_freshness(fresh.value, check)
            draw_time_line(place, changes.value.lines)

    async def check() -> None:
        with box:
            done = (await call(check_company, OneCompany(kind, company_id))).or_end()
            words = "登记信息已更新" if done.outcome is Refreshed.HIT else done.outcome.label
            place.say(words, "good" if done.outcome is Refreshed.HIT else "warn")
            await draw()

    await draw()


def _draw_freshness(fresh: Freshness, check: object) -> None:
    with web.element("div").classes("sf-head"):
        TextElement(tag="span", text="登记信息")
        badge(fresh.outcome)
        plain_button("立即更新", check, icon="sync").mark("check-company")  # type: ignore[arg-type]
    if fresh.unknown and fresh.asked_at is not None:
        words = "登记库未能应答，以下为上次取得的信息，相关预警规则结论为“待核验”。"
        TextElement(tag="p", text=words).classes("sf-callout").props("role=status")
    facts({"最近查询": fresh.asked_at, "最近更新": fresh.answered_at, "数据时间": fresh.as_of}, columns=1)
    if fresh.profile is not None:
        _draw_profile(fresh.profile)


def _yuan(amount: Decimal | None) -> str:
    return f"{shown(amount)} 元{large_money(amount)}" if amount is not None else ""


def _draw_profile(profile: CompanyProfile) -> None:
    facts(
        {
            "名称": profile.name,
            "登记状态": profile.status,
            "法定代表人": profile.legal_rep,
            "注册资本": _yuan(profile.registered_capital),
            "实缴资本": _yuan(profile.paid_in_capital),
            "成立日期": profile.established_on,
            "实际控制人": profile.actual_controller,
            "出质": f"{sum(one.until is None for one in profile.pledges)}项" if profile.pledges else "",
            "冻结": f"{sum(one.until is None for one in profile.freezes)}项" if profile.freezes else "",
        },
        columns=1,
    )
    if profile.holders:
        with web.element("table").classes("sf-alert-compared").props("aria-label=股东"):
            with web.element("thead"), web.element("tr"):
                for label in ("股东", "持股", "认缴", "实缴"):
                    TextElement(tag="th", text=label).props("scope=col")
            with web.element("tbody"):
                for one in profile.holders:
                    with web.element("tr"):
                        TextElement(tag="th", text=one.name).props("scope=row")
                        TextElement(tag="td", text=f"{one.ratio.normalize():f}%")
                        TextElement(tag="td", text=_yuan(one.subscribed))
                        TextElement(tag="td", text=_yuan(one.paid) or "—")


def draw_time_line(place: Place, lines: tuple[Line, ...], *, company: bool = False) -> None:
    """Draw the changes, newest first; reversed ones are marked, those that raised an alert lead to it."""
    head(f"变更时间轴（{len(lines)}）")
    if not lines:
        empty("开始监测以来没有发现变更")
        return
    with web.element("ol").classes("sf-alert-steps"):
        for line in lines:
            tone = "muted" if line.undone_on else "warn" if line.alert_id else "info"
            with web.element("li").classes(f"sf-step-{tone}"):
                with web.element("div"):
                    TextElement(tag="strong", text=f"{line.company}：{line.label}" if company else line.label)
                    if line.undone_on:
                        TextElement(tag="span", text=f"{line.undone_on} 已恢复").classes("sf-badge sf-muted")
                    if line.alert_id is not None:
                        link = TextElement(tag="button", text=f"预警 {line.rule_code}").classes("sf-link")
                        link.props("type=button")
                        link.on("click", lambda _, alert=line.alert_id: place.open("alerts", id=alert))
                    TextElement(tag="time", text=shown(line.detected_at)).classes("sf-help")
                with web.element("p"):
                    TextElement(tag="span", text=line.before or "无").classes("sf-removed")
                    TextElement(tag="span", text=" → ")
                    TextElement(tag="span", text=line.after or "无").classes("sf-added")
                if line.effective_on:
                    TextElement(tag="span", text=f"登记日期 {line.effective_on}").classes("sf-help")


async def draw_relations_of(place: Place, company_id: UUID) -> Relations | None:
    """Draw the tree of a company with itself marked, and return it; a box opens its company, a count its alerts."""
    box = web.element("section").props("aria-label=企业关系图").classes("sf-rel-box")
    answer = await call(relations_of, company_id, quiet=True)
    if box.is_deleted:
        return None
    with box:
        if not answer.ok:
            empty(answer.message)
            return None
        RelationGraph(
            answer.value,
            here=company_id,
            opened=lambda node: open_record(place, node.type.value, node.id),
            alerts=lambda node: place.open("alerts", text=node.name),
        )
        _draw_legend(answer.value.left_out)
    return answer.value


def _draw_legend(left_out: int) -> None:
    with web.element("p").classes("sf-rel-legend"):
        for tone, label in (("bad", "严重预警"), ("warn", "警示预警"), ("info", "提示预警"), ("good", "无预警")):
            TextElement(tag="span", text=label).classes(f"sf-badge sf-{tone}")
        if left_out:
            TextElement(tag="span", text=f"另有{left_out}家企业未画出，请从下级企业查看").classes("sf-help")
