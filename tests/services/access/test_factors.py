"""The certificate as a factor: each fault its own reason in the audit, one sentence for the user (M1, D04, H01-H08)."""

import base64
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from deploy.demo.offices import Person, add_account
from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.local_authority import CERT_SIGN, ENCIPHER, Issued, system_moment
from integrations.gateway.assertions import TrustedGateway
from integrations.gateway.contract import Payload
from integrations.gateway.simulator import GatewaySimulator, written
from integrations.wire.signed_text import b64url
from models.access import Account, OrgUnit, Role, ScopeKind, SignInSession
from models.audit import AuditEvent
from services.access.factors import LIVES, CertificateProof, GatewayProof, new_challenge
from services.access.sign_in import UNIFORM, SignedIn, SignIn, sign_in
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.networks import EVERYWHERE, Networks, SignInPolicy
from services.engine.work import Work
from tests.certificates import authority, foreign, issued, proof
from tests.world import World, at_once, provider, sealer

RIGHT = "Zk7#vale-orbit"
_PLACES = count(1)
Proof = CertificateProof | GatewayProof | None


@cache
def own() -> Issued:
    return issued("owner")


def account(world: World, role: Role = Role.STREET_CLERK, fingerprint: str = "") -> str:
    """A new account bound to the owner's certificate; its login."""
    login = f"c{uuid4().hex[:12]}"
    kind, place = (ScopeKind.STREET, "310115016") if role is Role.STREET_CLERK else (ScopeKind.CITY, "")

    def make(work: Work) -> None:
        unit = work.session.exec(select(OrgUnit).where(OrgUnit.unit_code == "ST310115005")).one()
        person = Person(login, "测试员", "", role, kind, place)
        made = add_account(work, person, unit, sealer().hash_password(RIGHT), demo=False)
        made.cert_fingerprint = fingerprint or own().certificate.fingerprint

    world.act(make)
    return login


def enter(world: World, login: str, shown: Proof, password: str = RIGHT, address: str = "") -> SignedIn:
    place = next(_PLACES)
    address = address or f"10.4.{place // 250}.{place % 250}"
    return world.door.perform(sign_in, SYSTEM, SignIn(login, password, address, proof=shown))


def reason(world: World) -> str:
    """Why the last sign-in failed."""
    statement = select(AuditEvent.body).where(AuditEvent.event == "AUTH.FAIL").order_by(col(AuditEvent.seq).desc())
    body: str = world.read(lambda work: work.session.exec(statement.limit(1)).one())
    assert RIGHT not in body
    return body.split('"rsn":"')[1].split('"')[0]


def sessions_of(world: World, login: str) -> int:
    statement = select(SignInSession.id).join(Account, col(Account.id) == col(SignInSession.account_id))
    return len(world.read(lambda work: work.session.exec(statement.where(Account.login == login)).all()))


@pytest.mark.proves("M1", "D04")
def test_certificate_and_password_together_open_a_session(world: World) -> None:
    login = account(world)
    assert enter(world, login, proof(own())).ok
    told = select(AuditEvent.body).where(AuditEvent.event == "AUTH.LOGIN").order_by(col(AuditEvent.seq).desc()).limit(1)
    assert '"factors":["cert","pwd"]' in world.read(lambda work: work.session.exec(told).one())


@pytest.mark.proves("H04", "D04")
@pytest.mark.parametrize("mode", ["demo", "test", "production"])
def test_h04_one_factor_alone_opens_no_session_in_any_mode(world: World, mode: str) -> None:
    login = account(world)
    world.door.house.sign_in = SignInPolicy.of_mode(mode, EVERYWHERE)
    assert (enter(world, login, None).message, reason(world)) == (
        UNIFORM,
        "GW_NONE" if mode == "production" else "CERT_NONE",
    )
    for nothing in ("", "wrong"):
        assert enter(world, login, proof(own()), nothing).message == UNIFORM
    assert not world.door.perform(sign_in, SYSTEM, SignIn(login, "", "10.5.0.1", demo=True)).ok
    assert sessions_of(world, login) == 0


