"""加签 and 抄送 in the demo: a project under review with a colleague's opinion and a copy for another district."""

from sqlmodel import col

from deploy.demo.stories import caller_named, left_out, there
from models.records import Revision, RevisionState, SecondOpinion
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import OneRevision
from services.engine.door import Door
from services.engine.opinions import (
    AskOpinion,
    GiveOpinion,
    TellCopy,
    ask_opinion,
    give_opinion,
    tell_copy,
)

_KIND, _DISTRICT = "project", "310115"


def load_consulting(door: Door) -> None:
    """Ask and answer once, then put the project back, so that every reviewer may go on with it."""
    if there(door, SecondOpinion):
        return
    waits = (
        Revision.kind == _KIND,
        Revision.state == RevisionState.SUBMITTED,
        Revision.district_code == _DISTRICT,
        col(Revision.taken_by).is_(None),
    )
    found = door.look(SYSTEM, lambda work: work.first(Revision.id, *waits, by=Revision.record_no))
    if found is None:
        return
    reviewer, colleague = caller_named(door, "pdshen02"), caller_named(door, "pdshen01")
    other = caller_named(door, "xhshen01")
    assert colleague.account_id is not None
    assert other.account_id is not None
    with left_out("加签与抄送"):
        door.perform(acts(_KIND).take, reviewer, OneRevision(found))
        version = door.look(SYSTEM, lambda work: work.only(Revision.version, Revision.id == found))
        question = "地块与徐汇区相邻，请看规划指标是否一致"
        asked = door.perform(ask_opinion, reviewer, AskOpinion(found, version, colleague.account_id, question))
        door.perform(give_opinion, colleague, GiveOpinion(asked, True, "指标与出让合同一致，建议通过"))
        door.perform(tell_copy, reviewer, TellCopy(found, (other.account_id,), "相邻项目，请知悉"))
        door.perform(acts(_KIND).release, reviewer, OneRevision(found))
