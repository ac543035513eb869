"""未纳管项目报备 (row 37): reported, accepted, updated monthly, converted; the city reads counts, the district people."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import text

from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.records import RevisionState
from models.rooms import CentralProject, ProjectKind
from models.unmanaged import UnmanagedState, UnmanagedTenant, address_key
from services.engine.callers import SYSTEM
from services.engine.cycle_orders import Begin, Compare, Decide, RevisionView, Save, StartUpdate
from services.engine.notices import my_notices
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.records.api import ReadRecord, read_record
from services.records.list_sheets import ListSheet, ReadLines, list_sheet, read_lines
from services.records.record_paper import printed_record, record_pdf
from services.rooms.orders import StartProject
from services.rooms.projects import start_project
from services.unmanaged.conversion import (
    Convert,
    GiveUp,
    convert,
    give_up_conversion,
    propose_conversion,
    standing_of,
)
from services.unmanaged.reminders import remind_of_updates
from services.unmanaged.statistics import LIST, Months, statistics
from tests.people_made import id_number
from tests.services.unmanaged.places import ACTS, HAZARD, ROOM, TENANT, VALUES, Places

WHOLE = {"rooms": [ROOM], "tenants": [TENANT], "hazards": [HAZARD]}


@pytest.mark.row(37)
def test_a_place_is_reported_accepted_and_updated_each_month(places: Places) -> None:
    begun = places.listed(lists=WHOLE)
    row = places.row(begun.record_id)
    assert (row.record_no[:2], row.stage, row.open_hazards, row.district_code) == ("WN", "LISTED", 1, "310115")
    places.world.stand_at(2026, 7, 1)
    places.update(begun.record_id, {"period": "2026-06", "resident_count": "16"})
    row = places.row(begun.record_id)
    assert (row.version_no, row.period, row.resident_count) == (2, "2026-06", 16)
    view = places.ask(ACTS.record, "pdju01", begun.record_id)
    assert [one.state for one in view.versions] == [RevisionState.EFFECTIVE, RevisionState.SUPERSEDED]


@pytest.mark.row(37)
def test_the_city_returns_a_report_with_its_reason(places: Places) -> None:
    begun = places.begin()
    places.submit(begun.revision_id)
    view: RevisionView = places.ask(ACTS.revision, "shiju01", begun.revision_id)
    places.perform(ACTS.send_back, "shiju01", Decide(begun.revision_id, view.version, "请补充现场照片"))
    assert places.ask(ACTS.revision, "pdju01", begun.revision_id).opinion == "请补充现场照片"
    places.world.let_pass(seconds=61)
    assert "未纳管项目报备已退回修改" in [one.subject for one in places.ask(my_notices, "pdju01", 50)]


# ------------------------------------------------------------------ who reads what


@pytest.mark.row(37)
def test_the_city_reads_counts_and_the_district_people(places: Places) -> None:
    begun = places.listed(lists=WHOLE)
    mine: RevisionView = places.ask(ACTS.record, "pdju01", begun.record_id)
    assert [line["name"] for line in mine.children["tenants"]] == ["李*"]
    city: RevisionView = places.ask(ACTS.record, "shi01", begun.record_id)
    assert (city.children["tenants"], len(city.children["rooms"]), city.values["resident_count"]) == ([], 1, "20")
    assert (sorted(city.closed), sorted(mine.closed)) == (["tenants"], [])
    caller = places.world.caller("shi01")
    with pytest.raises(NotFound):
        places.ask(list_sheet, "shi01", ListSheet(begun.revision_id, "tenants"))
    assert places.ask(list_sheet, "pdju01", ListSheet(begun.revision_id, "tenants"))
    seen = places.world.door.look(caller, lambda work: work.session.exec(work.visible(UnmanagedTenant)).all())
    assert seen == []
    assert (
        places.ask(read_record, "shi01", ReadRecord("unmanaged_report", begun.record_id))["children"]["tenants"] == []
    )
    with pytest.raises(NotFound):
        places.ask(ACTS.record, "xhju01", begun.record_id)
    with pytest.raises((NotAllowed, NotFound)):
        places.ask(ACTS.record, "shishen01", begun.record_id)


@pytest.mark.row(37)
def test_the_city_is_not_told_which_tenant_changed(places: Places) -> None:
    begun = places.listed(lists=WHOLE)
    update = places.perform(ACTS.update, "pdju01", StartUpdate(begun.record_id, "月度更新本月情况"))
    view: RevisionView = places.ask(ACTS.revision, "pdju01", update.revision_id)
    more = {**TENANT, "name": "王平", "id_no": id_number(38)}
    lists = {**view.children, "tenants": [*view.children["tenants"], more]}
    places.perform(ACTS.save, "pdju01", Save(update.revision_id, view.version, view.values, lists))
    places.submit(update.revision_id)
    compared = places.ask(ACTS.compare, "shi01", Compare(begun.record_id, 1, 2))
    assert [one.child for one in compared.lines] == []
    assert [one.child for one in places.ask(ACTS.compare, "pdju01", Compare(begun.record_id, 1, 2)).lines] == [
        "tenants"
    ]


@pytest.mark.row(37)
def test_tenants_are_sealed_where_they_are_kept(places: Places) -> None:
    begun = places.listed(lists=WHOLE)

    def stored(work: Any) -> str:
        return str(work.session.connection().execute(text("SELECT name FROM unmanaged_tenant")).scalars().first())

    assert places.row(begun.record_id)
    assert "李安" not in places.world.read(stored)


# ------------------------------------------------------------------ rules


@pytest.mark.row(37)
def test_a_sound_report_has_no_findings(places: Places) -> None:
    assert places.codes(lists=WHOLE) == []


@pytest.mark.row(37)
def test_a_tenant_without_number_is_a_warning(places: Places) -> None:
    lists = {"tenants": [TENANT, {**TENANT, "name": "王平", "id_no": ""}]}
    found = places.findings(lists=lists)
    assert [(one.code, one.severity, one.message) for one in found] == [
        ("UNM-04", "WARN", "住户第2行没有身份证号码，请核实补充")
    ]


@pytest.mark.row(37)
def test_minors_are_a_warning_that_names_no_one(places: Places) -> None:
    lists = {"tenants": [{**TENANT, "name": "吴小天", "id_no": "310101201005200075"}]}
    found = places.findings(lists=lists)
    assert [one.code for one in found] == ["UNM-05"]
    assert "吴小天" not in found[0].message
    gone = {"tenants": [{**lists["tenants"][0], "moved_out_on": "2026-03-01"}]}
    assert places.codes(lists=gone) == []


@pytest.mark.row(37)
def test_an_unknown_operator_is_a_warning_and_a_known_one_is_named(places: Places) -> None:
    assert places.codes({"operator_kind": "UNKNOWN", "operator_name": ""}) == ["UNM-03"]
    assert places.codes({"operator_name": ""}) == ["REQ"]


@pytest.mark.row(37)
@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"safety_manager": ""}, ["O09"]),
        ({"safety_manager": "", "room_count": "9", "resident_count": "14"}, []),
        ({"safety_manager": "", "room_count": "9", "resident_count": "15"}, ["O09"]),
        ({"safety_manager": "", "room_count": "10", "resident_count": "14"}, ["O09"]),
        ({"safety_manager": "", "in_estate": "YES"}, []),
    ],
)
def test_a_place_of_concentrated_letting_has_a_safety_manager(
    places: Places, change: dict[str, str], codes: list[str]
) -> None:
    found = places.findings(change)
    assert [one.code for one in found] == codes
    assert all(one.severity == "WARN" for one in found)


@pytest.mark.row(37)
@pytest.mark.parametrize(
    ("change", "lists", "field"),
    [
        ({"period": "2026年5月"}, {}, "period"),
        ({"period": "2026-07"}, {}, "period"),
        ({"street": "龙华街道"}, {}, "street"),
        ({"licence_no": "91310115MA1K00001X"}, {}, "licence_no"),
        ({}, {"tenants": [{**TENANT, "id_no": "310101199901010013"}]}, "tenants.1.id_no"),
        ({}, {"tenants": [{**TENANT, "moved_out_on": "2025-12-31"}]}, "tenants.1.moved_out_on"),
        ({}, {"hazards": [{**HAZARD, "done_on": "2026-05-04"}]}, "hazards.1.done_on"),
        ({"room_count": "1"}, {"rooms": [ROOM, {**ROOM, "room_no": "0102"}]}, "room_count"),
        ({"resident_count": "0"}, {"tenants": [TENANT]}, "resident_count"),
        ({}, {"rooms": [ROOM], "tenants": [{**TENANT, "room_no": "0109"}]}, "tenants.1.room_no"),
    ],
)
def test_wrong_values_are_refused_at_their_field(
    places: Places, change: dict[str, str], lists: Any, field: str
) -> None:
    assert [one.field for one in places.findings(change, lists)] == [field]


@pytest.mark.row(37)
def test_a_month_is_not_followed_by_an_earlier_one(places: Places) -> None:
    begun = places.listed()
    with pytest.raises(Rejected) as refused:
        places.update(begun.record_id, {"period": "2026-04"})
    assert [one.field for one in refused.value.findings] == ["period"]


# ------------------------------------------------------------------ the same place again


@pytest.mark.row(37)
@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("上海市浦东新区金桥路1号", "金桥路1号"),
        ("浦东新区 金桥路１号", "金桥路1号"),
        ("金桥路1号", "金桥路1号"),
    ],
)
def test_an_address_is_compared_without_city_district_and_width(written: str, key: str) -> None:
    assert address_key(written) == key


@pytest.mark.row(37)
def test_the_same_place_and_operator_is_reported_once(places: Places) -> None:
    address = places.address()
    first = places.listed({"address": address})
    number = places.row(first.record_id).record_no
    found = places.findings({"address": f"上海市{address}"})
    assert [(one.code, one.severity) for one in found] == [("UNM-01", "REFUSE")]
    assert number in found[0].message
    assert places.codes({"address": address, "operator_name": "上海另一公寓管理有限公司"}) == ["UNM-02"]


@pytest.mark.row(37)
def test_a_building_that_two_streets_report_is_a_warning_for_the_second(places: Places) -> None:
    address = places.address()
    begun = places.begin({"address": address, "street": "金桥镇"})
    other = places.begin({"address": address, "street": "张江镇"})
    places.submit(begun.revision_id)
    places.submit(other.revision_id)
    places.accept(begun.revision_id)
    found = places.findings({"address": address, "street": "张江镇"})
    assert [(one.code, one.severity) for one in found] == [("UNM-02", "WARN")]
    assert "金桥镇已报备同一地址" in found[0].message
    assert "经营者相同" in found[0].message
    # The second stays possible where the streets have said why, and is judged again when it is accepted.
    places.accept(other.revision_id)
    assert places.row(other.record_id).street == "张江镇"


@pytest.mark.row(37)
def test_unknown_operators_at_one_address_are_the_same_place(places: Places) -> None:
    address = places.address()
    unknown = {"address": address, "operator_kind": "UNKNOWN", "operator_name": ""}
    places.listed(unknown)
    assert places.codes(unknown) == ["UNM-01", "UNM-03"]


# ------------------------------------------------------------------ workbook


def workbook(rows: list[dict[str, str]]) -> bytes:
    book, file = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet("住户")
    heads = ["姓名", "身份证号码", "手机号", "房号", "入住日期", "已办居住登记"]
    sheet.append(heads)
    for row in rows:
        sheet.append([row.get(head, "") for head in heads])
    book.save(file)
    return file.getvalue()


@pytest.mark.row(37)
def test_tenants_come_from_a_workbook(places: Places) -> None:
    content = workbook(
        [
            {
                "姓名": "李安",
                "身份证号码": id_number(41),
                "房号": "0101",
                "入住日期": "2026-01-01",
                "已办居住登记": "是",
            },
            {"姓名": "王平", "房号": "0102", "入住日期": "2026-02-30", "已办居住登记": "是"},
        ]
    )
    read = places.ask(read_lines, "pdju01", ReadLines("unmanaged_report", "tenants", content))
    assert [line["room_no"] for line in read.lines] == ["0101", "0102"]
    assert [one.field for one in read.findings] == ["tenants.2.moved_in_on"]


# ------------------------------------------------------------------ reminder


def notices(places: Places, login: str, subject: str) -> list[str]:
    return [one.body for one in places.ask(my_notices, login, 200) if one.subject == subject]


@pytest.mark.row(37)
def test_a_place_not_updated_for_thirty_days_is_told_once(places: Places) -> None:
    begun = places.listed()
    number = places.row(begun.record_id).record_no

    def told() -> int:
        return sum(number in body for body in notices(places, "pdju01", "未纳管项目到期未更新"))

    places.world.stand_at(2026, 7, 1)
    places.world.door.perform(remind_of_updates, SYSTEM, None)
    assert told() == 0
    places.world.let_pass(hours=1)
    places.world.door.perform(remind_of_updates, SYSTEM, None)
    places.world.door.perform(remind_of_updates, SYSTEM, None)
    assert told() == 1
    places.update(begun.record_id, {"period": "2026-06"})
    places.world.stand_at(2026, 7, 20)
    places.world.door.perform(remind_of_updates, SYSTEM, None)
    assert told() == 1
    places.world.stand_at(2026, 8, 20)
    places.world.door.perform(remind_of_updates, SYSTEM, None)
    assert told() == 2


@pytest.mark.row(37)
def test_a_place_that_is_let_no_longer_is_closed_and_not_reminded_of(places: Places) -> None:
    begun = places.listed()
    places.update(begun.record_id, {"rectification": "STOPPED"})
    assert places.row(begun.record_id).stage is UnmanagedState.CLOSED
    number = places.row(begun.record_id).record_no
    places.world.stand_at(2026, 9, 1)
    places.world.door.perform(remind_of_updates, SYSTEM, None)
    assert not [one for one in notices(places, "pdju01", "未纳管项目到期未更新") if number in one]
    places.update(begun.record_id, {"period": "2026-08", "rectification": "DONE"})
    assert places.row(begun.record_id).stage is UnmanagedState.LISTED


# ------------------------------------------------------------------ conversion


def managed_project(places: Places, number: str, *, managed: bool = True, district: str = "310115") -> str:
    def make(work: Any) -> str:
        firm = Enterprise(
            name=f"上海测试{number}公寓管理有限公司",
            kind=EnterpriseKind.RENTAL,
            uscc=f"91310115MA{number:0>8}"[:18],
            record_state=RecordState.RECORDED,
            district_code=district,
        )
        work.add(firm)
        work.session.flush()
        work.add(
            CentralProject(
                project_no=number,
                name="金桥蓝领公寓",
                kind=ProjectKind.MARKET,
                managed=managed,
                enterprise_id=firm.id,
                district_code=district,
            )
        )
        return number

    made: str = places.world.act(make)
    return made


@pytest.mark.row(37)
def test_one_button_proposes_conversion_and_tells_the_city(places: Places) -> None:
    begun = places.listed()
    number = places.row(begun.record_id).record_no
    places.perform(propose_conversion, "pdju01", begun.record_id)
    assert places.row(begun.record_id).stage is UnmanagedState.PROPOSED
    assert [one for one in notices(places, "shi01", "未纳管项目提议转入纳管") if number in one]
    with pytest.raises(Conflict):
        places.perform(propose_conversion, "pdju01", begun.record_id)
    with pytest.raises(NotFound):
        places.perform(propose_conversion, "xhju01", begun.record_id)


@pytest.mark.row(37)
def test_a_converted_place_keeps_its_history_and_is_updated_no_more(places: Places) -> None:
    begun = places.listed(lists=WHOLE)
    places.update(begun.record_id, {"resident_count": "15"})
    places.perform(propose_conversion, "pdju01", begun.record_id)
    places.perform(convert, "pdju01", Convert(begun.record_id, managed_project(places, "MK3701")))
    view = places.ask(ACTS.record, "pdju01", begun.record_id)
    assert (places.row(begun.record_id).managed_as, len(view.versions)) == ("MK3701", 2)
    assert [line["name"] for line in view.children["tenants"]] == ["李*"]
    assert "MK3701" in view.frozen
    with pytest.raises(Conflict):
        places.perform(ACTS.update, "pdju01", StartUpdate(begun.record_id, "月度更新本月情况"))
    assert places.ask(standing_of, "shi01", begun.record_id).managed_as == "MK3701"


@pytest.mark.row(37)
def test_a_place_becomes_a_managed_project_of_its_own_district_only(places: Places) -> None:
    begun = places.listed()
    places.perform(propose_conversion, "pdju01", begun.record_id)
    for number in (
        "NO-SUCH",
        managed_project(places, "MK3702", managed=False),
        managed_project(places, "MK3703", district="310104"),
    ):
        with pytest.raises(Rejected):
            places.perform(convert, "pdju01", Convert(begun.record_id, number))
    places.perform(give_up_conversion, "pdju01", GiveUp(begun.record_id, "经营者不同意转入"))
    assert places.row(begun.record_id).stage is UnmanagedState.LISTED


# ------------------------------------------------------------------ lists, statistics, paper


@pytest.mark.row(37)
def test_statistics_count_what_the_lists_show(places: Places) -> None:
    places.listed({"resident_count": "31"}, {"hazards": [HAZARD]})
    report = places.ask(statistics, "shi01", Months("2026-01", "2026-12"))
    line = next(one for one in report.lines if one.district == "310115")
    narrow: dict[str, Any] = {
        "district_code": "310115",
        "open_hazards-from": "1",
        **Months("2026-01", "2026-12").filters,
    }
    assert line.dangerous == places.world.listed(LIST, "shi01", **narrow).total > 0
    assert line.residents >= 31
    assert report.total.rooms == sum(one.rooms for one in report.lines)
    assert places.ask(statistics, "xhju01", Months()).total is None


@pytest.mark.row(37)
def test_the_paper_lists_tenants_masked_for_the_district_and_none_for_the_city(places: Places) -> None:
    begun = places.listed(lists=WHOLE)
    mine = places.ask(printed_record, "pdju01", begun.revision_id)
    assert (mine.title, [one.label for one in mine.lists]) == ("未纳管项目报备表", ["房间", "住户", "隐患"])
    assert mine.issue.seal is not None
    assert mine.issue.seal.unit == mine.issue.unit == "浦东新区房屋管理局"
    assert "李*" in str(mine.lists[1].lines)
    assert TENANT["id_no"] not in str(mine)
    city = places.ask(printed_record, "shi01", begun.revision_id)
    assert [one.label for one in city.lists] == ["房间", "隐患"]
    pdf = record_pdf(places.world.door, places.world.caller("pdju01"), begun.revision_id)
    assert pdf.startswith(b"%PDF")


@pytest.mark.row(37)
def test_market_roles_and_other_districts_see_nothing_of_it(places: Places) -> None:
    places.listed()
    assert places.world.listed(LIST, "xhju01").total == 0
    with pytest.raises(NotAllowed):
        places.world.listed(LIST, "shishen01")
    for login in ("shi01", "shishen01", "pdshen01"):
        with pytest.raises(NotAllowed):
            places.perform(ACTS.begin, login, Begin(None, VALUES))


@pytest.mark.row(33)
@pytest.mark.row(37)
def test_a_managed_project_at_the_address_of_a_reported_place_is_told_to_its_district(places: Places) -> None:
    firm = Enterprise(
        name="上海金桥新寓管理有限公司",
        kind=EnterpriseKind.RENTAL,
        uscc="91310115MA1K000016",
        record_state=RecordState.RECORDED,
        district_code="310115",
    )
    places.world.act(lambda work: work.add(firm))
    address = places.address()
    begun = places.listed({"address": address})
    elsewhere = places.listed()
    order = StartProject(
        "金桥新寓", ProjectKind.MARKET, "91310115MA1K000016", f"上海市{address}", street_code="310115005"
    )
    places.perform(start_project, "pdju01", order)
    told = [
        one
        for one in places.world.door.ask(my_notices, places.world.caller("pdju01"), 200)
        if one.subject == "该地址存在未纳管报备记录"
    ]
    mine = [one for one in told if one.object_id == begun.record_id]
    assert elsewhere.record_id not in {one.object_id for one in told}
    assert len(mine) == 1
    assert "金桥新寓" in mine[0].body
