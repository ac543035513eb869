"""Rows 3 and 4 on a citizen's phone: sign in at the portal, check the home, fill in, hand in, follow, confirm, cancel."""

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlmodel import col, select

from deploy.demo.stories import id_number
from integrations.licence_library.simulator import ID_CARD, TITLE_CERTIFICATE
from models.house import RestrictionKind
from models.one_stop import StopCase, StopMaterial
from models.one_stop_codes import MaterialSource, MaterialState, StopMaterialKind
from models.tenancy import LeaseFiling
from services.engine.callers import SYSTEM
from services.engine.jobs import run_job
from services.verification.restrictions import NoteRestriction, note_restriction
from tests.services.tenancy.counter import CHEN, LI, MINOR, WANG, ZHOU, Counter, Flat, Person
from tests.ui_public.portal import Phone, phone
from tests.world import World, running_world


@pytest.fixture(scope="module")
def town(database_url: str) -> Iterator[Counter]:
    with running_world(database_url, few=True) as world:
        world.stand_at(2027, 3, 1)
        yield Counter(world)


@pytest.fixture
def counter(town: Counter) -> Iterator[Counter]:
    yield town
    town.world.heal()


@pytest.fixture
def world(counter: Counter) -> World:
    return counter.world


async def checked(on: Phone, flat: Flat, **changes: str) -> str:
    owner = flat.owners[0]
    await on.see("/bl/check")
    typed = {"title_cert_no": flat.cert_no, "owner_name": owner.name, "owner_id": owner.id_no}
    return await on.send("/bl/check", **typed | changes)


@pytest.mark.row(3)
async def test_one_entry_with_two_situations_without_sign_in(world: World) -> None:
    async with phone(world) as on:
        page = await on.see("/bl")
        assert "新增备案" in page
        assert "注销备案" in page
        assert "免提交" in page
        assert "<script" not in page


@pytest.mark.row(3)
async def test_a_page_without_session_sends_to_the_portal_and_comes_back(world: World) -> None:
    async with phone(world) as on:
        answer = await on.client.get("/bl/check")
        assert (answer.status_code, answer.headers["location"]) == (303, "/bl/sign-in?next=%2Fbl%2Fcheck")
        page = await on.sign_in(world, LI, back="/bl/check")
        assert on.at == "/bl/check"
        assert LI.name in page


@pytest.mark.row(3)
async def test_a_home_is_checked_and_filled_in(world: World, counter: Counter) -> None:
    flat = counter.free_flat()
    async with phone(world) as on:
        await on.sign_in(world, LI)
        page = await checked(on, flat)
        assert "核验通过" in page


TERM = {
    "address_text": "测试路1号101室",
    "sign_date": "2027-02-28",
    "start_date": "2027-03-01",
    "end_date": "2028-02-29",
    "rent_amount": "5200",
}


async def begun(on: Phone, flat: Flat, **people: str) -> str:
    """Check a home and begin a draft with its people; return the address of the draft."""
    page = await checked(on, flat)
    draft = re.search(r'href="(/bl/draft/[0-9a-f]{32})"', page)
    assert draft, page
    await on.see(draft[1])
    await on.send(draft[1], **people)
    return draft[1]


async def filled(on: Phone, flat: Flat, tenant: Person, **term: str) -> str:
    """Check a home and fill in every page; return the address of the draft."""
    at = await begun(on, flat)
    assert on.at.endswith("step=term")
    await on.send(at, **TERM | term)
    assert on.at.endswith("step=materials")
    for material in ("ID", "TITLE", "CONTRACT"):
        if f'value="{material}"' in on.page:
            await on.upload(f"{at}/file", material, f"{material}.pdf")
            assert on.status == 200, on.page
    assert "5,200.00 元" in await on.see(f"{at}?step=submit")
    return at


def decide(world: World) -> None:
    run_job(world.door, "one_stop.decide")