@pytest.fixture(autouse=True)
def _as_usual(world: World) -> Iterator[None]:
    yield
    world.door.house.sign_in = SignInPolicy.of_mode("demo", EVERYWHERE)
    world.door.house.gateway = None


@pytest.mark.parametrize("mode", ["test", "production"])
def test_demo_buttons_open_nothing_outside_the_demo(world: World, mode: str) -> None:
    world.door.house.sign_in = SignInPolicy.of_mode(mode, EVERYWHERE)
    assert not world.door.perform(sign_in, SYSTEM, SignIn("huamu01", "", "10.5.0.2", demo=True)).ok
    assert reason(world) == "DEMO_CLOSED"


@pytest.mark.proves("H05", "M1")
def test_h05_a_valid_certificate_of_somebody_else_is_denied(world: World) -> None:
    login = account(world)
    assert enter(world, login, proof(issued("somebody"))).message == UNIFORM
    assert reason(world) == "CERT_BIND"
    assert sessions_of(world, login) == 0


def _expired(_: Path) -> Issued:
    now = system_moment()
    return issued("owner", start=now - timedelta(days=30), end=now - timedelta(minutes=1))


def _future(_: Path) -> Issued:
    return issued("owner", start=system_moment() + timedelta(minutes=1))


def _revoked(_: Path) -> Issued:
    made = issued("owner")
    authority().revoke(made.certificate, system_moment())
    return made


FAULTS: dict[str, Callable[[Path], Issued]] = {
    "CERT_EXPIRED": _expired,
    "CERT_NOT_YET": _future,
    "CERT_REVOKED": _revoked,
    "CERT_CA": lambda folder: foreign(folder, "owner"),
    "CERT_USAGE": lambda folder: issued("owner", usage=(ENCIPHER,)),
}


@pytest.mark.proves("H06", "M1")
@pytest.mark.parametrize("fault", FAULTS)
def test_h06_each_fault_of_a_certificate_has_its_reason_and_the_user_hears_one_sentence(
    world: World, tmp_path: Path, fault: str
) -> None:
    wrong = FAULTS[fault](tmp_path)
    login = account(world, fingerprint=wrong.certificate.fingerprint)
    assert enter(world, login, proof(wrong)).message == UNIFORM
    assert reason(world) == fault
    assert sessions_of(world, login) == 0


@pytest.mark.proves("H06")
def test_a_certificate_signed_by_a_users_certificate_is_of_no_authority(world: World, tmp_path: Path) -> None:
    strange = foreign(tmp_path, "owner")
    certifying = issued("owner", usage=(CERT_SIGN,))
    for wrong in (strange, certifying):
        login = account(world, fingerprint=wrong.certificate.fingerprint)
        assert not enter(world, login, proof(wrong)).ok
        assert reason(world) in ("CERT_CA", "CERT_USAGE")


@pytest.mark.parametrize(
    "junk", [b"", b"0", b"junk", b"\x30\x82\xff\xff", b"\x30\x80" + b"\x00" * 50, b"\x30" * 20_000]
)
def test_what_is_no_certificate_is_unknown(world: World, junk: bytes) -> None:
    challenge = new_challenge(sealer(), system_now())
    assert not enter(world, account(world), CertificateProof(challenge, junk, "AAAA")).ok
    assert reason(world) == "CERT_UNKNOWN"


def test_a_signature_of_another_key_or_text_is_none(world: World) -> None:
    login, other = account(world), issued("other")
    challenge, again = new_challenge(sealer(), system_now()), new_challenge(sealer(), system_now())
    stolen = CertificateProof(challenge, own().der, proof(other, challenge).signature)
    foreign_text = CertificateProof(again, own().der, proof(own()).signature)
    for wrong in (stolen, foreign_text, CertificateProof(new_challenge(sealer(), system_now()), own().der, "")):
        assert not enter(world, login, wrong).ok
        assert reason(world) == "CERT_SIGNATURE"


@pytest.mark.proves("M1")
def test_a_challenge_is_used_once_even_when_the_sign_in_failed(world: World) -> None:
    login = account(world)
    shown = proof(own())
    assert not enter(world, login, shown, "wrong-Pass-1").ok
    assert reason(world) == "PASSWORD"
    assert not enter(world, login, shown).ok
    assert reason(world) == "CHALLENGE_USED"


