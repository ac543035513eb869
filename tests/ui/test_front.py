"""The front of the house: certificate and password by the form, the gateway's headers, production (H04, H07, H08, D03)."""

import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from deploy.demo.offices import Person, add_account
from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.local_authority import Issued
from integrations.gateway.assertions import TrustedGateway
from integrations.gateway.simulator import GatewaySimulator
from models.access import OrgUnit, Role, ScopeKind
from models.audit import AuditEvent
from services.access.sessions import SessionBook
from services.engine.callers import Caller
from services.engine.clock import system_now
from services.engine.networks import EVERYWHERE, LOOPBACK, Networks, SignInPolicy
from services.engine.refusals import Rejected
from services.engine.work import Work
from tests.certificates import bind, issued, signature
from tests.ui.people import hidden, until
from tests.world import World, provider, sealer
from ui.front import Front, open_front
from ui.guard import Gate, Guard
from ui.shell.open_pages import OpenPages
from ui.sign_in import SignInPages

PASSWORD = "Yueliang-2048"
PUBLIC = "https://shenfang.example"
GATEWAY, SOMEBODY, CLERK = "10.20.0.1", "203.0.113.9", "10.30.0.7"
KEY = sm2.PrivateKey.fresh()
SIMULATOR = GatewaySimulator(lambda data: sm2.sign(KEY, data), issuer="gateway", audience="shfg-rental-test")


@pytest.fixture(scope="module")
def clerk(world: World) -> str:
    """Somebody with a password and a certificate."""

    def make(work: Work) -> None:
        unit = work.session.exec(select(OrgUnit).where(OrgUnit.unit_code == "ST310115005")).one()
        person = Person("qiantai07", "宋岚", "", Role.STREET_CLERK, ScopeKind.STREET, "310115016")
        add_account(work, person, unit, sealer().hash_password(PASSWORD), demo=False)

    world.act(make)
    return "qiantai07"


@pytest.fixture(scope="module")
def own(world: World, clerk: str) -> Issued:
    return bind(world, clerk, issued(clerk))


@pytest.fixture(autouse=True)
def _as_usual(world: World) -> Iterator[None]:
    world.door.house.gateway = TrustedGateway((KEY.public.hex,), "gateway", "shfg-rental-test", provider())
    yield
    world.door.house.gateway = None
    world.door.house.sign_in = SignInPolicy.of_mode("demo", EVERYWHERE)


def pages(world: World, book: SessionBook, mode: str, front: Front | None = None) -> FastAPI:
    """The sign-in pages behind their guard, as an installation of this mode runs them."""
    world.door.house.sign_in = SignInPolicy.of_mode(mode, LOOPBACK)
    front = front or Front(Networks.of(GATEWAY), LOOPBACK, required=mode == "production")
    gate = Gate(mode=mode, public_url=PUBLIC, front=front)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(SignInPages(world.door, book, gate, OpenPages(book)).router())
    app.add_middleware(Guard, book=book, gate=gate)
    return app


