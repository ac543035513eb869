"""Having a release signed by the cloud's signature service: the private key never leaves it (security.md 8.3, row 85)."""

from typing import Any

from integrations.cloud_crypto import contract, sm2
from integrations.cloud_crypto.line import Line, Service
from integrations.cloud_crypto.provider import signature_bytes
from models.sealing import CryptoError


class ReleaseSigner:
    """A signing key of the service, by its name there, used through the release machine's own client."""

    def __init__(self, service: Service, key: str) -> None:
        self._line, self._key = Line(service), key
        self.public = self._line.ask(contract.EXPORT_CERT, {"keyId": key}, _public)

    def sign(self, body: bytes) -> bytes:
        """The signature in DER, believed only when it is that of the key the service has shown before."""

        def read(_: str, reply: dict[str, Any]) -> bytes:
            made = signature_bytes(str(reply["signature"]))
            if not sm2.verify(sm2.PublicKey.of(self.public), body, made):
                raise ValueError("not a signature of this key")
            return made

        order = {"keyId": self._key, "signMethod": contract.SIGN_METHOD, "inData": contract.b64(body)}
        signature: bytes = self._line.ask(contract.SIGN, order, read)
        return signature

    def close(self) -> None:
        """Give the connection back."""
        self._line.close()


def _public(_: str, reply: dict[str, Any]) -> str:
    try:
        return sm2.PublicKey.of(str(reply["publicKey"])).hex
    except CryptoError as problem:
        raise ValueError("not a public key") from problem
