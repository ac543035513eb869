"""Verification: walk every link, rebuild every window, check every signature, and name the first bad entry (security.md 6)."""

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from models.sealing import sm3_hex
from services.audit.sources import COLUMNS, Link, Source
from services.audit.statement import NOTHING_BEFORE, Checkpoint, Statement, read_statement, root_of
from services.engine.audit import CHAIN, event_hash, genesis_hash
from services.engine.clock import MOST_DRIFT

Code = Literal["GAP", "ORDER", "HASH", "CKPT_SIG", "CKPT_CHAIN", "CKPT_MISMATCH", "TAIL_TRUNCATED", "ROLLBACK", "TIME"]
MEANINGS: dict[str, str] = {
    "GAP": "事件缺失，序号不连续",
    "ORDER": "前后事件的摘要不衔接，事件被插入、调换或重排",
    "HASH": "事件内容与摘要不一致，事件被改动",
    "CKPT_SIG": "检查点签名无效，检查点被改动或伪造",
    "CKPT_CHAIN": "检查点之间不衔接，检查点被删除或重做",
    "CKPT_MISMATCH": "检查点与其覆盖的事件不一致，事件在签名后被成批改写",
    "TAIL_TRUNCATED": "末尾的事件被删除",
    "ROLLBACK": "数据被回退到旧状态后继续写入",
    "TIME": "事件时间倒退且没有时钟跳变记录",
}
#: Signature check: key name, text, signature in base64.
Check = Callable[[str, str, str], bool]
_ALONE = 20_000
_CHUNK = 50_000


@dataclass(frozen=True, order=True)
class Fault:
    """The number of the first bad event, and what is wrong."""

    seq: int
    code: Code


@dataclass
class Walked:
    """Result of walking a part of the chain: digest and Merkle root at each asked number, and the first fault."""

    faults: list[Fault] = field(default_factory=list)
    windows: dict[int, tuple[str, str]] = field(default_factory=dict)
    events: int = 0
    newest: int = 0


@dataclass(frozen=True)
class Report:
    """Result of a verification."""

    chain: str
    first: int
    last: int
    events: int
    checkpoints: int
    external: int
    covered: int
    fault: Fault | None

    @property
    def ok(self) -> bool:
        return self.fault is None

    @property
    def sentence(self) -> str:
        """Return a Chinese sentence that says what was found."""
        looked = f"第{self.first}至{self.last}条，共{self.events:,}条事件、{self.checkpoints:,}个检查点"
        if self.fault is not None:
            return f"审计链不完整：自第{self.fault.seq}条起，{MEANINGS[self.fault.code]}（{self.fault.code}）；已核验{looked}"
        rest = f"；其后{self.last - self.covered}条尚未签名" if self.last > self.covered else ""
        outside = f"，与第二存储的{self.external:,}个检查点一致" if self.external else ""
        return f"审计链完整：{looked}{outside}，签名覆盖至第{self.covered}条{rest}"


def verify(
    source: Source,
    check: Check,
    *,
    external: Source | None = None,
    first: int = 1,
    last: int | None = None,
    chain: str = CHAIN,
    workers: int | None = None,
) -> Report:
    """Verify a chain or a part of it; nothing is written. With more than a few events several processes walk."""
    # The trail grows meanwhile. What is written last is read first, so that whatever it names is there when that is read:
    # the copies outside, the checkpoints, the events.
    outside = external.checkpoints() if external is not None else []
    kept = source.checkpoints()
    newest, head = source.ends()
    start, before = source.start()
    first = max(first, start)
    end = newest if last is None else min(last, newest)
    signed = _checker(check)
    faults, said = _checkpoint_faults(kept, signed, chain, first, end)
    faults += [
        Fault(one.first, "CKPT_SIG") for one in outside if not _sound(one, signed, chain) and first <= one.last <= end
    ]
    asked = {one.last: one.first for one in said.values() if one.first >= first and one.last <= end}
    walked = _walk(source, chain, first, end, asked, workers)
    if before and first == start and _prev_of(source, first) not in (before, ""):
        faults.append(Fault(first, "ORDER"))
    faults += walked.faults
    broken = min(faults).seq if faults else None
    for one in said.values():
        window = walked.windows.get(one.last)
        if window is not None and window != (one.hash, one.root):
            faults.append(Fault(one.first, "CKPT_MISMATCH"))
    whole = last is None
    if whole:
        if head is not None and head[0] > newest:
            faults.append(Fault(newest + 1, "TAIL_TRUNCATED"))
        elif head is not None and head[0] < newest and broken is None:
            faults.append(Fault(head[0] + 1, "ORDER"))
        elif (
            head is not None and head[0] == newest and newest and broken is None and _hash_at(source, newest) != head[1]
        ):
            faults.append(Fault(newest, "ORDER"))
        if kept and kept[-1].last > newest:
            faults.append(Fault(newest + 1, "TAIL_TRUNCATED"))
        sound = [one for one in outside if _sound(one, signed, chain)]
        faults += _outside_faults(source, sound, {one.last: one.text for one in kept}, said, newest)
    covered = max((one.last for one in said.values() if one.last <= end), default=0)
    return Report(
        chain, first, max(end, 0), walked.events, len(asked), len(outside), covered, min(faults) if faults else None
    )


def _checker(check: Check) -> Check:
    known: dict[tuple[str, str, str], bool] = {}

    def once(key: str, text: str, signature: str) -> bool:
        place = (key, text, signature)
        if place not in known:
            known[place] = check(*place)
        return known[place]

    return once


