"""Commands on the page of a sales plan: buildings ticked anew, a change plan, the official print, the sale beside it (row 76)."""

from functools import partial

from models.records import RevisionState
from services.engine.cycle_orders import RevisionView
from services.engine.orders import OneRow
from services.sales.made_plan import change_plan
from services.sales.plan_facts import KIND
from ui.records.beside import beside
from ui.records.record_page import RecordPage, open_record
from ui.sales import plans_page, unit_prices  # noqa: F401 - the editors of the lists of a plan
from ui.shell.call import call
from ui.shell.dialogs import confirm


@beside(KIND)
def plan_commands(page: RecordPage, view: RevisionView) -> None:
    """A draft ticks its buildings anew; a plan with a presale permit is changed by another plan."""
    place = page.place
    if view.editable:
        place.command("调整楼幢", partial(_tick, page, view), icon="checklist", key="f9")
    if view.state is RevisionState.EFFECTIVE and view.frozen and place.may(change_plan):
        place.command("申报变更方案", partial(_change, page, view), icon="difference")


async def _tick(page: RecordPage, view: RevisionView) -> None:
    if page.saver is not None and not await page.saver.save():
        return
    await page.place.open(plans_page.KEY, id=view.project_id, draft=view.revision_id)


async def _change(page: RecordPage, view: RevisionView) -> None:
    with page.root:
        await confirm("按现行方案起草变更方案，审核通过后原方案作废。确定起草？", yes="起草")
        begun = (await call(change_plan, OneRow(view.record_id))).or_end()
        await open_record(page.place, KIND, begun.record_id)
