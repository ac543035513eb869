"""信息卡验看: the district's queue of applications, for inspectors, and for the city to read (row 40)."""

from collections.abc import Mapping

from models.codes import Toned
from models.practitioner_codes import ApplyKind, ApplyState, FaceView
from services.access.visibility import CITY
from services.engine.paging import Paging
from services.practitioners.inspection import pass_apply, pass_many, release, return_apply, take
from services.practitioners.inspection_views import (
    FREE,
    MINE,
    OTHERS,
    InspectionSheet,
    QueueCounts,
    QueueFilter,
    QueueLine,
    count_queue,
    inspection_sheet,
    list_queue,
)
from services.practitioners.orders import One, Several, Told
from services.practitioners.visibility import DISTRICT
from ui.practitioners.evidence import draw_sheet
from ui.review.declaration import Batch, Decision, Hold, Queue, Standing, by_id
from ui.review.queue import VIEW, review_module
from ui.shell.grid import Filter, View
from ui.shell.sheet import Column
from ui.shell.values import shown

#: What is shown in each view: a state, and in whose hands.
_VIEWS = {
    "": ("待验看", ApplyState.INSPECTING, ""),
    "free": ("未领取", ApplyState.INSPECTING, FREE),
    "mine": ("我领取的", ApplyState.INSPECTING, MINE),
    "others": ("他人领取", ApplyState.INSPECTING, OTHERS),
    "checking": ("核验中", ApplyState.SUBMITTED, ""),
    "returned": ("已退回", ApplyState.RETURNED, ""),
    "passed": ("已通过", ApplyState.PASSED, ""),
    "rejected": ("核验未通过", ApplyState.AUTO_REJECTED, ""),
}
PHRASES = (
    "照片不清晰，请上传清晰的近期证件照",
    "照片不是本人，请核对后重新上传",
    "姓名与证件不一致，请按证件填写",
    "岗位或从业信息不完整，请补全",
    "劳动合同起止日期有误，请核对",
    "入职日期与劳动合同不符，请核对",
)


def order_of(view: View) -> QueueFilter:
    _, state, hands = _VIEWS.get(view.text(VIEW), _VIEWS[""])
    return QueueFilter(
        state=state.value,
        kind=view.text("kind"),
        hands=hands,
        word=view.text("word"),
        face=view.text("face"),
        since=view.day("since"),
        until=view.day("until"),
        paging=Paging(view.page, view.size, view.sort),
    )


def counted(counts: QueueCounts) -> Mapping[str, int]:
    of_hands = {"free": counts.free, "mine": counts.mine, "others": counts.others}
    return {key: of_hands.get(key, counts.states.get(state.value, 0)) for key, (_, state, _) in _VIEWS.items()}


def free(line: QueueLine) -> bool:
    return line.state == ApplyState.INSPECTING.value and not line.own and (not line.taken_by or line.mine)


def standing(sheet: InspectionSheet) -> Standing:
    line = sheet.line
    return Standing(
        title=f"{sheet.person.name}　{line.apply_no}",
        state=line.state_label,
        waits=line.state == ApplyState.INSPECTING.value,
        holder=line.taken_by,
        mine=line.mine,
        since=line.taken_at,
        overdue=bool(line.taken_by) and not line.mine and sheet.may_take_over,
        bar="这份申请由您本人提交，请由其他同事验看" if line.own else "",
        version=line.version,
    )


INSPECTION = review_module(
    Queue(
        key="card_inspection",
        title="信息卡验看",
        icon="badge",
        roles=frozenset(DISTRICT | CITY),
        page=list_queue,
        order=order_of,
        free=free,
        columns=(
            Column("apply_no", "申请编号", sortable=True, width=152),
            Column("name", "姓名", width=60),
            Column("kind", "类别", width=50),
            Column("firm", "企业"),
            Column("warnings", "提示", width=56, show=lambda count: Toned("有提示", "warn") if count else ""),
            Column("submitted_at", "提交日期", sortable=True, width=92, show=lambda at: shown(at)[:10]),
            Column("taken_by", "领取人", width=60),
        ),
        filters=(
            Filter("kind", "类别", options={ApplyKind.NEW.value: "新办", ApplyKind.CHANGE.value: "变更"}, width=120),
            Filter("face", "照片", options=FaceView.labels(), width=140),
            # A name or a number may be typed here, which no address keeps.
            Filter("word", "查找", personal=True, width=180),
            Filter("since", "提交日期自", day=True, width=170),
            Filter("until", "至", day=True, width=130),
        ),
        views={key: label for key, (label, _, _) in _VIEWS.items()},
        counts=count_queue,
        counted=counted,
        sheet=inspection_sheet,
        standing=standing,
        draw=draw_sheet,
        decisions=(
            Decision(pass_apply, "通过", "p", lambda row_id, words, version: Told(row_id, words, version), "验看通过"),
            Decision(
                return_apply,
                "退回",
                "r",
                lambda row_id, words, version: Told(row_id, words, version),
                "已退回企业",
                reason="退回原因",
                phrases=PHRASES,
            ),
        ),
        batch=Batch(
            pass_many,
            "批量通过",
            by_id(Several),
            "勾选的申请全部验看通过？核验尚未应答、他人正在验看或照片未检出一张正立人脸的会跳过，"
            "并逐条说明；照片未经人脸检测的照常通过，在结果中注明。",
        ),
        hold=Hold(take, release, One),
        empty="没有符合条件的申请",
    )
)