def _sound(one: Checkpoint, check: Check, chain: str) -> bool:
    said = read_statement(one.text)
    fits = said is not None and (said.chain, said.first, said.last, said.key) == (chain, one.first, one.last, one.key)
    return fits and check(one.key, one.text, one.signature)


def _checkpoint_faults(
    kept: Sequence[Checkpoint], check: Check, chain: str, first: int, end: int
) -> tuple[list[Fault], dict[int, Statement]]:
    """Signatures and links of the checkpoints that lie in the part; the others are only what the first links to."""
    faults: list[Fault] = []
    said: dict[int, Statement] = {}
    before, reached = NOTHING_BEFORE, 0
    for one in kept:
        inside = one.last >= first and one.first <= end
        statement = read_statement(one.text)
        if inside and not _sound(one, check, chain):
            faults.append(Fault(max(one.first, 1), "CKPT_SIG"))
        elif inside and statement and (statement.previous != before or statement.first != reached + 1):
            faults.append(Fault(reached + 1 if statement.first != reached + 1 else statement.first, "CKPT_CHAIN"))
        elif inside and statement:
            said[statement.last] = statement
        before, reached = sm3_hex(one.text.encode()), one.last
    return faults, said


def _outside_faults(
    source: Source, outside: Sequence[Checkpoint], kept: dict[int, str], said: dict[int, Statement], newest: int
) -> Iterator[Fault]:
    """Yield signed and exported checkpoints that are missing or differ; bad signatures are already reported."""
    for one in outside:
        statement = read_statement(one.text)
        if statement is None or (one.last in said and said[one.last].text == one.text):
            continue
        if one.last > newest:
            yield Fault(newest + 1, "TAIL_TRUNCATED")
        elif _hash_at(source, one.last) != statement.hash:
            yield Fault(one.first, "ROLLBACK")
        elif one.last not in kept or one.last in said:
            yield Fault(one.first, "CKPT_CHAIN")


def _hash_at(source: Source, seq: int) -> str:
    return next((link.hash for link in source.links(seq, seq)), "")


def _prev_of(source: Source, seq: int) -> str:
    """The digest an event names as that of the one before it; empty where there is no such event."""
    return next((link.prev or "" for link in source.links(seq, seq)), "")


def _walk(source: Source, chain: str, first: int, end: int, asked: dict[int, int], workers: int | None) -> Walked:
    """The whole part, cut where windows end, by as many processes as there are cores."""
    if end - first < _ALONE:
        return walk(source, chain, first, end, asked)
    parts = list(_parts(first, end, asked))
    count = workers or min(os.cpu_count() or 1, len(parts))
    whole = Walked()
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        orders = [
            pool.submit(walk, source, chain, start, stop, {at: asked[at] for at in asked if start <= at <= stop})
            for start, stop in parts
        ]
        for order in orders:
            done = order.result()
            whole.faults += done.faults
            whole.windows |= done.windows
            whole.events += done.events
    return whole


def _parts(first: int, end: int, asked: dict[int, int]) -> Iterator[tuple[int, int]]:
    ends, start = sorted(asked), first
    while start <= end:
        stop = min(end, start + _CHUNK - 1)
        if stop < end:
            # A window is walked whole, so a part ends where one does.
            inside = [at for at in ends if start <= at <= stop]
            stop = inside[-1] if inside else stop
        yield start, stop
        start = stop + 1


def walk(source: Source, chain: str, first: int, end: int, asked: dict[int, int]) -> Walked:
    """Return a part of the chain, link by link, up to its first fault."""
    done = Walked()
    before = next(source.links(first - 1, first - 1), None) if first > 1 else None
    prev = genesis_hash(chain) if first == 1 else before.hash if before else None
    then = json.loads(before.body)["ts"] if before else ""
    expected, hashes = first, []
    for link in source.links(first, end):
        if link.seq != expected:
            done.faults.append(Fault(expected, "GAP") if link.seq > expected else Fault(link.seq, "ORDER"))
            return done
        code, then = _wrong(link, chain, prev, then)
        if code is not None:
            done.faults.append(Fault(link.seq, code))
            return done
        prev, expected = link.hash, expected + 1
        done.events, done.newest = done.events + 1, link.seq
        hashes.append(link.hash)
        if link.seq in asked:
            size = link.seq - asked[link.seq] + 1
            if size <= len(hashes):
                done.windows[link.seq] = (link.hash, root_of(hashes[-size:]))
            hashes = []
    if expected <= end:
        done.faults.append(Fault(expected, "GAP"))
    return done


def _wrong(link: Link, chain: str, prev: str | None, then: str) -> tuple[Code | None, str]:
    """Return what is wrong with one link, and its time."""
    if event_hash(link.body) != link.hash:
        return "HASH", then
    try:
        said = json.loads(link.body)
        now, seq, before = said["ts"], said["seq"], said["prev"]
        columns = tuple(str(said[name])[:longest] for name, _, longest in COLUMNS)
    except (ValueError, KeyError, TypeError):
        return "HASH", then
    if seq != link.seq or said.get("chain") != chain:
        return "ORDER", now
    if (prev is not None and before != prev) or (link.prev is not None and link.prev != before):
        return "ORDER", now
    if link.told is not None and link.told != (now, *columns):
        return "HASH", now
    if now < then and said["evt"] != "TIME.JUMP" and _moment(then) - _moment(now) > MOST_DRIFT:
        return "TIME", now
    return None, now


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
