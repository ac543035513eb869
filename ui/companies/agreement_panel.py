"""The panel on a project company's draft or exit: sending it to the other side, and opening the company's page."""

from functools import partial

from models.access import Role
from models.records import RevisionState
from services.companies.joint import AGREED, Offer, offer
from services.engine.cycle_orders import RevisionView
from services.engine.findings import Severity
from ui.companies.parts import open_company
from ui.records.beside import beside
from ui.records.reasons import ask_reasons
from ui.records.record_page import RecordPage
from ui.shell.call import call

_SIDES = frozenset({Role.DIST_HANDLER, Role.HEAD_ADMIN})
_STOPS = frozenset({Severity.REFUSE, Severity.CORRECT, Severity.ROUTE, Severity.INTERCEPT})


@beside("project_company", "project_exit")
def send_to_other_side(page: RecordPage, view: RevisionView) -> None:
    """Only the first version of a company or an exit asks for the other side's word."""
    if "submit" in view.ways and view.based_on is None and page.place.caller.roles & _SIDES:
        page.place.command("发送对方确认", partial(send, page), icon="handshake", key="f9")


async def send(page: RecordPage) -> None:
    """Checked as at submission, but for the word that is asked for now."""
    with page.root:
        if page.view is None or page.saver is None or not await page.saver.save():
            return
        trial = await call(page.acts.trial, page.view.revision_id)
        if not trial.ok:
            return
        found = tuple(one for one in trial.value if one.code != AGREED)
        page.take_findings(found)
        if any(one.severity in _STOPS for one in found):
            page.place.say("还不能发送：请先修改右侧列出的内容", "bad")
            return
        reasons = await ask_reasons([one for one in found if one.severity is Severity.WARN], page.view.reasons)
        if reasons is None:
            return
        answer = await call(offer, Offer(page.view.revision_id, page.saver.version, reasons))
        if answer.ok:
            page.place.say(f"已发送，请对方在{answer.value.expires_on:%Y-%m-%d}前确认；确认后自动提交审核", "good")
        elif answer.findings:
            page.take_findings(answer.findings)


@beside("group_company", "head_company", "project_company")
def open_its_page(page: RecordPage, view: RevisionView) -> None:
    """Return what is or was in force has a page of its own."""
    if view.based_on is not None or view.state in {RevisionState.EFFECTIVE, RevisionState.SUPERSEDED}:
        page.place.command("企业主页", partial(open_company, page.place, view.kind, view.record_id), icon="apartment")
