"""Signing in and out by the forms of the outer app (H03, H09, H12)."""

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from deploy.demo.offices import Person, add_account
from integrations.cloud_crypto.local_authority import Issued
from models.access import Account, OrgUnit, Role, ScopeKind
from models.audit import AuditEvent
from services.access.own_account import DemoAccount
from services.access.sessions import SessionBook
from services.engine.clock import system_now
from services.engine.work import Work
from tests.certificates import bind, issued
from tests.ui.people import Crowd, form_token, sign_in, token_of, was_told
from tests.world import World, sealer
from ui.guard import Gate, Guard
from ui.shell.open_pages import OpenPages
from ui.sign_in import SignInPages, by_workplace

PASSWORD = "Yueliang-2048"


@pytest.fixture(scope="session")
def own(world: World, clerk: str) -> Issued:
    """The certificate bound to that account."""
    return bind(world, clerk, issued(clerk))


@pytest.fixture(scope="session")
def clerk(world: World) -> str:
    """An account with a password of its own."""

    def make(work: Work) -> None:
        unit = work.session.exec(select(OrgUnit).where(OrgUnit.unit_code == "ST310115005")).one()
        person = Person("zhoukou09", "宋岚", "", Role.STREET_CLERK, ScopeKind.STREET, "310115016")
        account = add_account(work, person, unit, sealer().hash_password(PASSWORD), demo=False)
        account.created_at = work.at

    world.act(make)
    return "zhoukou09"


async def test_the_demo_lets_in_with_one_click_and_says_that_it_is_a_demo(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/login")
    assert "演示环境" in page.text
    assert "李敏" in page.text
    answer = await sign_in(visitor, "huamu01")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()


async def test_certificate_and_password_let_in(visitor: httpx.AsyncClient, clerk: str, own: Issued) -> None:
    assert (await sign_in(visitor, clerk, own, password=PASSWORD)).status_code == 303
    assert (await visitor.get("/session/alive")).status_code == 204


async def test_a_form_without_its_token_is_refused(visitor: httpx.AsyncClient) -> None:
    await form_token(visitor)
    for form in ({"login": "huamu01", "demo": "1"}, {"login": "huamu01", "demo": "1", "csrf": "guess"}):
        answer = await visitor.post("/login", data=form)
        assert answer.status_code == 403
        assert "sid" not in visitor.cookies


async def test_a_token_without_its_cookie_is_refused(visitor: httpx.AsyncClient) -> None:
    token = await form_token(visitor)
    visitor.cookies.clear()
    answer = await visitor.post("/login", data={"login": "huamu01", "demo": "1", "csrf": token})
    assert answer.status_code == 403


@pytest.mark.proves("H03")
async def test_unknown_name_and_wrong_password_look_the_same(
    visitor: httpx.AsyncClient, clerk: str, own: Issued
) -> None:
    wrong = await sign_in(visitor, clerk, own, password="not this one")
    unknown = await sign_in(visitor, "nobody-here", own, password="not this one")
    assert wrong.status_code == unknown.status_code == 401
    hidden = r'value="[^"]*"'
    assert _without_time(re.sub(hidden, "", wrong.text)) == _without_time(re.sub(hidden, "", unknown.text))
    assert "sid" not in visitor.cookies


def _without_time(page: str) -> str:
    return re.sub(r"\d\d:\d\d:\d\d", "", page)


async def test_the_demo_button_opens_no_account_with_a_password(visitor: httpx.AsyncClient, clerk: str) -> None:
    assert (await sign_in(visitor, clerk)).status_code == 401


@pytest.mark.proves("H09")
async def test_a_cookie_set_before_signing_in_is_worth_nothing_afterwards(
    visitor: httpx.AsyncClient, crowd: Crowd
) -> None:
    planted = token_of(await crowd.browser("longhua01"))
    visitor.cookies.set("sid", planted, domain="localhost.local", path="/")
    answer = await sign_in(visitor, "huamu01")
    fresh = answer.headers["set-cookie"].split("sid=")[1].split(";")[0]
    assert fresh != planted
    visitor.cookies.clear()
    old = await visitor.get("/session/alive", headers={"cookie": f"sid={planted}"})
    new = await visitor.get("/session/alive", headers={"cookie": f"sid={fresh}"})
    assert (old.status_code, new.status_code) == (401, 204)


async def test_signing_out_ends_the_session_and_the_open_page(crowd: Crowd) -> None:
    user = await crowd.open("shi01")
    answer = await user.http_client.post("/logout")
    assert answer.status_code == 303
    assert await was_told(user, "sfOver('out')")
    assert (await user.http_client.get("/session/alive")).status_code == 401


@pytest.mark.proves("H12", "D02")
async def test_a_second_sign_in_ends_the_first(crowd: Crowd, world: World) -> None:
    first = await crowd.open("pudong01")
    await crowd.browser("pudong01")
    assert await was_told(first, "sfOver('kicked')")
    assert (await first.http_client.get("/", headers={"accept": "text/html"})).status_code == 303
    kicks = world.read(lambda work: work.session.exec(select(AuditEvent).where(AuditEvent.event == "SESS.KICK")).all())
    assert kicks


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/?open=cases&id=1", "/?open=cases&id=1"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/?a=\\b", "/"),
        ("javascript:alert(1)", "/"),
        ("/logout", "/"),
    ],
)
async def test_signing_in_leads_back_to_our_own_workspace_only(
    visitor: httpx.AsyncClient, wanted: str, given: str
) -> None:
    token = await form_token(visitor)
    form = {"csrf": token, "login": "huamu02", "demo": "1", "next": wanted}
    answer = await visitor.post("/login", data=form)
    assert answer.headers["location"] == given


