"""The log of exchanges, what did not arrive, and the registry that takes two hands."""

from datetime import timedelta
from uuid import UUID

import pytest
from nicegui import ui as web
from sqlmodel import select

from models.direct_pay import Entrustment
from models.engine import ExchangeLog, Outgoing, OutgoingState
from models.partners import (
    ChangeKind,
    KeyUse,
    Partner,
    PartnerChange,
    PartnerExchange,
    PartnerKey,
    PartnerKind,
    PartnerState,
)
from models.sealed import Sealed
from services.access.access_list_signature import sign_pending
from services.engine.work import Work
from services.partners.registry import EnrolKey, ProposePartner, enrol
from tests.services.direct_pay.mandates import Mandates
from tests.ui.people import Crowd, was_told
from tests.ui.tenancy.hands import WAIT, answer, choose, key, pick, press, put, rows
from tests.world import World

#: The base point of the curve and its double: points anybody may know.
BASE = (
    "0432c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
    "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0"
)
APP = "qy-pages"


@pytest.fixture(scope="session")
def mandates(world: World) -> Mandates:
    return Mandates(world)


@pytest.fixture(scope="session")
def partner(world: World, mandates: Mandates) -> UUID:
    """A firm's system with a key and two exchanges, and one exchange with a system that does not sign."""

    def put_rows(work: Work) -> UUID:
        order = ProposePartner(
            APP,
            "测试企业系统",
            PartnerKind.ENTERPRISE,
            scopes="direct-pay.bills",
            enterprise_id=mandates.firms["310115"],
        )
        row = enrol(work, order, (EnrolKey("pages.sig.1", KeyUse.SIGN, BASE),))
        for place, (code, findings) in enumerate((("0", ""), ("E1006", ""))):
            work.add(
                PartnerExchange(
                    at=work.at - timedelta(minutes=place),
                    direction="IN",
                    app_id=APP,
                    system="enterprise",
                    operation="/direct-pay/bills",
                    label="企业账单对接",
                    row_no=18,
                    request_id=f"REQ-PAGES-{place}",
                    idempotency_key=f"idem-pages-{place}",
                    business_key="ZD-PAGES",
                    milliseconds=12,
                    http_status=200 if code == "0" else 401,
                    code=code,
                    findings=findings,
                    body_digest="ab" * 32,
                    payload=Sealed.of_json({"bill_no": "ZD-PAGES", "tenant": "欧**"}),
                    reply=Sealed.of_json({"accepted": True}),
                    receipt=Sealed.of_json(
                        {"request": {"canonical": "SM2-SM3-V1", "signature": "MEUC-REQ", "body": "SECRET-BODY"}}
                    ),
                )
            )
        work.add(
            ExchangeLog(
                at=work.at,
                system="licence_library",
                direction="OUT",
                operation="issue",
                request_id="REQ-PLAIN-1",
                outcome="SENT",
            )
        )
        work.add(
            Outgoing(
                system="licence_library",
                operation="issue",
                business_key="issue:BA3101150001010000014:1",
                object_kind="lease_filing",
                object_id=row.id,
                request_id="REQ-PLAIN-1",
                payload=Sealed.of_json({}),
                state=OutgoingState.SENT,
                next_at=work.at,
            )
        )
        return row.id

    made: UUID = world.act(put_rows)
    sign_pending(world.door)
    return made


async def test_signed_and_unsigned_exchanges_stand_in_one_list(crowd: Crowd, partner: UUID) -> None:
    user = await crowd.open("shi01", "/?open=exchange_log")
    await user.should_see("第 1 / ", retries=WAIT)
    seen = {(row["partner_label"], row["outcome"]) for row in rows(user, "grid")}
    assert {("测试企业系统", "成功"), ("测试企业系统", "被拒或失败"), ("电子证照库", "成功")} <= seen


async def test_filters_stand_in_the_address(crowd: Crowd, partner: UUID) -> None:
    user = await crowd.open("shi01", f"/?open=exchange_log&partner={APP}&outcome=FAILED&business_key=ZD-PAGES")
    await user.should_see("共 1 条", retries=WAIT)
    (line,) = rows(user, "grid")
    assert line["code"] == "E1006"
    assert await was_told(user, f"partner={APP}")


