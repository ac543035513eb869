"""Verifying from the console and the command line, with its own event (AUDIT.VERIFY), and every night by itself."""

from dataclasses import dataclass

from models.access import Role
from models.sealing import CryptoError
from services.audit.sources import DatabaseSource, FolderSource
from services.audit.verification import Check, Report, verify
from services.engine.alarms import raise_alarm
from services.engine.door import Gathering
from services.engine.jobs import performed
from services.engine.registry import action
from services.engine.work import Work
from services.ports.crypto import Crypto


def own_keys(crypto: Crypto) -> Check:
    """Check signatures by the installation's own keys; a key it does not have or no longer trusts signs nothing."""

    def check(key: str, text: str, signature: str) -> bool:
        try:
            return crypto.verify(key, text.encode(), signature)
        except CryptoError:
            return False

    return check


@dataclass(frozen=True)
class VerifyAudit:
    """The whole chain, or from one number to another; 0 is the end."""

    first: int = 1
    last: int = 0


def _verify(gathering: Gathering, order: VerifyAudit) -> Report:
    url = gathering.look(lambda work: work.session.get_bind().engine.url.render_as_string(hide_password=False))
    house = gathering.house
    store = house.second_store
    external = FolderSource(store.folder) if store is not None else None
    return verify(
        DatabaseSource(url, store=store.folder if store is not None else None),
        own_keys(house.crypto),
        external=external,
        first=max(1, order.first),
        last=order.last or None,
    )


@action("audit.verify", "核验审计链", roles={Role.AUDITOR, Role.SYSTEM}, gather=_verify, event="AUDIT.VERIFY")
def verify_audit(work: Work, order: VerifyAudit, report: Report) -> Report:
    """Verify the database against its signatures and the second store."""
    return record(work, report)


@action("audit.verified", "登记审计核验结果", roles={Role.SYSTEM}, event="AUDIT.VERIFY")
def verified(work: Work, report: Report) -> Report:
    """Return what a verification on the command line found."""
    return record(work, report)


def record(work: Work, report: Report) -> Report:
    fault = report.fault
    work.trail.tell(
        "AUDIT.VERIFY",
        "audit.verify",
        kind="audit",
        object_id=report.chain,
        result="fail" if fault else "ok",
        reason=f"{fault.code} {fault.seq}" if fault else "",
        detail={"checkpoints": report.checkpoints, "events": report.events, "first": report.first, "last": report.last},
        severity=1 if fault else 6,
    )
    if fault is not None:
        raise_alarm(work, "AUDIT.BROKEN", report.sentence, kind="audit", key=f"{report.chain} {fault.seq}", severity=1)
    return report


performed("audit.verify", "审计链核验", verify_audit, VerifyAudit(), at="02:20")
