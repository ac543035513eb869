"""Strict JSON: any text that two parsers could read differently is refused (H31-H35)."""

import json
import math
import re
from typing import Any, Literal, NoReturn

MAX_BYTES = 1 << 20
MAX_DEPTH = 20
#: Members and elements of one text; no message of ours or of a partner's comes near.
MAX_ITEMS = 50_000

JsonFault = Literal[
    "TOO_LARGE",
    "BOM",
    "NOT_UTF8",
    "TOO_DEEP",
    "TOO_MANY",
    "SYNTAX",
    "DUPLICATE_KEY",
    "CONSTANT",
    "NUMBER",
    "SURROGATE",
]
_STATUS: dict[JsonFault, int] = {"TOO_LARGE": 413, "TOO_MANY": 413, "CONSTANT": 422, "NUMBER": 422}
# A string runs to its end or to the end of the text: tried again from inside itself it would take quadratic time.
_SIGN = re.compile(rb'"(?:[^"\\]+|\\.)*+"?|[\[{}\],]', re.DOTALL)
_LONGEST_NUMBER = 40
#: Beyond it two programs read two different whole numbers.
_LARGEST_INTEGER = 2**53
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class BadJson(ValueError):
    """Raised for a refused text; `fault` says why without repeating it. `status` is its HTTP status."""

    def __init__(self, fault: JsonFault) -> None:
        super().__init__(fault)
        self.fault: JsonFault = fault
        self.status = _STATUS.get(fault, 400)


def loads_strict(
    data: bytes, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH, max_items: int = MAX_ITEMS
) -> object:
    """The value of a JSON text, or `BadJson`. Time and memory are bounded by `max_bytes`, before anything is parsed."""
    if len(data) > max_bytes:
        raise BadJson("TOO_LARGE")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise BadJson("BOM")
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise BadJson("NOT_UTF8") from None
    _measure(data, max_depth, max_items)
    try:
        value: object = json.loads(
            text,
            object_pairs_hook=_members,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_float,
        )
        if _ESCAPED_SURROGATE.search(data):
            json.dumps(value, ensure_ascii=False).encode()
    except BadJson:
        raise
    except UnicodeEncodeError:
        raise BadJson("SURROGATE") from None
    except ValueError:
        # The cause would carry the text.
        raise BadJson("SYNTAX") from None
    return value


def _measure(data: bytes, max_depth: int, max_items: int) -> None:
    depth = items = 0
    for found in _SIGN.finditer(data):
        sign = found[0]
        if sign in b"[{":
            depth, items = depth + 1, items + 1
            if depth > max_depth:
                raise BadJson("TOO_DEEP")
        elif sign in b"]}":
            depth -= 1
        elif sign == b",":
            items += 1
        if items > max_items:
            raise BadJson("TOO_MANY")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadJson("DUPLICATE_KEY")
    return members


def _constant(_: str) -> NoReturn:
    raise BadJson("CONSTANT")


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER or abs(number := int(text)) > _LARGEST_INTEGER:
        raise BadJson("NUMBER")
    return number


def _float(text: str) -> float:
    if len(text) > _LONGEST_NUMBER or not math.isfinite(number := float(text)):
        raise BadJson("NUMBER")
    return number
