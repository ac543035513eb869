"""合同注销 at the counter: the papers each way takes, the rules' word first, the typed word, the notice at once."""

import pytest
from sqlmodel import select

from models.cancellation import CancelApply
from models.documents import IssuedDocument, PaperKind, PaperState
from models.tenancy_codes import CancelState, FilingState
from models.working_days import calendar
from services.engine.work import Work
from tests.services.tenancy.counter import Counter, Filed, fixtures
from tests.ui.direct_pay.firm import LOGIN, Firm
from tests.ui.people import Crowd, until, was_told
from tests.ui.tenancy.hands import WAIT, answer, choose, enter, key, press, put, put_instead, read_card, rows
from tests.world import World


def applies_of(world: World, filed: Filed) -> list[CancelApply]:
    return list(
        world.read(
            lambda work: work.session.exec(
                select(CancelApply).where(CancelApply.contract_id == filed.contract_id)
            ).all()
        )
    )


def notices_of(world: World, apply: CancelApply) -> list[IssuedDocument]:
    def read(work: Work) -> list[IssuedDocument]:
        return list(work.session.exec(select(IssuedDocument).where(IssuedDocument.object_id == apply.id)).all())

    found: list[IssuedDocument] = world.read(read)
    return found


@pytest.mark.row(8)
async def test_both_sides_cancel_and_the_notice_prints_at_once(crowd: Crowd, world: World, counter: Counter) -> None:
    lease = counter.filed()
    user = await crowd.open("huamu01", f"/?open=cancel_lease&id={lease.contract_id}")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    await read_card(user, lease.landlord.id_no, lease.tenant.id_no)
    put(user, "agreement", "协2026-001")
    key(user, "f8")
    await user.should_see("注销后备案立即失效，通知书随即签发。", retries=WAIT)
    await answer(user, "取消")
    await user.should_see("输入的内容不一致")
    assert applies_of(world, lease) == []
    user.find(marker="dialog-text").clear().type("注销")
    press(user, "dialog-yes")
    await user.should_see("合同与备案已同时注销", retries=WAIT * 3)
    (apply,) = applies_of(world, lease)
    assert apply.state is CancelState.APPROVED
    assert counter.filing(lease.filing_id).state is FilingState.CANCELLED
    (notice,) = notices_of(world, apply)
    assert notice.kind is PaperKind.CANCEL_NOTICE
    assert await was_told(user, f"printPdf('/papers/{notice.id}.pdf')")
    await user.should_see(apply.apply_no)
    key(user, "f8")
    assert len(applies_of(world, lease)) == 1


async def test_the_agreement_is_asked_for_beside_its_field(crowd: Crowd, world: World, counter: Counter) -> None:
    lease = counter.filed()
    user = await crowd.open("huamu01", f"/?open=cancel_lease&id={lease.contract_id}")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    key(user, "f8")
    await user.should_see("请上传解约协议或填写纸质件编号", retries=WAIT)
    assert applies_of(world, lease) == []


@pytest.mark.row(8)
async def test_every_reason_against_it_is_told_before_anything_is_written(
    crowd: Crowd, world: World, counter: Counter
) -> None:
    lease = counter.filed()
    user = await crowd.open("huamu01", f"/?open=cancel_lease&id={lease.contract_id}")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    choose(user, "mode", "ONE")
    put_instead(user, "terminated_on", "20200101")
    key(user, "f9")
    await user.should_see("不符合注销条件", retries=WAIT)
    await user.should_see("单方申请请签署书面承诺")
    await user.should_see("终止日期不正确：应在租赁期限内")
    assert applies_of(world, lease) == []


