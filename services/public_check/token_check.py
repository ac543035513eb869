"""Checking a token: its form, then its MAC in process, and only then one read (security 3.6, H75)."""

import re
from dataclasses import dataclass
from datetime import date

from models.documents import PaperKind
from models.sealing import Sealer
from services.public_check.answers import (
    CARD,
    FORGED,
    CardAnswer,
    PublicAnswer,
    Standing,
    Verdict,
    card_verdict,
    verdict,
)
from services.public_check.code_answers import FORGED_CODE, LISTING, CodeAnswer, code_verdict
from services.public_check.reader import PublicReader

_FORM = re.compile(r"q1\.[a-z]{2,4}\.[1-9][0-9]{0,5}\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}")
_KINDS = frozenset(str(kind.value) for kind in PaperKind)

FOREIGN = Verdict(Standing.FOREIGN, None, "扫描到的核验码不是本系统签发的，或者已经损坏。请核对文书来源。")
UNREADABLE = Verdict(Standing.UNREADABLE, None, "这不是一个完整的核验码，请重新扫描文书上的二维码。")


@dataclass(frozen=True)
class Checked:
    """Result for a token, with the paper or card if it is ours."""

    verdict: Verdict
    paper: PublicAnswer | None = None
    card: CardAnswer | None = None
    #: The token says it is a card's, ours or not.
    of_card: bool = False
    code: CodeAnswer | None = None
    #: The token says it is that of a verification code, ours or not.
    of_code: bool = False


async def check_token(sealer: Sealer, token: str, reader: PublicReader, today: date) -> Checked:
    """Check a token; a forged and an unknown token get the same answer, the forged one without a database read."""
    of_card = token.startswith(f"q1.{CARD}.")
    of_code = token.startswith(f"q1.{LISTING}.")
    if not _FORM.fullmatch(token):
        return Checked(UNREADABLE, of_card=of_card, of_code=of_code)
    kind = sealer.check_qr(token)
    if of_card:
        card = await reader.find_card(sealer.token_digest(token)) if kind == CARD else None
        if card is None:
            return Checked(FORGED, of_card=True)
        return Checked(card_verdict(card), card=card if card.sound else None, of_card=True)
    if of_code:
        code = await reader.find_code(sealer.token_digest(token)) if kind == LISTING else None
        if code is None:
            return Checked(FORGED_CODE, of_code=True)
        return Checked(code_verdict(code, today), code=code if code.sound else None, of_code=True)
    if kind not in _KINDS:
        return Checked(FOREIGN)
    paper = await reader.find(sealer.token_digest(token))
    if paper is None or (paper.sound and paper.kind.value != kind):
        return Checked(FOREIGN)
    return Checked(verdict(paper, today), paper if paper.sound else None)
