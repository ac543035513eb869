"""JSON from outside: one reading, a code for each refusal, and bounds before anything is built (H31-H35)."""

import json
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.wire.strict_json import MAX_BYTES, BadJson, loads_strict

SECRET = "310101199001011237"


def fault(data: bytes) -> tuple[str, int]:
    with pytest.raises(BadJson) as refused:
        loads_strict(data)
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None
    return refused.value.fault, refused.value.status


@pytest.mark.proves("H31", "H32", "H34", "D14")
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a": "%s"' % SECRET.encode(), ("SYNTAX", 400)),
        (b"", ("SYNTAX", 400)),
        (b"{} {}", ("SYNTAX", 400)),
        (b"{'a': 1}", ("SYNTAX", 400)),
        (b'{"a": 1,}', ("SYNTAX", 400)),
        (b'{"a": 01}', ("SYNTAX", 400)),
        (b'{"a": "\x00"}', ("SYNTAX", 400)),
        (b"\xef\xbb\xbf{}", ("BOM", 400)),
        ('{"a": 1}'.encode("utf-16"), ("BOM", 400)),
        (b'{"a": "\xff"}', ("NOT_UTF8", 400)),
        (b'{"a": "\xc0\xaf"}', ("NOT_UTF8", 400)),
        (b'{"a": "\xed\xa0\x80"}', ("NOT_UTF8", 400)),
        (b'{"a": 1, "b": 2, "a": 3}', ("DUPLICATE_KEY", 400)),
        (b'{"x": {"a": 1, "\\u0061": 3}}', ("DUPLICATE_KEY", 400)),
        (b'{"a": NaN}', ("CONSTANT", 422)),
        (b'[Infinity, "x"]', ("CONSTANT", 422)),
        (b'{"a": -Infinity}', ("CONSTANT", 422)),
        (b'{"a": 1e309}', ("NUMBER", 422)),
        (b'{"a": 9007199254740993}', ("NUMBER", 422)),
        (b'{"a": -9007199254740993}', ("NUMBER", 422)),
        (b'{"a": 1' + b"0" * 40 + b"}", ("NUMBER", 422)),
        (b'{"a": ' + b"9" * 100_000 + b"}", ("NUMBER", 422)),
        (b'{"a": 0.' + b"1" * 100_000 + b"}", ("NUMBER", 422)),
        (b'{"a": "\\ud800"}', ("SURROGATE", 400)),
        (b'["\\uDC00\\ud800"]', ("SURROGATE", 400)),
        (b'{"\\udfff": 1}', ("SURROGATE", 400)),
    ],
)
def test_a_text_with_two_readings_is_refused_with_its_code_h31_h35(data: bytes, expected: tuple[str, int]) -> None:
    assert fault(data) == expected


@pytest.mark.proves("H31")
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a": "' + b"x" * (10 << 20) + b'"}', "TOO_LARGE"),
        (b"[" * 10_000 + b"]" * 10_000, "TOO_DEEP"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "TOO_DEEP"),
        (b"{" + b",".join(b'"%d":1' % number for number in range(80_000)) + b"}", "TOO_MANY"),
        (b"[" + b"[]," * 300_000 + b"1]", "TOO_MANY"),
        (b'"' + b'\\"' * 500_000, "SYNTAX"),
        (b'{"a"' * 200_000, "TOO_DEEP"),
    ],
)
def test_a_bomb_is_refused_before_anything_is_built_h31(data: bytes, expected: str) -> None:
    tracemalloc.start()
    assert fault(data)[0] == expected
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * MAX_BYTES


def test_brackets_and_commas_inside_strings_do_not_count() -> None:
    text = '{"a": "' + '[{,\\"' * 30_000 + '"}'
    assert loads_strict(text.encode()) == json.loads(text)


def test_the_limits_themselves_pass() -> None:
    assert loads_strict(b"[" * 20 + b"]" * 20) == json.loads("[" * 20 + "]" * 20)
    assert loads_strict(b'{"a": 9007199254740992, "b": -1, "c": -0}') == {"a": 2**53, "b": -1, "c": 0}
    assert loads_strict(b'"' + b"x" * (MAX_BYTES - 2) + b'"') == "x" * (MAX_BYTES - 2)


def test_rare_characters_and_paired_escapes_pass() -> None:
    assert loads_strict('["𠀀", "\\ud840\\udc00"]'.encode()) == ["𠀀", "𠀀"]


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_VALUES)
def test_what_is_well_formed_is_read_like_everybody_reads_it(value: object) -> None:
    assert loads_strict(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_refusal(data: bytes) -> None:
    with suppress(BadJson):
        loads_strict(data)
