"""Rows 3 and 4 on a citizen's phone: sign in at the portal, check the home, fill in, hand in, follow, confirm, cancel."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from models.tenancy import LeaseFiling
from services.engine.jobs import run_job
from tests.services.tenancy.counter import LI, Counter, Flat, Person
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
    "rent_amount": "5,200.00",
}


async def filled(on: Phone, flat: Flat, tenant: Person, **term: str) -> str:
    """Check a home and fill in every page; return the address of the draft."""
    page = await checked(on, flat)
    draft = re.search(r'href="(/bl/draft/[0-9a-f]{32})"', page)
    assert draft, page
    at = draft[1]
    await on.see(at)
    await on.send(at)
    assert on.at.endswith("step=term")
    await on.send(at, **TERM | term)
    assert on.at.endswith("step=materials")
    for material in ("ID", "TITLE", "CONTRACT"):
        if f'value="{material}"' in on.page:
            await on.upload(f"{at}/file", material, f"{material}.pdf")
            assert on.status == 200, on.page
    await on.see(f"{at}?step=submit")
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
        assert "没有提交的草稿" not in await on.see("/bl/my")