@pytest.mark.row(3)
async def test_a_tenant_files_alone_and_follows_the_case_to_its_filing_number(world: World, counter: Counter) -> None:
    flat = counter.free_flat()
    async with phone(world) as on:
        await on.sign_in(world, LI)
        at = await filled(on, flat, LI)
        page = await on.send(f"{at}/submit", true="1")
        assert on.at.startswith("/bl/case/"), page
        assert "已受理" in page
        number = on.at.rpartition("/")[2]
        decide(world)
        page = await on.see(f"/bl/case/{number}")
        assert "办结" in page
        filing = world.read(
            lambda work: work.session.exec(select(LeaseFiling).order_by(col(LeaseFiling.filed_at).desc())).first()
        )
        assert filing.filing_no in page
        # The draft has become the case.
        assert at not in await on.see("/bl/my")


def case_no(on: Phone) -> str:
    assert on.at.startswith("/bl/case/"), on.page
    return on.at.rpartition("/")[2]


async def handed_in(on: Phone, flat: Flat, tenant: Person, **term: str) -> str:
    at = await filled(on, flat, tenant, **term)
    await on.send(f"{at}/submit", true="1")
    return case_no(on)


def held(world: World, person: Person, *materials: str) -> None:
    """Let the licence library hold these for a person."""
    order = {"id_no": person.id_no, "materials": list(materials)}
    httpx.post(f"{world.simulators.base_url('licence_library')}/sim/change", json=order).raise_for_status()


@pytest.mark.row(3)
async def test_what_the_licence_library_holds_is_not_asked_for(world: World, counter: Counter) -> None:
    held(world, LI, ID_CARD)
    async with phone(world) as on:
        await on.sign_in(world, LI)
        at = await filled(on, counter.free_flat(), LI)
        page = await on.see(f"{at}?step=materials")
        assert "免提交" in page
        assert 'value="ID"' not in page
        page = await on.send(f"{at}/submit", true="1") if await on.see(f"{at}?step=submit") else ""
        number = case_no(on)
    case = world.read(lambda work: work.session.exec(select(StopCase).where(StopCase.case_no == number)).one())
    row = world.read(
        lambda work: work.session.exec(
            select(StopMaterial).where(StopMaterial.case_id == case.id, StopMaterial.kind == StopMaterialKind.ID)
        ).one()
    )
    assert row.source is MaterialSource.LIBRARY


@pytest.mark.row(3)
async def test_a_licence_of_another_person_is_not_shown_and_a_silent_library_lets_upload(
    world: World, counter: Counter
) -> None:
    held(world, LI)
    held(world, WANG, ID_CARD, TITLE_CERTIFICATE)
    async with phone(world) as on:
        await on.sign_in(world, LI)
        at = await filled(on, counter.free_flat(), LI)
        assert 'value="ID"' in await on.see(f"{at}?step=materials")
        world.fault("licence_library", "timeout")
        page = await on.see(f"{at}?step=materials")
        assert "电子证照库暂时没有应答" in page
        assert 'value="ID"' in page
        await on.see(f"{at}?step=submit")
        await on.send(f"{at}/submit", true="1")
        assert "已受理" in on.page
        number = case_no(on)
    row = world.read(
        lambda work: work.session.exec(
            select(StopMaterial)
            .join(StopCase, col(StopCase.id) == col(StopMaterial.case_id))
            .where(StopCase.case_no == number, StopMaterial.kind == StopMaterialKind.ID)
        ).one()
    )
    assert row.state is MaterialState.UNVERIFIED


@pytest.mark.row(3)
async def test_a_draft_survives_a_closed_phone_and_is_found_by_nobody_else(world: World, counter: Counter) -> None:
    async with phone(world) as on:
        await on.sign_in(world, LI)
        at = await begun(on, counter.free_flat(), occupant1_name="李小宝", occupant1_id_no="310101201505010013")
    async with phone(world) as another:
        await another.sign_in(world, LI)
        assert at in await another.see("/bl/my")
        assert "李小宝" in await another.see(f"{at}?step=parties")
    async with phone(world) as stranger:
        await stranger.sign_in(world, WANG)
        assert at not in await stranger.see("/bl/my")
        page = await stranger.see(at)
        assert stranger.status == 404
        assert "李小宝" not in page


