"""信息卡注销复核: a second person of the district confirms what a window took in (row 43)."""

from models.practitioner_codes import ApplyState
from services.access.visibility import CITY
from services.engine.paging import Paging
from services.practitioners.cancellation import confirm_at_window, return_at_window
from services.practitioners.desk_views import window_case, window_counts
from services.practitioners.orders import Told
from services.practitioners.visibility import DISTRICT, WINDOW
from services.practitioners.window_views import WindowFilter, WindowLine, list_window
from ui.practitioners.parts import told
from ui.review.declaration import Decision, Queue, Standing
from ui.review.queue import VIEW, review_module
from ui.shell.grid import Filter, View
from ui.shell.parts import head, note
from ui.shell.place import Place
from ui.shell.sheet import Column
from ui.shell.values import shown

_VIEWS = {
    "": ("待复核", ApplyState.INSPECTING),
    "confirmed": ("已注销", ApplyState.PASSED),
    "returned": ("已退回", ApplyState.RETURNED),
}


def order_of(view: View) -> WindowFilter:
    _, state = _VIEWS.get(view.text(VIEW), _VIEWS[""])
    return WindowFilter(state.value, view.text("number"), Paging(view.page, view.size, view.sort))


def standing(line: WindowLine) -> Standing:
    return Standing(
        title=f"{line.name}　{line.card_no}",
        state=line.state,
        waits=line.waits,
        bar="这件申请由您受理，须由另一位同事复核" if line.own else "",
        version=line.version,
    )


def draw(place: Place, line: WindowLine) -> None:
    """Return who came, which card, who took it in."""
    told(
        {
            "申请编号": line.apply_no,
            "信息卡": line.card_no,
            "卡片状态": line.card_state,
            "持卡人": line.name,
            "证件号码": line.id_no,
            "企业": line.firm,
            "注销原因": line.reason,
            "说明": line.note,
            "受理单位": line.unit,
            "受理人": line.submitted_by,
            "受理时间": shown(line.submitted_at),
            "证件核验": "本人到场，已读取身份证件",
        }
    )
    note("复核通过后信息卡立即注销，企业和行业协会同时收到通知；企业有异议的可以提出，不影响注销。")
    if line.decided_at is not None:
        head("复核结果")
        told({"复核时间": shown(line.decided_at), "意见": line.words}, columns=1)


WINDOW_QUEUE = review_module(
    Queue(
        key="card_cancel_confirm",
        title="信息卡注销复核",
        icon="how_to_reg",
        roles=frozenset(WINDOW | DISTRICT | CITY),
        page=list_window,
        order=order_of,
        free=lambda line: line.waits and not line.own,
        columns=(
            Column("apply_no", "申请编号", width=184),
            Column("state", "状态", width=76),
            Column("card_no", "信息卡", width=124),
            Column("name", "持卡人", width=76),
            Column("firm", "企业"),
            Column("submitted_by", "受理人", width=70),
            Column("submitted_at", "受理时间", width=126),
        ),
        filters=(Filter("number", "申请或信息卡编号", width=290),),
        views={key: label for key, (label, _) in _VIEWS.items()},
        counts=window_counts,
        counted=lambda counts: {key: counts.get(state.value, 0) for key, (_, state) in _VIEWS.items()},
        sheet=window_case,
        standing=standing,
        draw=draw,
        decisions=(
            Decision(
                confirm_at_window,
                "确认注销",
                "p",
                lambda row_id, words, version: Told(row_id, words, version),
                "信息卡已注销",
                ask="确认注销这张信息卡？注销后立即公示，不能恢复。",
                danger=True,
            ),
            Decision(
                return_at_window,
                "退回",
                "r",
                lambda row_id, words, version: Told(row_id, words, version),
                "已退回，信息卡不变",
                reason="退回原因",
                phrases=("持卡人证件与信息卡不符", "受理信息有误，请重新受理"),
            ),
        ),
        empty="没有等待复核的注销申请",
    )
)
