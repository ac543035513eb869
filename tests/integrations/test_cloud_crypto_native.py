"""SM2 by the system's library: used only while it gives the published answers, and as strict as our own (G5, G9)."""

import base64
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest

from integrations.cloud_crypto import curve, der, sm2
from integrations.cloud_crypto.native import NativeSm2, open_native
from models.sealing import CryptoError
from tests.integrations import sm2_samples as samples

MESSAGE = "租赁合同备案通知书".encode()
PARTNER = sm2.PrivateKey.of(samples.PARTNER_D)


@pytest.fixture
def native() -> NativeSm2:
    """The system's library in use; where there is none, nothing here can be shown."""
    found = sm2.system_library()
    if found is None:
        pytest.skip("the system has no OpenSSL with SM2")
    return found


def test_both_ways_agree_on_every_signature(native: NativeSm2) -> None:
    for _ in range(40):
        key = sm2.PrivateKey.fresh()
        made = sm2.sign(key, MESSAGE)
        assert sm2.verify_by_us(key.public, MESSAGE, made)
        assert sm2.verify(key.public, MESSAGE, made)
        assert not sm2.verify(key.public, MESSAGE + b"x", made)
        assert not sm2.verify(sm2.PrivateKey.fresh().public, MESSAGE, made)


def test_the_published_signatures_are_accepted(native: NativeSm2) -> None:
    signature = base64.b64decode(samples.REQUEST_SIGNATURE)
    assert sm2.verify(PARTNER.public, samples.REQUEST, signature)
    assert not sm2.verify(PARTNER.public, samples.RESPONSE, signature)


@pytest.mark.parametrize("r", [0, curve.N, curve.N + 1, 1])
@pytest.mark.parametrize("s", [0, curve.N, curve.N - 1])
@pytest.mark.proves("G5")
def test_numbers_out_of_range_are_no_signature_there_either(native: NativeSm2, r: int, s: int) -> None:
    """G5."""
    assert not sm2.verify(PARTNER.public, MESSAGE, der.write_signature(r, s))


@pytest.mark.proves("G5")
def test_only_strict_der_is_a_signature_there_either(native: NativeSm2) -> None:
    """G5: OpenSSL's own reader is more lenient, so that ours comes first."""
    made = sm2.sign(PARTNER, MESSAGE)
    for spoilt in (made + b"\0", made[:-1], b"\x30\x81" + made[1:], b"", bytes.fromhex("3006020101020101")):
        assert not sm2.verify(PARTNER.public, MESSAGE, spoilt)


def test_threads_share_it(native: NativeSm2) -> None:
    failed: list[int] = []

    def work(number: int) -> None:
        key = sm2.PrivateKey.fresh()
        for _ in range(60):
            if not sm2.verify(key.public, MESSAGE, sm2.sign(key, MESSAGE)):
                failed.append(number)

    threads = [Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


class Believing(NativeSm2):
    """A library that takes every signature for good."""

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        return True


class Repeating(NativeSm2):
    """A library that signs with the same nonce for ever."""

    def sign(self, private: bytes, public: bytes, message: bytes) -> bytes:
        return sm2.sign_by_us(sm2.PrivateKey.of(private.hex()), message, _k=samples.K)


class Failing(NativeSm2):
    """A library that gives up."""

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        raise CryptoError("INTERNAL")


@pytest.mark.parametrize("wrong", [Believing, Repeating, Failing])
def test_a_library_that_gives_one_wrong_answer_is_not_used(native: NativeSm2, wrong: type[NativeSm2]) -> None:
    assert sm2.is_right(native)
    assert not sm2.is_right(wrong(native._slow))


@pytest.mark.parametrize("found", [None, Believing])
def test_without_a_right_library_ours_is_used(
    native: NativeSm2, found: type[NativeSm2] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sm2, "open_native", lambda: found(native._slow) if found else None)
    sm2.system_library.cache_clear()
    try:
        made = sm2.sign(PARTNER, MESSAGE)
        assert sm2.system_library() is None
        assert sm2.verify(PARTNER.public, MESSAGE, made)
        assert not sm2.verify(PARTNER.public, MESSAGE + b"x", made)
    finally:
        sm2.system_library.cache_clear()


@pytest.mark.proves("G9")
def test_bulk_data_never_go_through_gmssl() -> None:
    """G9: gmssl's SM3 and SM4 are a thousand times slower; what seals, digests and MACs does not even load them."""
    code = (
        "import sys, models.sealing as s; r = s.KeyRing.fresh(); f = s.Sealer(r); f.open_file(f.seal_file(b'x', 'a'), 'a')"
        "; f.index('a', 'b'); s.sm3(b''); sys.exit('gmssl' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_a_key_that_many_threads_see_for_the_first_time_is_theirs_until_they_are_through(native: NativeSm2) -> None:
    for _ in range(20):
        key = sm2.PrivateKey.fresh()
        made, told = sm2.sign(key, MESSAGE), []
        # Signing has used the key already: only a library that knows nothing yet shows the race.
        strange = open_native()
        assert strange is not None
        public, gate = bytes.fromhex(key.public.hex), Barrier(8)

        def check(strange: NativeSm2 = strange, public: bytes = public, gate: Barrier = gate) -> None:
            gate.wait()
            told.append(strange.verify(public, MESSAGE, made))  # noqa: B023

        threads = [Thread(target=check) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert told == [True] * 8