async def test_an_exchange_is_shown_with_masked_payload_and_both_proofs(crowd: Crowd, partner: UUID) -> None:
    user = await crowd.open("shiju01", "/?open=exchange_log&request_id=REQ-PAGES-0")
    await user.should_see("共 1 条", retries=WAIT)
    (line,) = rows(user, "grid")
    pick(user, "grid", line["id"])
    for words in ("接收：企业账单对接", "第 18 项", "idem-pages-0", '"tenant": "欧**"', "SM2-SM3-V1", "MEUC-REQ"):
        await user.should_see(words, retries=WAIT)
    await user.should_not_see("SECRET-BODY")
    await user.should_not_see("重新发送")


async def test_an_exchange_that_was_not_signed_says_so(crowd: Crowd, partner: UUID) -> None:
    user = await crowd.open("shi01", "/?open=exchange_log&request_id=REQ-PLAIN-1")
    await user.should_see("共 1 条", retries=WAIT)
    (line,) = rows(user, "grid")
    assert line["business_key"] == "BA3101150001010000014"
    pick(user, "grid", line["id"])
    await user.should_see("该系统不使用签名交换，只记录结果", retries=WAIT)


async def test_what_did_not_arrive_is_sent_again_by_the_city(crowd: Crowd, mandates: Mandates, partner: UUID) -> None:
    message = mandates.message(Entrustment, mandates.mandate())
    number = mandates.row(Outgoing, message).request_id
    bureau = await crowd.open("shiju01", f"/?open=letters&number={number}")
    await bureau.should_see("共 1 条", retries=WAIT)
    await bureau.should_not_see("重新发送")
    user = await crowd.open("shi01", f"/?open=letters&number={number}")
    await user.should_see("共 1 条", retries=WAIT)
    (line,) = rows(user, "grid")
    assert (line["operation"], line["sending"], line["error"]) == ("个人委托开通", "发送失败", "对方未应答")
    user.find(marker="grid").trigger("ticks", [str(message)])
    key(user, "f8")
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("重新发送：完成 1 件", retries=WAIT)
    assert mandates.row(Outgoing, message).state is OutgoingState.WAITING
    mandates.world.rewrite(Outgoing, Outgoing.id == message, state=OutgoingState.SENT)


async def test_a_partner_without_an_address_fails_its_line_test_in_words(crowd: Crowd, partner: UUID) -> None:
    user = await crowd.open("shi01", "/?open=partners")
    await user.should_see("第 1 / ", retries=WAIT)
    pick(user, "grid", partner)
    await user.should_see(f"测试企业系统（{APP}）", retries=WAIT)
    await user.should_not_see("登记公钥")
    key(user, "f9")
    await user.should_see(f"{APP} 线路不通：对接方没有登记接口基址", retries=WAIT)


async def test_maintenance_is_the_system_administrators(crowd: Crowd, world: World, partner: UUID) -> None:
    user = await crowd.open("xitong01", "/?open=partners")
    await user.should_see("第 1 / ", retries=WAIT)
    pick(user, "grid", partner)
    await user.should_see(f"测试企业系统（{APP}）", retries=WAIT)
    await user.should_see("公钥（1）", retries=WAIT)
    user.find(kind=web.button, content="维护模式").click()
    await answer(user, "对方系统升级")
    await user.should_see("已进入维护模式，报文暂不发送", retries=WAIT)
    line = next(row for row in rows(user, "grid") if row["app_id"] == APP)
    assert line["standing"] == "维护中"
    user.find(kind=web.button, content="维护模式").click()
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("维护模式已结束，待发报文随后送出", retries=WAIT)
    row = world.read(lambda work: work.session.exec(select(Partner).where(Partner.id == partner)).one())
    assert not row.maintenance


