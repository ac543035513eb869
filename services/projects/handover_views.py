"""变更项目公司: the handovers that follow transfers, with who has agreed and what may be done (row 62)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.access import MARKET
from models.land_codes import HandoverState
from models.projects import Project, ProjectHandover
from services.engine.callers import Caller
from services.engine.listings import Column, Line, Listing, choice, listed
from services.engine.look_ups import values_by
from services.engine.registry import Action
from services.engine.steps import is_available
from services.engine.work import Work
from services.parcels.companies import company_names
from services.projects.handover import HandoverWord, agree_to_handover


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    projects = values_by(work, Project.id, Project.name, (row.project_id for row in rows))
    names = company_names(work, (one for row in rows for one in (row.from_company_id, row.to_company_id)))
    return {
        "project": lambda row: projects.get(row.project_id, ""),
        "from_company": lambda row: names.get(row.from_company_id, ""),
        "to_company": lambda row: names.get(row.to_company_id, ""),
        "note": lambda row: str(row.note.json()) if row.note is not None else "",
    }


HANDOVERS = listed(
    Listing(
        name="project_handovers",
        label="变更项目公司",
        roles=MARKET,
        table=ProjectHandover,
        columns=(
            Column("project", "项目"),
            Column("from_company", "转出公司", width=180),
            Column("to_company", "转入公司", width=180),
            Column("state", "状态", width=110),
            Column("created_at", "发起时间", sortable=True, width=124),
        ),
        filters=(choice("state", "状态", ProjectHandover.state, HandoverState, width=190),),
        sort="-created_at",
        look_up=_cells,
        also=(
            "project_id",
            "transfer_id",
            "from_company_id",
            "to_company_id",
            "from_agreed_at",
            "to_agreed_at",
            "done_at",
        ),
        empty="没有项目公司变更",
    )
)


def may_act(caller: Caller, action: Action[HandoverWord, None], line: Line) -> bool:
    """Tell whether an action on a handover is the caller's now; a company agrees once."""
    waits = {line.from_company_id: line.from_agreed_at is None, line.to_company_id: line.to_agreed_at is None}
    its_turn = action is not agree_to_handover or waits.get(caller.enterprise_id, False)
    return its_turn and is_available(caller, action, line)
