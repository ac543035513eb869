"""A record's changes as sentences, masked as its columns are, and its content on any day (issue 19)."""

from datetime import date
from uuid import UUID

import pytest

from services.engine.change_history import OnDay, changes, of_files, on_day
from services.engine.clock import SHANGHAI, system_now
from services.engine.cycle_orders import Submit
from services.engine.kinds import KINDS
from services.engine.refusals import NotAllowed, NotFound
from services.records.looks import Until, looks
from tests.services.engine.records.desk import MAKER, REASON, REVIEWER, Desk

ELSEWHERE = "xhshen01"


def test_changes_are_told_as_sentences_and_days_as_they_were(desk: Desk) -> None:
    world, door = desk.market.world, desk.market.world.door
    name = desk.whole()["name"]
    first = {"name": name, "where": "310115", "land": "100.00", "phone": "13812345678", "note": "旧"}
    begun = desk.begun(**first)
    desk.save(begun, first, {"parts": [{"part_no": "A", "part_area": "1.00"}, {"part_no": "B"}]})
    desk.do("submit", MAKER, Submit(begun.revision_id, desk.view(begun.revision_id).version))
    desk.approve(begun.revision_id)
    world.stand_at(2027, 3, 8)
    second = desk.update(begun.record_id)
    later = {**first, "land": "250.50", "phone": "13912345679", "floors": "3", "note": ""}
    desk.save(second, later, {"parts": [{"part_no": "A", "part_area": "2.00"}, {"part_no": "C"}]})
    desk.do("submit", MAKER, Submit(second.revision_id, desk.view(second.revision_id).version))
    desk.approve(second.revision_id)
    (entry,) = door.ask(changes, desk.who(REVIEWER), begun.record_id)
    told = "\n".join(entry.sentences)
    assert (entry.version_no, entry.reason) == (2, REASON)
    assert "“面积”由“100.00”改为“250.50”。" in told
    assert "“层数”填为“3”。" in told
    assert "“备注”原为“旧”，已清空。" in told
    assert "“分块”增加“C”。" in told
    assert "“分块”删除“B”。" in told
    assert "“分块”中“A”的“面积”由“1.00”改为“2.00”。" in told
    assert "“电话”由" in told
    assert "13812345678" not in told
    assert "13912345679" not in told
    for day, version in ((date(2027, 3, 1), 1), (date(2027, 3, 7), 1), (date(2027, 3, 8), 2), (date(2030, 1, 1), 2)):
        assert door.ask(on_day, desk.who(REVIEWER), OnDay(begun.record_id, day)).version_no == version
    with pytest.raises(NotFound, match="尚未生效"):
        door.ask(on_day, desk.who(REVIEWER), OnDay(begun.record_id, date(2027, 2, 28)))
    with pytest.raises(NotFound):
        door.ask(changes, desk.who(ELSEWHERE), begun.record_id)
    with pytest.raises(NotFound):
        door.ask(on_day, desk.who(ELSEWHERE), OnDay(begun.record_id, date(2027, 3, 8)))
    # Who looked stands beside what there was, until the end of a day; who only may see the district does not ask.
    today = system_now().astimezone(SHANGHAI).date()
    seen = door.ask(looks, desk.who("shishen01"), Until(begun.record_id, today))
    assert {line.act for line in seen} >= {"变更说明", "当日内容"}
    assert all(line.unit and line.role for line in seen)
    assert door.ask(looks, desk.who("shishen01"), Until(begun.record_id, date(2020, 1, 1))) == ()
    with pytest.raises(NotAllowed):
        door.ask(looks, desk.who(REVIEWER), Until(begun.record_id, today))
    with pytest.raises(NotFound):
        door.ask(looks, desk.who("shishen01"), Until(UUID(int=5), today))


@pytest.mark.row(74)
def test_photos_added_in_a_correction_are_a_change() -> None:
    kept, gone, new, newer = (UUID(int=number) for number in range(1, 5))
    told = of_files(KINDS["progress_report"], {"photos": {kept, gone}}, {"photos": {kept, new, newer}})
    assert list(told) == ["“现场照片”增加2个附件。", "“现场照片”删除1个附件。"]
