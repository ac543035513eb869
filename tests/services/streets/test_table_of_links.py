"""Tables of links: every row of the shared set and of its planted faults, and an import by an administrator (row 50)."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from sqlmodel import col, select

from models.access import Account
from models.own_data import read_rows
from models.practitioner_codes import SessionState
from models.streets import LinkState, StreetChangeKind, StreetLink
from services.imports.commit_run import commit_session
from services.imports.jobs import work_through
from services.imports.listings import view_session
from services.imports.uploads import UploadTable, upload_table
from services.streets.import_columns import SHEET
from services.streets.link_rules import Span
from services.streets.street_names import Moved, StreetNames
from tests.commands import run_main
from tests.services.access.hands import granted, made
from tests.services.streets.test_row_50 import CITY, DAY, HUAMU, LONGHUA, LUJIAZUI, PUDONG, link_of, user
from tests.world import World

pytestmark = pytest.mark.row(50)
DATA = Path(__file__).resolve().parents[2] / "data" / "street_users"
HEADS = [column.label for column in SHEET.columns]


def told(folder: Path, tmp_path: Path) -> list[dict[str, Any]]:
    line = f"import street-users {folder / 'user_links.xlsx'} --data {folder} --today 2026-06-30 --dry-run --json"
    ended = run_main(tmp_path, *line.split())
    assert ended.code == 0, ended.err
    return [json.loads(one) for one in ended.out.splitlines()]


def test_every_row_of_the_shared_table_is_judged_as_expected(tmp_path: Path) -> None:
    expected = [
        {
            "row": int(line["row"]),
            "verdict": line["expected_result"],
            "codes": line["codes"].split(";") if line["codes"] else [],
            "street_code9": line["street_code9"],
            "primary": line["primary"],
            "link_state": line["link_state"],
        }
        for line in read_rows(DATA / "user_links_expected.csv")
    ]
    assert len(expected) == 317
    assert told(DATA, tmp_path) == expected


def test_without_the_folder_of_tables_a_standalone_check_is_refused(tmp_path: Path) -> None:
    ended = run_main(tmp_path, "import", "street-users", str(DATA / "user_links.xlsx"), "--standalone", "--dry-run")
    assert ended.code == 2
    assert "--data" in ended.err


def table(*rows: dict[str, Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADS)
    for row in rows:
        sheet.append([row.get(head) for head in HEADS])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def row(login: str, street: str, by: str, **more: Any) -> dict[str, Any]:
    given = {"用户工号": login, "姓名": "刘燕", "角色": "审核", "街镇代码": street, "是否主关联": "否"}
    return {**given, "生效日期": DAY, "授权管理员": by, **more}


def brought(world: World, by: str, content: bytes) -> UUID:
    """Upload a table and have it read."""
    order = UploadTable("street_users", "关联.xlsx", content)
    session = world.door.perform(upload_table, world.caller(by), order).id
    work_through(world.door, lambda: True)
    return session


def committed(world: World, by: str, session: UUID) -> None:
    world.door.perform(commit_session, world.caller(by), session)
    work_through(world.door, lambda: True)


def test_the_city_brings_a_table_and_good_rows_become_links(world: World) -> None:
    """A row that repeats an earlier one, or links a user twice as main, keeps only itself out."""
    login, other = user(world), user(world)
    content = table(
        row(login, LUJIAZUI, CITY),
        row(login, LUJIAZUI, CITY),
        row(login, LONGHUA, CITY, 是否主关联="是"),
        row(other, LONGHUA, CITY, 角色="查询"),
    )
    session = brought(world, CITY, content)
    view = world.door.ask(view_session, world.caller(CITY), session)
    assert (view.total, view.good, view.bad) == (4, 2, 2)
    assert link_count(world, login) == 1
    committed(world, CITY, session)
    assert link_of(world, login, LUJIAZUI).session_id == session
    assert link_of(world, other, LONGHUA).state is LinkState.ACTIVE
    assert world.caller(login).streets == (HUAMU, LUJIAZUI)


def test_a_district_brings_no_link_of_another_district_under_any_name(world: World) -> None:
    """Naming the city's administrator in the row does not widen what the bureau may do."""
    login = user(world)
    content = table(row(login, LONGHUA, CITY), row(login, LONGHUA, PUDONG), row(login, LUJIAZUI, CITY))
    session = brought(world, PUDONG, content)
    view = world.door.ask(view_session, world.caller(PUDONG), session)
    assert (view.good, view.bad) == (1, 2)
    committed(world, PUDONG, session)
    assert world.caller(login).streets == (HUAMU, LUJIAZUI)


