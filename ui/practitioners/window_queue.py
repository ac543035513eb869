"""信息卡注销复核: a second person of the district confirms what a window took in (row 43)."""

from services.engine.listings import Line
from services.practitioners.cancellation import confirm_at_window, return_at_window
from services.practitioners.orders import Told
from services.practitioners.window_cancellations import WINDOW_CANCELS, window_case
from ui.practitioners.parts import is_free, standing_of, told
from ui.review.declaration import Decision, Queue, Standing
from ui.review.queue import review_module
from ui.shell.parts import head, note
from ui.shell.place import Place


def standing(line: Line) -> Standing:
    return standing_of(
        line,
        f"{line.name}　{line.card_no}",
        confirm_at_window,
        own="这件申请由您受理，须由另一位同事复核",
        state=line.standing,
    )


def draw(place: Place, line: Line) -> None:
    """Draw who came, which card, who took it in."""
    told(
        {
            "申请编号": line.apply_no,
            "信息卡": line.card_no,
            "卡片状态": line.card_state,
            "持卡人": line.name,
            "证件号码": line.id_no,
            "企业": line.firm,
            "注销原因": line.cancel_reason,
            "说明": line.note,
            "受理单位": line.unit,
            "受理人": line.submitted_by,
            "受理时间": line.submitted_at,
            "证件核验": "本人到场，已读取身份证件",
        }
    )
    note("复核通过后信息卡立即注销，企业和行业协会同时收到通知；企业有异议的可以提出，不影响注销。")
    if line.decided_at is not None:
        head("复核结果")
        told({"复核时间": line.decided_at, "意见": line.words}, columns=1)


WINDOW_QUEUE = review_module(
    Queue(
        WINDOW_CANCELS,
        "how_to_reg",
        sheet=window_case,
        free=is_free(confirm_at_window),
        standing=standing,
        draw=draw,
        decisions=(
            Decision(
                confirm_at_window,
                "确认注销",
                "p",
                Told,
                "信息卡已注销",
                ask="确认注销这张信息卡？注销后立即公示，不能恢复。",
                danger=True,
            ),
            Decision(
                return_at_window,
                "退回",
                "r",
                Told,
                "已退回，信息卡不变",
                reason="退回原因",
                phrases=("持卡人证件与信息卡不符", "受理信息有误，请重新受理"),
            ),
        ),
    )
)
