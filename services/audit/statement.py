"""Checkpoints: the signed text and its Merkle tree (RFC 6962 with SM3), and the files of checkpoints and events."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.audit import AuditCheckpoint
from models.sealing import sm3, sm3_hex
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


def root_of(hashes: Sequence[str]) -> str:
    """The root over digests in hex, in their order; there is at least one."""
    # Pairs level by level give the same tree as splitting at the largest power of two: an odd node moves up unchanged.
    level = [leaf(one) for one in hashes]
    while len(level) > 1:
        above = [sm3(b"\x01" + level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = above + level[len(above) * 2 :]
    return level[0].hex()


def path_of(hashes: Sequence[str], place: int) -> list[tuple[str, str]]:
    """The neighbours from leaf to root that prove the digest at `place`: (`L` or `R`, digest in hex)."""
    level, path = [leaf(one) for one in hashes], []
    while len(level) > 1:
        other = place ^ 1
        if other < len(level):
            path.append(("L" if other < place else "R", level[other].hex()))
        above = [sm3(b"\x01" + level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level, place = above + level[len(above) * 2 :], place // 2
    return path


def root_by(digest: str, path: Sequence[tuple[str, str]]) -> str:
    """The root a digest and its path lead to."""
    node = leaf(digest)
    for side, other in path:
        pair = bytes.fromhex(other) + node if side == "L" else node + bytes.fromhex(other)
        node = sm3(b"\x01" + pair)
    return node.hex()


def leaf(digest: str) -> bytes:
    return sm3(b"\x00" + bytes.fromhex(digest))
