"""A selection of events leaves as a signed file, and the day's signed head as a sheet to print (AUDIT.EXPORT)."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, func, select

from models.access import Role
from models.audit import AuditCheckpoint, AuditEvent
from models.sealing import CryptoError, sm3_hex
from printing.duty_sheet import DutySheet, Shift, render
from printing.page import Issue
from services.audit.checkpoints import KEY, newest_checkpoint
from services.audit.console import AUDITORS, EVENTS
from services.audit.statement import checkpoints_file, event_line, kept_form, read_statement
from services.engine.audit import CHAIN
from services.engine.clock import SHANGHAI, shanghai_text, system_now
from services.engine.door import Gathering
from services.engine.listings import Filters, narrowed
from services.engine.refusals import NotFound, Rejected, Unavailable
from services.engine.registry import action
from services.engine.search_terms import day_begins, day_is_over
from services.engine.work import Work
from services.ports.crypto import Crypto

MOST = 20_000
SELECTION = "selection.events"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Exported:
    """A zip file: the events to the letter, the checkpoints that cover them, and a signed list of both."""

    name: str
    content: bytes
    events: int
    digest: str


def _export(gathering: Gathering, filters: Filters) -> Exported:
    lines, checkpoints = gathering.look(lambda work: _selected(work, filters))
    if not lines:
        raise NotFound("没有符合条件的审计事件")
    if len(lines) > MOST:
        raise Rejected(f"一次最多导出{MOST:,}条，请缩小查询范围")
    parts = {SELECTION: "".join(lines).encode(), checkpoints_file(CHAIN): "".join(checkpoints).encode()}
    made_at = system_now()
    manifest = signed_manifest(
        gathering.house.crypto,
        parts,
        {"by": gathering.caller.key, "events": len(lines), "made": shanghai_text(made_at)},
    )
    content = zipped({**parts, MANIFEST: manifest}, made_at)
    return Exported(f"audit-{made_at:%Y%m%d%H%M%S}.zip", content, len(lines), sm3_hex(content))


def _selected(work: Work, filters: Filters) -> tuple[list[str], list[str]]:
    rows = work.session.exec(narrowed(work, EVENTS, filters).order_by(col(AuditEvent.seq)).limit(MOST + 1)).all()
    if not rows:
        return [], []
    kept = work.rows(
        work.visible(AuditCheckpoint),
        AuditCheckpoint.last >= rows[0].seq,
        AuditCheckpoint.first <= rows[-1].seq,
        by=AuditCheckpoint.last,
    )
    return [event_line(row.seq, row.hash, row.body) for row in rows], [kept_form(row).line() for row in kept]


@action("audit.export", "导出审计事件", roles=AUDITORS, gather=_export, event="AUDIT.EXPORT")
def export_audit(work: Work, filters: Filters, exported: Exported) -> Exported:
    """Hand out a signed selection; who took what is an event of its own."""
    detail = {"events": exported.events, "name": exported.name}
    work.trail.tell(
        "AUDIT.EXPORT", "audit.export", kind="audit", object_id=CHAIN, detail=detail, digest=exported.digest
    )
    return exported


def signed_manifest(crypto: Crypto, parts: dict[str, bytes], facts: dict[str, Any]) -> bytes:
    """The digests of every part and what is said of the whole, signed with the audit's key."""
    said = {**facts, "files": {name: sm3_hex(content) for name, content in sorted(parts.items())}}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        signature = crypto.sign(KEY, text.encode())
        public = crypto.public_key(signature.kid)
    except CryptoError as problem:
        raise Unavailable("签名服务暂时不可用，请稍后再导出") from problem
    signed = {"kid": signature.kid, "public": public, "sig": signature.sig_b64, "text": text}
    return json.dumps(signed, ensure_ascii=False, indent=1).encode()


def zipped(parts: dict[str, bytes], at: datetime) -> bytes:
    """A zip file whose bytes depend on nothing but its parts and the time."""
    whole = io.BytesIO()
    local = at.astimezone(SHANGHAI)
    stamp = (local.year, local.month, local.day, local.hour, local.minute, local.second)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _sheet(gathering: Gathering, day: date) -> bytes:
    return render(gathering.look(lambda work: _duty_sheet(work, day)))


def _duty_sheet(work: Work, day: date) -> DutySheet:
    start, end = day_begins(day), day_is_over(day)
    span = (AuditEvent.at >= start, AuditEvent.at < end, AuditEvent.chain == CHAIN)
    kept = work.rows(
        work.visible(AuditCheckpoint),
        AuditCheckpoint.at >= start,
        AuditCheckpoint.at < end,
        by=col(AuditCheckpoint.last).desc(),
    )
    newest = kept[0] if kept else newest_checkpoint(work.session)
    said = read_statement(newest.statement) if newest is not None else None
    if newest is None or said is None:
        raise NotFound("还没有签署过审计检查点，请稍后再打印值班表")
    counted = work.session.exec(select(AuditEvent.result, func.count()).where(*span).group_by(AuditEvent.result)).all()
    results = dict(counted)
    watched = work.session.exec(
        select(AuditEvent.event, func.count())
        .where(*span, col(AuditEvent.event).in_(list(WATCHED)))
        .group_by(AuditEvent.event)
    ).all()
    found = dict(watched)
    return DutySheet(
        issue=Issue(number=f"AUD-{day:%Y%m%d}", unit=work.caller.unit_name or "审计管理", issued_on=day),
        chain=said.chain,
        covered=f"第 {said.first} 至 {said.last} 条",
        last_hash=said.hash,
        root=said.root,
        digest=newest.digest,
        signed_at=shanghai_text(newest.at),
        key=newest.key,
        signature=newest.signature,
        public=public_key_of(work.house.crypto, newest.key),
        events=sum(results.values()),
        refused=results.get("deny", 0),
        failed=results.get("fail", 0) + results.get("error", 0),
        checkpoints=len(kept),
        watched=tuple((label, found.get(code, 0)) for code, label in WATCHED.items()),
        shifts=(Shift("早班"), Shift("中班"), Shift("夜班")),
        made=shanghai_text(system_now()),
    )


#: Events that the administrator on duty has to look at.
WATCHED = {
    "AUTH.LOCK": "账号锁定",
    "AUTHZ.DENY": "越权被拒",
    "PII.UNMASK": "查看完整信息",
    "PII.EXPORT": "导出个人信息",
    "INTEGRITY.FAIL": "完整性校验未通过",
    "TIME.JUMP": "时钟跳变",
    "ALARM": "告警",
}


def public_key_of(crypto: Crypto, key: str) -> str:
    """Return the public half of a key, empty when there is none."""
    try:
        return crypto.public_key(key)
    except CryptoError:
        return ""


@action("audit.duty_sheet", "打印值班表", roles={Role.AUDITOR}, gather=_sheet, event="AUDIT.EXPORT")
def duty_sheet(work: Work, day: date, content: bytes) -> bytes:
    """Return the sheet as PDF and log it."""
    detail = {"day": day.isoformat()}
    work.trail.tell(
        "AUDIT.EXPORT", "audit.duty_sheet", kind="audit", object_id=CHAIN, detail=detail, digest=sm3_hex(content)
    )
    return content
