"""A parcel finds its head and its project company: offered, claimed, confirmed, assigned, a project begun (rows 55-57)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from nicegui import ui as web
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User
from sqlmodel import col, select

from models.parcels import Parcel, ParcelHeadLink, ParcelProjectLink
from models.records import PactState
from services.parcels.head_links import OfferParcel, offer_parcel
from services.parcels.project_links import AssignParcel, assign_parcel
from tests.files_made import png
from tests.land import Land
from tests.ui.people import Crowd, until
from tests.ui.records.hands import place_of
from tests.ui.tenancy.hands import WAIT, answer, choose, key, press, put, rows


def perform(land: Land, act: Any, login: str, order: Any) -> Any:
    return land.market.world.door.perform(act, land.market.caller(login), order)


def number(land: Land, parcel: UUID) -> str:
    return str(land.market.row(Parcel, parcel).parcel_no)


async def opened(crowd: Crowd, login: str, module: str, link: object, words: str) -> User:
    user = await crowd.open(login, f"/?open={module}&id={link}")
    await user.should_see(words, retries=WAIT)
    return user


@pytest.mark.row(55)
async def test_a_head_company_confirms_what_it_was_offered(crowd: Crowd, land: Land) -> None:
    parcel = land.parcel()
    link = perform(land, offer_parcel, "pdchu01", OfferParcel(parcel, land.market.shenpu))
    user = await opened(crowd, "shenpu01", "parcel_links", link, "双方记录（1）")
    await user.should_see("请本方在")
    key(user, "f8")
    await user.should_see("确认该地块关联？", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("已确认，地块已归属该总公司", retries=WAIT)
    assert land.market.row(ParcelHeadLink, link).state is PactState.CONFIRMED
    await user.should_not_see(marker="link-confirm")
    await user.should_see("双方记录（2）", retries=WAIT)


@pytest.mark.row(55)
async def test_a_refusal_asks_for_a_reason_and_the_authority_reads_it(crowd: Crowd, land: Land) -> None:
    link = perform(land, offer_parcel, "pdchu01", OfferParcel(land.parcel(), land.market.shenpu))
    user = await opened(crowd, "shenpu01", "parcel_links", link, "双方记录（1）")
    press(user, "link-decline")
    await answer(user, "本公司未竞得该地块")
    await user.should_see("已拒绝，已告知对方", retries=WAIT)
    authority = await opened(crowd, "pdchu01", "parcel_links", link, "双方记录（2）")
    await authority.should_see("本公司未竞得该地块")


@pytest.mark.row(55)
async def test_a_parcel_is_found_by_its_number_and_claimed_with_its_paper(crowd: Crowd, land: Land) -> None:
    parcel = land.parcel()
    user = await crowd.open("jianghai01", "/?open=parcel_claim")
    await user.should_see("查找地块", retries=WAIT)
    choose(user, "district", "310115")
    put(user, "parcel_no", number(land, parcel))
    press(user, "find-parcel")
    await user.should_see("可认领份额", retries=WAIT)
    press(user, "claim-parcel")
    await user.should_see("请上传成交确认书", retries=WAIT)
    control: Any = next(iter(user.find(web.upload).elements))
    await control.handle_uploads([SmallFileUpload("成交确认书.png", "image/png", png())])
    await user.should_see("已上传：成交确认书.png", retries=WAIT)
    key(user, "f8")
    await user.should_see("等待业务部门", retries=WAIT)
    claimed = land.market.world.read(
        lambda work: work.session.exec(select(ParcelHeadLink).where(ParcelHeadLink.parcel_id == parcel)).one()
    )
    assert (claimed.state, claimed.head_company_id) == (PactState.OFFERED, land.market.jianghai)
    assert claimed.proof_id is not None


@pytest.mark.row(55)
async def test_the_authority_offers_a_parcel_nobody_holds(crowd: Crowd, land: Land) -> None:
    parcel = land.parcel()
    user = await crowd.open("pdchu01", f"/?open=parcel_unlinked&text={number(land, parcel)}")
    await user.should_see("共 1 条", retries=WAIT)
    assert len(rows(user, "grid")) == 1
    await user.should_see("计容面积", retries=WAIT)
    press(user, "offer-parcel")
    await user.should_see("请选择总公司", retries=WAIT)
    choose(user, "head", str(land.market.shenpu))
    key(user, "f8")
    await user.should_see("已推送，等待总公司确认", retries=WAIT)
    share = land.market.world.read(
        lambda work: work.session.exec(
            select(col(ParcelHeadLink.share)).where(ParcelHeadLink.parcel_id == parcel)
        ).one()
    )
    assert share == Decimal(100)


@pytest.mark.row(57)
async def test_a_parcel_is_assigned_in_part_and_the_form_tells_what_is_left(crowd: Crowd, land: Land) -> None:
    parcel = land.parcel(head="H-1")
    user = await crowd.open("shenpu_admin", "/?open=parcel_assign")
    await user.should_see("整块指派的不填部分面积", retries=WAIT)
    choose(user, "parcel", str(parcel))
    choose(user, "project_company_id", str(land.market.binjiang))
    put(user, "part_area", "10000.01")
    press(user, "assign-parcel")
    await user.should_see("余下不足", retries=WAIT)
    user.find(marker="field-part_area").clear().type("6000")
    key(user, "f8")
    await user.should_see("等待项目公司", retries=WAIT)
    link = land.market.world.read(
        lambda work: work.session.exec(select(ParcelProjectLink).where(ParcelProjectLink.parcel_id == parcel)).one()
    )
    assert link.part_area == Decimal(6000)


@pytest.mark.row(57)
async def test_a_project_company_confirms_and_a_project_begins(crowd: Crowd, land: Land) -> None:
    parcel = land.parcel(head="H-1")
    link = perform(land, assign_parcel, "shenpu_admin", AssignParcel(parcel, land.market.binjiang))
    user = await opened(crowd, "binjiang_admin", "parcel_assignments", link, "双方记录（1）")
    press(user, "link-confirm")
    await user.should_see("确认该地块指派？", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("已确认，项目草稿已自动生成", retries=WAIT)
    made = land.market.row(ParcelProjectLink, link)
    assert made.state is PactState.CONFIRMED
    assert made.made_project_id is not None
    await user.should_see(marker="link-project", retries=WAIT)


@pytest.mark.row(57)
async def test_a_drafter_sees_an_assignment_and_does_not_answer_it(crowd: Crowd, land: Land) -> None:
    link = perform(land, assign_parcel, "shenpu_admin", AssignParcel(land.parcel(head="H-1"), land.market.binjiang))
    user = await opened(crowd, "binjiang01", "parcel_assignments", link, "双方记录（1）")
    await user.should_see("等待项目公司")
    await user.should_not_see(marker="link-confirm")


@pytest.mark.row(55)
async def test_a_competitor_finds_no_link_under_anothers_number(crowd: Crowd, land: Land) -> None:
    parcel = land.parcel()
    link = perform(land, offer_parcel, "pdchu01", OfferParcel(parcel, land.market.shenpu))
    user = await crowd.open("jianghai01", f"/?open=parcel_links&id={link}")
    await user.should_see("第 1 / 1 页", retries=WAIT)
    assert str(link) not in {row["id"] for row in rows(user, "grid")}
    await user.should_not_see(number(land, parcel))
    await user.should_not_see(marker="link-confirm")


@pytest.mark.row(56)
async def test_the_calendar_shows_what_is_due_and_narrows_to_what_is_late(crowd: Crowd, land: Land) -> None:
    late = [{"no": "1", "amount": "900000000.00", "due_on": "2026-02-15"}]
    parcel = land.parcel(head="H-1", lists={"uses": [], "instalments": late})
    user = await crowd.open("shenpu01", f"/?open=parcel_calendar&view=OVERDUE&text={number(land, parcel)}")
    await user.should_see("共 1 条", retries=WAIT)
    assert [row["state"] for row in rows(user, "grid")] == ["已逾期"]
    rival = await crowd.open("jianghai01", f"/?open=parcel_calendar&text={number(land, parcel)}")
    await rival.should_see("没有应付的土地价款", retries=WAIT)


async def test_the_line_on_which_the_arrows_rest_is_in_hand(crowd: Crowd, land: Land) -> None:
    mine = {str(land.parcel()) for _ in range(3)}
    user = await crowd.open("pdchu01", "/?open=parcel_unlinked")
    await user.should_see("计容面积", retries=WAIT)
    passed, rested = [str(row["id"]) for row in rows(user, "grid") if row["id"] in mine][-2:]
    for ring in (passed, rested):
        user.find(marker="grid").trigger("hold", ring)
    assert place_of(user).params["id"] != rested
    assert await until(lambda: place_of(user).params["id"] == rested)
