"""Beside a red line in force: plate and ring taken over by its project and its parcel (row 80)."""

from functools import partial

from models.records import RevisionState
from services.engine.cycle_orders import RevisionView
from services.space.taken_places import TakePlace, other_places, take_place
from ui.records.beside import beside
from ui.records.record_page import RecordPage, open_record
from ui.shell.call import call
from ui.shell.dialogs import confirm


@beside("red_line")
def offer_place(page: RecordPage, view: RevisionView) -> None:
    """A red line in force gives its plate and ring."""
    if view.state is RevisionState.EFFECTIVE and page.place.may(take_place):
        page.place.command("带入板块和环线", partial(_take, page, view), icon="place")


async def _take(page: RecordPage, view: RevisionView) -> None:
    """Take plate and ring over into the record the person keeps, or say that nothing differs."""
    found = (await call(other_places, view.record_id)).or_end()
    own = next((one for one in found if one.may), None)
    if own is None:
        words = "；".join(f"{one.label}所填为{one.stated}，按红线为{one.found}，请由其填报单位更新" for one in found)
        page.place.say(words or "项目和地块所填的板块、环线与红线一致", "warn" if words else "good")
        return
    with page.root:
        await confirm(f"{own.label}所填为{own.stated}，按红线为{own.found}。生成{own.label}的新版本，核对后提交审核。")
    begun = (await call(take_place, TakePlace(view.record_id, own.kind))).or_end()
    await open_record(page.place, own.kind, begun.record_id, begun.revision_id)
