"""Access to stored papers: unchanging bytes for users who may see them; a change raises an alarm (decision 16)."""

from dataclasses import dataclass
from uuid import UUID

from models.access import Role
from models.documents import IssuedDocument
from models.sealing import CryptoError, Sealer, sm3_hex
from services.access.visibility import ENTERPRISE, STAFF
from services.documents.rendition import render_paper
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.refusals import Conflict, Unavailable
from services.engine.registry import query
from services.engine.work import Work
from services.privacy.papers import note_paper

DAMAGED = "文书的存储内容与签发时的摘要不一致，已停止使用并报告安全管理员"


@dataclass(frozen=True)
class PaperBytes:
    """An issued paper as it was issued; `content` is None when what is stored is not what was issued."""

    id: UUID
    title: str
    number: str
    digest: str
    content: bytes | None

    @property
    def file_name(self) -> str:
        return f"{self.title}-{self.number}.pdf"


@query("papers.bytes", "查看文书", roles=STAFF | ENTERPRISE | {Role.SYSTEM}, personal=True)
def paper_bytes(work: Work, paper_id: UUID) -> PaperBytes:
    """Return the bytes of a visible paper. A changed file is logged in this transaction."""
    paper = work.get(IssuedDocument, paper_id)
    if paper.content is None:
        raise Conflict("文书正在生成，请稍候再打开")
    content = _opened(work.sealer, paper)
    if content is None:
        work.trail.tell(
            "INTEGRITY.FAIL",
            "papers.bytes",
            result="error",
            reason="DIGEST",
            about=paper,
            digest=paper.digest,
            severity=1,
        )
    else:
        work.trail.tell("FILE.DOWNLOAD", "papers.bytes", about=paper, digest=paper.digest)
        note_paper(work, paper, "papers.bytes")
    return PaperBytes(paper.id, paper.title, paper.number, paper.digest, content)


def open_paper(door: Door, caller: Caller, paper_id: UUID) -> PaperBytes:
    """Return what a page and a print button call: rendered now if need be; a damaged file is refused."""
    if door.look(caller, lambda work: _waits(work, paper_id)):
        door.perform(render_paper, caller, paper_id)
    paper = door.ask(paper_bytes, caller, paper_id)
    if paper.content is None:
        raise Unavailable(DAMAGED)
    return paper


def _waits(work: Work, paper_id: UUID) -> bool:
    """Return whether a visible paper has no bytes yet; the query itself audits an invisible one."""
    waiting = work.visible(IssuedDocument).where(IssuedDocument.id == paper_id, IssuedDocument.digest == "")
    return work.session.exec(waiting).first() is not None


def _opened(sealer: Sealer, paper: IssuedDocument) -> bytes | None:
    try:
        plain = sealer.open_file(paper.content or b"", str(paper.id))
    except CryptoError:
        return None
    return plain if sm3_hex(plain) == paper.digest else None
