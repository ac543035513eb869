"""Admissions of project companies in the demo that wait for the other side's word: one each side has begun (row 53)."""

import logging
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw
from sqlmodel import col, select

from deploy.demo.land_drafts import caller_named
from models.companies import HeadCompany, SubjectApplication
from services.companies.joint import Offer, offer
from services.engine.callers import SYSTEM, Caller
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun, Save
from services.engine.door import Door
from services.engine.findings import Severity
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.records.attachments import AttachFile, attach_file

log = logging.getLogger("shenfang.demo")
_REASON = "企业新近设立，法人库尚未更新"
_SLOTS = (("licence", "营业执照（演示）.png"), ("authority", "授权书（演示）.png"))


@dataclass(frozen=True)
class _Waiting:
    """Who asks, about a company of which head, and what it is called."""

    login: str
    head: str
    name: str
    uscc: str
    parcel: str


_WAITING = (
    _Waiting("shenpu_admin", "申浦", "上海申浦花木置业有限公司", "91310115MAW0500101", "浦东新区花木社区C-03地块"),
    _Waiting("pdchu01", "江海", "上海江海唐镇置业有限公司", "91310115MAW050029X", "浦东新区唐镇社区D-05地块"),
)


def load_joint(door: Door) -> int:
    """Each once; one that is refused is left out, for a demo with a moved clock goes on."""
    made = 0
    for one in _WAITING:
        if door.look(SYSTEM, lambda work, one=one: _known(work, one.uscc)):  # type: ignore[misc]
            continue
        try:
            _offer(door, one)
            made += 1
        except Refusal as refusal:
            log.warning("an admission of the demo is not offered: %s", refusal.message)
    return made


def _known(work: Work, uscc: str) -> bool:
    found = select(SubjectApplication.id).where(SubjectApplication.uscc == uscc)
    return work.session.exec(found).first() is not None


def _offer(door: Door, one: _Waiting) -> None:
    caller = caller_named(door, one.login)
    head: UUID = door.look(SYSTEM, lambda work: _head(work, one.head))
    verbs = acts("project_company")
    begun: Begun = door.perform(verbs.begin, caller, Begin(head))
    files = {slot: (_attached(door, caller, begun, slot, name),) for slot, name in _SLOTS}
    order = Save(begun.revision_id, begun.version, _values(one), _lists(), files)
    saved = door.perform(verbs.save, caller, order)
    found = door.ask(verbs.trial, caller, begun.revision_id)
    reasons = {finding.code: _REASON for finding in found if finding.severity is Severity.WARN}
    door.perform(offer, caller, Offer(begun.revision_id, saved.version, reasons))


def _head(work: Work, part: str) -> UUID:
    named = col(HeadCompany.name).contains(part, autoescape=True)
    return work.session.exec(select(HeadCompany.id).where(named).order_by(col(HeadCompany.id))).one()


def _attached(door: Door, caller: Caller, begun: Begun, slot: str, name: str) -> UUID:
    kept = door.perform(attach_file, caller, AttachFile(begun.revision_id, slot, name, _paper()))
    made: UUID = kept.id
    return made


def _paper() -> bytes:
    """A sheet with lines and a round seal: nobody's paper."""
    sheet = Image.new("RGB", (620, 877), "white")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((30, 30, 590, 847), outline=(150, 120, 60), width=4)
    for line in range(160, 640, 44):
        draw.line((80, line, 540, line), fill=(190, 190, 190), width=2)
    draw.ellipse((390, 660, 540, 810), outline=(190, 30, 30), width=6)
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _values(one: _Waiting) -> dict[str, Any]:
    return {
        "name": one.name,
        "uscc": one.uscc,
        "reg_place": "上海市浦东新区世纪大道100号",
        "legal_representative": "赵立言",
        "established_on": "2026-05-06",
        "registry_status": "EXISTING",
        "ownership_type": "PRIVATE",
        "registered_capital": "50000000.00",
        "currency": "CNY",
        "paid_in_capital": "40000000.00",
        "qualification_grade": "SECOND",
        "qualification_no": "沪房开证字第00871号",
        "qualification_valid_to": "2029-12-31",
        "contact_name": "钱多多",
        "contact_phone": "13800000188",
        "reg_district": "310115",
        "holding_ratio": "60.0000",
        "intended_parcel": one.parcel,
        "licensed_on": "2026-05-10",
        "filing_no": "沪房开备00871",
        "filed_on": "2026-05-20",
        "tech_staff_count": "6",
        "accountant_count": "3",
        "escrow_bank": "示例银行上海分行",
        "escrow_account": "3100661234560001",
    }


def _lists() -> dict[str, list[dict[str, Any]]]:
    return {
        "shareholders": [
            {
                "holder_kind": "COMPANY",
                "name": "上海远帆投资有限公司",
                "uscc": "91310000MA1FL1X2AK",
                "subscribed_amount": "30000000.00",
                "ratio": "60.0000",
            },
            {
                "holder_kind": "COMPANY",
                "name": "上海明序企业管理有限公司",
                "subscribed_amount": "20000000.00",
                "ratio": "40.0000",
            },
        ]
    }
