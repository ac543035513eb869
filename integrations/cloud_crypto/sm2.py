"""SM2 signatures and encryption: gmssl behind our own arithmetic, checks and nonces (security 3.3, rules G1-G7)."""

import secrets
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from hmac import compare_digest
from typing import Self

from gmssl import func
from gmssl.sm2 import CryptSM2

from integrations.cloud_crypto import curve, der
from integrations.cloud_crypto.native import NativeSm2, open_native
from models.sealing import CryptoError, sm3

USER_ID = b"1234567812345678"
#: A key and a signature of published samples (GM/T 0003.5); they protect nothing.
SAMPLE_D = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
SAMPLE_MESSAGE = b"message digest"
SAMPLE_SIGNATURE = (
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


def secret_hex(digits: int) -> str:
    """Return random hex digits from the system's generator, in place of gmssl's predictable ones."""
    return secrets.token_hex((digits + 1) // 2)[:digits]


# gmssl takes every nonce it is not given from here (G1); the self-test refuses to start if this was undone.
func.random_hex = secret_hex


@dataclass(frozen=True)
class PublicKey:
    """A point proven to lie on the curve."""

    x: int
    y: int

    def __post_init__(self) -> None:
        if not curve.on_curve((self.x, self.y)):
            raise CryptoError("BAD_INPUT")

    @classmethod
    def of(cls, text: str) -> Self:
        """The key of `04` and 128 hex digits, the only form we take."""
        if len(text) != 130 or not text.startswith("04") or not text.isascii() or not text.isalnum():
            raise CryptoError("BAD_INPUT")
        try:
            return cls(int(text[2:66], 16), int(text[66:], 16))
        except ValueError:
            raise CryptoError("BAD_INPUT") from None

    @property
    def hex(self) -> str:
        return f"04{self.x:064x}{self.y:064x}"


@dataclass(frozen=True)
class PrivateKey:
    """A private number in range; it is never printed."""

    d: int = field(repr=False)

    def __post_init__(self) -> None:
        # n - 1 signs nothing, for a signature divides by d + 1.
        if not 1 <= self.d <= curve.N - 2:
            raise CryptoError("BAD_INPUT")

    @classmethod
    def fresh(cls) -> Self:
        """A new key from the system's generator."""
        return cls(secrets.randbelow(curve.N - 2) + 1)

    @classmethod
    def of(cls, text: str) -> Self:
        """The key of 64 hex digits."""
        if len(text) != 64 or not text.isascii() or not text.isalnum():
            raise CryptoError("BAD_INPUT")
        try:
            return cls(int(text, 16))
        except ValueError:
            raise CryptoError("BAD_INPUT") from None

    @cached_property
    def public(self) -> PublicKey:
        return PublicKey(*curve.times_g(self.d))

    @property
    def hex(self) -> str:
        return f"{self.d:064x}"

    @cached_property
    def signer(self) -> "_Gmssl":
        """gmssl with this key, which is still that of its public half."""
        if curve.times_g(self.d) != (self.public.x, self.public.y):
            raise CryptoError("INTERNAL")
        return _Gmssl(self)


class _Gmssl(CryptSM2):  # type: ignore[misc]
    """gmssl's SM2 with the secret multiplication of the base point done by us."""

    def __init__(self, key: PrivateKey) -> None:
        # The constructor strips leading 0s and 4s of a public key (G2), so it gets none.
        super().__init__(key.hex, "")
        self.public_key = key.public.hex[2:]

    def _kg(self, k: int, point: str) -> str:
        if not 0 < k < curve.N or point != self.ecc_table["g"]:
            raise CryptoError("INTERNAL")
        return "{:064x}{:064x}".format(*curve.times_g(k))


def digest_of(key: PublicKey, message: bytes) -> bytes:
    """e = SM3(Z ‖ message)."""
    return sm3(_identity(key) + message)


def sign(key: PrivateKey, message: bytes) -> bytes:
    """A DER signature, verified before it is given out; by the system's library where it is right."""
    native = system_library()
    return sign_by_us(key, message) if native is None else sign_with(native, key, message)


def verify(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Return whether this key made a strict DER signature over this message."""
    native = system_library()
    return verify_by_us(key, message, signature) if native is None else verify_with(native, key, message, signature)


@cache
def system_library() -> NativeSm2 | None:
    """The system's library, if it is there and gives the published answers; found out once a process."""
    native = open_native()
    return native if native is not None and is_right(native) else None


def is_right(native: NativeSm2) -> bool:
    """Tell whether a library signs and verifies as we do; its signatures have a fresh nonce and are read by both."""
    key, made = PrivateKey.of(SAMPLE_D), bytes.fromhex(SAMPLE_SIGNATURE)
    try:
        return (
            verify_with(native, key.public, SAMPLE_MESSAGE, made)
            and not verify_with(native, key.public, b"message digesT", made)
            and verify_with(native, key.public, b"abc", sign_with(native, key, b"abc"))
            and verify_by_us(key.public, b"abc", sign_with(native, key, b"abc"))
            and verify_by_us(key.public, b"", sign_with(native, key, b""))
            and sign_with(native, key, b"abc")[:40] != sign_with(native, key, b"abc")[:40]
        )
    except CryptoError:
        return False


def sign_with(native: NativeSm2, key: PrivateKey, message: bytes) -> bytes:
    made = native.sign(bytes.fromhex(key.hex), bytes.fromhex(key.public.hex), message)
    if not verify_with(native, key.public, message, made):
        raise CryptoError("INTERNAL")
    return made


def verify_with(native: NativeSm2, key: PublicKey, message: bytes, signature: bytes) -> bool:
    return _numbers(signature) is not None and native.verify(bytes.fromhex(key.hex), message, signature)


def sign_by_us(key: PrivateKey, message: bytes, *, _k: int | None = None) -> bytes:
    """Sign by our own arithmetic, whatever library is there."""
    digest, raw = digest_of(key.public, message), None
    while raw is None:
        k = secrets.randbelow(curve.N - 1) + 1 if _k is None else _k
        if not 0 < k < curve.N:
            raise CryptoError("BAD_INPUT")
        raw = key.signer.sign(digest, f"{k:064x}")
    r, s = int(raw[:64], 16), int(raw[64:], 16)
    # Verified with what only we know: s·G + (r + s)·d·G is one multiple of G, half the work of the usual way. Its
    # negative has the same x and takes other places of the table than k did, so that one that is wrong is found out.
    x, _ = curve.times_g(-(s + (r + s) * key.d) % curve.N)
    if r != (int.from_bytes(digest, "big") + x) % curve.N:
        raise CryptoError("INTERNAL")
    return der.write_signature(r, s)


def verify_by_us(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Verify a signature by our own arithmetic, whatever library is there."""
    numbers = _numbers(signature)
    if numbers is None:
        return False
    r, s = numbers
    point = curve.sum_of_products(s, (r + s) % curve.N, (key.x, key.y))
    return point is not None and r == (int.from_bytes(digest_of(key, message), "big") + point[0]) % curve.N


def _numbers(signature: bytes) -> tuple[int, int] | None:
    """r and s in their ranges (G5); nothing else is looked at any further."""
    try:
        r, s = der.read_signature(signature)
    except CryptoError:
        return None
    return (r, s) if 0 < r < curve.N and 0 < s < curve.N and (r + s) % curve.N else None


def encrypt(key: PublicKey, plain: bytes, *, _k: int | None = None) -> bytes:
    """The DER SM2Cipher of a short secret such as a content key."""
    if not plain:
        raise CryptoError("BAD_INPUT")
    while True:
        k = secrets.randbelow(curve.N - 1) + 1 if _k is None else _k
        if not 0 < k < curve.N:
            raise CryptoError("BAD_INPUT")
        x, y = curve.times_g(k)
        shared = _shared(k, (key.x, key.y))
        stream = _stream(shared, len(plain))
        if any(stream):
            return der.write_cipher(x, y, _check(shared, plain), _xor(plain, stream))
        if _k is not None:
            raise CryptoError("BAD_INPUT")


def _shared(k: int, point: curve.Point) -> curve.Point:
    """Return k·point; recurring points, such as partners' keys, get a table."""
    return curve.times_known(k, point) if _comes_often(point) else curve.times_secret(k, point)


_OFTEN = 8


def _comes_often(point: curve.Point) -> bool:
    met = _met(point)
    met[0] += 1
    return met[0] > _OFTEN


@lru_cache(maxsize=1024)
def _met(point: curve.Point) -> list[int]:
    return [0]


def decrypt(key: PrivateKey, sealed: bytes) -> bytes:
    """The secret in a DER SM2Cipher; every cause of failure is AUTH_FAILED (G3, G4)."""
    try:
        x, y, digest, cipher = der.read_cipher(sealed)
    except CryptoError:
        raise CryptoError("AUTH_FAILED") from None
    if len(digest) != 32 or not cipher or not curve.on_curve((x, y)):
        raise CryptoError("AUTH_FAILED")
    shared = curve.times_secret(key.d, (x, y))
    stream = _stream(shared, len(cipher))
    plain = _xor(cipher, stream)
    if not compare_digest(_check(shared, plain), digest) or not any(stream):
        raise CryptoError("AUTH_FAILED")
    return plain


@lru_cache(maxsize=256)
def _identity(key: PublicKey) -> bytes:
    numbers = (curve.A, curve.B, *curve.G, key.x, key.y)
    return sm3(
        (len(USER_ID) * 8).to_bytes(2, "big") + USER_ID + b"".join(number.to_bytes(32, "big") for number in numbers)
    )


def _stream(shared: curve.Point, size: int) -> bytes:
    seed = _bytes(shared[0]) + _bytes(shared[1])
    blocks = (sm3(seed + count.to_bytes(4, "big")) for count in range(1, -(-size // 32) + 1))
    return b"".join(blocks)[:size]


def _check(shared: curve.Point, plain: bytes) -> bytes:
    return sm3(_bytes(shared[0]) + plain + _bytes(shared[1]))


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(len(one), "big")


def _bytes(number: int) -> bytes:
    return number.to_bytes(32, "big")
