"""Days no calendar goes beyond are refused in a sentence, wherever the audit is searched by them."""

from datetime import date

import pytest

from services.audit.console import EVENTS
from services.audit.event_export import duty_sheet
from services.engine.listings import ListRows
from services.engine.refusals import Rejected
from tests.services.audit.conftest import Audited


@pytest.mark.parametrize("day", [date.max, date.min])
def test_a_day_out_of_time_is_refused(audited: Audited, day: date) -> None:
    for key in ("since", "until"):
        with pytest.raises(Rejected, match="日期"):
            audited.world.door.ask(EVENTS.query, audited.auditor, ListRows({key: day.isoformat()}))
    with pytest.raises(Rejected, match="日期应在"):
        audited.world.door.perform(duty_sheet, audited.auditor, day)
