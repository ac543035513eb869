"""Handbooks compiled from what is in force, kept as versions and written to (rows 77, 78)."""

import io
from functools import partial
from typing import Any, cast

import pypdf
import pytest

from models.documents import FileState
from models.handbooks import HandbookCause
from models.records import Revision
from printing.kept_record import Section
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, Void
from services.engine.kinds import KINDS
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.work import Work
from services.handbook.chapters import CHAPTERS, TEXTS
from services.handbook.paper import handbook_pdf, records_of
from services.handbook.versions import CompareHandbook, compare_handbook, compile_handbook, open_handbook
from tests.land import Land
from tests.printing.reading import text_of
from tests.services.handbook.hands import (
    PERMIT,
    compiled,
    many_buildings,
    night,
    permit,
    raised,
    renamed,
    scanned,
    versions,
)
from tests.services.projects.desk import Desk


@pytest.mark.row(77)
def test_a_project_without_records_has_a_handbook_that_says_what_is_missing(desk: Desk, land: Land) -> None:
    view = compiled(desk, land.project("P-1"))
    assert (view.label, view.cause, view.latest, view.stale) == ("1.0", "自动汇编", True, False)
    chapters = {one.no: one for one in view.chapters}
    assert chapters[1].records >= 2
    assert chapters[6].records == 0
    assert "用地规划许可证" in [label for _, label in chapters[6].missing]
    assert chapters[6].filled == 0 < chapters[6].wanted
    assert not chapters[5].missing, "records nobody needs are not missing"


@pytest.mark.row(77)
def test_every_record_of_a_projects_life_has_its_chapter() -> None:
    shown = {kind.name for chapter in CHAPTERS for kind in chapter.built}
    lived = {kind.name for kind in KINDS.values() if kind.stage}
    assert lived - shown == {"progress_plan"}, "whose days are those of the milestones"


