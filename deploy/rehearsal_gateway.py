"""The gateway of the training rooms: client certificates of an authority of its own, and the assertions that production asks for.

nginx verifies a browser's certificate and asks this process, which signs what the real gateway would say of it.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.local_authority import key_file, read_key
from integrations.gateway.contract import HEADER
from integrations.gateway.simulator import GatewaySimulator
from models.sealing import sm3_hex
from services.engine.clock import system_now

#: Accounts of the demo that get a certificate: one of each desk and the three administrators.
LOGINS = ("huamu01", "pudong01", "pdju01", "shi01", "huyu01", "pdshen01", "shishen01", "shenpu01", "binjiang01")
ADMINISTRATORS = ("xitong01", "anquan01", "shenji01")
DAYS = 365
_PASSWORD, _KEY, AUTHORITY = "password.txt", "assertions.key", "authority.pem"


@dataclass(frozen=True)
class TrainingGateway:
    """Certificates and keys in a folder; made once and kept when rooms are reset."""

    folder: Path

    @property
    def password(self) -> str:
        """The password of the files and of the accounts that have one."""
        return (self.folder / _PASSWORD).read_text(encoding="utf-8").strip()

    @property
    def key(self) -> sm2.PrivateKey:
        return read_key((self.folder / _KEY).read_bytes())

    @property
    def authority(self) -> Path:
        return self.folder / AUTHORITY

    def make(self) -> None:
        """Make the authority, a certificate for each login, the key of assertions and the password, unless they are there."""
        if self.authority.exists():
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self.folder / _PASSWORD, f"Peixun-{secrets.token_hex(5)}\n".encode())
        _write(self.folder / _KEY, key_file(sm2.PrivateKey.fresh()).encode())
        own = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "申房培训证书机构")])
        authority = (
            _begun(name, name, own)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(own, hashes.SHA256())
        )
        for login in (*LOGINS, *ADMINISTRATORS):
            key = ec.generate_private_key(ec.SECP256R1())
            subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, login)])
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
            made = _begun(subject, name, key).add_extension(usage, critical=False).sign(own, hashes.SHA256())
            sealing = serialization.BestAvailableEncryption(self.password.encode())
            packed = pkcs12.serialize_key_and_certificates(login.encode(), key, made, [authority], sealing)
            _write(self.folder / f"{login}.p12", packed)
            _write(self.folder / f"{login}.der", made.public_bytes(serialization.Encoding.DER))
        # The last, so that a folder with it is whole.
        _write(self.authority, authority.public_bytes(serialization.Encoding.PEM))

    def fingerprints(self) -> tuple[tuple[str, str], ...]:
        """Return the logins and the digests of their certificates, as a binding keeps them."""
        return tuple(
            (login, sm3_hex((self.folder / f"{login}.der").read_bytes())) for login in (*LOGINS, *ADMINISTRATORS)
        )

    def serve(self, port: int, audience: str) -> None:
        """Answer nginx: the assertion for a certificate that it has verified, nothing for any other."""
        key = self.key
        says = GatewaySimulator(lambda text: sm2.sign(key, text), issuer="gateway", audience=audience)

        class Answers(BaseHTTPRequestHandler):
            """A question of nginx about one request for the sign-in page."""

            def do_GET(self) -> None:
                self.send_response(204)
                if self.headers.get("X-Client-Verify") == "SUCCESS":
                    pem = unquote(self.headers.get("X-Client-Certificate", ""))
                    shown = x509.load_pem_x509_certificate(pem.encode())
                    digest = sm3_hex(shown.public_bytes(serialization.Encoding.DER))
                    address = self.headers.get("X-Client-Address", "")
                    said = {"cert_issuer": shown.issuer.rfc4514_string(), "cert_sn": f"{shown.serial_number:x}"}
                    self.send_header(HEADER, says.assertion(digest, address, system_now(), **said))  # type: ignore[arg-type]
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Keep silent: rooms write their own audit."""

        ThreadingHTTPServer(("127.0.0.1", port), Answers).serve_forever()


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=DAYS))
    )


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