@pytest.mark.row(4)
async def test_the_form_is_reached_with_a_token_only_and_an_old_one_is_renewed_in_place(
    world: World, counter: Counter
) -> None:
    async with phone(world) as on:
        await on.sign_in(world, LI)
        at = await filled(on, counter.free_flat(), LI)
        world.let_pass(hours=25)
        # The business clock moved, the session's did not.
        page = await on.send(f"{at}/submit", true="1")
        assert "前置核验已超过有效期" in page
        await on.send("/bl/check")
        assert on.at == f"{at}?step=submit"
        await on.send(f"{at}/submit", true="1")
        assert case_no(on)


@pytest.mark.row(4)
async def test_a_seizure_after_the_green_light_stops_the_submission(world: World, counter: Counter) -> None:
    flat = counter.free_flat()
    async with phone(world) as on:
        await on.sign_in(world, LI)
        at = await filled(on, flat, LI)
        order = NoteRestriction(flat.code, RestrictionKind.GROUP_LETTING, world.door.clock.today())
        world.door.perform(note_restriction, SYSTEM, order)
        page = await on.send(f"{at}/submit", true="1")
        assert on.status == 422
        assert "房屋前置核验未通过" in page
        assert at in await on.see("/bl/my")


@pytest.mark.row(4)
async def test_every_reason_stands_on_the_page_with_where_to_go_and_nobodys_name(
    world: World, counter: Counter
) -> None:
    flat = counter.free_flat()
    async with phone(world) as on:
        await on.sign_in(world, CHEN)
        page = await checked(on, flat, owner_name=WANG.name, owner_id=WANG.id_no)
        assert "核验未通过" in page
        assert "区住房租赁服务中心" in page
        assert "权属证明原件" in page
        for owner in flat.owners:
            assert owner.name not in page
            assert owner.id_no not in page
        assert WANG.id_no in page  # as typed


@pytest.mark.row(4)
async def test_after_three_failures_the_page_asks_a_question(world: World, counter: Counter) -> None:
    world.let_pass(days=1)
    person = Person("赵六一", id_number("31010119800101023"))
    async with phone(world) as on:
        await on.sign_in(world, person)
        for _ in range(3):
            page = await checked(on, counter.free_flat(), owner_name=WANG.name, owner_id=WANG.id_no)
        assert "等于几" in page
        flat = counter.free_flat()
        owner = flat.owners[0]
        typed = {"title_cert_no": flat.cert_no, "owner_name": owner.name, "owner_id": owner.id_no}
        page = await on.send("/bl/check", **typed, answer="0")
        asked = re.search(r"([二三四五六七八九])加([二三四五六七八九])等于几", page)
        assert asked
        total = sum("零一二三四五六七八九".index(sign) for sign in asked.groups())
        assert "核验通过" in await on.send("/bl/check", **typed, answer=str(total))


@pytest.mark.row(3)
async def test_the_other_side_confirms_and_both_get_one_filing(world: World, counter: Counter) -> None:
    flat = counter.free_flat()
    owner = flat.owners[0]
    async with phone(world) as tenant, phone(world) as landlord:
        await tenant.sign_in(world, LI)
        mine = await handed_in(tenant, flat, LI)
        await landlord.sign_in(world, owner)
        assert mine in await landlord.see("/bl/my")
        page = await landlord.send("/bl/confirm")
        assert "对方已提交" in page
        at = landlord.at.partition("?")[0]
        if 'value="ID"' in page:
            await landlord.upload(f"{at}/file", "ID", "id.pdf")
        await landlord.see(f"{at}?step=submit")
        await landlord.send(f"{at}/submit", true="1")
        theirs = case_no(landlord)
        decide(world)
        pages = [await tenant.see(f"/bl/case/{mine}"), await landlord.see(f"/bl/case/{theirs}")]
        numbers = {re.findall(r"备案编号：<strong>(\w+)</strong>", page)[0] for page in pages}
        assert len(numbers) == 1
        assert mine not in await landlord.see("/bl/my")


