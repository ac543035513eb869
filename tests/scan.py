"""The scan at the end (H76): no personal datum, password, token or key lies in clear in anything the run left behind.

What is looked for is what the demo's files name and what this run itself sealed, indexed, hashed or issued. Each test
database is looked through before it is dropped, each started server's folder when it ends, and what tests logged or were
shown as errors when the run is over. What was found is told at the end, by its place and never by its value.
"""

import base64
import csv
import json
import logging
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import psycopg
import pytest
import sqlalchemy as sa

from models.dialect import normal_url
from models.sealing import KeyRing, Sealer

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "deploy" / "data"
HOME = "SHENFANG_TEST_HOME"

_PHONE = re.compile(rb"(?<![0-9A-Za-z.])1[3-9][0-9]{9}(?![0-9A-Za-z.])")
#: A number of a person. One that begins with eight times the same digit is a made one, and stands in padded digests too.
_NUMBER = re.compile(r"(?!(.)\1{7})[0-9]{15,}[Xx]?")
_ID = re.compile(r"(?<![0-9])[1-8][0-9]{16}[0-9Xx](?![0-9])")
#: The least and the greatest byte of a run, and how long it is at least.
_DIGITS, _HAN = (0x30, 0x39, 11), (0x80, 0xFF, 9)
_ESCAPED = re.compile(rb"\\u([0-9a-f]{4})")
#: So many first characters of a number are looked up before the whole of it is.
_HEAD = 8
_PRIVATE_KEY = b"PRIVATE KEY-----"
#: How a run ends in which something was found.
FOUND = 7
ERROR_PAGES, _TRACE = "error-pages", b"Traceback (most recent call last)"
#: Firms, offices and roads are no persons, though some of them are parties.
_NO_PERSON = re.compile("公司|中心|银行|集团|学校|机构|合作社|社区|大学|事务所|企业|租赁|路|街|镇|局|所$|测试|某")
#: The demo offers its accounts by name wherever it asks to sign in.
_DEMO_ACCOUNTS = re.compile(r'<section aria-labelledby="demo-title">.*?</section>', re.DOTALL)
#: Passwords are stretched as little as is accepted: worlds are made by the hundred, each with some.
LEAST_ROUNDS = 1024
#: What a folder of a started server holds by design, wrapped by its root key.
_KEYS = {"keys"}


@dataclass
class Sought:
    """What must not be found. Numbers and names are looked up in sets, so that a large file costs one pass."""

    numbers: set[bytes] = field(default_factory=set)
    phones: set[bytes] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    secrets: dict[bytes, str] = field(default_factory=dict)
    #: How many secrets were told of, and which was told of last when.
    told: int = 0
    _last: dict[bytes, int] = field(default_factory=dict)

    def person(self, domain: str, value: str) -> None:
        """One value as it was indexed."""
        if domain == "phone" and re.fullmatch("1[3-9][0-9]{9}", value):
            self.phones.add(value.encode())
        elif domain in {"id_no", "acct"} and _NUMBER.fullmatch(value):
            self.numbers.add(value.upper().encode())
        elif domain == "name" and _is_sought(value):
            self.names.add(value)

    def secret(self, kind: str, value: str | bytes) -> None:
        """A password, token or key."""
        raw = value if isinstance(value, bytes) else value.encode()
        if len(raw) >= 8:
            self.secrets[raw] = kind
            self.told += 1
            self._last[raw] = self.told

    def since(self, told: int) -> dict[bytes, str]:
        """The keys, and the secrets told of after so many: no other can lie in what is newer."""
        return {
            value: kind
            for value, kind in self.secrets.items()
            if self._last.get(value, told + 1) > told or kind.startswith("密钥")
        }

    def add(self, other: "Sought") -> None:
        self.numbers |= other.numbers
        self.phones |= other.phones
        self.names |= other.names
        self.secrets |= other.secrets

    def in_bytes(self, raw: bytes) -> Iterator[tuple[str, bytes]]:
        """Kind and value of everything found."""
        if b"\\u" in raw:
            raw = raw + b"\n" + _ESCAPED.sub(lambda hit: chr(int(hit[1], 16)).encode("utf-8", "replace"), raw)
        yield from self._numbers_in(raw)
        for name in self._names_in(raw):
            yield "姓名", name.encode()
        yield from ((self.secrets[value], value) for value in _lying(self.secrets, raw))
        if _PRIVATE_KEY in raw:
            yield "私钥", _PRIVATE_KEY

    def _numbers_in(self, raw: bytes) -> Iterator[tuple[str, bytes]]:
        runs = {raw[max(0, start - 1) : end + 1] for start, end in _numbers_at(raw)}
        joined = b"\n".join(runs)
        for number in _lying(self.numbers, joined.upper()):
            # As it is written there.
            hit = re.search(re.escape(number), joined, re.IGNORECASE)
            yield "证件号码或账号", hit[0] if hit else number
        for run in runs:
            # Half of a digest is eleven digits now and then: a telephone number stands alone.
            if (phone := _PHONE.search(run)) is not None and phone[0] in self.phones:
                yield "电话", phone[0]

    def _names_in(self, raw: bytes) -> set[str]:
        runs = b"\n".join({raw[start:end] for start, end in _runs(raw, *_HAN)})
        return {name.decode() for name in _lying([name.encode() for name in self.names], runs)}