@asynccontextmanager
async def browser(app: FastAPI, peer: str = GATEWAY, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser whose requests arrive from an address, with headers of their way."""
    transport = httpx.ASGITransport(app, client=(peer, 1))
    sent = {"origin": PUBLIC} | {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC, headers=sent) as client:
        yield client


def through(address: str = CLERK, proto: str = "https") -> dict[str, str]:
    return {"x_forwarded_for": f"198.51.100.1, {address}", "x_forwarded_proto": proto}


def asserted(certificate: Issued, address: str = CLERK, **said: object) -> dict[str, str]:
    header = SIMULATOR.assertion(certificate.certificate.fingerprint, address, system_now(), **said)  # type: ignore[arg-type]
    return {"x-gw-assertion": header}


def last(world: World, event: str) -> str:
    statement = select(AuditEvent.body).where(AuditEvent.event == event).order_by(col(AuditEvent.seq).desc()).limit(1)
    found: str | None = world.read(lambda work: work.session.exec(statement).first())
    return found or ""


async def told(world: World, reason: str) -> bool:
    """Whether a denial for this reason came into the audit; it is written in the background."""
    return await until(lambda: f'"rsn":"{reason}"' in last(world, "AUTHZ.DENY"))


async def log_in(client: httpx.AsyncClient, login: str, **more: Any) -> httpx.Response:
    page = await client.get("/login")
    form = {"csrf": hidden(page, "csrf"), "login": login, "password": PASSWORD}
    return await client.post("/login", data=form, **more)


@pytest.mark.proves("M1", "D04")
async def test_a_certificate_file_and_its_signature_and_the_password_let_in(
    world: World, book: SessionBook, clerk: str, own: Issued
) -> None:
    async with browser(pages(world, book, "test")) as client:
        page = await client.get("/login")
        challenge = hidden(page, "challenge")
        form = {"csrf": hidden(page, "csrf"), "login": clerk, "password": PASSWORD, "challenge": challenge}
        form["signature"] = signature(own, challenge)
        answer = await client.post("/login", data=form, files={"certificate": ("我的证书.cer", own.der)})
        assert answer.status_code == 303
        assert (await client.get("/session/alive")).status_code == 204


@pytest.mark.proves("M1")
async def test_a_challenge_signed_for_one_browser_opens_no_session_in_another(
    world: World, book: SessionBook, clerk: str, own: Issued
) -> None:
    async with browser(pages(world, book, "test")) as asked, browser(pages(world, book, "test")) as other:
        challenge = hidden(await asked.get("/login"), "challenge")
        form = {"csrf": hidden(await other.get("/login"), "csrf"), "login": clerk, "password": PASSWORD}
        form |= {"challenge": challenge, "signature": signature(own, challenge)}
        answer = await other.post("/login", data=form, files={"certificate": ("c.cer", own.der)})
        assert answer.status_code == 401
        assert '"rsn":"CHALLENGE"' in last(world, "AUTH.FAIL")


@pytest.mark.proves("H04", "D04")
async def test_h04_password_only_or_certificate_only_gives_no_session(
    world: World, book: SessionBook, clerk: str, own: Issued, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with browser(pages(world, book, "test")) as client:
        only_password = await log_in(client, clerk)
        assert '"rsn":"CERT_NONE"' in last(world, "AUTH.FAIL")
        page = await client.get("/login")
        challenge = hidden(page, "challenge")
        form = {"csrf": hidden(page, "csrf"), "login": clerk, "password": "", "challenge": challenge}
        form["signature"] = signature(own, challenge)
        only_certificate = await client.post("/login", data=form, files={"certificate": ("c.cer", own.der)})
        form["password"] = "wrong-Pass-1"
        form |= {name: hidden(only_certificate, name) for name in ("csrf", "challenge")}
        form["signature"] = signature(own, form["challenge"])
        wrong = await client.post("/login", data=form, files={"certificate": ("c.cer", own.der)})
        assert '"rsn":"PASSWORD"' in last(world, "AUTH.FAIL")
        assert (only_password.status_code, only_certificate.status_code, wrong.status_code) == (401, 422, 401)
        assert "__Host-sid" not in client.cookies
        assert (await client.get("/session/alive")).status_code == 401
        spoken = "".join((only_password.text, only_certificate.text, wrong.text, caplog.text))
        assert not any(secret in spoken for secret in (PASSWORD, "wrong-Pass-1", form["signature"], "宋岚"))


@pytest.mark.proves("H07")
@pytest.mark.parametrize(
    "headers",
    [
        {"x-gw-assertion": "eyJ2IjoxfQ.MEUCIQ"},
        {"x-user": "shi01"},
        {"x-ssl-client-verify": "SUCCESS", "x-ssl-client-dn": "CN=shi01"},
        {"x-remote-user": "shi01", "x-forwarded-for": "127.0.0.1"},
    ],
)
async def test_h07_identity_headers_from_elsewhere_are_ignored_and_told(
    world: World, book: SessionBook, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    app = pages(world, book, "test")
    async with browser(app, SOMEBODY) as client:
        answer = await client.get("/session/alive", headers=headers)
        assert answer.status_code == 401
        assert await told(world, "FORGED_HEADER")
        assert f'"ip":"{SOMEBODY}"' in last(world, "AUTHZ.DENY")
        assert "shi01" not in answer.text + caplog.text


@pytest.mark.proves("H07", "H08")
async def test_h07_a_true_assertion_from_an_address_that_is_no_gateway_signs_nobody_in(
    world: World, book: SessionBook, clerk: str, own: Issued
) -> None:
    async with browser(pages(world, book, "test"), SOMEBODY, **through()) as client:
        answer = await log_in(client, clerk, headers=asserted(own))
        assert answer.status_code == 401
        assert '"rsn":"CERT_NONE"' in last(world, "AUTH.FAIL")
        assert f'"ip":"{SOMEBODY}"' in last(world, "AUTH.FAIL")


@pytest.mark.proves("M1", "M2", "D03")
async def test_in_production_the_gateways_word_and_the_password_let_in(
    world: World, book: SessionBook, clerk: str, own: Issued
) -> None:
    async with browser(pages(world, book, "production"), **through()) as client:
        page = await client.get("/login")
        assert "challenge" not in page.text
        assert page.headers["strict-transport-security"].startswith("max-age=31536000")
        answer = await log_in(client, clerk, headers=asserted(own))
        assert answer.status_code == 303
        assert f'"ip":"{CLERK}"' in last(world, "AUTH.LOGIN")


@pytest.mark.proves("H08")
@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"aud": "shfg-rental-prod"}, "GW_AUDIENCE"),
        ({"seconds": 61}, "GW_EXPIRED"),
        ({"iat": 1_700_000_000, "exp": 1_700_000_050}, "GW_EXPIRED"),
        ({"ip": "10.30.0.8"}, "GW_ADDRESS"),
    ],
)
async def test_h08_a_wrong_assertion_gives_401(
    world: World, book: SessionBook, clerk: str, own: Issued, said: dict[str, Any], reason: str
) -> None:
    async with browser(pages(world, book, "production"), **through()) as client:
        answer = await log_in(client, clerk, headers=asserted(own, **said))
        assert answer.status_code == 401
        assert f'"rsn":"{reason}"' in last(world, "AUTH.FAIL")


@pytest.mark.proves("H08")
async def test_h08_an_assertion_sent_twice_gives_401(world: World, book: SessionBook, clerk: str, own: Issued) -> None:
    async with browser(pages(world, book, "production"), **through()) as client:
        again = asserted(own)
        assert (await log_in(client, clerk, headers=again)).status_code == 303
        client.cookies.clear()
        assert (await log_in(client, clerk, headers=again)).status_code == 401
        assert '"rsn":"GW_REPLAY"' in last(world, "AUTH.FAIL")


@pytest.mark.proves("D03", "M2")
@pytest.mark.parametrize(
    ("peer", "way"), [(SOMEBODY, through()), (GATEWAY, through(proto="http")), ("127.0.0.1", through())]
)
async def test_production_answers_nothing_past_the_gateway_or_in_clear(
    world: World, book: SessionBook, peer: str, way: dict[str, str]
) -> None:
    async with browser(pages(world, book, "production"), peer, **way) as client:
        for address in ("/login", "/", "/c/x"):
            answer = await client.get(address)
            assert (answer.status_code, "csrf" in answer.text) == (403, False)
        assert await told(world, "PAST_GATEWAY")


@pytest.mark.proves("D12")
async def test_an_administrators_session_ends_at_the_border_of_his_network(world: World, book: SessionBook) -> None:
    here = Front(Networks.of(GATEWAY), Networks.of("10.30.0.0/16"))
    app = pages(world, book, "demo", here)
    world.door.house.sign_in = SignInPolicy.of_mode("demo", EVERYWHERE)
    async with browser(app, **through()) as client:
        page = await client.get("/login")
        form = {"csrf": hidden(page, "csrf"), "login": "anquan01", "demo": "1"}
        assert (await client.post("/login", data=form)).status_code == 303
        assert (await client.get("/session/alive")).status_code == 204
        outside = {"x-forwarded-for": SOMEBODY}
        assert (await client.get("/session/alive", headers=outside)).status_code == 403
        assert await told(world, "ADMIN_NETWORK")


class SilentBook(SessionBook):
    """The table of sessions while the database is away."""

    def find(self, token: str, *, active: bool = True) -> Caller | None:
        raise OperationalError("SELECT who", {"token": token}, Exception("connection refused"))


@pytest.mark.parametrize(("accept", "word"), [("text/html", "<h1>暂时不能服务</h1>"), ("*/*", '"message"')])
async def test_while_the_database_is_away_somebody_signed_in_is_told_so(
    world: World, accept: str, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with browser(pages(world, SilentBook(world.door), "test"), **through()) as client:
        answer = await client.get("/login", headers={"accept": accept, "cookie": "__Host-sid=secret-token"})
        assert answer.status_code == 503
        assert word in answer.text
        assert "系统暂时不能核对登录" in answer.text
        assert answer.headers["x-frame-options"] == "DENY"
        assert "OperationalError" in caplog.text
        assert "secret-token" not in caplog.text


async def test_knocking_does_not_fill_the_audit(world: World, book: SessionBook) -> None:
    def denials() -> int:
        statement = select(AuditEvent.seq).where(AuditEvent.event == "AUTHZ.DENY")
        return len(world.read(lambda work: work.session.exec(statement).all()))

    async with browser(pages(world, book, "test"), "203.0.113.77") as client:
        before = denials()
        for _ in range(60):
            await client.get("/session/alive", headers={"x-user": "shi01"})
        assert await until(lambda: denials() >= before + 20)
        assert denials() == before + 20


def settings(**changes: Any) -> SimpleNamespace:
    whole = {
        "mode": "production",
        "public_url": PUBLIC,
        "host": "127.0.0.1",
        "gateway_addresses": GATEWAY,
        "gateway_keys": KEY.public.hex,
        "admin_networks": "10.8.0.0/16",
        "tls_cert_file": None,
        "tls_key_file": None,
        "tls_client_ca_file": None,
    }
    return SimpleNamespace(**(whole | changes))


@pytest.mark.proves("D03")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"public_url": "http://shenfang.example"}, "PUBLIC_URL"),
        ({"gateway_addresses": ""}, "GATEWAY_ADDRESSES"),
        ({"gateway_keys": " "}, "GATEWAY_KEYS"),
        ({"admin_networks": ""}, "ADMIN_NETWORKS"),
        ({"host": "0.0.0.0"}, "TLS_CERT_FILE"),
        ({"admin_networks": "all"}, "ADMIN_NETWORKS"),
    ],
)
def test_d03_production_does_not_start_without_its_front(change: dict[str, str], words: str) -> None:
    assert open_front(settings()).required
    with pytest.raises(Rejected, match=words):
        open_front(settings(**change))


def test_outside_production_no_front_is_needed() -> None:
    front = open_front(settings(mode="demo", gateway_addresses="", gateway_keys="", admin_networks="", public_url=""))
    assert not front.required
    assert re.fullmatch(r"(\d+\.){3}\d+/0", str(front.admins.ranges[0]))


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("", GATEWAY),
        ("10.30.0.7", "10.30.0.7"),
        ("1.1.1.1, 10.30.0.7", "10.30.0.7"),
        (f"10.30.0.7, {GATEWAY}", "10.30.0.7"),
        ("no address", GATEWAY),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_callers_address_is_the_last_that_is_no_gateway(forwarded: str, address: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope = {"type": "http", "client": (GATEWAY, 5), "scheme": "http", "headers": headers}
    Front(Networks.of(GATEWAY)).enter(scope)
    assert scope["client"] == (address, 0)
    assert scope["headers"] == []
