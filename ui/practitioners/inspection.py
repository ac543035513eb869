"""信息卡验看: the district's queue of applications, for inspectors, and for the city to read (row 40)."""

from services.engine.listings import Line
from services.practitioners.inspection import pass_apply, release, return_apply, take
from services.practitioners.inspection_views import INSPECTIONS, InspectionSheet, inspection_sheet
from services.practitioners.orders import One, Told
from ui.practitioners.application_sheet import draw_sheet
from ui.practitioners.parts import is_free, standing_of
from ui.review.declaration import Decision, Hold, Queue, Standing
from ui.review.queue import review_module

PHRASES = (
    "照片不清晰，请上传清晰的近期证件照",
    "照片不是本人，请核对后重新上传",
    "姓名与证件不一致，请按证件填写",
    "岗位或从业信息不完整，请补全",
    "劳动合同起止日期有误，请核对",
    "入职日期与劳动合同不符，请核对",
)


def standing(sheet: InspectionSheet) -> Standing:
    line: Line = sheet.line
    return standing_of(
        line, f"{sheet.person.name}　{line.apply_no}", pass_apply, own="这份申请由您本人提交，请由其他同事验看"
    )


INSPECTION = review_module(
    Queue(
        INSPECTIONS,
        "badge",
        sheet=inspection_sheet,
        free=is_free(pass_apply),
        standing=standing,
        draw=draw_sheet,
        decisions=(
            Decision(pass_apply, "通过", "p", Told, "验看通过"),
            Decision(return_apply, "退回", "r", Told, "已退回企业", reason="退回原因", phrases=PHRASES),
        ),
        hold=Hold(take, release, One),
    )
)
