"""The partners' handbook as a program reads it: each sample of `endpoints.md` with its sender, and the answer it is promised."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deploy.partner_tables import PAGES

_SECTION = re.compile(r"^## .+\n\n`POST /api/v1(/\S+)`(?:，沙箱里由 `([a-z0-9-]+)` 发送)?$", re.MULTILINE)
_BLOCK = r"```json\n((?:(?!```).)+?)\n```"
_SAMPLE = re.compile(
    r"^\*\*(.+?)\*\*（`(\w+)`）\n\n" + _BLOCK + r"\n\n答复(?:：错误 `(E\d{4})`| `data`：\n\n" + _BLOCK + r")"
    r"(?:\n\n其中 (.+?) 由系统给出)?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Printed:
    """A sample: the message of `sender` to `path`, and the promised answer, or `code` where it is refused."""

    name: str
    path: str
    sender: str
    message: dict[str, Any]
    code: str
    answer: dict[str, Any] | None
    varies: tuple[str, ...]


def endpoints_text() -> str:
    return (PAGES / "endpoints.md").read_text(encoding="utf-8")


def printed_samples() -> list[Printed]:
    """Every sample, in the order of the page."""
    return list(_samples(endpoints_text()))


def blocks_printed() -> int:
    """How many blocks of JSON the page has."""
    return endpoints_text().count("```json\n")


def _samples(text: str) -> Iterator[Printed]:
    heads = list(_SECTION.finditer(text))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        part = text[head.end() : after.start() if after else len(text)]
        for found in _SAMPLE.finditer(part):
            _, name, message, code, answer, varies = found.groups()
            yield Printed(
                name,
                head[1],
                head[2] or "",
                json.loads(message),
                code or "0",
                json.loads(answer) if answer else None,
                tuple(re.findall(r"`([^`]+)`", varies or "")),
            )


def without(value: Any, varies: tuple[str, ...]) -> Any:
    """An answer in which what may vary is only said to be there."""
    made = json.loads(json.dumps(value))
    for way in varies:
        _cover(made, way.split("."))
    return made


def _cover(value: Any, steps: list[str]) -> None:
    name, rest = steps[0].removesuffix("[]"), steps[1:]
    if not isinstance(value, dict) or name not in value:
        return
    if not rest:
        value[name] = f"（{type(value[name]).__name__}）"
    elif steps[0].endswith("[]"):
        for one in value[name]:
            _cover(one, rest)
    else:
        _cover(value[name], rest)