def _numbers_at(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where long numbers stand, with the X that may end one."""
    for start, end in _runs(raw, *_DIGITS):
        yield start, end + (raw[end : end + 1] in (b"X", b"x"))


def _runs(raw: bytes, low: int, high: int, least: int) -> Iterator[tuple[int, int]]:
    """Where at least so many bytes of a range follow one another: all places at once, for a regular expression walks them."""
    signs = np.frombuffer(raw, np.uint8)
    inside = np.zeros(len(signs) + 2, dtype=bool)
    inside[1:-1] = signs - np.uint8(low) <= high - low
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    long = ends - starts >= least
    return zip(starts[long].tolist(), ends[long].tolist(), strict=True)


def _lying(secrets: Iterable[bytes], raw: bytes) -> set[bytes]:
    """The secrets that lie in a text: by their first eight bytes, which are looked up at every place of it at once.

    A run knows thousands of secrets, and looking for each by itself took a tenth of its time.
    """
    if len(raw) < _SHORT:
        return {secret for secret in secrets if secret in raw}
    by_head: dict[bytes, list[bytes]] = {}
    for secret in secrets:
        by_head.setdefault(secret[:_HEAD], []).append(secret)
    wanted = np.zeros(1 << _HASH_BITS, dtype=bool)
    wanted[_hashes(b"".join(by_head), 0)] = True
    found = set()
    for offset in range(_HEAD):
        for place in np.flatnonzero(wanted[_hashes(raw, offset)]):
            start = offset + _HEAD * int(place)
            for secret in by_head.get(raw[start : start + _HEAD], ()):
                if raw.startswith(secret, start):
                    found.add(secret)
    return found


#: A text shorter than this is looked through for one secret after the other.
_SHORT, _HASH_BITS = 1 << 12, 20


def _hashes(raw: bytes, offset: int) -> "np.typing.NDArray[np.uint64]":
    """A number of few bits for each eight bytes from an offset on."""
    words = np.frombuffer(raw, "<u8", (len(raw) - offset) // _HEAD, offset)
    return (words * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _HASH_BITS)


def is_a_persons(name: str) -> bool:
    """Whether a name can be told from other words: two characters of Chinese are also half of a road."""
    han = re.fullmatch("[\u3400-\u9fff\U00020000-\U0003ffff·]{3,}", name) is not None
    return han and len(name) <= (20 if "·" in name else 4) and _NO_PERSON.search(name) is None


@cache
def _is_sought(name: str) -> bool:
    """Asked once for each name: looking through all the code for it costs more than sealing it."""
    return is_a_persons(name) and name not in own_words()


#: Characters of which names are made, as many as the shortest name has.
_RUN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff·]{3,}")


@cache
def own_words() -> str:
    """What the product's own code says: a test may give somebody a word of ours for a name, which then stands everywhere.

    The demo's people are named by their own loaders, which are left out. Each run of characters a name may stand in is
    given once: hundreds of names are looked up in it.
    """
    files = [
        path
        for part in ("models", "services", "integrations", "printing", "ui")
        for path in (ROOT / part).rglob("*.py")
    ]
    ours = [path for path in files if "demo" not in path.relative_to(ROOT).parts]
    return "\n".join({run for path in ours for run in _RUN.findall(path.read_text(encoding="utf-8"))})


@cache
def of_the_demo() -> Sought:
    """Everybody the demo's files name."""
    sought = Sought()
    for path in (
        DATA / "houses_2000.csv",
        DATA / "contracts_2000.csv",
        DATA / "fixtures" / "houses.csv",
        DATA / "fixtures" / "persons.csv",
    ):
        text = path.read_text(encoding="utf-8-sig")
        sought.numbers |= {number.upper().encode() for number in _ID.findall(text)}
        sought.phones |= set(_PHONE.findall(text.encode()))
        for line in csv.DictReader(text.splitlines()):
            for column in ("owners", "lessees", "lessor_name", "name"):
                for person in (line.get(column) or "").split(";"):
                    if is_a_persons(name := person.split("/")[0].strip()):
                        sought.names.add(name)
    return sought


#: What this process sealed or issued.
MINE = Sought()


class Remembering:
    """The bound sealer, noting what passes through it and must not be found again in clear."""

    def __init__(self, inner: Sealer) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def index(self, domain: str, normal_value: str) -> str:
        MINE.person(domain, normal_value)
        return self._inner.index(domain, normal_value)

    def session_digest(self, token: str) -> str:
        if len(token) >= 32:
            MINE.secret("会话令牌", token)
        return self._inner.session_digest(token)

    def qr_token(self, kind: str) -> str:
        token = self._inner.qr_token(kind)
        MINE.secret("二维码令牌", token)
        return token

    def hash_password(self, password: str) -> str:
        MINE.secret("口令", password)
        return self._inner.hash_password(password)


def remembering(sealer: Sealer, ring: KeyRing) -> Sealer:
    """Return the sealer, noting from now on what it is given; look for these keys too."""
    for kid, key in ring.keys.items():
        for form in (key, key.hex().encode(), base64.b64encode(key), base64.urlsafe_b64encode(key).rstrip(b"=")):
            MINE.secret(f"密钥 {kid}", form)
    sealer.rounds = LEAST_ROUNDS
    return cast(Sealer, Remembering(sealer))


def all_sought(after: int | None = None) -> Sought:
    """The demo's and this process's; of its secrets those it was told `after` so many."""
    whole = Sought()
    whole.add(of_the_demo())
    whole.add(MINE)
    if after is not None:
        whole.secrets = MINE.since(after)
    return whole


# Databases


@dataclass(frozen=True)
class Copied:
    """What a database had from its template, which was scanned when it was made: pages of a file, or older rows."""

    pages: frozenset[bytes] = frozenset()
    transaction: int = 0


#: Every database of SQLite here has its default.
PAGE = 4096


def pages_of(file: Path) -> Iterator[bytes]:
    """The pages of a file of SQLite, or parts of another file as long as those."""
    raw = file.read_bytes()
    return (raw[start : start + PAGE] for start in range(0, len(raw), PAGE))


def scan_database(url: str, sought: Sought, copied: Copied | None = None) -> list[str]:
    """Where in a database something lies in clear: every byte of an SQLite file, every text column of PostgreSQL.

    Of a copy only what differs from its template is looked through.
    """
    lying = _lying_in(url, copied or Copied())
    found = {value: kind for raw in lying for kind, value in sought.in_bytes(raw)}
    return [f"{kind} 在 {_place(url, value)}" for value, kind in found.items()]


def _new_in(file: Path, copied: Copied) -> bytes:
    raw = b"".join(page for page in pages_of(file) if page not in copied.pages)
    return _GAP.join(filter(None, raw.split(_GAP)))


def _lying_in(url: str, copied: Copied) -> Iterator[bytes]:
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        for end in ("", "-wal"):
            if (file := Path(path + end)).exists():
                yield _new_in(file, copied)
        return
    newer = f" WHERE xmin::text::bigint >= {copied.transaction}" if copied.transaction else ""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        small = []
        for table, columns in _text_columns(url).items():
            listed = ", ".join(f'"{column}"::text' for column in columns)
            with cursor.copy(f'COPY (SELECT {listed} FROM "{table}"{newer}) TO STDOUT'.encode()) as stream:
                # COPY doubles the backslash of a JSON escape.
                raw = b"".join(bytes(part) for part in stream).replace(b"\\\\u", b"\\u")
            if len(raw) > _SMALL:
                yield raw
            else:
                small.append(raw)
    # Most tables hold nothing, or a few rows: looked through one by one, getting ready would take longer than looking.
    yield b"".join(small)


_SMALL = 1 << 16
#: Most of a file of SQLite is empty: 19 bytes of 20 in a new one.
_GAP = bytes(16)
#: Of tables that hold something: three of four in a world have not a page, and each would be a statement of its own.
_COLUMNS = """
    SELECT relname::text, array_agg(attname::text ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(pg_class.oid) > 0
    AND attnum > 0 AND NOT attisdropped AND atttypid <> 'bytea'::regtype GROUP BY relname
"""


def _text_columns(url: str) -> dict[str, list[str]]:
    if not url.startswith("sqlite"):
        # Looked up at once: a table at a time takes longer than reading them all.
        with psycopg.connect(url) as connection:
            return dict(connection.execute(_COLUMNS).fetchall())
    engine = sa.create_engine(normal_url(url))
    looked = sa.inspect(engine)
    found = {
        table: [
            column["name"] for column in looked.get_columns(table) if not isinstance(column["type"], sa.LargeBinary)
        ]
        for table in looked.get_table_names()
    }
    engine.dispose()
    return {table: columns for table, columns in found.items() if columns}


def _place(url: str, value: bytes) -> str:
    """The columns a value stands in; in SQLite it may also lie in a page that is free."""
    engine = sa.create_engine(normal_url(url))
    wanted = value.decode("utf-8", "replace")
    escaped = json.dumps(wanted)[1:-1]
    places = []
    with engine.connect() as connection:
        for table, columns in _text_columns(url).items():
            for column in columns:
                text = sa.cast(sa.column(column), sa.Text)
                where = sa.or_(*(text.contains(word, autoescape=True) for word in {wanted, escaped}))
                if connection.execute(
                    sa.select(sa.literal(1)).select_from(sa.table(table)).where(where).limit(1)
                ).first():
                    places.append(f"{table}.{column}")
    engine.dispose()
    return "、".join(places) or "数据库文件的空闲页或日志"


# Files


def scan_folder(folder: Path, sought: Sought, copied: Copied | None = None) -> list[str]:
    """Where in the files of a folder something lies in clear; its keys lie there by design.

    Of a copy only what differs from its template is looked through.
    """
    return [
        f"{kind} 在 {path.relative_to(folder)}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _KEYS & set(path.relative_to(folder).parts)
        for kind, _ in sought.in_bytes(_new_in(path, copied or Copied()))
    ]


# The run


def home() -> Path | None:
    return Path(os.environ[HOME]) if HOME in os.environ else None


def tell_found(where: str, found: Iterable[str]) -> None:
    """Keep what was found for the end of the run."""
    folder = home()
    lines = [f"{where}：{line}\n" for line in found]
    if lines and folder is not None:
        with (folder / "found.txt").open("a", encoding="utf-8") as kept:
            kept.writelines(lines)


def keep_text(name: str, text: str) -> None:
    """Keep what was logged or shown, to be looked through when everything is known that must not stand in it."""
    folder = home()
    if text and folder is not None:
        with (folder / f"{name}.{os.getpid()}.kept").open("a", encoding="utf-8") as kept:
            kept.write(text + "\n")


async def keep_error_page(response: Any) -> None:
    """An event hook of a test's browser: what it was told when something went wrong."""
    if response.status_code >= 400:
        await response.aread()
        keep_text(ERROR_PAGES, _DEMO_ACCOUNTS.sub("", response.text))


def _known_of_others(folder: Path) -> Sought:
    whole = all_sought()
    for path in folder.glob("sought.*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        whole.numbers |= {number.encode() for number in told["numbers"]}
        whole.phones |= {phone.encode() for phone in told["phones"]}
        whole.names |= set(told["names"])
        whole.secrets |= {bytes.fromhex(value): kind for value, kind in told["secrets"].items()}
    return whole


def pytest_configure(config: pytest.Config) -> None:
    # What the product tells at its ordinary level is looked through, not only its warnings.
    logging.getLogger("shenfang").setLevel(logging.INFO)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Ending(), "scan-ending")


def pytest_sessionfinish(session: pytest.Session) -> None:
    folder = home()
    if folder is None or not hasattr(session.config, "workerinput"):
        return
    told = {
        "numbers": [number.decode() for number in MINE.numbers],
        "phones": [phone.decode() for phone in MINE.phones],
        "names": sorted(MINE.names),
        "secrets": {value.hex(): kind for value, kind in MINE.secrets.items()},
    }
    (folder / f"sought.{os.getpid()}.json").write_text(json.dumps(told), encoding="utf-8")


class Ending:
    """Runs in the process that gathers the results, when all tests are through."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for title, text in report.sections:
            keep_text("captured", f"{report.nodeid} {title}\n{text}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        folder = home()
        if folder is None:
            return
        sought = _known_of_others(folder)
        for path in sorted(folder.glob("*.kept")):
            kept = path.read_bytes()
            for kind, _ in sought.in_bytes(kept):
                tell_found(path.name.split(".")[0], [kind])
            if path.name.startswith(ERROR_PAGES) and _TRACE in kept:
                tell_found(ERROR_PAGES, ["程序堆栈"])
        storage = ROOT / ".nicegui"
        if storage.exists():
            tell_found("app.storage", scan_folder(storage, sought))
        told = folder / "found.txt"
        if told.exists():
            self.found = sorted(set(told.read_text(encoding="utf-8").splitlines()))
            # A number of its own: this is no test that could be tried again.
            session.exitstatus = FOUND

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.found:
            terminalreporter.section("H76：运行留下的内容中有明文", sep="=", red=True, bold=True)
            for line in self.found:
                terminalreporter.write_line(line)
