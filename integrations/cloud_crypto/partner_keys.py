"""A partner's own SM2 keys in its simulator: a pair that signs, a pair that opens envelopes (security 4)."""

import base64
import json
import os
from contextlib import suppress
from pathlib import Path

from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.provider import signature_bytes
from integrations.cloud_crypto.published_keys import published_key
from integrations.wire.exchange.envelopes import open_envelope, seal_envelope
from models.sealing import CryptoError


class PartnerKeys:
    """Both key pairs of a partner, used by the functions that open and seal the product's envelopes."""

    def __init__(self, app_id: str, signing: sm2.PrivateKey, opening: sm2.PrivateKey) -> None:
        self.app_id = app_id
        self._signing, self._opening = signing, opening
        # A name is a key's for ever: another key gets another one.
        self.sig_kid = f"{app_id}.sig.{self.sig_public[2:8]}"
        self.enc_kid = f"{app_id}.enc.{self.enc_public[2:8]}"

    def __repr__(self) -> str:
        return f"PartnerKeys({self.app_id!r})"

    @property
    def sig_public(self) -> str:
        """`04` and 128 hex digits."""
        return self._signing.public.hex

    @property
    def enc_public(self) -> str:
        """`04` and 128 hex digits."""
        return self._opening.public.hex

    def sign(self, message: bytes) -> str:
        """Base64 of the DER signature."""
        return base64.b64encode(sm2.sign(self._signing, message)).decode()

    def seal(self, public_key: str, kid: str, receiver: str, mid: str, plain: bytes) -> str:
        """The envelope of a message to the holder of `public_key`; `mid` is used once."""
        return seal_envelope(self, public_key, kid, self.app_id, receiver, mid, plain)  # type: ignore[arg-type]

    def open(self, text: str, sender: str) -> bytes:
        """Open an envelope that `sender` sealed to this partner, or raise AUTH_FAILED."""
        return open_envelope(self, text, sender, self.app_id)  # type: ignore[arg-type]

    def verify_peer(self, public_key: str, data: bytes, sig_b64: str) -> bool:
        """Return whether a key made a signature."""
        return sm2.verify(sm2.PublicKey.of(public_key), data, signature_bytes(sig_b64))

    def seal_key(self, public_key: str, secret: bytes) -> bytes:
        """Encrypt a short secret to a key, as DER SM2Cipher."""
        return sm2.encrypt(sm2.PublicKey.of(public_key), secret)

    def open_key(self, kid: str, sealed: bytes) -> bytes:
        """Decrypt a secret that was encrypted to this partner, or raise AUTH_FAILED."""
        if kid != self.enc_kid:
            raise CryptoError("AUTH_FAILED")
        return sm2.decrypt(self._opening, sealed)

    @property
    def secrets(self) -> dict[str, str]:
        """Return the private numbers as 64 hex digits; only the sandbox shows its own."""
        return {"sig": self._signing.hex, "enc": self._opening.hex}


def sandbox_keys(app_id: str) -> PartnerKeys:
    """Return the TEST-ONLY keys of a sandbox partner, identical on every installation."""
    return PartnerKeys(app_id, published_key(app_id, "sig"), published_key(app_id, "enc"))


def kept_keys(folder: Path, app_id: str) -> PartnerKeys:
    """A simulator's keys of this installation; made at its first start and kept in a folder only its owner reads."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{app_id}.json"
    if not path.exists():
        fresh = {"sig": sm2.PrivateKey.fresh().hex, "enc": sm2.PrivateKey.fresh().hex}
        made = path.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(json.dumps(fresh))
        # Two processes that start together agree on whose file came first.
        with suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    kept = json.loads(path.read_text())
    return PartnerKeys(app_id, sm2.PrivateKey.of(kept["sig"]), sm2.PrivateKey.of(kept["enc"]))
