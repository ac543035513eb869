"""The evidence package of one certificate: inputs, rules, decision, papers, audit path and keys, to be checked without us."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from models.access import Role
from models.audit import AuditCheckpoint, AuditEvent
from models.documents import IssuedDocument
from models.masking import mask
from models.row_mac import RowTampered
from models.sealing import sm3_hex
from models.tenancy import CheckItem, CheckRun, GovCase, LeaseContract, LeaseFiling
from services.audit.console import AUDITORS
from services.audit.event_export import MANIFEST, public_key_of, signed_manifest, zipped
from services.audit.statement import path_of
from services.engine.audit import CHAIN
from services.engine.clock import shanghai_text, system_now
from services.engine.door import Gathering
from services.engine.refusals import NotFound
from services.engine.registry import action
from services.engine.work import Work
from services.integrity.nightly_scan import tally_is_whole
from services.tenancy.check_record import decision_text

FORMAT = "shfg-evidence/1"
README = """本压缩包是一份备案的证据包，可用随附说明的独立程序核验，不需要访问本系统：
    python3 verify_evidence.py 证据包.zip --pub 审计签名公钥 [--paper 文书.pdf]
内容：decision.json 核验事实、规则版本、逐条结果和结论；papers.json 合同与通知书的摘要和签名；
events.json 与本备案有关的审计事件及其默克尔路径；checkpoints.json 已签名的检查点；keys.json 公钥；
manifest.json 以上各文件的摘要和签名。公钥应从可信渠道另行取得，不应只用包内的。
"""
# Texts under these names keep a part that a reader may see; every other text that is no code is hidden whole.
_MASKS = {
    "name": "name",
    "id_no": "id",
    "number": "id",
    "mobile": "phone",
    "phone": "phone",
    "address": "addr",
    "cert_no": "cert",
    "payee_account": "acct",
    "supervised_account": "acct",
}
_OPEN = {"source", "state", "note", "purpose", "pay_method", "at", "today", "start", "end", "on", "severity", "kind"}
_CODE_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_NUMBER_CHARACTERS = frozenset("0123456789.-+:TZ")


@dataclass(frozen=True)
class ExportEvidence:
    """By filing or contract number. `full` keeps the facts unmasked, for a court."""

    number: str
    full: bool = False


@dataclass(frozen=True)
class Package:
    name: str
    content: bytes
    filing_id: UUID
    masked: bool
    digest: str


def _package(gathering: Gathering, order: ExportEvidence) -> Package:
    full = order.full and gathering.caller.has(Role.SYSTEM)
    filing_id, parts = gathering.look(lambda work: _parts(work, order.number.strip(), full=full))
    at = system_now()
    about = {"format": FORMAT, "made": shanghai_text(at), "number": order.number.strip(), "masked": not full}
    manifest = signed_manifest(gathering.house.crypto, parts, about)
    content = zipped({"README.txt": README.encode(), **parts, MANIFEST: manifest}, at)
    return Package(f"evidence-{order.number.strip()}.zip", content, filing_id, not full, sm3_hex(content))


@action("audit.evidence", "导出证据包", roles=AUDITORS | {Role.SYSTEM}, gather=_package, event="AUDIT.EXPORT")
def export_evidence(work: Work, order: ExportEvidence, package: Package) -> Package:
    """Hand out what proves one filing; with full facts it is an export of personal data too."""
    work.trail.tell(
        "AUDIT.EXPORT" if package.masked else "PII.EXPORT",
        "audit.evidence",
        kind="evidence",
        object_id=package.filing_id,
        digest=package.digest,
        detail={"masked": package.masked},
    )
    return package


def _parts(work: Work, number: str, *, full: bool) -> tuple[UUID, dict[str, bytes]]:
    session = work.session
    filing = session.exec(
        select(LeaseFiling)
        .join(LeaseContract, col(LeaseContract.id) == LeaseFiling.contract_id)
        .where(or_(col(LeaseFiling.filing_no) == number, col(LeaseContract.contract_no) == number))
        .order_by(col(LeaseFiling.ticket).desc())
    ).first()
    if filing is None or not number:
        raise NotFound("没有这个备案编号或合同编号")
    contract = session.exec(select(LeaseContract).where(LeaseContract.id == filing.contract_id)).one()
    case = session.exec(select(GovCase).where(GovCase.id == filing.case_id)).first()
    run = session.exec(select(CheckRun).where(CheckRun.id == filing.check_run_id)).first()
    _nothing_is_gone(session, filing, contract, run)
    papers = session.exec(
        select(IssuedDocument)
        .where(or_(col(IssuedDocument.filing_id) == filing.id, col(IssuedDocument.object_id) == contract.id))
        .order_by(col(IssuedDocument.issued_at))
    ).all()
    objects = [filing.id, contract.id, *(row.id for row in (case, run) if row is not None), *(row.id for row in papers)]
    events, checkpoints = _events(session, [str(one) for one in objects])
    keys = {row["kid"] for row in checkpoints} | {row.signature_key for row in papers if row.signature_key}
    parts = {
        "decision.json": _decision(session, filing, contract, case, run, full=full),
        "papers.json": [_paper(row) for row in papers],
        "events.json": events,
        "checkpoints.json": checkpoints,
        "keys.json": {key: public_key_of(work.house.crypto, key) for key in sorted(keys)},
    }
    return filing.id, {name: _json(value) for name, value in parts.items()}


def _nothing_is_gone(session: Session, filing: LeaseFiling, contract: LeaseContract, run: CheckRun | None) -> None:
    """Refuse to prove a filing whose run, parties, parts or results are not those the audit counted."""
    if run is None and filing.check_run_id is not None:
        raise RowTampered("lease_filing", filing.id, "DETAILS")
    for row in (filing, contract, run):
        if row is not None and not tally_is_whole(session, str(row.__tablename__), row.id):
            raise RowTampered(str(row.__tablename__), row.id, "DETAILS")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _decision(
    session: Session,
    filing: LeaseFiling,
    contract: LeaseContract,
    case: GovCase | None,
    run: CheckRun | None,
    *,
    full: bool,
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "filing_no": filing.filing_no,
        "contract_no": contract.contract_no or "",
        "case_no": case.case_no if case else "",
        "filing_id": str(filing.id),
        "contract_id": str(contract.id),
        "filed_at": shanghai_text(filing.filed_at),
        "valid_from": filing.valid_from.isoformat(),
        "valid_to": filing.valid_to.isoformat(),
        "state": str(filing.state),
        "contract_text": contract.text_digest,
    }
    if run is None:
        return said
    items = session.exec(select(CheckItem).where(CheckItem.run_id == run.id).order_by(col(CheckItem.position))).all()
    facts = run.facts.plain
    return said | {
        "decision": decision_text(run, items),
        "run_id": str(run.id),
        "sources": run.sources,
        "facts_masked": not full,
        "facts": facts if full else json.dumps(masked(json.loads(facts)), ensure_ascii=False),
    }


def masked(value: Any, name: str = "") -> Any:
    """Facts as a third party may see them: figures, days, codes and yes or no stay, texts are masked by their name."""
    if isinstance(value, dict):
        return {_masked_key(key): masked(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item, name) for item in value]
    if not isinstance(value, str) or name in _OPEN or not value:
        return value
    if name in _MASKS:
        return mask(_MASKS[name], value, "P")
    if len(value) <= 32 and (set(value) <= _CODE_CHARACTERS or _figure(value)):
        return value
    return "*" * min(len(value), 8)


def _figure(value: str) -> bool:
    # Longer runs of digits than any amount or moment has would be a person's number.
    digits = max((len(run) for run in value.replace("-", " ").replace(":", " ").split()), default=0)
    return set(value) <= _NUMBER_CHARACTERS and digits <= 8


def _masked_key(key: str) -> str:
    """Maps of facts are keyed by people's numbers; a key that is no word of ours is one."""
    return key if key.isascii() and key.replace("_", "").isalpha() and key.islower() else mask("id", key, "P")


