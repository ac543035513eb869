"""Sealed files (f1): any size survives, and nothing cut, moved or forged is opened."""

import json
import secrets
from collections.abc import Callable
from io import BytesIO
from itertools import product

import pytest

from models.sealing import KeyRing, Sealer, hmac_sm3, sm3_hex
from tests.models.sealing_vectors import published, refusal

FILE = "5b0c3a3e-0f6b-7cc1-8d53-0a4b1c2d3e4f"
CHUNK = 65536


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5])
def test_a_file_of_any_size_survives_sealing(size: int) -> None:
    ours = Sealer(KeyRing.fresh())
    content = secrets.token_bytes(size)
    assert ours.open_file(ours.seal_file(content, FILE), FILE) == content


def split_file(sealed: bytes) -> tuple[bytes, list[bytes]]:
    """The head of an f1 file and its sealed chunks."""
    at = 8 + int.from_bytes(sealed[4:8], "big")
    full = 16 + CHUNK + 16 + 32
    return sealed[:at], [sealed[start : start + full] for start in range(at, len(sealed), full)]


def test_a_sealed_file_is_laid_out_as_published() -> None:
    sealed = published().seal_file(b"abc", FILE)
    head, chunks = split_file(sealed)
    assert head[:4] == b"SHF1"
    assert json.loads(head[8:]) == {
        "kid": "dek.doc.1",
        "file_id": FILE,
        "chunk": CHUNK,
        "sm3": sm3_hex(b"abc"),
        "size": 3,
    }
    signed = b"f1" + head[4:] + (0).to_bytes(8, "big") + b"\1" + chunks[0][:32]
    assert chunks[0][:16] == bytes(range(16))
    assert chunks[0][32:] == hmac_sm3(hmac_sm3(bytes(range(32)), b"SHFG/file/mac/v1"), signed)


def test_an_empty_file_is_one_empty_last_chunk() -> None:
    head, chunks = split_file(published().seal_file(b"", FILE))
    assert len(chunks) == 1
    assert len(chunks[0]) == 16 + 16 + 32
    assert refusal(lambda: published().open_file(head, FILE)) == "AUTH_FAILED"


def test_every_flipped_bit_of_a_small_file_is_refused() -> None:
    ours = published()
    sealed = ours.seal_file(b"power of attorney", FILE)
    for at, bit in product(range(len(sealed)), (0x01, 0x80)):
        changed = sealed[:at] + bytes([sealed[at] ^ bit]) + sealed[at + 1 :]
        assert refusal(ours.open_file, changed, FILE) in {"AUTH_FAILED", "KEY_NOT_FOUND"}


@pytest.mark.parametrize(
    "rearranged",
    [
        lambda chunks: chunks[:-1],
        lambda chunks: [*chunks[:-1], chunks[-1][:-1]],
        lambda chunks: [chunks[1], chunks[0], *chunks[2:]],
        lambda chunks: [chunks[0], chunks[0], *chunks[2:]],
        lambda chunks: [*chunks, chunks[-1]],
        lambda chunks: [],
        lambda chunks: [*chunks[:-1], chunks[-1] + b"\0"],
    ],
    ids=["last cut", "one byte cut", "swapped", "repeated", "appended", "none left", "one byte more"],
)
def test_cut_swapped_or_repeated_chunks_are_refused(rearranged: Callable[[list[bytes]], list[bytes]]) -> None:
    ours = published()
    head, chunks = split_file(ours.seal_file(secrets.token_bytes(3 * CHUNK), FILE))
    assert refusal(lambda: ours.open_file(head + b"".join(rearranged(chunks)), FILE)) == "AUTH_FAILED"


def test_a_file_whose_digest_is_another_is_refused_though_its_chunks_verify() -> None:
    head, chunks = split_file(published().seal_file(b"", FILE))
    header = head[8:].replace(sm3_hex(b"").encode(), sm3_hex(b"abc").encode())
    signed = b"f1" + head[4:8] + header + (0).to_bytes(8, "big") + b"\1" + chunks[0][:32]
    tag = hmac_sm3(hmac_sm3(bytes(range(32)), b"SHFG/file/mac/v1"), signed)
    assert refusal(published().open_file, head[:8] + header + chunks[0][:32] + tag, FILE) == "AUTH_FAILED"


def test_chunks_of_another_file_are_refused() -> None:
    ours = Sealer(KeyRing.fresh())
    head, chunks = split_file(ours.seal_file(b"a" * (2 * CHUNK), FILE))
    _, others = split_file(ours.seal_file(b"b" * (2 * CHUNK), FILE))
    assert refusal(lambda: ours.open_file(head + others[0] + chunks[1], FILE)) == "AUTH_FAILED"


def test_a_file_under_another_id_is_refused() -> None:
    ours = Sealer(KeyRing.fresh())
    assert refusal(lambda: ours.open_file(ours.seal_file(b"abc", FILE), FILE[:-1] + "e")) == "AUTH_FAILED"


def forged(**changes: object) -> bytes:
    facts: dict[str, object] = {"kid": "dek.doc.1", "file_id": FILE, "chunk": CHUNK, "sm3": sm3_hex(b""), "size": 0}
    header = json.dumps({**facts, **changes}).encode()
    return b"SHF1" + len(header).to_bytes(4, "big") + header + bytes(64)


@pytest.mark.parametrize(
    "sealed",
    [
        b"",
        b"SHF1",
        b"SHF1\0\0\0\0",
        b"SHF1\xff\xff\xff\xff{}",
        b"SHF2" + bytes(100),
        b"PK\3\4" + bytes(200),
        b"SHF1\0\0\1\0" + b"[" * 256,
        b"SHF1\0\0\0\2[]",
        b"SHF1\0\0\0\2{}",
        b"SHF1\0\0\0\4null",
        b"SHF1\0\0\0\2\xff\xff",
        forged(size=10**300),
        forged(size=-1),
        forged(size=True),
        forged(size="0"),
        forged(chunk=1),
        forged(chunk=0),
        forged(kid=1),
        forged(kid=["dek.doc.1"]),
        forged(sm3=1),
        forged(file_id=None),
        forged(more=1),
        forged(),
    ],
    ids=range(23),
)
def test_garbage_is_no_sealed_file(sealed: bytes) -> None:
    assert refusal(lambda: published().open_file(sealed, FILE)) == "AUTH_FAILED"


def test_a_stream_and_bytes_are_one_format() -> None:
    ours = Sealer(KeyRing.fresh())
    for size in (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5):
        content, sealed, opened = secrets.token_bytes(size), BytesIO(), BytesIO()
        ours.seal_stream(BytesIO(content), sealed, FILE)
        assert ours.open_file(sealed.getvalue(), FILE) == content
        ours.open_stream(BytesIO(ours.seal_file(content, FILE)), opened, FILE)
        assert opened.getvalue() == content


def test_no_chunk_of_a_stream_is_given_out_before_it_is_proven() -> None:
    ours, opened = Sealer(KeyRing.fresh()), BytesIO()
    content = secrets.token_bytes(2 * CHUNK)
    sealed = bytearray(ours.seal_file(content, FILE))
    sealed[-40] ^= 1
    assert refusal(lambda: ours.open_stream(BytesIO(bytes(sealed)), opened, FILE)) == "AUTH_FAILED"
    assert opened.getvalue() == content[:CHUNK]
    assert (
        refusal(lambda: ours.open_stream(BytesIO(ours.seal_file(content, FILE) + b"\0"), BytesIO(), FILE))
        == "AUTH_FAILED"
    )
