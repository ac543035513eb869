"""A firm's people and cards as a list: found by what is on it, masked, and as a file by the rules of files (row 42)."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlmodel import SQLModel

from models.dialect import bulk_insert
from models.enterprise import Enterprise
from models.imports import ImportSession
from models.practitioner_codes import ApplyChannel, ApplyKind, ApplyState, CardState, SessionState
from models.practitioners import CardApply, InfoCard
from models.privacy import PersonAccess, Shown
from models.remac import layout_of, remac, stored_rows
from models.row_mac import message, version_in
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from services.engine.jobs import run_job
from services.engine.listings import ListPage, ListRows
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed, Rejected
from services.engine.work import Work
from services.practitioners.listings import PEOPLE, WAITING
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.exports import DecideExport, RequestedExport, RequestExport, decide_export, request_export
from services.privacy.reauthentication import Reauthenticate, reauthenticate
from tests.services.practitioners.register import MOBILE, THERE, Register, citizen_number
from tests.services.privacy.test_revealing import rows, set_parameter
from tests.world import running_world, sealer

REASON = "核对本企业人员名册"


@pytest.fixture(scope="module")
def register(database_url: str) -> Iterator[Register]:
    with running_world(database_url, houses=False) as world:
        world.stand_at(2027, 3, 1)
        yield Register(world)


def listed(register: Register, firm: UUID, paging: Paging | None = None, **by: str) -> ListPage:
    return register.world.door.ask(PEOPLE.query, register.desk(firm), ListRows(by, paging or Paging()))


@pytest.mark.row(42)
def test_a_firm_finds_its_people_and_sees_them_masked(register: Register) -> None:
    firm, other = register.firm("上海名册租赁有限公司"), register.firm()
    number = citizen_number(600)
    card = register.card(firm, "褚名册", id_no=number, store="花木店")
    register.card(firm, "褚另一", store="塘桥店")
    register.card(other, "褚名册")
    wide = card.card_no.translate({ord(char): ord(char) + 0xFEE0 for char in card.card_no})
    for by in (
        {"name": "褚名册"},
        {"card_no": card.card_no.lower()},
        {"card_no": f" {wide} "},
        {"id_no": number},
        {"store": "花木"},
    ):
        page = listed(register, firm, None, **by)
        assert [line.card_no for line in page.lines] == [card.card_no], by
    (line,) = page.lines
    assert (line.name, line.id_no, line.mobile) == ("褚*册", f"310{'*' * 11}{number[-4:]}", "138****0001")
    assert (line.post, line.duty, line.state, line.id_type) == ("租赁顾问", "居间代理", CardState.ACTIVE, "居民身份证")
    assert listed(register, firm).total == 2


@pytest.mark.row(42)
def test_states_are_filtered_and_counted(register: Register) -> None:
    firm = register.firm()
    for state in CardState:
        register.card(firm, "褚状态", state=state)
    assert [line.state for line in listed(register, firm, state="SUSPENDED").lines] == [CardState.SUSPENDED]
    assert listed(register, firm, state="ACTIVE").counts == dict.fromkeys((state.value for state in CardState), 1)
    with pytest.raises(Rejected):
        listed(register, firm, state="NO_SUCH")


@pytest.mark.row(41)
def test_a_card_that_waits_says_until_when_it_has_to_be_activated(register: Register) -> None:
    firm = register.firm()
    waiting = register.card(firm, "褚待激活", state=CardState.PASSED)
    register.card(firm, "褚有效")
    (line,) = register.world.door.ask(WAITING.query, register.desk(firm), ListRows()).lines
    assert waiting.issued_on is not None
    assert (line.card_no, line.last_day) == (waiting.card_no, waiting.issued_on + timedelta(30))


@pytest.mark.row(42)
def test_people_of_one_batch_are_found_by_its_number(register: Register) -> None:
    firm = register.firm()
    card = register.card(firm, "褚批次")
    register.card(firm, "褚单个")

    def batch(work: Work) -> None:
        session = ImportSession(
            kind="practitioners",
            session_no="DRTEST0001",
            account_id=card.id,
            enterprise_id=firm,
            file_name=Sealed.of_json("名册.xlsx"),
            digest="0" * 64,
            state=SessionState.DONE,
        )
        work.add(session)
        work.add(
            CardApply(
                apply_no="SQTEST0001",
                kind=ApplyKind.NEW,
                channel=ApplyChannel.BATCH,
                enterprise_id=firm,
                batch_id=session.id,
                card_id=card.id,
                id_no=Sealed.of(card.id_no.plain if card.id_no else ""),
                name=Sealed.of("褚批次"),
                state=ApplyState.PASSED,
                district_code="310115",
            )
        )

    register.world.act(batch)
    assert [line.card_no for line in listed(register, firm, batch="drtest0001").lines] == [card.card_no]
    assert listed(register, firm, batch="DRNONE").total == 0


@pytest.mark.row(42)
def test_a_name_is_found_by_its_initials_and_by_variant_characters(register: Register) -> None:
    firm = register.firm()
    card = register.card(firm, "单峯婷")
    register.card(firm, "单婷")
    for text in ("sft", "SFT", "单峰婷", "單峯婷"):
        assert [line.card_no for line in listed(register, firm, name=text).lines] == [card.card_no], text
    assert listed(register, firm, name="dft").total == listed(register, firm, name="sf").total == 0


@pytest.mark.row(42)
def test_initials_of_names_that_were_there_are_kept_at_the_upgrade(register: Register) -> None:
    card = register.card(register.firm("上海升级租赁有限公司"), "褚升级")
    database, tables = register.world.door.database, SQLModel.metadata.tables
    new = {"info_card": "name_letters_index", "enterprise": "name_letters"}
    with database.engine.begin() as connection:
        before = layout_of(connection)
        for name, column in new.items():
            known = before[name] - {column}
            for row in list(stored_rows(connection, tables[name])):
                mac = sealer().mac(message(tables[name], row, version=version_in(row), known=known))
                one = tables[name].update().where(tables[name].c.id == row["id"])
                connection.execute(one.values({column: None, "mac": mac}))
        narrowed = {**before, **{name: before[name] - {column} for name, column in new.items()}}
        assert set(remac(connection, narrowed, sealer())) == set(new)
    kept = register.world.read(lambda work: work.session.get(InfoCard, card.id))
    assert kept is not None
    assert kept.name_letters_index == card.name_letters_index is not None
    firm = register.world.read(lambda work: work.session.get(Enterprise, card.enterprise_id))
    assert firm is not None
    assert firm.name_letters == "shsjzlyxgs"


@pytest.mark.row(42)
@pytest.mark.proves("H17")
def test_the_district_of_the_record_sees_its_firms_and_the_city_all(register: Register) -> None:
    door, world = register.world.door, register.world
    here, there = register.firm("上海本区租赁有限公司"), register.firm("上海外区租赁有限公司", district=THERE)
    mine, theirs = register.card(here, "褚分区"), register.card(there, "褚分区")
    seen = {
        login: {
            line.card_no for line in door.ask(PEOPLE.query, world.caller(login), ListRows({"name": "褚分区"})).lines
        }
        for login in ("pdju01", "xhju01", "shi01")
    }
    assert seen == {"pdju01": {mine.card_no}, "xhju01": {theirs.card_no}, "shi01": {mine.card_no, theirs.card_no}}
    with pytest.raises(NotAllowed):
        door.ask(PEOPLE.query, world.caller("huamu01"), ListRows())


@pytest.mark.row(42)
def test_pages_follow_one_another_and_nothing_but_a_named_column_sorts(register: Register) -> None:
    firm = register.firm()
    cards = [register.card(firm, "褚翻页", photo=b"").card_no for _ in range(5)]
    pages = [listed(register, firm, Paging(page, 2, "card_no")).lines for page in (1, 2, 3)]
    assert [line.card_no for page in pages for line in page] == cards
    with pytest.raises(Rejected):
        listed(register, firm, Paging(1, 2, "name; DROP TABLE info_card"))


def export(register: Register, login: str, **changes: Any) -> RequestedExport:
    order = {"listing": "practitioners", "criteria": {}, "media": "xlsx", "reason": REASON, **changes}
    return register.world.door.perform(request_export, register.world.caller(login), RequestExport(**order))


def file_of(register: Register, login: str, asked: RequestedExport) -> bytes:
    assert run_job(register.world.door, "exports.make")
    return register.world.door.ask(download_export, register.world.caller(login), DownloadExport(asked.id)).content


def table_of(content: bytes) -> list[list[str]]:
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]


@pytest.mark.row(42)
@pytest.mark.proves("H40")
def test_what_begins_like_a_formula_stays_text_in_both_kinds_of_file(register: Register) -> None:
    firm = register.firm("=HYPERLINK(1)有限公司")
    for store in ("=1+1店", "+店", "-店", "@店", "＝店"):
        register.card(firm, "褚公式", store=store, photo=b"")
    login = register.logins[firm]
    book = load_workbook(BytesIO(file_of(register, login, export(register, login)))).worksheets[0]
    head = [cell.value for cell in next(book.iter_rows())]
    stores = [row[head.index("门店")] for row in book.iter_rows(min_row=2, max_row=6)]
    assert {cell.data_type for cell in stores} <= {"s", "inlineStr"}
    assert {str(cell.value).rstrip() for cell in stores} >= {
        "=1+1店",
        "+店",
        "-店",
        "@店",
        "＝店",
    }
    text = file_of(register, login, export(register, login, media="csv")).decode("utf-8-sig")
    columns = list(zip(*list(csv.reader(StringIO(text)))[1:6], strict=True))
    assert all(value.startswith("'") for value in columns[head.index("门店")])
    assert all(value.startswith("'=") for value in columns[head.index("所在企业")])


@pytest.mark.row(42)
def test_a_file_is_masked_filtered_and_the_firm_s_own(register: Register) -> None:
    firm, other = register.firm(), register.firm()
    number = citizen_number(650)
    register.card(firm, "褚导出", id_no=number)
    register.card(firm, "褚离职", state=CardState.CANCELLED)
    register.card(other, "褚外人")
    login = register.logins[firm]
    whole = table_of(file_of(register, login, export(register, login)))
    some = table_of(file_of(register, login, export(register, login, criteria={"state": "CANCELLED"})))
    assert [len(whole), len(some)] == [1 + 2 + 1, 1 + 1 + 1]
    flat = str(whole)
    assert not any(hidden in flat for hidden in (number, MOBILE, "褚导出", "褚外人", "褚*人"))
    assert "褚*出" in flat
    with pytest.raises(Rejected, match="查询条件"):
        export(register, login, criteria={"no_such": "1"})


@pytest.mark.row(42)
@pytest.mark.proves("H23")
def test_a_long_list_of_a_firm_waits_for_the_district_of_its_record(register: Register) -> None:
    firm = register.firm()
    for _ in range(4):
        register.card(firm, "褚长名单", photo=b"")
    set_parameter(register.world, "export.row_limit", "3")
    login, world = register.logins[firm], register.world
    asked = export(register, login)
    assert asked.waits
    with pytest.raises(Exception, match="没有查到"):
        world.door.perform(decide_export, world.caller("xhju01"), DecideExport(asked.id, True))
    world.door.perform(decide_export, world.caller("pdju01"), DecideExport(asked.id, True))
    assert "褚**单" in str(table_of(file_of(register, login, asked)))


@pytest.mark.row(42)
@pytest.mark.proves("H23")
def test_a_list_too_long_for_one_part_leaves_whole_and_everybody_on_it_is_noted(register: Register) -> None:
    firm, world = register.firm(), register.world
    table = InfoCard.__table__  # type: ignore[attr-defined]

    def load(work: Work) -> None:
        cards = [
            InfoCard(
                card_no=f"SH90{number:07d}0",
                enterprise_id=firm,
                name=Sealed.of("褚众多"),
                id_no=Sealed.of(citizen_number(number % 1000, f"19{60 + number // 1000}0101")),
                created_at=work.now,
                updated_at=work.now,
                state=CardState.ACTIVE,
            )
            for number in range(2_300)
        ]
        values = [{column.name: getattr(card, column.name) for column in table.columns} for card in cards]
        bulk_insert(work.session, table, seal_rows(sealer(), table, values))

    world.act(load)
    login = register.logins[firm]
    asked = export(register, login, media="csv")
    world.door.perform(decide_export, world.caller("pdju01"), DecideExport(asked.id, True))
    lines = list(csv.reader(StringIO(file_of(register, login, asked).decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:-1]] == [f"SH90{number:07d}0" for number in range(2_300)]
    assert "共2300条" in lines[-1][0]
    noted = rows(world, PersonAccess, PersonAccess.object_id == asked.id)
    assert len({look.id_no_index for look in noted}) == len(noted) == 2_300


@pytest.mark.row(42)
@pytest.mark.proves("H23")
def test_numbers_in_clear_want_the_password_again_and_the_district_s_word(register: Register) -> None:
    firm, world = register.firm(), register.world
    number = citizen_number(660)
    register.card(firm, "褚明文", id_no=number)
    login = register.logins[firm]
    with pytest.raises(Exception, match="口令"):
        export(register, login, full=True)
    assert world.door.perform(reauthenticate, world.caller(login), Reauthenticate(login)).ok
    asked = export(register, login, full=True)
    assert asked.waits
    world.door.perform(decide_export, world.caller("pdju01"), DecideExport(asked.id, True))
    whole = str(table_of(file_of(register, login, asked)))
    assert all(shown in whole for shown in ("褚明文", number, MOBILE))
    (look,) = rows(world, PersonAccess, PersonAccess.object_id == asked.id)
    assert look.what is Shown.FULL


def test_cards_are_listed_whatever_made_them(register: Register) -> None:
    firm = register.firm()

    def load(work: Work) -> None:
        work.add(
            InfoCard(
                card_no="沪经纪2027000555",
                enterprise_id=firm,
                name=Sealed.of("褚旧卡"),
                active_from=work.today - timedelta(days=3),
                state=CardState.ACTIVE,
            )
        )

    register.world.act(load)
    (line,) = listed(register, firm).lines
    assert (line.name, line.id_no, line.mobile, line.practitioner_id) == ("褚*卡", None, "", None)
    assert rows(register.world, InfoCard, InfoCard.enterprise_id == firm)[0].public is None
