"""People with certificates: issued by the test authority, bound to their accounts, signing challenges."""

import base64
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlmodel import col, select

from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.local_authority import SIGN, Issued, LocalAuthority, system_moment
from models.access import Account
from services.access.factors import CertificateProof, new_challenge
from services.engine.clock import system_now
from services.engine.work import Work
from tests.world import World, key_folder, sealer


@cache
def authority() -> LocalAuthority:
    """The authority the test provider believes."""
    return LocalAuthority(key_folder())


def issued(
    name: str, *, start: datetime | None = None, end: datetime | None = None, usage: Iterable[str] = (SIGN,)
) -> Issued:
    """A certificate of that authority."""
    return authority().issue(name, system_moment(), not_before=start, not_after=end, usage=usage)


def foreign(folder: Path, name: str) -> Issued:
    """A certificate of another authority of the same name."""
    return LocalAuthority(folder).issue(name, system_moment())


def bind(world: World, login: str, certificate: Issued) -> Issued:
    """Bind a certificate to an account, as two administrators do."""

    def act(work: Work) -> None:
        account = work.session.exec(select(Account).where(col(Account.login) == login)).one()
        account.cert_fingerprint = certificate.certificate.fingerprint
        work.add(account)

    world.act(act)
    return certificate


def signature(certificate: Issued, text: str) -> str:
    return base64.b64encode(sm2.sign(certificate.key, text.encode())).decode()


def proof(certificate: Issued, challenge: str = "") -> CertificateProof:
    """What the certificate's owner shows: a fresh challenge, signed."""
    challenge = challenge or new_challenge(sealer(), system_now())
    return CertificateProof(challenge, certificate.der, signature(certificate, challenge))
