"""A firm asks for homes at its desk and sees every reason or its code; staff look up many codes by workbook."""

from typing import Any

import pytest
from nicegui import ui as web
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User

from models.verification_codes import CodeState
from services.verification.workbook import SHEET
from tests.files_made import xlsx
from tests.services.tenancy.counter import Flat
from tests.services.verification.firm import PHONE, Firms
from tests.ui.people import Crowd, page_of
from tests.ui.tenancy.hands import WAIT, choose, key, press, put, rows

FIRM, CITY = "huyu01", "shi01"


async def _upload(user: User, content: bytes) -> None:
    element = user.find(web.upload).elements.pop()
    with page_of(user):
        await element.handle_uploads([SmallFileUpload(name="房源.xlsx", content_type="", _data=content)])


async def _form(crowd: Crowd, firms: Firms, flat: Flat, **changes: str) -> User:
    user = await crowd.open(FIRM, "/?open=verification_ask")
    await user.should_see(marker="submit-verification", retries=WAIT)
    values = {
        "cert_no": flat.cert_no,
        "owner_name": flat.owners[0].name,
        "owner_id": flat.owners[0].id_no,
        "owner_phone": PHONE,
        "rent": "5000",
        "mandate_no": firms.mandate(flat),
    }
    for field, text in (values | changes).items():
        put(user, field, text)
    consent: Any = user.find(marker="field-coowner_consent").elements.pop()
    consent.value = len(flat.owners) > 1
    return user


@pytest.mark.row(26)
async def test_a_firm_asks_for_a_home_and_gets_its_code(crowd: Crowd, firms: Firms) -> None:
    flat = firms.flat()
    user = await _form(crowd, firms, flat)
    press(user, "submit-verification")
    await user.should_see("核验通过。核验码", retries=WAIT)


@pytest.mark.row(26)
async def test_every_reason_stands_beside_its_field_at_once(crowd: Crowd, firms: Firms) -> None:
    user = await _form(crowd, firms, firms.flat(), owner_name="别人", owner_phone="")
    press(user, "submit-verification")
    await user.should_see("核验未通过", retries=WAIT)
    await user.should_see("请填写权利人联系方式")
    await user.should_see("出租人与登记的权利人不一致")


@pytest.mark.row(27)
async def test_a_locked_room_plan_is_shown_read_only(crowd: Crowd, firms: Firms) -> None:
    flat = firms.flat()
    firms.verify(firms.home(flat, room_no=flat.bedrooms[0]))
    user = await _form(crowd, firms, flat)
    choose(user, "mode", "ROOM")
    user.find(marker="field-cert_no").trigger("blur")
    await user.should_see("该房屋拆间信息已锁定，不能修改", retries=WAIT)
    plan: Any = user.find(marker="field-plan").elements.pop()
    assert "readonly" in plan.props
    assert flat.bedrooms[0] in str(plan.value)


@pytest.mark.row(26)
async def test_a_workbook_is_answered_row_by_row_and_judged_after(crowd: Crowd, firms: Firms) -> None:
    good, bad = firms.flat(), firms.flat()
    heads = tuple(column.label for column in SHEET.columns)

    def line(flat: Flat, rent: object) -> tuple[object, ...]:
        told = {
            "权属证明编号": flat.cert_no,
            "权利人": flat.owners[0].name,
            "权利人证件号码": flat.owners[0].id_no,
            "权利人电话": PHONE,
            "月租金": rent,
            "委托合同编号": firms.mandate(flat),
            "共有人同意": "是" if len(flat.owners) > 1 else "",
        }
        return tuple(told.get(head, "") for head in heads)

    user = await crowd.open(FIRM, "/?open=verifications")
    await user.should_see("共 ", retries=WAIT)
    await _upload(user, xlsx((heads, line(good, 4200), line(bad, "很多"))))
    await user.should_see("上传结果：2 行，接收 1 套，未接收 1 套", retries=WAIT)
    told = {row["cert_no"]: row for row in rows(user, "上传结果")}
    code_no = told[good.cert_no]["code_no"]
    assert "月租金" in told[bad.cert_no]["reasons"]
    firms.run("verification.check")
    assert firms.code(code_no).state is CodeState.VALID


@pytest.mark.row(26)
async def test_a_firm_publishes_and_cancels_its_code(crowd: Crowd, firms: Firms) -> None:
    flat = firms.flat()
    told = firms.verify(firms.home(flat))
    user = await crowd.open(FIRM, f"/?open=verification_codes&number={told.code_no}")
    await user.should_see(f"核验码 {told.code_no}", retries=WAIT)
    key(user, "f8")
    await user.should_see(marker="publish-home", retries=WAIT)
    for field, text in (("rent", "5000"), ("area", flat.line["floor_area"]), ("address_public", "浦东新区附近")):
        put(user, field, text)
    press(user, "publish-home")
    await user.should_see("房源已发布", retries=WAIT)
    assert firms.code(told.code_no).shelf == "ON"
    key(user, "f9")
    await user.should_see("撤销这个核验码？", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see(f"核验码 {told.code_no} 已撤销", retries=WAIT)


@pytest.mark.row(31)
async def test_staff_look_up_codes_by_workbook_with_a_purpose(crowd: Crowd, firms: Firms) -> None:
    told = firms.verify(firms.home(firms.flat()))
    user = await crowd.open(CITY, "/?open=verification_codes")
    await user.should_see("共 ", retries=WAIT)
    await _upload(user, xlsx((("核验码或权属证明编号",), ("310115270300000000",), (told.code_no,))))
    await user.should_see("批量查询核验结果，请填写用途", retries=WAIT)
    user.find(marker="dialog-text").type("核实房源")
    press(user, "dialog-yes")
    await user.should_see("查询结果：2 行，未查到 1 行", retries=WAIT)
    assert [row["result"] for row in rows(user, "批量查询结果")] == ["未查到", "已查到"]
