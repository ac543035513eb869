"""Admissions of project companies in the demo that wait for the other side's word: one each side has begun (row 53)."""

from uuid import UUID

from sqlmodel import col, select

from deploy.demo.stories import caller_named, left_out, picture, there
from deploy.demo.tables import DATA
from models.companies import HeadCompany, SubjectApplication
from models.own_data import read_rows
from services.companies.joint import Offer, offer
from services.engine.callers import SYSTEM, Caller
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun, Save
from services.engine.door import Door
from services.engine.findings import Severity
from services.engine.work import Work
from services.records.attachments import AttachFile, attach_file

_REASON = "企业新近设立，法人库尚未更新"
_SLOTS = (("licence", "营业执照（演示）.png"), ("authority", "授权书（演示）.png"))
_HOLDERS = read_rows(DATA / "joint_holders.csv")


def load_joint(door: Door) -> int:
    """Offer each once; one that is refused is left out."""
    made = 0
    for line in read_rows(DATA / "joint_companies.csv"):
        if not there(door, SubjectApplication, SubjectApplication.uscc == line["uscc"]):
            with left_out(line["name"]):
                _offer(door, line)
                made += 1
    return made


def _offer(door: Door, line: dict[str, str]) -> None:
    caller, part = caller_named(door, line.pop("by")), line.pop("head")
    head: UUID = door.look(SYSTEM, lambda work: _head(work, part))
    verbs = acts("project_company")
    begun: Begun = door.perform(verbs.begin, caller, Begin(head))
    files = {slot: (_attached(door, caller, begun, slot, name),) for slot, name in _SLOTS}
    order = Save(begun.revision_id, begun.version, line, {"shareholders": _HOLDERS}, files)
    saved = door.perform(verbs.save, caller, order)
    found = door.ask(verbs.trial, caller, begun.revision_id)
    reasons = {finding.code: _REASON for finding in found if finding.severity is Severity.WARN}
    door.perform(offer, caller, Offer(begun.revision_id, saved.version, reasons))


def _head(work: Work, part: str) -> UUID:
    named = col(HeadCompany.name).contains(part, autoescape=True)
    return work.session.exec(select(HeadCompany.id).where(named).order_by(col(HeadCompany.id))).one()


def _attached(door: Door, caller: Caller, begun: Begun, slot: str, name: str) -> UUID:
    kept = door.perform(attach_file, caller, AttachFile(begun.revision_id, slot, name, picture("paper.png")))
    made: UUID = kept.id
    return made