def test_a_link_made_meanwhile_keeps_the_row_out_at_the_commit(world: World) -> None:
    login = user(world)
    session = brought(world, CITY, table(row(login, LUJIAZUI, CITY)))
    second = brought(world, CITY, table(row(login, LUJIAZUI, CITY, 角色="经办")))
    committed(world, CITY, session)
    committed(world, CITY, second)
    assert world.door.ask(view_session, world.caller(CITY), second).state is not SessionState.READING
    assert link_count(world, login) == 2


def link_count(world: World, login: str) -> int:
    rows = select(StreetLink.id).where(col(StreetLink.account_id).in_(select(Account.id).where(Account.login == login)))
    return len(world.read(lambda work: work.session.exec(rows).all()))


def test_a_user_without_the_role_gets_no_menus_by_a_link_alone(world: World) -> None:
    """A link says where; that the account is a street user at all is the security administrator's word."""
    account = made(world)
    session = brought(world, CITY, table(row(account.login, HUAMU, CITY)))
    committed(world, CITY, session)
    assert world.caller(account.login).roles == frozenset()
    granted(world, account.account_id)
    assert world.caller(account.login).streets == (HUAMU,)


@pytest.mark.parametrize(
    ("name", "code", "district", "found"),
    [
        ("花木街道", "", "", (HUAMU, [])),
        ("花木", "", "", (HUAMU, ["STREET_NAME"])),
        ("", HUAMU, "", (HUAMU, [])),
        ("虹桥", "", "", (None, ["STREET_AMBIGUOUS"])),
        ("虹桥", "", "闵行区", ("310112107", ["STREET_NAME"])),
        ("花木街道", LUJIAZUI, "", (None, ["NAME_CODE_CONFLICT"])),
        ("花木街道", "", "徐汇区", (None, ["DISTRICT_MISMATCH"])),
        ("张江高科技园区", "", "", ("310115125", ["SPECIAL_AREA"])),
        ("", "", "浦东新区", (None, ["REQUIRED_MISSING"])),
        ("", "310199001", "", (None, ["STREET_NOT_FOUND"])),
    ],
)
def test_names_and_codes_lead_to_a_street(name: str, code: str, district: str, found: tuple[Any, list[str]]) -> None:
    told = StreetNames(()).find(name, code, district, DAY)
    assert (told.place.code if told.place else None, [one.code for one in told.found]) == found


def test_two_changes_in_a_row_lead_to_the_last_street_of_the_day() -> None:
    """A street that was renamed and then merged is found by its first name, on each day as it was then."""
    renamed = Moved(
        "310115901", "测试甲镇", "310115", StreetChangeKind.RENAMED, "310115902", "测试乙镇", date(2026, 1, 1)
    )
    merged = Moved("310115902", "测试乙镇", "310115", StreetChangeKind.MERGED, HUAMU, "花木街道", date(2026, 6, 1))
    names = StreetNames([merged, renamed])

    def at(day: date) -> tuple[str, list[str]]:
        told = names.find("测试甲镇", "", "", day)
        assert told.place is not None
        return told.place.code, [one.code for one in told.found]

    assert at(date(2025, 12, 31)) == ("310115901", [])
    assert at(date(2026, 3, 1)) == ("310115902", ["STREET_RENAMED"])
    assert at(date(2026, 6, 1)) == (HUAMU, ["STREET_RENAMED", "STREET_MERGED"])


@pytest.mark.parametrize(("ends", "meets"), [(date(2026, 6, 29), False), (DAY, True), (None, True)])
def test_links_meet_where_a_day_is_in_both(ends: date | None, meets: bool) -> None:
    earlier = Span(HUAMU, True, date(2026, 1, 1), ends)
    assert earlier.meets(Span(LUJIAZUI, True, DAY, None)) is meets
    assert Span(LUJIAZUI, True, DAY, None).meets(earlier) is meets
