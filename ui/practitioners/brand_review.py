"""企业简称图标审核: the district's queue of short names and logos (row 38)."""

from nicegui import ui as web

from services.engine.listings import Line
from services.practitioners.brand_lists import BRANDS, open_brand
from services.practitioners.brands import approve_brand, release_brand, return_brand, take_brand
from services.practitioners.orders import One, Told
from ui.practitioners.parts import is_free, logo, standing_of, told
from ui.review.declaration import Decision, Hold, Queue, Standing
from ui.review.queue import review_module
from ui.shell.parts import head, note
from ui.shell.place import Place

PHRASES = (
    "简称与企业名称无关，请说明依据或更换",
    "简称容易与其他企业混淆，请更换",
    "图标含有官方标志或他人商标，请更换",
    "图标不清晰，请上传清晰的图标",
)


def standing(line: Line) -> Standing:
    return standing_of(
        line, f"{line.firm}：{line.short_name}", approve_brand, own="这份申报由您本人提交，请由其他同事审核"
    )


def draw(place: Place, line: Line) -> None:
    """The new one beside the one in force."""
    with web.element("div").classes("sf-with-portrait"):
        logo(line.id, line.short_name)
        told({"企业": line.firm, "企业简称": line.short_name, "提交时间": line.submitted_at}, columns=1)
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
        BRANDS,
        "verified",
        sheet=open_brand,
        free=is_free(approve_brand),
        standing=standing,
        draw=draw,
        decisions=(
            Decision(approve_brand, "通过", "p", Told, "已通过"),
            Decision(return_brand, "退回", "r", Told, "已退回企业", reason="退回原因", phrases=PHRASES),
        ),
        hold=Hold(take_brand, release_brand, One),
    )
)
