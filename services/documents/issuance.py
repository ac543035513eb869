"""Issuing: inside the transaction that decides, a paper is frozen with its code and its public answer (decisions 17, 22)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from models.documents import PAPER, IssuedDocument, PaperKind, PaperState
from models.masking import mask
from printing.page import PRINTED_DIGEST
from services.documents.forms import freeze
from services.engine.events import on
from services.engine.house import House
from services.engine.steps import take_step
from services.engine.undo import PAPER_UNDONE
from services.engine.work import Work

CHECK_PATH = "/c/"


def public_address(house: House, path: str) -> str:
    """A path of ours as people write it into a browser."""
    return f"{house.public_url}{path}"


def check_address(house: House, token: str) -> str:
    """Return the public address for checking a q1 token, the content of its QR code."""
    return public_address(house, f"{CHECK_PATH}{token}")


def public_answer(
    *,
    unit: str,
    parties: Iterable[tuple[str, str]] = (),
    address: str = "",
    part: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> dict[str, object]:
    """Return the public data of a paper, masked here so that no caller can forget it.

    `parties` are (出租人, full name); `part` is 整套 or the rooms.
    """
    return {
        "unit": unit,
        "parties": [[role, mask("name", name, "P")] for role, name in parties],
        "address": mask("addr", address, "P") if address else "",
        "part": part if part in {"", "整套"} else "部分房间",
        "valid_from": valid_from.isoformat() if valid_from else "",
        "valid_to": valid_to.isoformat() if valid_to else "",
    }


def issue_paper(
    work: Work,
    page: Any,
    *,
    kind: PaperKind,
    about: Any,
    public: dict[str, object],
    unit_id: UUID | None,
    filing_id: UUID | None = None,
    replaces: IssuedDocument | None = None,
) -> IssuedDocument:
    """Freeze a paper about a row, of an office; its bytes are made after the commit by `render_paper`, or later by the job.

    The number must be drawn already: call this from `work.then(...)` where it is drawn in this transaction.
    The paper's title is that of its form. `page.issue` carries number, unit, day and seal; the verification code is added here.
    """
    number: str = page.issue.number
    token = work.sealer.qr_token(kind.value)
    paper = IssuedDocument(
        kind=kind,
        title=page.TITLE,
        number=number,
        object_kind=str(about.__tablename__),
        object_id=about.id,
        filing_id=filing_id,
        page=freeze(replace(page, issue=replace(page.issue, check_url=check_address(work.house, token)))),
        token_digest=work.sealer.token_digest(token),
        public={**public, "content_digest": page.issue.digest[:PRINTED_DIGEST]} if page.issue.digest else public,
        unit_id=unit_id,
        issued_on=work.today,
        issued_at=work.now,
        issued_by=work.caller.account_id,
        district_code=about.district_code,
        street_code=getattr(about, "street_code", ""),
    )
    work.add(paper)
    if replaces is not None:
        replace_paper(work, replaces)
    work.trail.tell("DATA.CREATE", "papers.issue", about=paper, detail={"kind": kind.value, "number": number})
    return paper


@on(PAPER_UNDONE)
def replace_paper(work: Work, paper: IssuedDocument) -> None:
    """Mark a paper as replaced from today; its bytes stay, the check page says so."""
    if paper.state is PaperState.REPLACED:
        return
    take_step(work, paper, PAPER, "replace", log=False)
    paper.public = {**paper.public, "replaced_on": work.today.isoformat()}
    work.add(paper)
    work.trail.tell("DATA.STATE", "papers.replace", about=paper)
