"""Signing in at the portal and the session that follows: tickets used once, bound to a browser, and forms with a secret."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import select

from models.alarms import Alarm
from models.citizens import CitizenSession
from services.citizens.sessions import ABSOLUTE, IDLE
from services.verification.precheck_limits import ALARM
from tests.services.tenancy.counter import LI, WANG, Counter
from tests.ui_public.portal import SITE, Phone, phone
from tests.world import World, running_world
from ui.citizens.probes import ProbeGate

pytestmark = pytest.mark.row(3)


@pytest.fixture(scope="module")
def town(database_url: str) -> Iterator[Counter]:
    with running_world(database_url, few=True) as world:
        yield Counter(world)


@pytest.fixture
def world(town: Counter) -> Iterator[World]:
    yield town.world
    town.world.heal()


async def returning(on: Phone, **person: str) -> str:
    """Sign in at the portal and return the address to which it sends the browser."""
    answer = await on.client.get("/bl/sign-in?next=/bl/my")
    portal = httpx.URL(answer.headers["location"])
    async with httpx.AsyncClient() as outside:
        data = {**dict(portal.params), "name": LI.name, "id_no": LI.id_no} | person
        told = await outside.post(str(portal.copy_with(query=None)), data=data)
    return told.headers["location"].removeprefix(SITE)


async def test_a_ticket_counts_once(world: World) -> None:
    async with phone(world) as on:
        back = await returning(on)
        state = on.client.cookies.get("__Host-bl-in")
        await on.see(back)
        assert on.at == "/bl/my"
        on.client.cookies.clear()
        on.client.cookies.set("__Host-bl-in", state or "", domain="check.test")
        await on.see(back)
        assert on.status == 401


async def test_a_ticket_of_another_browser_is_refused(world: World) -> None:
    async with phone(world) as on, phone(world) as other:
        back = await returning(on)
        await other.client.get("/bl/sign-in")
        await other.see(back)
        assert other.status == 401
        assert "__Host-bl" not in other.client.cookies


@pytest.mark.parametrize("spoil", ["signature", "content", "none"])
async def test_a_ticket_that_the_portal_did_not_sign_is_refused(world: World, spoil: str) -> None:
    async with phone(world) as on:
        back = httpx.URL(await returning(on))
        first, _, last = back.params["ticket"].partition(".")
        wrong = {"signature": f"{first}.{last[:-6]}AAAAAA", "content": f"{first[:-4]}AAAA.{last}", "none": "x"}[spoil]
        page = await on.see(str(back.copy_set_param("ticket", wrong)))
        assert on.status == 401
        assert "重新登录" in page


async def test_a_person_whose_document_was_not_compared_is_not_let_in(world: World) -> None:
    order = {"id_no": WANG.id_no, "level": "L1"}
    httpx.post(f"{world.simulators.base_url('citizen_portal')}/sim/change", json=order).raise_for_status()
    async with phone(world) as on:
        page = await on.see(await returning(on, name=WANG.name, id_no=WANG.id_no))
        assert on.status == 401
        assert "实名" in page


@pytest.mark.parametrize("fault", ["timeout", "error", "mismatch"])
async def test_a_silent_portal_is_told_and_lets_nobody_in(world: World, fault: str) -> None:
    async with phone(world) as on:
        back = await returning(on)
        world.fault("citizen_portal", fault)
        page = await on.see(back)
        assert on.status == 503
        assert "一网通办暂时没有应答" in page


async def test_the_cookie_is_closed_to_scripts_and_other_sites(world: World) -> None:
    async with phone(world) as on:
        answer = await on.client.get(await returning(on))
        cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("__Host-bl="))
        assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))
        assert "Domain" not in cookie
        page = await on.client.get("/bl/my")
        assert page.headers["cache-control"] == "no-store"
        assert "script-src" not in page.headers["content-security-policy"]
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "DENY"


async def test_a_form_without_the_secret_or_from_another_site_is_refused(world: World) -> None:
    async with phone(world) as on:
        await on.sign_in(world, LI)
        await on.see("/bl/check")
        plain = await on.client.post("/bl/check", data={"title_cert_no": "x"}, headers={"origin": SITE})
        assert plain.status_code == 403
        foreign = await on.client.post(
            "/bl/check", data=on.fields("/bl/check"), headers={"origin": "https://evil.test"}
        )
        assert foreign.status_code == 403
        nowhere = await on.client.post("/bl/check", data=on.fields("/bl/check"))
        assert nowhere.status_code == 403


async def test_a_session_is_short_and_ends_with_the_button(world: World) -> None:
    async with phone(world) as on:
        await on.sign_in(world, LI)
        await on.send("/bl/leave")
        answer = await on.client.get("/bl/my")
        assert answer.status_code == 303
        for name, span in (("seen_at", IDLE), ("started_at", ABSOLUTE)):
            await on.sign_in(world, LI)
            row = await newest(world)
            earlier = getattr(row, name) - span - timedelta(seconds=5)
            world.rewrite(CitizenSession, CitizenSession.id == row.id, **{name: earlier})
            # Another process does not know the session yet.
            async with phone(world) as later:
                later.client.cookies = on.client.cookies
                assert (await later.client.get("/bl/my")).status_code == 303


async def newest(world: World) -> Any:
    wanted = select(CitizenSession).where(CitizenSession.ended_at == None)  # noqa: E711
    return max(world.read(lambda work: work.session.exec(wanted).all()), key=lambda row: (row.started_at, row.seen_at))


async def test_a_staff_session_is_no_citizens_and_the_other_way_round(world: World) -> None:
    async with phone(world) as on:
        await on.sign_in(world, LI)
        token = on.client.cookies.get("__Host-bl") or ""
        on.client.cookies.set("__Host-sid", token, domain="check.test")
        answer = await on.client.get("/?open=filings")
        assert answer.status_code in (303, 401)


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test", "/login", "/bl/../c", "/bl//evil.test"])
async def test_signing_in_leads_back_to_our_own_pages_only(world: World, back: str) -> None:
    async with phone(world) as on:
        await on.sign_in(world, LI, back=back)
        assert on.at == "/bl/my"


async def test_the_ticket_in_the_address_names_nobody(world: World) -> None:
    async with phone(world) as on:
        back = await returning(on)
        assert LI.id_no not in back
        assert LI.name not in httpx.URL(back).params["ticket"]


@pytest.mark.row(4)
def test_a_hundred_thousand_probes_from_one_address_ask_nothing_and_are_reported() -> None:
    now = [0.0]
    told: list[tuple[str, int]] = []
    gate = ProbeGate(10, lambda address, times: told.append((address, times)), clock=lambda: now[0])
    passed = 0
    for number in range(100_000):
        now[0] = number / 1000
        passed += gate.wait("203.0.113.9") == 0
    # 100 seconds at ten a minute, and the ten that an unknown address has.
    assert passed <= 10 + 100 / 6 + 1
    assert [times for _, times in told] == [20, 200, 2_000, 20_000]
    assert {address for address, _ in told} == {"203.0.113.9"}
    assert gate.wait("203.0.113.10") == 0


@pytest.mark.row(4)
async def test_probing_from_an_address_is_answered_429_and_alarmed(world: World) -> None:
    async with phone(world, "203.0.113.99") as on:
        await on.sign_in(world, LI)
        await on.see("/bl/check")
        form = on.fields("/bl/check") | {"title_cert_no": "", "owner_name": "x", "owner_id": "y"}
        answers = []
        for number in range(40):
            data = form | {"title_cert_no": f"沪(2020)浦字不动产权第{number:06d}号", "owner_name": ""}
            answers.append((await on.client.post("/bl/check", data=data, headers={"origin": SITE})).status_code)
    assert answers[:10] == [422] * 10
    assert set(answers[12:]) == {429}
    rows = world.read(lambda work: work.session.exec(select(Alarm).where(Alarm.alarm_code == ALARM)).all())
    assert any("短时间内" in row.subject for row in rows)
    assert not any(re.search(r"\d+\.\d+\.\d+\.\d+", row.subject) for row in rows)
