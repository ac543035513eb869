"""Rendering: bytes are drawn and signed with no transaction open, and stored once for ever (decisions 17, 22)."""

import logging
from dataclasses import dataclass
from uuid import UUID

from models.access import Role
from models.documents import IssuedDocument
from models.sealing import CryptoError, sm3
from printing.fonts import MissingGlyph
from services.access.visibility import ENTERPRISE, STAFF
from services.documents.forms import thaw
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.refusals import Refusal, Rejected, Unavailable
from services.engine.registry import action
from services.engine.work import Work

log = logging.getLogger("shenfang.papers")


@dataclass(frozen=True)
class Rendered:
    """A paper's bytes as they are stored: sealed, with digest and signature."""

    content: bytes
    digest: str
    signature: str
    key: str


def _render(gathering: Gathering, paper_id: UUID) -> Rendered | None:
    paper = gathering.look(lambda work: work.get(IssuedDocument, paper_id))
    if paper.content is not None:
        return None
    form, page = thaw(paper.page)
    try:
        plain = form.render(page)
    except MissingGlyph as problem:
        raise Rejected(str(problem)) from problem
    digest = sm3(plain)
    try:
        signature = gathering.house.crypto.sign("sig.doc", digest)
    except CryptoError as problem:
        raise Unavailable("签名服务暂时不可用，文书将在恢复后自动生成，请稍后再打开") from problem
    return Rendered(gathering.sealer.seal_file(plain, str(paper.id)), digest.hex(), signature.sig_b64, signature.kid)


@action("papers.render", "生成文书", roles=STAFF | ENTERPRISE | {Role.SYSTEM}, gather=_render, event="")
def render_paper(work: Work, paper_id: UUID, rendered: Rendered | None) -> None:
    """Store the bytes unless they are stored already; the first stay."""
    if rendered is None:
        return
    paper = work.hold(IssuedDocument, paper_id)
    if paper.content is not None:
        return
    paper.content, paper.digest = rendered.content, rendered.digest
    paper.signature, paper.signature_key = rendered.signature, rendered.key
    work.add(paper)
    work.trail.tell("DATA.CREATE", "papers.render", about=paper, digest=rendered.digest)


@job("papers.render", "补制文书", every=60)
def render_waiting(door: Door, limit: int = 500) -> int:
    """Render what was issued but has no bytes yet: a crash in between loses nothing."""
    waiting = door.look(SYSTEM, lambda work: _waiting(work, limit))
    done = 0
    for paper_id in waiting:
        try:
            door.perform(render_paper, SYSTEM, paper_id)
            done += 1
        except Unavailable:
            break
        except Refusal:
            log.warning("paper %s cannot be drawn", paper_id)
        except Exception:
            # One paper that cannot be drawn must not keep the others waiting.
            log.exception("paper %s was not rendered", paper_id)
    return done


def _waiting(work: Work, limit: int) -> list[UUID]:
    return list(work.rows(IssuedDocument.id, IssuedDocument.digest == "", by=IssuedDocument.issued_at, most=limit))
