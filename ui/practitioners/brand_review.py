"""企业简称图标审核: the district's queue of short names and logos (row 38)."""

from nicegui import ui as web

from models.practitioner_codes import BrandState
from services.access.visibility import CITY
from services.engine.paging import Paging
from services.practitioners.brands import (
    BrandFilter,
    BrandLine,
    approve_brand,
    approve_brands,
    list_brands,
    open_brand,
    release_brand,
    return_brand,
    take_brand,
)
from services.practitioners.desk_views import brand_counts
from services.practitioners.orders import One, Several, Told
from services.practitioners.visibility import DISTRICT
from ui.practitioners.parts import logo, told
from ui.review.declaration import Batch, Decision, Hold, Queue, Standing, by_id
from ui.review.queue import VIEW, review_module
from ui.shell.grid import Filter, View
from ui.shell.parts import head, note
from ui.shell.place import Place
from ui.shell.sheet import Column
from ui.shell.values import shown

_VIEWS = {
    "": ("待审核", BrandState.SUBMITTED),
    "returned": ("已退回", BrandState.RETURNED),
    "approved": ("已通过", BrandState.APPROVED),
}
PHRASES = (
    "简称与企业名称无关，请说明依据或更换",
    "简称容易与其他企业混淆，请更换",
    "图标含有官方标志或他人商标，请更换",
    "图标不清晰，请上传清晰的图标",
)


def order_of(view: View) -> BrandFilter:
    _, state = _VIEWS.get(view.text(VIEW), _VIEWS[""])
    return BrandFilter(state=state.value, word=view.text("word"), paging=Paging(view.page, view.size, view.sort))


def standing(line: BrandLine) -> Standing:
    return Standing(
        title=f"{line.firm}：{line.short_name}",
        state=line.state_label,
        waits=line.state == BrandState.SUBMITTED.value,
        holder=line.taken_by,
        mine=line.mine,
        since=line.taken_at,
        overdue=bool(line.taken_by) and not line.mine and line.may_take_over,
        bar="这份申报由您本人提交，请由其他同事审核" if line.own else "",
        version=line.version,
    )


def draw(place: Place, line: BrandLine) -> None:
    """The new one beside the one in force."""
    with web.element("div").classes("sf-with-portrait"):
        logo(line.id, line.short_name)
        told({"企业": line.firm, "企业简称": line.short_name, "提交时间": shown(line.submitted_at)}, columns=1)
    head("现行简称与图标")
    if line.standing:
        with web.element("div").classes("sf-with-portrait"):
            logo(line.standing_brand_id, line.standing)
            told({"企业简称": line.standing}, columns=1)
        note("新的简称与图标审核通过前，现行的继续有效。")
    else:
        note("本次申报即现行简称与图标。" if line.in_force else "该企业还没有简称与图标。")
    if line.words:
        head("最近审核意见")
        note(line.words)


BRAND_REVIEW = review_module(
    Queue(
        key="brand_review",
        title="企业简称图标审核",
        icon="verified",
        roles=frozenset(DISTRICT | CITY),
        page=list_brands,
        order=order_of,
        free=lambda line: (
            line.state == BrandState.SUBMITTED.value and not line.own and (not line.taken_by or line.mine)
        ),
        columns=(
            Column("firm", "企业"),
            Column("short_name", "企业简称", width=150),
            Column("standing", "现行简称", width=120),
            Column("submitted_at", "提交时间", width=126),
            Column("taken_by", "领取人", width=70),
            Column("state_label", "状态", width=76),
        ),
        filters=(Filter("word", "企业或简称", width=230),),
        views={key: label for key, (label, _) in _VIEWS.items()},
        counts=brand_counts,
        counted=lambda counts: {key: counts.get(state.value, 0) for key, (_, state) in _VIEWS.items()},
        sheet=open_brand,
        standing=standing,
        draw=draw,
        decisions=(
            Decision(approve_brand, "通过", "p", lambda row_id, words, version: Told(row_id, words, version), "已通过"),
            Decision(
                return_brand,
                "退回",
                "r",
                lambda row_id, words, version: Told(row_id, words, version),
                "已退回企业",
                reason="退回原因",
                phrases=PHRASES,
            ),
        ),
        batch=Batch(approve_brands, "批量通过", by_id(Several), "勾选的企业简称与图标全部审核通过？"),
        hold=Hold(take_brand, release_brand, One),
        empty="没有符合条件的申报",
    )
)
