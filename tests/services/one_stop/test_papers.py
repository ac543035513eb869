"""The receipts of an application (D7, rows 1-3): what to put right, a refusal at intake, the result."""

import pytest

from models.documents import PaperKind, PaperState
from models.one_stop_codes import RefusalGround, StopMaterialKind
from services.documents.forms import thaw
from services.documents.rendition import render_paper
from services.documents.stored_papers import open_paper
from services.engine.callers import SYSTEM
from services.engine.refusals import Rejected
from services.one_stop.case_papers import case_papers
from services.one_stop.intake_checks import AskCorrection, RefuseCase, ask_for_correction, refuse_case
from tests.printing.reading import text_of
from tests.services.one_stop.portal import Portal
from tests.services.tenancy.counter import Person

_CLERK = "pudong01"


def _texts(portal: Portal, case_no: str) -> dict[str, str]:
    """The receipts of a case as its office reads them, by number."""
    world, clerk = portal.world, portal.world.caller(_CLERK)
    papers = [one for one in world.door.ask(case_papers, clerk, portal.case(case_no).id) if "-" in one.number]
    assert {(one.kind, one.state) for one in papers} <= {(PaperKind.RECEIPT, PaperState.VALID)}
    for one in papers:
        world.door.perform(render_paper, SYSTEM, one.id)
    return {one.number: text_of(open_paper(world.door, clerk, one.id).content or b"") for one in papers}


@pytest.mark.row(1)
def test_what_is_to_be_put_right_is_told_on_paper_with_every_reason(portal: Portal) -> None:
    flat = portal.counter.free_flat("310115")
    form = portal.lease(flat, (Person("李静", "310101199901010013"),))
    case = portal.apply(form, flat.owners[0], "LESSOR", papers=("APPLICATION", "ID", "CONTRACT"), empty=("CONTRACT",))
    (text,) = _texts(portal, case).values()
    common = (
        "补正告知书",
        f"办件编号{case}",
        "住房租赁合同网签备案",
        "新增",
        flat.owners[0].name,
        "浦东新区",
        "经办人系统",
    )
    gaps = ("住房权属证明", "未提交", "租赁合同", "文件为空", "补正期限2027年3月31日", "一次补齐后重新提交")
    taken = (
        "已收材料",
        "申请书上传",
        "承诺办结时间受理后3个工作日内",
        f"办件查询码{case[-6:]}",
        "申请人（代理人）签名",
    )
    assert [one for one in (*common, *gaps, *taken) if one not in text] == []
    words = "合同缺少出租人签名页，请补齐"
    asked = AskCorrection(portal.case(case).id, (StopMaterialKind.COOWNER_CONSENT,), words)
    portal.world.door.perform(ask_for_correction, portal.world.caller(_CLERK), asked)
    first, second = _texts(portal, case).values()
    assert (words in first, words in second, "共有人同意出租证明未提交" in second) == (False, True, True)


@pytest.mark.row(1)
@pytest.mark.parametrize(
    ("ground", "basis"),
    [(RefusalGround.NOT_OURS, "第三十二条第一款第（二）项"), (RefusalGround.FALSE_MATERIAL, "第三十一条")],
)
def test_a_refusal_at_intake_is_a_sealed_decision_with_law_and_remedy(
    portal: Portal, ground: RefusalGround, basis: str
) -> None:
    (tenant,) = portal.tenants(1)
    case = portal.apply(portal.lease(portal.counter.free_flat("310115"), (tenant,)), tenant, papers=("APPLICATION",))
    clerk, case_id = portal.world.caller(_CLERK), portal.case(case).id
    with pytest.raises(Rejected):
        portal.world.door.perform(refuse_case, clerk, RefuseCase(case_id, ground, "不归我管"))
    portal.world.door.perform(refuse_case, clerk, RefuseCase(case_id, ground, "申请的是商铺租赁，不是住房租赁"))
    text = _texts(portal, case)[f"{case}-N"]
    wanted = ("不予受理决定书", ground.label, "申请的是商铺租赁，不是住房租赁", "《中华人民共和国行政许可法》", basis)
    remedy = ("行政复议", "行政诉讼", "投诉", f"经办人{clerk.name}")
    assert [one for one in (*wanted, *remedy) if one not in text] == []
    _, page = thaw(portal.world.door.ask(case_papers, clerk, case_id)[-1].page)
    assert page.issue.seal.name == "网签备案业务专用章"


@pytest.mark.row(1)
@pytest.mark.row(2)
def test_every_applicant_of_a_group_is_told_the_result_and_where_to_get_it(portal: Portal) -> None:
    flat, tenants = portal.counter.free_flat("310115"), portal.tenants()
    cases = [portal.apply(portal.lease(flat, tenants), one) for one in tenants]
    portal.decide()
    (number,) = portal.filing_nos(*cases)
    for case, tenant in zip(cases, tenants, strict=True):
        text = _texts(portal, case)[f"{case}-W"]
        wanted = (
            "办结通知",
            tenant.name,
            f"受理编号{case}",
            "准予备案",
            number,
            "住房租赁合同备案通知书",
            "随申办",
            "下载",
        )
        assert [one for one in wanted if one not in text] == []


@pytest.mark.row(2)
def test_a_cancellation_that_is_done_is_told_with_its_number(portal: Portal) -> None:
    filed = portal.counter.filed()
    cases = [
        portal.ask_to_cancel(filed, filed.tenant, "LESSEE"),
        portal.ask_to_cancel(filed, filed.landlord, "LESSOR"),
    ]
    portal.decide()
    for case in cases:
        text = _texts(portal, case)[f"{case}-W"]
        assert [one for one in ("办结通知", "备案已注销", "结果编号ZX", "备案注销通知书") if one not in text] == []
