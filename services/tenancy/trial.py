"""Would it pass? All rules on a form, nothing written (row 6)."""

from services.engine.findings import Judgement
from services.engine.registry import query
from services.engine.work import Work
from services.tenancy.contracts import FILERS
from services.tenancy.fact_sources import OutsideFacts
from services.tenancy.filing import TryFiling, _gather_trial, judge_trial


@query("tenancy.try", "预检", roles=FILERS, gather=_gather_trial)
def try_filing(work: Work, order: TryFiling, outside: OutsideFacts) -> Judgement:
    """The judgement a filing of this form would get now."""
    return judge_trial(work, order.form, outside)
