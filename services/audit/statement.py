"""Checkpoints: making and parsing the signed text, and the files of checkpoints and events."""

import json
import re
from dataclasses import dataclass
from datetime import datetime

from models.audit import AuditCheckpoint
from models.sealing import sm3_hex
from services.engine.audit import event_time

NOTHING_BEFORE = "0" * 64
_ORIGIN = "shfg-rental/audit/"
_TEXT = re.compile(
    r"shfg-rental/audit/([a-z0-9.-]{1,32})\n([1-9][0-9]{0,17})\n([1-9][0-9]{0,17})\n([0-9a-f]{64})\n([0-9a-f]{64})\n"
    r"([0-9a-f]{64})\n([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)\n([a-z0-9.-]{3,40})\n"
)


@dataclass(frozen=True)
class Statement:
    """A window of a chain: its ends, the digest of its last event, the Merkle root over it, the checkpoint before."""

    chain: str
    first: int
    last: int
    hash: str
    root: str
    previous: str
    at: str
    key: str

    @property
    def text(self) -> str:
        parts = (self.first, self.last, self.hash, self.root, self.previous, self.at, self.key)
        return f"{_ORIGIN}{self.chain}\n" + "".join(f"{part}\n" for part in parts)

    @property
    def digest(self) -> str:
        return sm3_hex(self.text.encode())


def statement_at(
    chain: str, first: int, last: int, *, hash: str, root: str, previous: str, at: datetime, key: str
) -> Statement:
    return Statement(chain, first, last, hash, root, previous, event_time(at), key)


def read_statement(text: str) -> Statement | None:
    """The statement of a text, or None when it is not one to the letter."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    chain, first, last, hash_, root, previous, at, key = found.groups()
    return Statement(chain, int(first), int(last), hash_, root, previous, at, key)


@dataclass(frozen=True)
class Checkpoint:
    """A statement as it is kept anywhere: text and signature. `first` and `last` are what the keeper says of it."""

    chain: str
    first: int
    last: int
    text: str
    key: str
    signature: str

    def line(self) -> str:
        """Return a line of a file of checkpoints."""
        kept = {"chain": self.chain, "first": self.first, "last": self.last, "text": self.text}
        return json.dumps({**kept, "kid": self.key, "sig": self.signature}, ensure_ascii=False) + "\n"


def kept_form(row: AuditCheckpoint) -> Checkpoint:
    return Checkpoint(row.chain, row.first, row.last, row.statement, row.key, row.signature)


def checkpoint_of(line: str) -> Checkpoint:
    kept = json.loads(line)
    return Checkpoint(kept["chain"], kept["first"], kept["last"], kept["text"], kept["kid"], kept["sig"])


def event_line(seq: int, digest: str, body: str) -> str:
    """Return an event of an export; a canonical text holds neither tab nor line end."""
    return f"{seq}\t{digest}\t{body}\n"


def checkpoints_file(chain: str) -> str:
    return f"{chain}.checkpoints"


def events_file(chain: str, first: int, last: int) -> str:
    return f"{chain}-{first:012d}-{last:012d}.events"
