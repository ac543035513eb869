"""Known-answer tests before any key is read; a wrong answer prevents the start (security 3.3)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import algorithms
from gmssl import func
from gmssl import sm2 as gmssl_sm2
from gmssl import sm3 as gmssl_sm3

from integrations.cloud_crypto import curve, sm2
from integrations.cloud_crypto.refusal import StartRefused
from models.sealing import CryptoError, FieldKey, hmac_sm3, sm3_hex
from models.sealing.formats import encrypt as sm4_cbc

# Keys and results of published samples (GM/T 0003.5, GB/T 32905, GB/T 32907); they protect nothing.
_SAMPLE = sm2.PrivateKey.of(sm2.SAMPLE_D)
_SAMPLE_K = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
_SM4_SAMPLE = bytes.fromhex("0123456789abcdeffedcba9876543210")
_PLACE = "tenant|id_no|018f3c1e-7a2b-7c3d-9e4f-5a6b7c8d9e0f"
_E1 = (
    "e1:dek.pii.1:AAECAwQFBgcICQoLDA0ODw:QpXA9cC0HgxmTrOCBRY-SFmO7QtI-76ASRVlbx2q8kU"
    ":OKXiWmSXuFpclf2DG7KjcWFdbA617W1CchmVtFOQe4M"
)


@dataclass(frozen=True)
class KnownAnswer:
    """A computation and the only result it may have."""

    name: str
    compute: Callable[[], object]
    expected: object


def self_test(answers: Iterable[KnownAnswer] | None = None) -> None:
    """Return only if every answer of ours is right; the system's library is used when all of its are right too."""
    for answer in KNOWN_ANSWERS if answers is None else answers:
        try:
            right = answer.compute() == answer.expected
        except CryptoError:
            right = False
        if not right:
            raise StartRefused(f"密码自检未通过（{answer.name}），不能启动，请检查密码库的版本与完整性")
    sm2.system_library()


def _refused(act: Callable[[], object]) -> str:
    try:
        act()
    except CryptoError as error:
        return error.code
    return ""


def _opens_tampered_cipher() -> str:
    sealed = bytearray(sm2.encrypt(_SAMPLE.public, bytes(range(48))))
    sealed[-1] ^= 1
    return _refused(lambda: sm2.decrypt(_SAMPLE, bytes(sealed)))


def _gmssl_curve() -> tuple[int, ...]:
    table = gmssl_sm2.default_ecc_table
    numbers = (table["p"], table["n"], table["a"], table["b"], table["g"][:64], table["g"][64:])
    return tuple(int(number, 16) for number in numbers)


_FIELD = FieldKey("dek.pii.1", bytes(range(32)))

KNOWN_ANSWERS = (
    KnownAnswer("SM3", lambda: sm3_hex(b"abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    KnownAnswer("SM3 对照", lambda: gmssl_sm3.sm3_hash(list(b"abc")), sm3_hex(b"abc")),
    KnownAnswer(
        "SM4",
        lambda: sm4_cbc(algorithms.SM4(_SM4_SAMPLE), bytes(16), _SM4_SAMPLE)[:16].hex(),
        "681edf34d206965e86b3e94f536e4246",
    ),
    KnownAnswer(
        "HMAC-SM3",
        lambda: hmac_sm3(bytes(range(0x20, 0x40)), b"id_no\x0011010519491231002X").hex(),
        "630358851ce011cfb281d58d3ea82fd7113e44be906b53182ff5e70f7cad755b",
    ),
    KnownAnswer("字段加密", lambda: _FIELD.seal(b"11010519491231002X", _PLACE, bytes(range(16))), _E1),
    KnownAnswer("字段解密", lambda: _FIELD.open(_E1, _PLACE), b"11010519491231002X"),
    KnownAnswer("字段防篡改", lambda: _refused(lambda: _FIELD.open(_E1[:-1] + "A", _PLACE)), "AUTH_FAILED"),
    KnownAnswer("SM2 曲线参数", _gmssl_curve, (curve.P, curve.N, curve.A, curve.B, *curve.G)),
    KnownAnswer("SM2 随机数来源", lambda: func.random_hex is sm2.secret_hex, True),
    KnownAnswer(
        "SM2 签名", lambda: sm2.sign_by_us(_SAMPLE, sm2.SAMPLE_MESSAGE, _k=_SAMPLE_K).hex(), sm2.SAMPLE_SIGNATURE
    ),
    KnownAnswer(
        "SM2 验签",
        lambda: [
            sm2.verify_by_us(_SAMPLE.public, message, bytes.fromhex(sm2.SAMPLE_SIGNATURE))
            for message in (sm2.SAMPLE_MESSAGE, b"message digesT")
        ],
        [True, False],
    ),
    KnownAnswer(
        "SM2 加解密",
        lambda: sm2.decrypt(_SAMPLE, sm2.encrypt(_SAMPLE.public, bytes(range(48)))),
        bytes(range(48)),
    ),
    KnownAnswer("SM2 密文防篡改", _opens_tampered_cipher, "AUTH_FAILED"),
    KnownAnswer("SM2 公钥检查", lambda: _refused(lambda: sm2.PublicKey(1, 1)), "BAD_INPUT"),
)