@pytest.mark.row(3)
async def test_a_lease_that_was_filed_meanwhile_needs_no_confirmation(world: World, counter: Counter) -> None:
    flat = counter.free_flat()
    async with phone(world) as tenant, phone(world) as landlord, phone(world) as stranger:
        await tenant.sign_in(world, LI)
        mine = await handed_in(tenant, flat, LI)
        decide(world)
        await landlord.sign_in(world, flat.owners[0])
        await landlord.see("/bl/my")
        page = await landlord.send("/bl/confirm", case_no=mine)
        assert landlord.status == 409
        assert "这份合同已经备案，不需要您再确认" in page
        assert "有效的备案" in await landlord.see("/bl/my")
        await stranger.sign_in(world, ZHOU)
        await stranger.see("/bl/my")
        await stranger.send("/bl/confirm", case_no=mine)
        assert stranger.status == 404


@pytest.mark.row(3)
async def test_a_lease_is_confirmed_only_by_those_it_names(world: World, counter: Counter) -> None:
    async with phone(world) as tenant, phone(world) as stranger:
        await tenant.sign_in(world, LI)
        mine = await handed_in(tenant, counter.free_flat(), LI)
        await stranger.sign_in(world, ZHOU)
        await stranger.see("/bl/my")
        page = await stranger.send("/bl/confirm", case_no=mine)
        assert stranger.status == 404
        assert LI.name not in page
        await stranger.see(f"/bl/case/{mine}")
        assert stranger.status == 404


@pytest.mark.row(3)
async def test_a_correction_is_made_once_with_the_papers_handed_in_before(world: World, counter: Counter) -> None:
    async with phone(world) as on:
        await on.sign_in(world, LI)
        at = await begun(on, counter.free_flat())
        await on.send(at, **TERM)
        if 'value="ID"' in on.page:
            await on.upload(f"{at}/file", "ID", "id.pdf")
        await on.upload(f"{at}/file", "TITLE", "title.pdf")
        await on.see(f"{at}?step=submit")
        page = await on.send(f"{at}/submit", true="1")
        number = case_no(on)
        assert "待补正" in page
        assert "租赁合同" in page
        page = await on.send(f"/bl/case/{number}/change")
        draft = on.at.partition("?")[0]
        await on.upload(f"{draft}/file", "CONTRACT", "contract.pdf")
        await on.see(f"{draft}?step=submit")
        page = await on.send(f"{draft}/submit", true="1")
        assert case_no(on) == number
        assert "已受理" in page


@pytest.mark.row(3)
async def test_a_situation_chosen_by_mistake_is_converted_before_acceptance(world: World, counter: Counter) -> None:
    async with phone(world) as on:
        await on.sign_in(world, LI)
        at = await begun(on, counter.free_flat())
        await on.send(at, **TERM)
        for material in ("ID", "TITLE"):
            if f'value="{material}"' in on.page:
                await on.upload(f"{at}/file", material, f"{material}.pdf")
        await on.see(f"{at}?step=submit")
        page = await on.send(f"{at}/submit", true="1")
        number = case_no(on)
        assert "转为注销备案" in page
        await on.send(f"/bl/case/{number}/change", convert="1")
        draft = on.at.partition("?")[0]
        assert on.at.endswith("step=cancelling")
        # Of the leases filed by the tests before, one of the citizen's.
        filing = re.findall(r'<option value="(BA\w+)"', on.page)[0]
        day = (world.door.clock.today() + timedelta(days=3)).isoformat()
        await on.send(draft, filing_no=filing, mode="ONE", reason="EARLY_ONE", termination_date=day, committed="1")
        await on.see(f"{draft}?step=submit")
        page = await on.send(f"{draft}/submit", true="1")
        assert case_no(on) == number
        assert "转换情形" in page
        assert "已受理" in page
    rows = world.read(
        lambda work: work.session.exec(
            select(StopMaterial.kind)
            .join(StopCase, col(StopCase.id) == col(StopMaterial.case_id))
            .where(StopCase.case_no == number)
        ).all()
    )
    # What was handed in before stays with the case.
    assert {StopMaterialKind.ID, StopMaterialKind.TITLE} <= set(rows)