@pytest.mark.proves("D01")
async def test_an_old_password_must_be_changed_before_anything_else(
    visitor: httpx.AsyncClient, world: World, clerk: str, own: Issued
) -> None:
    def age(work: Work) -> None:
        account = work.session.exec(select(Account).where(col(Account.login) == clerk)).one()
        account.password_changed_at = system_now() - timedelta(days=91)
        account.last_seen_at = system_now()
        work.add(account)

    world.act(age)
    answer = await sign_in(visitor, clerk, own, password=PASSWORD)
    assert answer.headers["location"] == "/password"
    assert (await visitor.get("/")).headers["location"] == "/password"

    async def change(old: str, new: str, again: str = "") -> httpx.Response:
        token = await form_token(visitor, "/password")
        return await visitor.post("/password", data={"csrf": token, "old": old, "new": new, "again": again or new})

    weak = await change(PASSWORD, "short")
    assert "不少于10位" in weak.text
    assert (await change(PASSWORD, "Another-2048", "Another-2049")).status_code == 422
    assert "原口令不正确" in (await change("wrong-Old-1", "Another-2048")).text
    assert (await change(PASSWORD, "Another-2048")).headers["location"] == "/"
    assert (await visitor.get("/")).status_code == 200


def _pages(world: World, book: SessionBook, mode: str) -> FastAPI:
    gate = replace(Gate(), mode=mode)
    app = FastAPI()
    app.include_router(SignInPages(world.door, book, gate, OpenPages(book)).router())
    app.add_middleware(Guard, book=book, gate=gate)
    return app


@pytest.mark.proves("H04")
async def test_outside_the_demo_nobody_comes_in_without_a_password(world: World, book: SessionBook) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(_pages(world, book, "test")),
        base_url="https://localhost",
        headers={"origin": "https://localhost"},
    ) as client:
        assert "演示账号" not in (await client.get("/login")).text
        answer = await sign_in(client, "huamu01")
        assert answer.status_code == 422


def test_accounts_of_the_demo_stand_at_the_first_workplace_of_their_roles() -> None:
    def account(login: str, *roles: Role) -> DemoAccount:
        return DemoAccount(login, login, "单位", roles, "")

    clerk, both = account("a", Role.STREET_CLERK), account("b", Role.DIST_REVIEWER, Role.DISTRICT_CLERK)
    places = by_workplace([both, clerk, account("c", Role.ANALYST)])
    assert [(one.title, [who.login for who in one.people]) for one in places] == [
        ("街镇窗口", ["a"]),
        ("区租赁中心窗口", ["b"]),
        ("其他", ["c"]),
    ]


async def test_the_first_account_of_the_demo_is_the_counter_clerk(world: World, book: SessionBook) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(_pages(world, book, "demo")), base_url="https://localhost"
    ) as client:
        text = (await client.get("/login")).text
    assert re.findall(r'<button name="login" value="(\w+)"', text)[0] == "huamu01"
    assert "证书与签名（演示账号不需要）" in text


@pytest.mark.proves("D03")
async def test_away_from_loopback_the_cookie_is_bound_to_host_and_tls(world: World, book: SessionBook) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(_pages(world, book, "demo")),
        base_url="https://shenfang.example",
        headers={"origin": "https://shenfang.example"},
    ) as client:
        answer = await sign_in(client, "huamu01")
        cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("__Host-sid="))
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


@pytest.mark.proves("D03")
async def test_without_tls_away_from_loopback_nobody_signs_in(world: World, book: SessionBook) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(_pages(world, book, "demo")),
        base_url="http://shenfang.example",
        headers={"origin": "http://shenfang.example"},
    ) as client:
        token_page = await client.get("/login")
        found = re.search(r'name="csrf" value="([^"]+)"', token_page.text)
        pre = token_page.headers["set-cookie"].split(";")[0]
        assert found is not None
        form = {"csrf": found.group(1), "login": "huamu01", "demo": "1"}
        answer = await client.post("/login", data=form, headers={"cookie": pre})
        assert answer.status_code == 403
        assert "https" in answer.text
