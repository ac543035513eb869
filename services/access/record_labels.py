"""Security labels of records: raised by readers, lowered by the city alone, both logged (security.md D08)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.documents import Attachment
from models.labels import Label
from services.access.visibility import CITY, CLERKS
from services.engine.refusals import Conflict, NotAllowed, NotFound
from services.engine.registry import action
from services.engine.words import enough_words
from services.engine.work import Work

#: What carries labels, by the name orders use.
LABELLED: dict[str, Any] = {"attachment": Attachment}


@dataclass(frozen=True)
class SetLabel:
    kind: str
    id: UUID
    label: Label
    reason: str


@action("labels.set", "设置安全标记（材料）", roles=CLERKS | CITY, event="DATA.UPDATE")
def set_label(work: Work, order: SetLabel) -> None:
    """Set the label of a visible record, at most to the caller's own clearance."""
    table = LABELLED.get(order.kind)
    if table is None:
        raise NotFound
    row = work.get(table, order.id)
    reason = enough_words(order.reason, "原因", least=4)
    if row.label is order.label:
        raise Conflict("该材料已是此安全标记")
    if order.label.height > work.caller.clearance.height:
        raise NotAllowed("不能设置高于本人安全标记的级别")
    if order.label.height < row.label.height and not work.caller.has(*CITY):
        raise NotAllowed("降低安全标记由市级人员办理")
    before = row.label
    row.label = order.label
    work.add(row)
    work.trail.tell(
        "DATA.UPDATE",
        "labels.set",
        about=row,
        reason=reason[:60],
        detail={"from": str(before), "to": str(order.label)},
    )
