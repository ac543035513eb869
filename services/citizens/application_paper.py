"""The application a citizen filled in, as the file that goes with it (D8, row 3)."""

from collections.abc import Mapping
from datetime import datetime

from models.masking import mask
from models.tenancy_codes import CancelReason, IdType, Situation
from printing import online_application
from printing.online_application import OnlineApplication
from printing.page import Issue
from printing.people import Person
from services.citizens.sessions import Citizen
from services.engine.clock import SHANGHAI, shanghai_text
from services.one_stop.applications import rent_of
from services.one_stop.messages import LibraryMessage, StopForm, StopPerson

COMMITMENT = (
    "本人与对方未能共同办理注销，承诺所述终止事由和日期属实；知晓系统将告知对方，5个工作日内对方提出异议的，"
    "由区住房租赁服务中心处理；因不实申请造成的后果由本人承担。"
)
_ID_KINDS = {one.value: one.label for one in IdType}


def application_paper(citizen: Citizen, message: LibraryMessage, values: Mapping[str, str], now: datetime) -> bytes:
    """Draw the application; the numbers of other persons are masked."""
    form = message.form or StopForm()
    applicant = message.applicant
    cancelling = message.situation is Situation.CANCEL
    reasons = {one.value: one.label for one in CancelReason}
    rent = rent_of(form.rent_amount)
    page = OnlineApplication(
        issue=Issue(number=message.msg_id[:12].upper(), unit="一网通办", issued_on=now.astimezone(SHANGHAI).date()),
        situation=message.situation.label,
        applied_at=shanghai_text(now),
        applicant=(Person(citizen.name, _ID_KINDS.get(citizen.id_type, ""), citizen.id_no),),
        role=applicant.role.label if applicant else "",
        mobile=citizen.mobile,
        lessors=_people(form.lessors, citizen),
        lessees=_people(form.lessees, citizen),
        address=form.house.address_text,
        cert_no=form.house.title_cert_no,
        part="、".join(form.rooms) or ("" if cancelling else "整套"),
        term=f"{form.start_date}至{form.end_date}" if form.start_date else "",
        rent=f"{form.rent_amount if rent is None else f'{rent:,.2f}'} 元" if form.rent_amount else "",
        filing_no=form.filing_no,
        ended_on=form.termination_date,
        reason=reasons.get(form.reason, ""),
        commitment=COMMITMENT if cancelling and values.get("committed") else "",
    )
    return online_application.render(page)


def _people(listed: tuple[StopPerson, ...], citizen: Citizen) -> tuple[Person, ...]:
    return tuple(
        Person(
            one.name,
            _ID_KINDS.get(one.id_type, ""),
            one.id_no if one.id_no == citizen.id_no else mask("id", one.id_no),
        )
        for one in listed
    )