@pytest.mark.row(77)
def test_equal_input_has_equal_content_and_a_change_makes_one_version(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    first = compiled(desk, project)
    assert desk.perform(compile_handbook, "binjiang_admin", project) == first.id
    permit(desk, project, 7001)
    assert desk.ask(open_handbook, "binjiang01", first.id).stale
    second = compiled(desk, project)
    assert (second.label, [one.no for one in second.chapters if one.changed]) == ("1.1", [6, 9]), (
        "and the day of a milestone"
    )
    assert not desk.ask(open_handbook, "binjiang01", first.id).latest
    told = desk.ask(compare_handbook, "pdshen01", CompareHandbook(second.id, 6))
    assert {one.label: one.now for one in told}["证书编号"] == "地字第3101152026YG0007001号"
    assert {one.before for one in told} == {""}
    assert not {one.now for one in told} & {"", "—", "0 行"}, "a new record differs in what it says"


@pytest.mark.row(77)
def test_the_pdf_has_chapters_outline_page_numbers_and_rare_characters(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    land.market.world.act(lambda work: renamed(work, project, "㛃䶮苑“测试”"))
    view = compiled(desk, project)
    caller = land.market.caller("binjiang01")
    content = handbook_pdf(land.market.world.door, caller, view.id)
    assert content == handbook_pdf(land.market.world.door, caller, view.id)
    text = text_of(content)
    assert "㛃䶮苑" in text
    assert "本阶段未填报" in text
    reader = pypdf.PdfReader(io.BytesIO(content))
    outline = [str(one.title) for one in reader.outline if not isinstance(one, list)]
    assert outline[0] == "封面"
    assert [title.split()[0] for title in outline[1:]] == [str(no) for no in range(1, 16)]
    assert f"共{len(reader.pages)}页" in text


@pytest.mark.row(77)
def test_months_are_rows_of_one_table_and_empty_parts_are_left_out() -> None:
    def month(number: int) -> dict[str, Any]:
        fields = [
            ["月份", f"2027-0{number}"],
            ["施工单位", "甲建工"],
            ["本月产值", f"{number},000.00 元"],
            ["说明", "—"],
        ]
        return {
            "label": "工程款",
            "title": f"2027-0{number}",
            "record_no": f"GK{number}",
            "version_no": 1,
            "effective": "2027-03-01",
            "reviewer": "",
            "sections": [["本月", fields], ["结算", [["送审日期", "—"]]]],
            "lists": [],
            "files": [],
        }

    nobody = cast(Work, None)
    (table,) = records_of(nobody, [month(1), month(2), month(3)])
    (single,) = records_of(nobody, [month(1)])
    assert table.sections == (Section("", (("施工单位", "甲建工"),)),)
    (lines,) = table.lists
    assert lines.columns == ("月份", "本月产值", "版次")
    assert lines.lines[1] == ("2027-02", "2,000.00 元", "第1版")
    assert lines.numbers == (1,)
    assert [section.head for section in single.sections] == ["本月"]


@pytest.mark.row(77)
def test_another_company_does_not_see_the_handbook(desk: Desk, land: Land) -> None:
    view = compiled(desk, land.project("P-1"))
    for login in ("xincheng_admin", "xhshen01"):
        with pytest.raises(NotFound):
            desk.ask(open_handbook, login, view.id)
    with pytest.raises(NotFound):
        desk.perform(compile_handbook, "xincheng_admin", view.project_id)


@pytest.mark.row(78)
def test_the_night_adds_at_most_a_version_a_day_and_none_without_a_change(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    night(land, 2027, 3, 2)
    night(land, 2027, 3, 3)
    assert [one.version_label for one in versions(land, project)] == ["1.0"]
    record = permit(desk, project, 7002)
    night(land)
    assert [one.cause for one in versions(land, project)] == [HandbookCause.COMPILED, HandbookCause.CHANGED]
    desk.perform(acts(PERMIT).void, "pdshen01", Void(record, "证书已被发证机关撤销"))
    night(land)
    assert len(versions(land, project)) == 2, "of a second change on one day the next night makes a version"
    night(land, 2027, 3, 4)
    assert [one.version_label for one in versions(land, project)] == ["1.0", "1.1", "1.2"]


@pytest.mark.row(78)
def test_two_changes_that_cancel_each_other_out_make_no_version(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    record = permit(desk, project, 7003)
    desk.perform(acts(PERMIT).void, "pdshen01", Void(record, "证书已被发证机关撤销"))
    night(land, 2027, 3, 2)
    assert [one.version_label for one in versions(land, project)] == ["1.0"]


@pytest.mark.row(78)
def test_texts_are_reviewed_and_make_a_main_version(desk: Desk, texts: Desk, land: Land) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    begun = texts.begin(project, {"introduction": "本项目分两期建设。"})
    assert len(versions(land, project)) == 1
    texts.submit(begun.revision_id)
    texts.approve(begun.revision_id)
    newest = versions(land, project)[-1]
    assert (newest.version_label, newest.cause, newest.latest) == ("2.0", HandbookCause.WRITTEN, True)
    pdf = handbook_pdf(land.market.world.door, land.market.caller("pdshen01"), newest.id)
    assert "本项目分两期建设" in text_of(pdf)


@pytest.mark.row(78)
def test_texts_that_say_nothing_are_refused(texts: Desk, land: Land) -> None:
    begun = texts.begin(land.project("P-1"), {})
    with pytest.raises(Rejected):
        texts.submit(begun.revision_id)


@pytest.mark.row(78)
def test_a_draft_is_told_of_a_change_of_the_handbook_and_goes_on_when_saved_anew(
    desk: Desk, texts: Desk, land: Land
) -> None:
    project = land.project("P-1")
    begun = texts.begin(project, {"introduction": "本项目分两期建设。"})
    land.market.world.stand_at(2027, 3, 2)
    compiled(desk, project)
    with pytest.raises(Rejected) as no:
        texts.submit(begun.revision_id)
    assert [one.code for one in no.value.findings] == ["HBK-06"]
    land.market.world.stand_at(2027, 3, 3)
    texts.save(begun.revision_id, {"introduction": "本项目分两期建设，一期已取得规划许可。"})
    texts.submit(begun.revision_id)


@pytest.mark.row(78)
def test_returned_texts_change_nothing_and_are_approved_after_their_source_was_voided(
    desk: Desk, texts: Desk, land: Land
) -> None:
    project = land.project("P-1")
    record = permit(desk, project, 7004)
    begun = texts.begin(project, {"introduction": "已取得用地规划许可。"})
    texts.submit(begun.revision_id)
    row = land.market.row(Revision, begun.revision_id)
    texts.perform(acts(TEXTS).send_back, "pdshen01", Decide(begun.revision_id, row.version, "请写明许可证编号"))
    assert versions(land, project) == []
    texts.submit(begun.revision_id)
    desk.perform(acts(PERMIT).void, "pdshen01", Void(record, "证书已被发证机关撤销"))
    texts.approve(begun.revision_id)
    view = desk.ask(open_handbook, "pdshen01", versions(land, project)[-1].id)
    assert {one.no: one.records for one in view.chapters}[6] == 0


@pytest.mark.row(77)
def test_a_record_that_changes_while_a_handbook_is_compiled_begins_it_anew(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    land.market.world.stand_at(2027, 3, 2)
    permit(desk, project, 7009)
    land.market.world.stand_at(2027, 3, 1)
    with pytest.raises(Conflict, match="汇编时有记录变化"):
        desk.perform(compile_handbook, "binjiang_admin", project)
    land.market.world.stand_at(2027, 3, 3)
    assert compiled(desk, project).label == "1.0"


@pytest.mark.row(77)
def test_pictures_that_are_free_of_viruses_are_drawn_as_thumbnails(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    permit(desk, project, 7010)
    view = compiled(desk, project)
    for state, count in ((FileState.UNSCANNED, 0), (FileState.CLEAN, 1)):
        land.market.world.act(partial(scanned, state=state))
        content = handbook_pdf(land.market.world.door, land.market.caller("binjiang01"), view.id)
        assert sum(len(page.images) for page in pypdf.PdfReader(io.BytesIO(content)).pages) == count


@pytest.mark.row(77)
def test_chosen_chapters_are_printed_alone_and_say_that_they_are_a_part(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    permit(desk, project, 7011)
    view = compiled(desk, project)
    door, caller = land.market.world.door, land.market.caller("binjiang01")
    text = text_of(handbook_pdf(door, caller, view.id, [2, 6]))
    assert "节选" in text
    assert ("第6章" in text, "第2章" in text, "第1章" in text, "第14章" in text) == (True, True, False, False)
    whole = text_of(handbook_pdf(door, caller, view.id))
    assert ("第1章" in whole, "节选" in whole) == (True, False)
    with pytest.raises(Rejected, match="没有这样的章节"):
        handbook_pdf(door, caller, view.id, [16])


@pytest.mark.row(77)
def test_three_hundred_planned_buildings_are_listed(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    land.market.world.act(lambda work: many_buildings(work, project))
    view = compiled(desk, project)
    text = text_of(handbook_pdf(land.market.world.door, land.market.caller("binjiang01"), view.id))
    assert "规划建筑物" in text
    assert "共300行" in text
    assert "300#" in text


@pytest.mark.row(77)
def test_the_night_finds_nothing_wrong_with_a_handbook(desk: Desk, land: Land) -> None:
    view = compiled(desk, land.project("P-1"))
    night(land, job="integrity.files")
    assert desk.ask(open_handbook, "pdshen01", view.id).label == "1.0"


@pytest.mark.row(77)
def test_a_project_without_a_handbook_and_texts_that_are_old_are_alerts(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    night(land, 2027, 3, 4, job="handbook.watch")
    assert not raised(land, project, "HBK-03")
    night(land, 2027, 3, 10, job="handbook.watch")
    assert raised(land, project, "HBK-03")
    night(land, 2027, 3, 11)
    night(land, job="handbook.watch")
    assert not raised(land, project, "HBK-03")
    assert not raised(land, project, "HBK-02")
    night(land, 2027, 6, 30, job="handbook.watch")
    assert raised(land, project, "HBK-02")


@pytest.mark.row(77)
def test_what_a_past_stage_lacks_is_an_alert_that_becomes_grave(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    permit(desk, project, 7008)
    night(land, 2027, 3, 2)
    night(land, job="handbook.archive")
    night(land, job="handbook.watch")
    (alert,) = raised(land, project, "HBK-01")
    assert (alert.grade.value, alert.key) == ("BLUE", "LAND")
    night(land, 2027, 5, 10, job="handbook.watch")
    (alert,) = raised(land, project, "HBK-01")
    assert alert.grade.value == "RED"
