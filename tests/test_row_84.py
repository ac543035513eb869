"""Row 84: who signs in, what travels, what the hosts log: all three on the cloud's gateway and crypto services."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlmodel import col, select

from integrations.cloud_crypto import contract, sm2
from integrations.cloud_crypto.local_authority import Issued
from integrations.gateway.assertions import TrustedGateway
from integrations.gateway.simulator import GatewaySimulator
from integrations.wire.exchange.envelopes import open_envelope, seal_envelope
from models.access import Account
from models.alarms import Alarm
from models.audit import AuditEvent
from models.operations import DeviceManifest
from models.sealing import CryptoError
from services.access.factors import CertificateProof, GatewayProof, new_challenge
from services.access.sign_in import UNIFORM, SignedIn, SignIn, sign_in
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.networks import EVERYWHERE, SignInPolicy
from services.operations.device import CollectDevice, collect_device
from services.ports.place import HostTarget, Place
from tests.cloud import CloudWorld, cloud_world
from tests.services.access.hands import PASSWORD, chosen, granted, made

ADDRESS = "10.8.0.7"
pytestmark = pytest.mark.row(84)


@pytest.fixture(scope="module")
def cloud(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudWorld]:
    with cloud_world(database_url, tmp_path_factory.mktemp("row84")) as running:
        yield running


class Person:
    """Somebody with an account, a certificate of the cloud's authority bound to it, and a password of his own."""

    def __init__(self, cloud: CloudWorld) -> None:
        self.cloud = cloud
        self.account = made(cloud.world)
        chosen(cloud.world, self.account)
        granted(cloud.world, self.account.account_id)
        self.certificate = cloud.certificate(self.account.login)
        fingerprint = self.certificate.certificate.fingerprint
        cloud.world.rewrite(Account, col(Account.id) == self.account.account_id, cert_fingerprint=fingerprint)

    def enter(self, proof: CertificateProof | GatewayProof | None, password: str = "") -> SignedIn:
        order = SignIn(self.account.login, password or PASSWORD, ADDRESS, proof=proof)
        return self.cloud.world.door.perform(sign_in, SYSTEM, order)

    def signed(self, certificate: Issued | None = None) -> CertificateProof:
        """The challenge signed with a certificate's key, as the user's terminal does."""
        shown, challenge = (
            certificate or self.certificate,
            new_challenge(self.cloud.world.door.house.sealer, system_now()),
        )
        signature = base64.b64encode(sm2.sign(shown.key, challenge.encode())).decode()
        return CertificateProof(challenge, shown.der, signature)

    def why(self) -> str:
        """The audit's reason for the last refusal."""
        told = select(AuditEvent.body).where(AuditEvent.event == "AUTH.FAIL").order_by(col(AuditEvent.seq).desc())
        body = self.cloud.world.read(lambda work: work.session.exec(told.limit(1)).one())
        return str(json.loads(body)["rsn"])


@pytest.mark.proves("M1", "D04", "H04", "H05")
def test_certificate_bound_to_the_account_and_password_together_let_a_user_in(cloud: CloudWorld) -> None:
    person, other = Person(cloud), Person(cloud)
    assert person.enter(person.signed()).ok
    for proof, password, reason in (
        (None, "", "CERT_NONE"),
        (person.signed(), "Wrong-2026#word", "PASSWORD"),
        (person.signed(other.certificate), "", "CERT_BIND"),
    ):
        refused = person.enter(proof, password)
        assert (refused.ok, refused.message) == (False, UNIFORM)
        assert person.why() == reason
    cloud.authority.revoke(person.certificate.certificate, system_now())
    assert not person.enter(person.signed()).ok
    assert person.why() == "CERT_REVOKED"


@pytest.mark.proves("M1", "H08")
def test_the_gateways_word_counts_once_for_us_and_from_its_own_key_only(cloud: CloudWorld) -> None:
    key, stranger = sm2.PrivateKey.fresh(), sm2.PrivateKey.fresh()
    house = cloud.world.door.house
    house.gateway = TrustedGateway((key.public.hex,), "gateway", "shfg-rental-test", house.crypto)
    house.sign_in = SignInPolicy(assertion_only=True, admin_networks=EVERYWHERE)
    person = Person(cloud)
    fingerprint = person.certificate.certificate.fingerprint

    def word(signer: sm2.PrivateKey, audience: str = "shfg-rental-test") -> GatewayProof:
        gateway = GatewaySimulator(lambda text: sm2.sign(signer, text), issuer="gateway", audience=audience)
        return GatewayProof(gateway.assertion(fingerprint, ADDRESS, system_now()))

    said = word(key)
    assert person.enter(said).ok
    for proof, reason in (
        (said, "GW_REPLAY"),
        (word(stranger), "GW_SIGNATURE"),
        (word(key, "somebody-else"), "GW_AUDIENCE"),
        (person.signed(), "GW_NONE"),
    ):
        assert not person.enter(proof).ok
        assert person.why() == reason
    house.sign_in, house.gateway = SignInPolicy.of_mode("demo", EVERYWHERE), None


