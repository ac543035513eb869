"""转租预警通知单: issued once for each alert, time and district, and printed again from what was issued (D10)."""

from uuid import UUID

from sqlmodel import col, select

from models.documents import IssuedDocument, PaperKind
from models.places_data import districts_by_code
from models.sublets import SubletAlert, SubletAlertDistrict, SubletPerson
from models.working_days import calendar
from printing.page import Issue
from printing.sublet_notice import SubletNotice
from services.documents.issuance import issue_paper, public_answer
from services.engine.clock import SHANGHAI
from services.engine.refusals import NotFound
from services.engine.registry import action
from services.engine.work import Work
from services.sublets.alerts import HANDLERS
from services.sublets.visibility import districts_of
from services.tenancy.paper_words import seal_of, unit_name

HANDLE_DAYS = "sublet.handle_workdays"
_BASIS = "《上海市住房租赁条例》第二十二条：个人转租住房达到规定数量的，应当依法办理市场主体登记。"


@action("sublets.notice", "出具转租预警通知单", roles=HANDLERS, event="DATA.CREATE")
def issue_notice(work: Work, alert_id: UUID) -> UUID:
    """Return the notice of an alert for the caller's district, issued when it is first asked for."""
    alert = work.whole(work.get(SubletAlert, alert_id))
    told = work.rows(
        SubletAlertDistrict,
        SubletAlertDistrict.alert_id == alert.id,
        by=(col(SubletAlertDistrict.units).desc(), SubletAlertDistrict.district_code),
    )
    own = next((one for one in told if one.district_code in districts_of(work)), None)
    if own is None:
        raise NotFound
    number = f"{alert.alert_no}-{alert.times}-{own.district_code}"
    known = select(IssuedDocument.id).where(IssuedDocument.object_id == own.id, IssuedDocument.number == number)
    if (paper := work.session.exec(known).first()) is not None:
        return paper
    person = work.session.get_one(SubletPerson, alert.person_id)
    names, unit = districts_by_code(), unit_name(work, work.caller.unit_id)
    opened = alert.opened_at.astimezone(SHANGHAI).date()
    due = calendar().add_working_days(opened, work.thresholds.integer(HANDLE_DAYS))
    page = SubletNotice(
        issue=Issue(number=number, unit=unit, issued_on=work.today, seal=seal_of(work, unit, "业务专用章")),
        alert_no=alert.alert_no,
        opened_on=opened.isoformat(),
        person=person.name.masked(),
        id_no=person.id_no.masked(),
        units=f"{alert.units}套（间）",
        threshold=f"超过{alert.threshold}套（间）",
        districts="；".join(
            f"{names.get(one.district_code, one.district_code)}{'（主要区）' if one.main else ''}{one.units}套（间）"
            for one in told
        ),
        basis=_BASIS,
        handler=unit,
        due_on=due.isoformat(),
    )
    public, office = public_answer(unit=unit), work.caller.unit_id
    return issue_paper(work, page, kind=PaperKind.RECEIPT, about=own, public=public, unit_id=office).id