async def test_a_partner_is_proposed_by_one_and_confirmed_by_the_other(crowd: Crowd, world: World) -> None:
    keeper = await crowd.open("xitong01", "/?open=partners")
    await keeper.should_see("没有待确认的变更", retries=WAIT)
    key(keeper, "f2")
    await keeper.should_see(marker="propose-partner", retries=WAIT)
    put(keeper, "app_id", "district-310104")
    put(keeper, "label", "徐汇区长租公寓平台")
    choose(keeper, "kind", str(PartnerKind.DISTRICT))
    choose(keeper, "district_code", "310104")
    keeper.find(marker="field-checkins").click()
    press(keeper, "propose-partner")
    await keeper.should_see("已提出，等待安全管理员确认", retries=WAIT)
    await keeper.should_see("待确认的变更（1）", retries=WAIT)
    await keeper.should_not_see(marker="confirm-change")
    other = await crowd.open("anquan01", "/?open=partners")
    await other.should_see("登记对接方：district-310104", retries=WAIT)
    await other.should_see("徐汇区")
    await other.should_see("入住、退租和在住房间")
    press(other, "confirm-change")
    await other.should_see(marker="dialog-yes", retries=WAIT)
    press(other, "dialog-yes")
    await other.should_see("变更已生效", retries=WAIT)
    assert "district-310104" in {row["app_id"] for row in rows(other, "grid")}
    made = world.read(lambda work: work.session.exec(select(Partner).where(Partner.app_id == "district-310104")).one())
    assert (made.state, made.district_code, made.scopes) == (PartnerState.ACTIVE, "310104", "checkins")


async def test_a_firms_system_is_changed_without_naming_the_firm_again(
    crowd: Crowd, world: World, partner: UUID, mandates: Mandates
) -> None:
    user = await crowd.open("xitong01", "/?open=partners")
    await user.should_see("第 1 / ", retries=WAIT)
    pick(user, "grid", partner)
    await user.should_see(f"测试企业系统（{APP}）", retries=WAIT)
    await user.should_see(marker="edit-partner", retries=WAIT)
    press(user, "edit-partner")
    await user.should_see("类别、企业和区不能修改", retries=WAIT)
    await user.should_not_see(marker="kind")
    put(user, "networks", "10.8.0.0/16")
    press(user, "propose-partner")
    await user.should_see("已提出，等待安全管理员确认", retries=WAIT)

    def proposed(work: Work) -> PartnerChange:
        rows = select(PartnerChange).where(PartnerChange.partner_id == partner)
        return work.session.exec(rows.order_by(PartnerChange.proposed_at.desc())).first()  # type: ignore[attr-defined,return-value]

    wanted = world.read(proposed).wanted
    assert (wanted["networks"], wanted["enterprise_id"]) == ("10.8.0.0/16", mandates.firms["310115"].hex)


async def test_a_key_is_proposed_and_what_is_no_point_is_refused(crowd: Crowd, world: World, partner: UUID) -> None:
    user = await crowd.open("xitong01", "/?open=partners")
    await user.should_see("第 1 / ", retries=WAIT)
    pick(user, "grid", partner)
    await user.should_see(f"测试企业系统（{APP}）", retries=WAIT)
    await user.should_see(marker="new-key", retries=WAIT)
    press(user, "new-key")
    await user.should_see(marker="propose-key", retries=WAIT)
    put(user, "kid", "pages.enc.1")
    choose(user, "use", str(KeyUse.ENC))
    put(user, "public_key", "04" + "ab" * 64)
    press(user, "propose-key")
    await user.should_see("且是SM2曲线上的点", retries=WAIT)
    found = world.read(
        lambda work: work.session.exec(
            select(PartnerChange).where(PartnerChange.app_id == APP, PartnerChange.kind == ChangeKind.KEY)
        ).all()
    )
    assert found == []


async def test_a_key_is_revoked_at_once_by_one_hand(crowd: Crowd, world: World, partner: UUID) -> None:
    user = await crowd.open("anquan01", "/?open=partners")
    await user.should_see("第 1 / ", retries=WAIT)
    pick(user, "grid", partner)
    await user.should_see(f"测试企业系统（{APP}）", retries=WAIT)
    await user.should_see(marker="revoke-key", retries=WAIT)
    press(user, "revoke-key")
    await answer(user, "对方报告密钥遗失")
    await user.should_see("公钥已撤销", retries=WAIT)
    row = world.read(lambda work: work.session.exec(select(PartnerKey).where(PartnerKey.partner_id == partner)).one())
    assert row.revoked_at is not None
