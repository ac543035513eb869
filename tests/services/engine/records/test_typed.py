"""What was typed is kept beside its normal form, by the version it was typed in (market 2.0 `raw_value`)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from models.records import Revision
from services.engine.cycle_orders import Begun, Compare, FillIn, Submit
from services.engine.shapes import by_name
from services.records.record_paper import printed_record
from tests.services.engine.records.desk import MAKER, REVIEWER, Desk
from tests.services.engine.records.kinds_made import OUTSIDE, Site

TYPED = "沪规划资源（２０２６）出让合同〔第 12〕号ab"
KEPT = "沪规划资源(2026)出让合同(第12)号AB"


@pytest.mark.parametrize(
    ("name", "typed", "beside"),
    [
        ("contract_no", TYPED, TYPED),
        ("contract_no", KEPT, None),
        ("name", "  滨江（一期）", "  滨江（一期）"),
        ("name", "滨江（一期）", None),
        ("name", "滨江ＡＢ", "滨江ＡＢ"),
        ("contract_no", "AB\u200b12", "AB\u200b12"),
        ("price", "１，２３４．５０", "１，２３４．５０"),
        ("price", "1,234.5", None),
        ("price", 12.5, None),
        ("floors", " 33", " 33"),
        ("begun_on", "2027年3月1日", None),
        ("begun_on", "２０２７-03-01", "２０２７-03-01"),
        ("begun_on", date(2027, 3, 1), None),
        ("where", "浦东新区", None),
        ("note", "一\r\n二", None),
        ("note", "一\n二\n", "一\n二\n"),
    ],
)
def test_only_what_is_another_text_is_kept(name: str, typed: Any, beside: str | None) -> None:
    field = by_name(Site)[name]
    assert field.typed_beside(typed, field.raw(field.read(typed))) == beside


def test_the_version_keeps_it_and_says_it(desk: Desk) -> None:
    begun = desk.begun()
    desk.save(begun, desk.whole(contract_no=TYPED), {"parts": [{"part_no": "１ a"}, {"part_no": "2A"}]})
    view = desk.view(begun.revision_id)
    assert view.values["contract_no"] == KEPT
    assert dict(view.typed) == {"contract_no": TYPED, "parts.1.part_no": "１ a"}


def test_saved_again_as_the_form_shows_it_it_stays(desk: Desk) -> None:
    begun = desk.begun()
    values = desk.whole(contract_no=TYPED)
    desk.save(begun, values, {"parts": [{"part_no": "１ a"}, {"part_no": "2A"}]})
    shown = desk.view(begun.revision_id)
    lines = [{"part_no": "0"}, *reversed(shown.children["parts"])]
    desk.save(begun, {**shown.values, "land": "200.00"}, {"parts": lines})
    assert dict(desk.view(begun.revision_id).typed) == {"contract_no": TYPED, "parts.3.part_no": "１ a"}
    # Another value is no longer what was typed then.
    desk.save(begun, {**shown.values, "contract_no": "沪字1号"}, {"parts": [{"part_no": "2A"}]})
    assert dict(desk.view(begun.revision_id).typed) == {}


def test_typed_anew_the_newest_text_stands(desk: Desk) -> None:
    begun = desk.begun()
    desk.save(begun, desk.whole(contract_no=TYPED))
    desk.save(begun, desk.whole(contract_no=KEPT.lower()))
    assert dict(desk.view(begun.revision_id).typed) == {"contract_no": KEPT.lower()}


def test_an_update_carries_nothing_over_that_was_not_typed_in_it(desk: Desk) -> None:
    begun = desk.effective(contract_no=TYPED)
    assert desk.view(begun.revision_id).typed == {"contract_no": TYPED}
    update = desk.update(begun.record_id)
    assert dict(desk.view(update.revision_id).typed) == {}
    values = {**desk.view(update.revision_id).values, "contract_no": "沪（2027）第 9 号"}
    desk.save(update, values)
    compared = desk.ask("compare", MAKER, Compare(begun.record_id, 1, 2))
    (changed,) = compared.fields
    assert (changed.left, changed.left_typed) == (KEPT, TYPED)
    assert (changed.right, changed.right_typed) == ("沪(2027)第9号", "沪（2027）第 9 号")


def test_lines_say_it_where_versions_are_compared(desk: Desk) -> None:
    begun = desk.begun()
    desk.save(begun, desk.whole(), {"parts": [{"part_no": "1", "remark": "东"}]})
    desk.do("submit", MAKER, _submit(desk, begun))
    desk.approve(begun.revision_id)
    update = desk.update(begun.record_id)
    view = desk.view(update.revision_id)
    desk.save(update, view.values, {"parts": [{"part_no": "1", "remark": "西 "}, {"part_no": "２"}]})
    compared = desk.ask("compare", MAKER, Compare(begun.record_id, 1, 2))
    told = {(line.key, cell.field): (cell.right, cell.right_typed) for line in compared.lines for cell in line.fields}
    assert told == {("1", "remark"): ("西", "西 "), ("2", "part_no"): ("2", "２")}


def _submit(desk: Desk, begun: Begun) -> Submit:
    return Submit(begun.revision_id, desk.view(begun.revision_id).version)


def test_what_a_source_gives_was_typed_by_nobody(desk: Desk) -> None:
    begun = desk.begun()
    desk.save(begun, desk.whole(name="滨江ＡＢ", contract_no=TYPED))
    OUTSIDE.gives({"name": "土地系统的Ｎ", "contract_no": KEPT})
    version = desk.view(begun.revision_id).version
    desk.do("fill_in", MAKER, FillIn(begun.revision_id, version, KEPT, again=True))
    assert dict(desk.view(begun.revision_id).typed) == {"contract_no": TYPED}


def test_a_person_is_masked_and_sealed(desk: Desk) -> None:
    begun = desk.begun()
    desk.save(begun, desk.whole(keeper=" 欧阳 明日 ", phone="１３８ ００００ １２３４"))
    view = desk.view(begun.revision_id)
    assert set(view.typed) == {"keeper", "phone"}
    assert "阳" not in view.typed["keeper"]
    assert "００００" not in view.typed["phone"]
    stored = desk.market.world.read(
        lambda work: work.session.connection().execute(text("SELECT payload FROM revision")).scalars().all()
    )
    assert not any("欧阳" in str(one) or "１３８" in str(one) for one in stored)


def test_what_prints_nothing_is_told_by_its_number(desk: Desk) -> None:
    begun = desk.begun()
    desk.save(begun, desk.whole(contract_no="沪\u200b12"))
    assert desk.view(begun.revision_id).typed == {"contract_no": "沪〔U+200B〕12"}


def test_neither_paper_nor_digest_knows_it(desk: Desk) -> None:
    first, second = desk.begun(), desk.begun()
    desk.save(first, desk.whole(name="同名工地", contract_no=TYPED))
    desk.save(second, desk.whole(name="同名工地", contract_no=KEPT))

    def of(begun: Begun) -> Revision:
        row: Revision = desk.market.world.read(lambda work: work.session.get(Revision, begun.revision_id))
        return row

    assert of(first).digest == of(second).digest
    world = desk.market.world
    sheet = world.door.ask(printed_record, desk.who(MAKER), first.revision_id)
    assert KEPT in str(sheet)
    assert TYPED not in str(sheet)


def test_a_reviewer_reads_it(desk: Desk) -> None:
    begun = desk.submitted(contract_no=TYPED)
    assert desk.view(begun.revision_id, REVIEWER).typed == {"contract_no": TYPED}
