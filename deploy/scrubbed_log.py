"""Lines of the log without a person, an account, an address or a secret, for a file that leaves the installation.

What may stay is listed, not what must go: Chinese words that the program's own code says, short numbers, names of the code.
"""

import json
import re
from collections.abc import Iterable, Iterator, Set
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Parts of the program whose words may stand in a log; the demo's people and the tests are none of it.
SPEAKING = ("models", "services", "integrations", "printing", "ui", "deploy")
SILENT = {"demo", "data", "sandbox", "replays", "supply", "handover", "alembic"}
MASK = "※"

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff·]+")
#: The code has addresses as examples.
_STREET = re.compile("(?:路|街|大道|弄)$")
_WORD = re.compile(r"[A-Za-z0-9_.+/=%@:~-]+")
_REQUEST = re.compile(r"\[[0-9a-f]{32}\]")
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*")
_FRAME = re.compile(r'\s*File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<function>[\w<>]+)')
_EXCEPTION = re.compile(r"(?P<kind>[A-Za-z_][\w.]*(?:Error|Exception|Refusal|Interrupt|Warning|Timeout\w*)): .*")
_DIGITS = re.compile(r"\d{6,}")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
#: A name of the code or a file of the program: lower case, CamelCase or capitals, joined by dots, lines and strokes.
_PART = r"(?:[a-z_]{1,24}|(?:[A-Z][a-z]{1,15}){1,4}|[A-Z_]{1,20})"
_NAME = re.compile(rf"{_PART}(?:[._/:-]{_PART}){{0,8}}\d{{0,3}}[.:,;]?")


def scrubbed(lines: Iterable[str], logins: Set[str]) -> Iterator[str]:
    """Give each line with its time, level, logger and request id, and of its message only what may stay."""
    for line in lines:
        if line.startswith("{"):
            try:
                yield _scrubbed_object(json.loads(line), logins)
                continue
            except ValueError:
                pass
        yield _scrubbed_line(line.rstrip("\n"), logins)


def _scrubbed_object(line: dict[str, object], logins: Set[str]) -> str:
    kept = {name: line[name] for name in ("at", "level", "logger", "request_id", "process") if name in line}
    told = {name: _words(str(line[name]), logins) for name in ("message", "exception") if name in line}
    return json.dumps(kept | told, ensure_ascii=False)


def _scrubbed_line(line: str, logins: Set[str]) -> str:
    if frame := _FRAME.fullmatch(line):
        # Where the program lies on the disk is no matter; the code of the line may quote a value.
        place = "/".join(Path(frame["file"]).parts[-3:])
        return f"  {place}:{frame['line']} {frame['function']}"
    if problem := _EXCEPTION.fullmatch(line):
        return f"{problem['kind']}: {MASK}"
    if line.startswith("    "):
        return f"    {MASK}"
    moment = _MOMENT.match(line)
    head = moment[0] if moment else ""
    request = _REQUEST.search(line)
    body = _REQUEST.sub("", line[len(head) :]).rstrip()
    return head + _words(body, logins) + (f" {request[0]}" if request else "")


def _words(text: str, logins: Set[str]) -> str:
    text = _HAN.sub(lambda run: run[0] if run[0] in _own_words() and not _STREET.search(run[0]) else MASK, text)
    return _WORD.sub(lambda word: _word(word[0], logins), text)


def _word(word: str, logins: Set[str]) -> str:
    if word.strip(".:,;=").lower() in logins or "@" in word or "://" in word or "=" in word.strip("="):
        return MASK
    if _ADDRESS.search(word) or _DIGITS.search(word):
        return MASK
    if re.fullmatch(r"[\d.,:%/+-]+", word) or _NAME.fullmatch(word):
        return word
    return word if len(word) <= 12 and not re.search(r"[/=%~]", word) else MASK


@cache
def _own_words() -> frozenset[str]:
    """Every run of Chinese characters in the program's code and declarations. A part of one is no word of its own: it may be a name."""
    found: set[str] = set()
    for part in SPEAKING:
        for path in (ROOT / part).rglob("*"):
            if path.suffix in {".py", ".toml"} and not SILENT & set(path.relative_to(ROOT).parts):
                found.update(_HAN.findall(path.read_text(encoding="utf-8")))
    return frozenset(found)
