"""Sign-in challenges: 32 random bytes, valid for two minutes and once, on every process (security.md M1).

A challenge is proven by its MAC, so that asking for one writes nothing; using it writes the row that prevents a second
use.
"""

import re
import secrets
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from sqlmodel import select

from models.sealing import Sealer
from models.sign_in import SpentToken
from services.engine.work import Work

LIVES = timedelta(seconds=120)
_FORM = re.compile(r"shfg-login\.[A-Za-z0-9_-]{43}\.([0-9]{10})\.[0-9a-f]{32}")


def new_challenge(sealer: Sealer, now: datetime) -> str:
    """Return a text to be signed unchanged; its prefix names its purpose."""
    body = f"shfg-login.{secrets.token_urlsafe(32)}.{int((now + LIVES).timestamp()):010d}"
    return f"{body}.{_tag(sealer, body)}"


def until(sealer: Sealer, challenge: str) -> datetime | None:
    """Until when a challenge of ours is good; None for any other text."""
    found = _FORM.fullmatch(challenge)
    body, _, tag = challenge.rpartition(".")
    if found is None or not compare_digest(tag, _tag(sealer, body)):
        return None
    return datetime.fromtimestamp(int(found[1]), UTC)


def spend(work: Work, kind: str, token: str, good_until: datetime) -> bool:
    """Use a token; False when it was used before, by whichever process."""
    digest = work.sealer.session_digest(f"{kind}|{token}")
    if work.session.exec(select(SpentToken.id).where(SpentToken.digest == digest)).first():
        return False
    work.session.add(SpentToken(digest=digest, kind=kind, until=good_until))
    work.session.flush()
    return True


def _tag(sealer: Sealer, body: str) -> str:
    return sealer.session_digest(f"challenge|{body}")[:32]
