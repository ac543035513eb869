"""Lists of a kind as they stood at the end of a day: changes, voids, renames and undone decisions (issue 21)."""

from datetime import date
from typing import Any

import pytest

from services.engine.cycle_orders import Begin, Submit, Void
from services.engine.kind_listing import list_of
from services.engine.kinds import kind_named
from services.engine.list_pages import count_of, file_parts
from services.engine.listings import LISTINGS, ListPage, ListRows
from services.engine.orders import OneRow
from services.engine.paging import Paging
from services.engine.past_lists import AS_OF
from services.engine.refusals import Refusal, Rejected
from services.engine.undo import undo
from tests.services.engine.records.desk import MAKER, REVIEWER, Desk, a_name

pytestmark = pytest.mark.both_engines

ELSEWHERE = "xhshen01"
_WHY = "登记有误，应予作废"


def listed(
    desk: Desk, day: date, login: str = REVIEWER, kind: str = "made_site", sort: str = "", **more: str
) -> ListPage:
    order = ListRows({AS_OF: day.isoformat(), **more}, Paging(sort=sort), columns=("land",))
    return desk.market.world.door.ask(list_of(kind_named(kind)).query, desk.who(login), order)


def one(desk: Desk, begun: Any, day: date, kind: str = "made_site", **more: str) -> Any:
    lines = listed(desk, day, kind=kind, **more).lines
    return next((line for line in lines if line.id == begun.record_id), None)


def changed(desk: Desk, begun: Any, **values: Any) -> Any:
    """A new version in force."""
    update = desk.update(begun.record_id)
    desk.save(update, values)
    desk.do("submit", MAKER, Submit(update.revision_id, desk.view(update.revision_id).version))
    desk.approve(update.revision_id)
    return update


def test_a_list_shows_the_content_and_state_of_its_day(desk: Desk) -> None:
    name = a_name("旧名")
    site = desk.effective(name=name, land="100.00")
    desk.market.world.stand_at(2027, 3, 8)
    changed(desk, site, name=f"{name}改", where="310115", land="250.50")
    desk.market.world.stand_at(2027, 3, 15)
    desk.do("void", REVIEWER, Void(site.record_id, _WHY))
    first = one(desk, site, date(2027, 3, 7))
    assert (first.name, str(first.land), str(first.state), first.badge) == (name, "100.00", "EFFECTIVE", "之后有变更")
    second = one(desk, site, date(2027, 3, 14))
    assert (second.name, str(second.land), second.badge) == (f"{name}改", "250.50", "之后已作废")
    assert one(desk, site, date(2027, 2, 28)) is None
    assert one(desk, site, date(2027, 3, 15)) is None
    voided = one(desk, site, date(2027, 3, 15), in_force="VOIDED")
    assert (str(voided.state), voided.name) == ("VOIDED", f"{name}改")
    assert one(desk, site, date(2027, 3, 14), in_force="VOIDED") is None
    assert listed(desk, date(2027, 3, 7)).as_of == date(2027, 3, 7)


def test_filters_ask_what_was_true_on_the_day(desk: Desk) -> None:
    name = a_name("面积")
    site = desk.effective(name=name, where="310115", note="")
    day = date(2027, 3, 1)
    desk.market.world.stand_at(2027, 3, 8)
    changed(desk, site, name=f"{name}新", where="310115", land="100.00")
    assert one(desk, site, day, where="310115", text=name) is not None
    assert one(desk, site, day, where="310104") is None
    assert one(desk, site, day, text=f"{name}新") is None
    assert one(desk, site, date(2027, 3, 8), text=f"{name}新", where="310115") is not None


def test_another_record_has_the_name_it_had(desk: Desk) -> None:
    name = a_name("邻")
    site = desk.effective(name=name)
    begun = desk.do("begin", MAKER, Begin(values={"words": a_name(), "site_id": str(site.record_id)}), "made_sign")
    desk.do("submit", MAKER, Submit(begun.revision_id, begun.version), "made_sign")
    desk.market.world.stand_at(2027, 3, 8)
    changed(desk, site, name=f"{name}改名", where="310115", land="100.00")
    listing = list_of(kind_named("made_site"))
    assert one(desk, site, date(2027, 3, 1)).title == name
    day = {AS_OF: "2027-03-01"}
    columns = [column for column in listing.columns if column.key == "name"]
    parts = desk.market.world.read(
        lambda work: [name for cells, _ in file_parts(work, listing, day, columns) for (name,) in cells]
    )
    assert name in parts
    assert f"{name}改名" not in parts


def test_an_undone_decision_was_never_in_force(desk: Desk) -> None:
    site = desk.effective(land="10.00")
    desk.market.world.stand_at(2027, 3, 8)
    update = desk.update(site.record_id)
    desk.save(update, {"name": a_name("撤"), "where": "310115", "land": "20.00"})
    desk.do("submit", MAKER, Submit(update.revision_id, desk.view(update.revision_id).version))
    desk.approve(update.revision_id)
    desk.market.world.door.perform(undo, desk.who(REVIEWER), OneRow(update.revision_id))
    line = one(desk, site, date(2027, 3, 8))
    assert (str(line.land), line.badge) == ("10.00", "")


def test_rights_are_those_of_today_and_counts_are_the_rows(desk: Desk) -> None:
    site = desk.effective()
    desk.market.world.stand_at(2027, 3, 8)
    changed(desk, site, name=a_name(), where="310115", land="5.00")
    day = date(2027, 3, 1)
    assert listed(desk, day, ELSEWHERE).lines == ()
    page = listed(desk, day)
    count = desk.market.world.read(
        lambda work: count_of(work, list_of(kind_named("made_site")), {AS_OF: day.isoformat()})
    )
    assert page.total == len(page.lines) or page.total > 50
    assert count >= page.total
    backwards = [line.record_no for line in listed(desk, day, sort="-record_no").lines]
    assert backwards == sorted(backwards, reverse=True)


@pytest.mark.parametrize(
    ("more", "sort", "words"),
    [
        ({AS_OF: "2099-01-01"}, "", "不能晚于今天"),
        ({AS_OF: "去年"}, "", "日期有误"),
        ({"in_force": "NEW"}, "", "当日生效或已作废"),
        ({}, "name", "只能按业务编号或生效时间"),
    ],
)
def test_what_a_day_cannot_show_is_refused_in_words(desk: Desk, more: dict[str, str], sort: str, words: str) -> None:
    order = ListRows({AS_OF: "2027-03-01", **more}, Paging(sort=sort))
    with pytest.raises(Rejected, match=words):
        desk.market.world.door.ask(list_of(kind_named("made_site")).query, desk.who(REVIEWER), order)


def test_a_list_without_history_says_so(desk: Desk) -> None:
    with pytest.raises(Refusal, match="不保存历史内容"):
        desk.market.world.door.ask(LISTINGS["alerts"].query, desk.who(REVIEWER), ListRows({AS_OF: "2027-03-01"}))