def test_a_challenge_used_at_once_from_everywhere_opens_one_session(world: World) -> None:
    login, shown = account(world), proof(own())
    results = at_once([lambda: enter(world, login, shown)] * 5)
    assert [one.ok for one in results if isinstance(one, SignedIn)].count(True) == 1
    assert len([one for one in results if isinstance(one, Exception)]) == 0


@pytest.mark.proves("M1")
def test_a_challenge_lives_two_minutes(world: World) -> None:
    login, now = account(world), system_now()
    assert not enter(world, login, proof(own(), new_challenge(sealer(), now - LIVES - timedelta(seconds=1)))).ok
    assert reason(world) == "CHALLENGE_OVER"
    assert enter(world, login, proof(own(), new_challenge(sealer(), now - LIVES + timedelta(seconds=5)))).ok


def test_a_challenge_of_our_making_cannot_be_made_by_others(world: World) -> None:
    login, real = account(world), new_challenge(sealer(), system_now())
    later = real.replace(real.split(".")[2], str(int(real.split(".")[2]) + 3600))
    for forged in ("", "sign this contract", real[:-1] + ("0" if real[-1] != "0" else "1"), later, real.upper()):
        assert not enter(world, login, proof(own(), forged or "x")).ok
        assert reason(world) == "CHALLENGE"


@pytest.mark.proves("H01", "H02", "D02")
def test_h01_h02_wrong_passwords_lock_with_or_without_a_certificate_wherever_they_come_from(world: World) -> None:
    login = account(world)
    for number in range(5):
        answer = enter(world, login, proof(own()) if number % 2 else None, "wrong-Pass-1", f"10.6.0.{number}")
        assert answer.message == UNIFORM
    assert enter(world, login, proof(own())).message == UNIFORM
    assert reason(world) == "LOCKED"
    locks = select(AuditEvent.seq).where(AuditEvent.event == "AUTH.LOCK")
    assert world.read(lambda work: work.session.exec(locks).all())


def test_faults_of_a_certificate_alone_lock_nobody_out(world: World) -> None:
    login = account(world)
    for _ in range(6):
        enter(world, login, None)
    assert enter(world, login, proof(own())).ok