async def test_only_a_party_of_this_lease_counts_as_present(crowd: Crowd, counter: Counter) -> None:
    lease = counter.filed()
    user = await crowd.open("huamu02", f"/?open=cancel_lease&id={lease.contract_id}")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    assert {row["present"] for row in rows(user, "当事人")} == {"未核对证件"}
    put(user, "card", "310106200002290041")
    user.find(marker="field-card").trigger("keydown.enter")
    await user.should_see("请查看证件原件", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("该证件号码不是本合同的当事人", retries=WAIT)
    put_instead(user, "card", lease.tenant.id_no)
    user.find(marker="field-card").trigger("keydown.enter")
    await user.should_see("请查看证件原件", retries=WAIT)
    assert {row["present"] for row in rows(user, "当事人")} == {"未核对证件"}
    press(user, "dialog-yes")
    await user.should_see("证件与合同相符，已记为到场", retries=WAIT)
    assert {row["side"]: row["present"] for row in rows(user, "当事人")} == {"出租人": "未核对证件", "承租人": "到场"}


@pytest.mark.row(8)
async def test_one_side_alone_waits_for_the_other_and_the_district_decides(
    crowd: Crowd, world: World, counter: Counter
) -> None:
    # A house of Pudong, whose centre decides.
    lease = counter.filed(fixtures()["H-1"])
    user = await crowd.open("huamu01", f"/?open=cancel_lease&id={lease.contract_id}")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    await read_card(user, lease.tenant.id_no)
    choose(user, "mode", "ONE")
    put(user, "commitment", "承2026-007")
    key(user, "f8")
    await user.should_see("提交后将告知对方当事人", retries=WAIT)
    await answer(user, "注销")
    await user.should_see("单方申请已受理，已告知对方", retries=WAIT * 3)
    (apply,) = applies_of(world, lease)
    until = calendar().add_working_days(world.door.clock.today(), 5)
    assert (apply.state, apply.objection_until) == (CancelState.NOTICE, until)
    await user.should_see(f"{until} 前（5个工作日）")
    assert counter.filing(lease.filing_id).state is FilingState.ACTIVE

    await user.open(f"/?open=cancel_applies&id={apply.id}")
    await user.should_see("登记对方异议", retries=WAIT)
    await user.should_not_see("同意注销")
    press(user, "object")
    await user.should_see(marker="card-line", retries=WAIT)
    user.find(marker="card-line").trigger("keydown.enter", lease.landlord.id_no)
    await user.should_see("登记对方当事人的异议", retries=WAIT)
    await answer(user, "承租人仍欠两个月租金")
    await user.should_see("异议已登记，等待区中心审定", retries=WAIT)

    centre = await crowd.open("pudong01", f"/?open=cancel_applies&id={apply.id}")
    await centre.should_see("承租人仍欠两个月租金", retries=WAIT)
    key(centre, "f9")
    await answer(centre, "双方就欠租未达成一致")
    await centre.should_see("已审定", retries=WAIT)
    assert applies_of(world, lease)[0].state is CancelState.REJECTED
    assert counter.filing(lease.filing_id).state is FilingState.ACTIVE


@pytest.mark.row(8)
async def test_the_city_restores_what_was_cancelled_by_mistake(crowd: Crowd, world: World, counter: Counter) -> None:
    lease = counter.filed()
    decision = counter.cancel(lease)
    clerk = await crowd.open("huamu01", f"/?open=cancel_applies&id={decision.apply_id}")
    await clerk.should_see(decision.apply_no, retries=WAIT)
    await clerk.should_not_see(marker="restore")
    city = await crowd.open("shi01", f"/?open=cancel_applies&id={decision.apply_id}")
    await city.should_see(marker="restore", retries=WAIT)
    press(city, "restore")
    await answer(city, "窗口选错了合同")
    await city.should_see("已恢复，注销通知书已标为被替代", retries=WAIT)
    assert counter.filing(lease.filing_id).state is FilingState.ACTIVE
    (notice,) = notices_of(world, applies_of(world, lease)[0])
    assert notice.state is PaperState.REPLACED


async def test_a_list_narrows_to_a_state_and_opens_one(crowd: Crowd, counter: Counter) -> None:
    decision = counter.cancel(counter.filed())
    user = await crowd.open("huamu01", "/?open=cancel_applies&state=APPROVED")
    await user.should_see("第 1 / 1 页", retries=WAIT)
    lines = rows(user, "grid")
    assert {row["state"] for row in lines} == {"已注销"}
    line = next(row for row in lines if row["apply_no"] == decision.apply_no)
    enter(user, "grid", line["id"])
    await user.should_see("办结时间", retries=WAIT)


async def test_no_key_acts_under_an_open_dialog_and_the_typed_word_takes_enter(
    crowd: Crowd, world: World, counter: Counter
) -> None:
    lease = counter.filed()
    user = await crowd.open("huamu01", f"/?open=cancel_lease&id={lease.contract_id}")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    await read_card(user, lease.landlord.id_no, lease.tenant.id_no)
    put(user, "agreement", "协2026-001")
    key(user, "f8")
    await user.should_see(marker="dialog-text", retries=WAIT)
    key(user, "f4")
    await user.should_not_see(marker="card-line")
    user.find(marker="dialog-text").type("注销").trigger("keydown.enter")
    await user.should_see("合同与备案已同时注销", retries=WAIT * 3)
    assert [one.state for one in applies_of(world, lease)] == [CancelState.APPROVED]


async def test_a_firm_begins_with_its_filings_in_force(crowd: Crowd, firm: Firm) -> None:
    assert firm.leases
    user = await crowd.open(LOGIN, "/?open=cancel_lease")
    await user.should_see("选中要注销的备案，按回车打开它的注销页。", retries=WAIT)
    assert await until(lambda: len(rows(user, "grid")) > 0)
    assert {row["state"] for row in rows(user, "grid")} == {"有效"}
    enter(user, "grid", rows(user, "grid")[0]["id"])
    await user.should_see("到场当事人", retries=WAIT)