def _paper(row: IssuedDocument) -> dict[str, str]:
    return {
        "id": str(row.id),
        "kind": row.kind.value,
        "title": row.title,
        "number": row.number,
        "issued_at": shanghai_text(row.issued_at),
        "state": str(row.state),
        "digest": row.digest,
        "kid": row.signature_key,
        "sig": row.signature,
    }


def _events(session: Session, objects: list[str]) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """The events about these objects, each with its path to a signed checkpoint where one covers it."""
    rows = session.exec(
        select(AuditEvent)
        .where(AuditEvent.chain == CHAIN, col(AuditEvent.object_id).in_(objects))
        .order_by(col(AuditEvent.seq))
    ).all()
    events: list[dict[str, Any]] = []
    checkpoints: dict[int, dict[str, str]] = {}
    window: AuditCheckpoint | None = None
    hashes: list[str] = []
    for row in rows:
        if window is None or not window.first <= row.seq <= window.last:
            window = session.exec(
                select(AuditCheckpoint)
                .where(
                    AuditCheckpoint.chain == CHAIN, AuditCheckpoint.first <= row.seq, AuditCheckpoint.last >= row.seq
                )
                .limit(1)
            ).first()
            hashes = _hashes(session, window)
        event: dict[str, Any] = {"seq": row.seq, "body": row.body, "hash": row.hash}
        if window is not None:
            checkpoints[window.last] = {"kid": window.key, "sig": window.signature, "text": window.statement}
            event |= {"checkpoint": window.last, "path": path_of(hashes, row.seq - window.first)}
        events.append(event)
    return events, [checkpoints[last] for last in sorted(checkpoints)]


def _hashes(session: Session, window: AuditCheckpoint | None) -> list[str]:
    if window is None:
        return []
    found = session.exec(
        select(AuditEvent.hash)
        .where(AuditEvent.chain == window.chain, col(AuditEvent.seq).between(window.first, window.last))
        .order_by(col(AuditEvent.seq))
    ).all()
    return list(found)