@pytest.mark.proves("M2", "H58", "H59")
def test_what_travels_is_sealed_to_its_receiver_and_any_change_is_noticed(cloud: CloudWorld) -> None:
    number = "310101199901010018"
    plain = json.dumps({"name": "陈晓明", "id_no": number}, ensure_ascii=False).encode()
    kid = next(key.kid for key in cloud.provider.keys("enc") if key.state == "active")
    text = seal_envelope(cloud.provider, cloud.provider.public_key(kid), kid, "gjj", "shenfang", str(uuid4()), plain)
    assert number not in text
    assert "陈晓明" not in text
    assert open_envelope(cloud.provider, text, "gjj", "shenfang") == plain
    parts = json.loads(text)
    for name in ("ek", "iv", "ct", "tag"):
        bits = bytearray(base64.b64decode(parts[name]))
        bits[-1] ^= 1
        spoilt = text.replace(parts[name], base64.b64encode(bytes(bits)).decode())
        with pytest.raises(CryptoError, match="AUTH_FAILED"):
            open_envelope(cloud.provider, spoilt, "gjj", "shenfang")
    with pytest.raises(CryptoError, match="AUTH_FAILED"):
        open_envelope(cloud.provider, text, "gjj", "somebody-else")


@pytest.mark.proves("M2")
def test_a_request_to_the_cloud_that_was_changed_on_its_way_is_refused(cloud: CloudWorld) -> None:
    service, nonce = cloud.cloud.service, uuid4().hex
    stamp = str(int(system_now().timestamp() * 1000))
    body = json.dumps(
        {"reqId": "r1", "keyId": "sig.doc", "signMethod": contract.SIGN_METHOD, "inData": "YQ=="}
    ).encode()
    headers = {
        "X-Client-Id": cloud.cloud.CLIENT,
        "X-Timestamp": stamp,
        "X-Nonce": nonce,
        "X-Client-MAC": contract.client_mac(service.secret, contract.SIGN, stamp, nonce, body),
    }

    def answer(content: bytes) -> int:
        return int(httpx.post(service.url + contract.SIGN, content=content, headers=headers).json()["respValue"])

    assert answer(body.replace(b"YQ==", b"Yg==")) == 1002
    assert answer(body) == 0
    assert answer(body) == 1003


@pytest.mark.proves("M3")
def test_a_changed_log_and_a_changed_access_setting_are_found_and_the_list_is_signed_by_the_cloud(
    cloud: CloudWorld, tmp_path: Path
) -> None:
    host, root = f"h{uuid4().hex[:10]}", tmp_path / "host"
    for place, content in (
        ("var/log/auth.log.1", "sshd: session opened\n" * 40),
        ("etc/sudoers", "root ALL=(ALL) ALL\n"),
    ):
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(content)
    target = HostTarget(host, ("/var/log/*.log.[0-9]",), ("/etc/sudoers",), root)
    cloud.world.door.house.folders = Place(tmp_path / "data", tmp_path / "backups", targets=(target,))
    perform = cloud.world.door.perform
    assert perform(collect_device, SYSTEM, CollectDevice(host)) == ()
    listed = select(DeviceManifest).where(DeviceManifest.host == host)
    row = cloud.world.read(lambda work: work.session.exec(listed).one())
    body = (tmp_path / "data" / "device" / host / "manifests" / row.file_name).read_bytes()
    assert cloud.provider.verify(row.kid, body, row.signature)
    assert not cloud.provider.verify(row.kid, body + b" ", row.signature)

    (root / "etc/sudoers").write_text("root ALL=(ALL) ALL\nmallory ALL=(ALL) NOPASSWD: ALL\n")
    kept = next((tmp_path / "data" / "device" / host / "logs").iterdir())
    kept.chmod(0o600)
    kept.write_text(kept.read_text().replace("opened", "closed", 1))
    problems = perform(collect_device, SYSTEM, CollectDevice(host))
    assert any("/etc/sudoers" in problem for problem in problems)
    assert any("auth.log.1" in problem for problem in problems)
    raised = select(Alarm).where(Alarm.alarm_code == "DEV.TAMPER", Alarm.object_key == host)
    assert cloud.world.read(lambda work: work.session.exec(raised).one())