@pytest.mark.row(3)
async def test_a_citizen_withdraws_before_the_decision_and_not_after(world: World, counter: Counter) -> None:
    async with phone(world) as on:
        await on.sign_in(world, LI)
        number = await handed_in(on, counter.free_flat(), LI)
        page = await on.send(f"/bl/case/{number}/withdraw")
        assert "您已撤回申请" in page
        done = await handed_in(on, counter.free_flat(), LI)
        page = await on.see(f"/bl/case/{done}")
        before = on.page
        decide(world)
        on.page = before
        page = await on.send(f"/bl/case/{done}/withdraw")
        assert on.status == 409
        assert "不能撤回" in page


@pytest.mark.row(3)
async def test_cancellation_alone_and_together(world: World, counter: Counter) -> None:
    flat = counter.free_flat()
    async with phone(world) as tenant, phone(world) as landlord:
        await tenant.sign_in(world, LI)
        await handed_in(tenant, flat, LI)
        decide(world)
        page = await tenant.see("/bl/cancel")
        filing = re.findall(r'name="filing_no" value="(\w+)"', page)[0]
        await tenant.send("/bl/cancel", filing_no=filing)
        at = tenant.at
        day = (world.door.clock.today() + timedelta(days=5)).isoformat()
        await tenant.send(at, mode="ONE", reason="EARLY_ONE", termination_date=day, committed="1")
        if 'value="ID"' in tenant.page:
            await tenant.upload(f"{at}/file", "ID", "id.pdf")
        await tenant.see(f"{at}?step=submit")
        page = await tenant.send(f"{at}/submit", true="1")
        first = case_no(tenant)
        assert "已受理" in page
        decide(world)
        await landlord.sign_in(world, flat.owners[0])
        assert "对方已申请" in await landlord.see("/bl/my")
        await landlord.see("/bl/cancel")
        await landlord.send("/bl/cancel", filing_no=filing)
        at = landlord.at
        await landlord.send(at)
        if 'value="ID"' in landlord.page:
            await landlord.upload(f"{at}/file", "ID", "id.pdf")
        await landlord.see(f"{at}?step=submit")
        await landlord.send(f"{at}/submit", true="1")
        decide(world)
        assert "办结" in await tenant.see(f"/bl/case/{first}")
        assert filing not in await tenant.see("/bl/my")


@pytest.mark.row(3)
async def test_nothing_to_cancel_leads_to_the_look_up(world: World) -> None:
    async with phone(world) as on:
        await on.sign_in(world, MINOR)
        page = await on.see("/bl/cancel")
        assert "没有查到您名下的有效备案" in page
        assert 'href="/c"' in page


@pytest.mark.row(4)
async def test_a_home_checked_twice_has_one_draft(world: World, counter: Counter) -> None:
    flat = counter.free_flat()
    async with phone(world) as on:
        await on.sign_in(world, ZHOU)
        first, second = [re.findall(r"/bl/draft/[0-9a-f]{32}", await checked(on, flat)) for _ in range(2)]
        assert first == second


@pytest.mark.row(3)
async def test_a_double_click_hands_in_once(world: World, counter: Counter) -> None:
    async with phone(world) as on:
        await on.sign_in(world, LI)
        at = await filled(on, counter.free_flat(), LI)
        before = on.page
        await on.send(f"{at}/submit", true="1")
        number = case_no(on)
        on.page = before
        await on.send(f"{at}/submit", true="1")
        assert on.status == 404
        page = await on.see("/bl/my")
        assert page.count(number) == 1