@pytest.mark.proves("H03")
def test_h03_an_unknown_user_takes_as_long_as_a_wrong_password(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Stretched as in production, not as little as in other tests: only then is a password what takes the time.
    monkeypatch.setattr(world.door.database, "sealer", provider().sealer())
    monkeypatch.delitem(world.door.house.__dict__, "hash_of_nobody", raising=False)
    login = account(world)

    def took(name: str) -> float:
        shown = proof(own())
        start = perf_counter()
        assert enter(world, name, shown, "wrong-Pass-1").message == UNIFORM
        return perf_counter() - start

    known, unknown = zip(*[(took(login), took("nobody-here")) for _ in range(5)], strict=True)
    # Both stretch one password; without the dummy the unknown would take a small part of that.
    assert median(unknown) > median(known) / 2


@pytest.mark.proves("D12", "D13")
def test_administrators_come_from_their_networks_only(world: World) -> None:
    world.door.house.sign_in = SignInPolicy.of_mode("test", Networks.of("10.8.0.0/16"))
    for role in (Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR):
        login = account(world, role)
        assert not enter(world, login, proof(own()), address="10.9.0.1").ok
        assert reason(world) == "ADMIN_NETWORK"
        assert enter(world, login, proof(own()), address="10.8.3.4").ok
    assert enter(world, account(world), proof(own()), address="10.9.0.1").ok


# The gateway's word

KEY = sm2.PrivateKey.fresh()
AUDIENCE = "shfg-rental-test"


def _sign(data: bytes) -> bytes:
    return sm2.sign(KEY, data)


SIMULATOR = GatewaySimulator(_sign, issuer="gateway", audience=AUDIENCE)


@pytest.fixture
def _gateway(world: World) -> None:
    world.door.house.gateway = TrustedGateway((KEY.public.hex,), "gateway", AUDIENCE, provider())


def asserted(address: str = "10.7.0.1", *, seconds: int = 60, **said: Any) -> GatewayProof:
    fingerprint = own().certificate.fingerprint
    return GatewayProof(SIMULATOR.assertion(fingerprint, address, system_now(), seconds=seconds, **said))


@pytest.mark.usefixtures("_gateway")
@pytest.mark.proves("M1", "M2")
@pytest.mark.parametrize("mode", ["test", "production"])
def test_the_gateways_assertion_and_the_password_open_a_session(world: World, mode: str) -> None:
    world.door.house.sign_in = SignInPolicy.of_mode(mode, EVERYWHERE)
    login = account(world)
    assert not enter(world, login, asserted(), "wrong-Pass-1", "10.7.0.1").ok
    assert enter(world, login, asserted(), address="10.7.0.1").ok


@pytest.mark.usefixtures("_gateway")
def test_in_production_a_signature_in_the_page_is_no_way_in(world: World) -> None:
    world.door.house.sign_in = SignInPolicy.of_mode("production", EVERYWHERE)
    assert not enter(world, account(world), proof(own())).ok
    assert reason(world) == "GW_NONE"


@pytest.mark.usefixtures("_gateway")
@pytest.mark.proves("H08")
def test_h08_an_assertion_is_used_once(world: World) -> None:
    login, shown = account(world), asserted()
    assert enter(world, login, shown, address="10.7.0.1").ok
    assert enter(world, login, shown, address="10.7.0.1").message == UNIFORM
    assert reason(world) == "GW_REPLAY"


#: Seconds stand from the moment of the test, which may come long after it was read.
WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "another audience": ("GW_AUDIENCE", {"aud": "shfg-rental-prod"}),
    "another issuer": ("GW_AUDIENCE", {"iss": "somebody"}),
    "over": ("GW_EXPIRED", {"iat": -90, "exp": -40}),
    "longer than a minute": ("GW_EXPIRED", {"iat": -1, "exp": 6000}),
    "never": ("GW_EXPIRED", {"iat": 600, "exp": 650}),
    "another address": ("GW_ADDRESS", {"ip": "10.7.0.2"}),
    "another certificate": ("CERT_BIND", {"cert_fp": "ab" * 32}),
}


@pytest.mark.usefixtures("_gateway")
@pytest.mark.proves("H08")
@pytest.mark.parametrize("name", WRONG)
def test_h08_an_assertion_that_says_the_wrong_thing_is_refused(world: World, name: str) -> None:
    expected, said = WRONG[name]
    login, now = account(world), int(system_now().timestamp())
    said = {key: now + value if key in ("iat", "exp") else value for key, value in said.items()}
    assert enter(world, login, asserted(**said), address="10.7.0.1").message == UNIFORM
    assert reason(world) == expected
    assert sessions_of(world, login) == 0


@pytest.mark.usefixtures("_gateway")
@pytest.mark.proves("H07")
@pytest.mark.parametrize("how", ["other key", "edited", "unsigned", "junk", "twice named"])
def test_h07_a_forged_assertion_is_refused(world: World, how: str) -> None:
    login, real = account(world), asserted().assertion
    first, _, last = real.partition(".")
    other = sm2.PrivateKey.fresh()
    edited = written(Payload.model_validate_json(_json(first)).model_copy(update={"ip": "10.7.0.9"}))
    twice = b64url(_json(first).replace(b'"v":1', b'"v":1,"v":1'))
    forged = {
        "other key": f"{first}.{b64url(sm2.sign(other, first.encode()))}",
        "edited": f"{edited}.{last}",
        "unsigned": f"{first}.AA",
        "junk": "eyJ2IjoxfQ",
        "twice named": f"{twice}.{b64url(_sign(twice.encode()))}",
    }[how]
    assert not enter(world, login, GatewayProof(forged), address="10.7.0.1").ok
    assert reason(world) in ("GW_SIGNATURE", "GW_FORM")


def _json(first: str) -> bytes:
    return base64.urlsafe_b64decode(first + "=" * (-len(first) % 4))


def test_without_a_gateway_an_assertion_is_worth_nothing(world: World) -> None:
    assert not enter(world, account(world), asserted(), address="10.7.0.1").ok
    assert reason(world) == "GW_NONE"
