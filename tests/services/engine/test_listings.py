"""A listing declared once: page, filters, sort, counts, totals and file come from the declaration."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlmodel import col, select, true

import services.everything  # noqa: F401
from models.access import Account, AccountState, OrgUnit, Role
from services.engine import listings, registry
from services.engine.list_pages import file_parts
from services.engine.listings import (
    Column,
    Filter,
    Listing,
    ListPage,
    ListRows,
    choice,
    count_of,
    days,
    either,
    exact,
    listed,
    named,
    part,
    sealed,
    through,
)
from services.engine.look_ups import values_by
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed, Rejected
from services.engine.work import Work
from services.privacy.listings import listing_of
from tests.world import World


def _units(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    names = values_by(work, OrgUnit.id, OrgUnit.name, (row.unit_id for row in rows))
    return {"unit": lambda row: names.get(row.unit_id, "")}


ACCOUNTS = Listing(
    name="test_accounts",
    label="测试账号",
    roles={Role.CITY_CENTER},
    table=Account,
    rows=lambda work: select(Account),
    columns=(
        Column("login", "登录名", sortable=True),
        Column("name", "姓名"),
        Column("unit", "单位"),
        Column("tried", "失败次数", lambda row: row.failures, sortable=True, sql=Account.failures, total=True),
        Column("state", "状态"),
        Column("sort", "类别", shown=False),
        Column("window", "窗口", exported=False),
    ),
    filters=(
        exact("login", "登录名", Account.login),
        part("like", "登录名含", Account.login),
        choice("state", "状态", Account.state, AccountState),
        sealed("name", "姓名", Account.name_index, "name"),
        *days(Account.created_at, "创建日期"),
    ),
    sort="login",
    counts="state",
    look_up=_units,
    also=("unit_id",),
    personal=True,
    persons=lambda work, rows: frozenset(row.id_no_index or row.login for row in rows),
)


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    """The listing and its query, for one test."""
    listed(ACCOUNTS)
    yield
    for name in [name for name in listings.LISTINGS if name.startswith("test_")]:
        del listings.LISTINGS[name]
        del registry.QUERIES[f"{name}.list"]


def ask(world: World, filters: dict[str, str] | None = None, paging: Paging | None = None) -> ListPage:
    order = ListRows(filters or {}, paging or Paging(size=200))
    return world.door.ask(ACCOUNTS.query, world.caller("shi01"), order)


def logins(page: ListPage) -> list[str]:
    return [line.login for line in page.lines]


def test_a_line_has_its_columns_what_was_looked_up_and_what_its_page_needs(world: World) -> None:
    (line,) = ask(world, {"login": "shi01"}).lines
    assert (line.state, line.tried, line.window) == (AccountState.ACTIVE, 0, "")
    assert line.unit
    of_account = select(OrgUnit.name).where(OrgUnit.id == line.unit_id)
    assert world.read(lambda work: work.session.exec(of_account).one()) == line.unit


def test_one_row_is_read_by_its_id(world: World) -> None:
    (line,) = ask(world, {"login": "shi01"}).lines
    caller = world.caller("shi01")
    found = world.door.ask(ACCOUNTS.query, caller, ListRows(id=line.id))
    assert (found.total, logins(found)) == (1, ["shi01"])
    assert world.door.ask(ACCOUNTS.query, caller, ListRows({"login": "pd01"}, id=line.id)).lines == ()


def test_a_sealed_cell_is_masked(world: World) -> None:
    (line,) = ask(world, {"login": "shi01"}).lines
    assert "*" in line.name


def test_pages_join_without_a_gap_in_the_order_asked_for(world: World) -> None:
    whole = ask(world)
    assert logins(whole) == sorted(logins(whole))
    size = 7
    parts = [ask(world, {}, Paging(page, size, "-login")) for page in range(1, -(-whole.total // size) + 1)]
    assert [login for page in parts for login in logins(page)] == sorted(logins(whole), reverse=True)


@pytest.mark.parametrize("sort", ["name", "state", "password", "-", "login DESC"])
def test_only_declared_columns_sort(world: World, sort: str) -> None:
    with pytest.raises(Rejected, match="不支持按该列排序"):
        ask(world, {}, Paging(sort=sort))


@pytest.mark.parametrize("paging", [Paging(0), Paging(1, 201), Paging(1, 0), Paging(201, 50)])
def test_a_page_out_of_bounds_is_refused(world: World, paging: Paging) -> None:
    with pytest.raises(Rejected, match="只能查看前10000条"):
        ask(world, {}, paging)


def test_filters_narrow_together_and_count_of_counts_their_rows(world: World) -> None:
    filters = {"like": "shi", "state": "ACTIVE", "since": "2020-01-01"}
    page = ask(world, filters)
    assert page.total == len(page.lines) > 1
    assert all("shi" in login for login in logins(page))
    caller = world.caller("shi01")
    assert world.door.look(caller, lambda work: count_of(work, ACCOUNTS, filters)) == page.total
    assert ask(world, {**filters, "until": "2020-01-02"}).total == 0


@pytest.mark.parametrize(
    "filters", [{"password": "1"}, {"state": "GONE"}, {"since": "昨天"}, {"since": "9999-12-31"}, {"like": "a" * 101}]
)
def test_what_no_filter_takes_is_refused(world: World, filters: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        ask(world, filters)


def test_rows_are_counted_by_a_filter_whose_own_choice_is_left_out(world: World) -> None:
    page, disabled = ask(world), ask(world, {"state": "DISABLED"})
    assert sum(page.counts.values()) == page.total
    assert disabled.counts == page.counts
    assert disabled.total == page.counts.get("DISABLED", 0)


@pytest.mark.parametrize("by", ["column", "groups"])
def test_of_a_large_table_only_some_values_are_counted_and_the_others_up_to_a_limit(world: World, by: str) -> None:
    states = {state.value: (state.label, Account.state == state) for state in AccountState}
    filters = ACCOUNTS.filters if by == "column" else (named("state", "状态", {"": ("全部", true()), **states}),)
    few = listed(replace(ACCOUNTS, name="test_few", filters=filters, counting=("DISABLED",), counted_to=2))
    whole = world.door.ask(few.query, world.caller("shi01"), ListRows({}, Paging(size=200)))
    disabled = world.door.ask(few.query, world.caller("shi01"), ListRows({"state": "DISABLED"}, Paging(size=200)))
    expected = ask(world).counts.get("DISABLED", 0)
    assert {*whole.counts} <= {"DISABLED"}
    assert whole.counts.get("DISABLED", 0) == expected
    assert (whole.total, whole.more) == (2, True)
    assert disabled.total == expected


def test_a_column_is_added_up_over_all_rows(world: World) -> None:
    world.rewrite(Account, Account.login == "shi01", failures=3)
    world.rewrite(Account, Account.login == "shiju01", failures=4)
    assert ask(world, {}, Paging(1, 1)).totals == {"tried": 7}
    assert ask(world, {"login": "shi01"}).totals == {"tried": 3}


def test_a_search_for_a_person_is_personal_and_finds_by_the_keyed_hash(world: World) -> None:
    name = world.read(lambda work: work.session.exec(select(Account).where(Account.login == "shi01")).one().name.plain)
    assert ACCOUNTS.query.is_personal(ListRows({"name": name}))
    assert not ACCOUNTS.query.is_personal(ListRows({"login": name}))
    assert "shi01" in logins(ask(world, {"name": name}))


def test_its_query_is_refused_to_other_roles(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.door.ask(ACCOUNTS.query, world.caller("huamu01"), ListRows())


def test_a_deep_list_goes_on_after_a_line_whatever_came_before_it(world: World) -> None:
    deep = replace(ACCOUNTS, name="test_deep", roles=set(Role), rows=None, sort="-tried", deep=True)
    with pytest.raises(RuntimeError, match="deep"):
        listed(replace(deep, last=(Account.name,)))
    listed(deep)
    seen: list[Any] = []
    while lines := world.listed(deep, "xitong01", size=7, after=str(seen[-1]) if seen else "").lines:
        seen += [line.id for line in lines]
    everything = world.listed(deep, "xitong01", size=200)
    assert seen == [line.id for line in everything.lines]
    assert len(seen) == everything.total > 7
    with pytest.raises(Rejected, match="请返回第一页"):
        world.listed(deep, "xitong01", after="x")


def test_the_file_has_the_exported_columns_masked_unless_in_full(world: World) -> None:
    offered = listing_of("test_accounts")
    assert offered.columns == ("登录名", "姓名", "单位", "失败次数", "状态", "类别")
    caller = world.caller("shi01")
    for full in (False, True):
        listed_rows = world.door.look(caller, lambda work, full=full: offered.lines(work, {"login": "shi01"}, full))  # type: ignore[misc]
        ((_, name, *_),) = listed_rows.rows
        assert ("*" in str(name)) is not full
        assert len(listed_rows.persons) == 1


def test_a_file_has_the_columns_and_the_order_asked_for(world: World) -> None:
    offered = listing_of("test_accounts", ("state", "window", "gone", "login"), "-login")
    assert offered.columns == ("状态", "登录名")
    rows = world.door.look(world.caller("shi01"), lambda work: offered.lines(work, {}, False)).rows
    assert [row[1] for row in rows] == sorted(logins(ask(world)), reverse=True)


def test_a_file_has_every_line_of_the_list(world: World) -> None:
    columns = [column for column in ACCOUNTS.columns if column.key == "login"]
    parts = world.read(lambda work: [one for cells, _ in file_parts(work, ACCOUNTS, {}, columns) for (one,) in cells])
    assert parts == logins(ask(world))


@pytest.mark.parametrize(
    "changes",
    [
        {"sort": "nothing"},
        {"counts": "nothing"},
        {"table": None, "rows": None},
        {"columns": (Column("login", "甲"), Column("login", "乙"))},
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused_at_import(changes: dict[str, Any]) -> None:
    whole = {
        name: getattr(ACCOUNTS, name) for name in ("label", "roles", "table", "rows", "columns", "filters", "sort")
    }
    with pytest.raises(RuntimeError):
        listed(Listing(name="test_broken", **(whole | changes)))


@dataclass(frozen=True)
class Word:
    id: int
    text: str


WORDS = Listing(
    name="test_words",
    label="测试词",
    roles={Role.CITY_CENTER},
    items=lambda work: [Word(place, text) for place, text in enumerate(("gamma", "alpha", "beta", "alps"))],
    columns=(
        Column("text", "词", sortable=True),
        Column(
            "length", "长度", lambda word: len(word.text), sortable=True, sql=lambda word: (len(word.text), word.id)
        ),
        Column("last", "末字", lambda word: word.text[-1]),
    ),
    filters=(
        Filter("begins", "开头", lambda work, text: lambda word: word.text.startswith(text)),
        named(
            "short",
            "长度",
            {"": ("全部", lambda work: lambda word: True), "1": ("短", lambda work: lambda word: len(word.text) < 5)},
        ),
    ),
    counts="short",
    names_persons=True,
)


def test_rows_in_memory_are_narrowed_sorted_paged_counted_and_exported(world: World) -> None:
    listed(WORDS)

    def texts(filters: dict[str, str], paging: Paging) -> tuple[int, list[str]]:
        page = world.door.ask(WORDS.query, world.caller("shi01"), ListRows(filters, paging))
        assert page.counts == ({"": 2, "1": 1} if "begins" in filters else {"": 4, "1": 2})
        return page.total, [line.text for line in page.lines]

    assert texts({}, Paging(1, 3)) == (4, ["gamma", "alpha", "beta"])
    assert texts({}, Paging(2, 3)) == (4, ["alps"])
    assert texts({"begins": "al"}, Paging(sort="-text")) == (2, ["alps", "alpha"])
    assert texts({}, Paging(sort="length")) == (4, ["beta", "alps", "gamma", "alpha"])
    assert texts({"short": "1"}, Paging()) == (2, ["beta", "alps"])
    for filters, sort in (({"gone": "1"}, ""), ({}, "last"), ({}, "gone")):
        with pytest.raises(Rejected):
            texts(filters, Paging(sort=sort))
    columns = [column for column in WORDS.columns if column.key == "text"]
    read = world.read(
        lambda work: [one for cells, _ in file_parts(work, WORDS, {"begins": "al"}, columns) for (one,) in cells]
    )
    assert read == ["alpha", "alps"]
    assert WORDS.query.is_personal(ListRows())


def test_rows_are_counted_no_further_than_declared(world: World) -> None:
    few = replace(ACCOUNTS, name="test_few", counts="", counted_to=3)
    listed(few)
    page = world.door.ask(few.query, world.caller("shi01"), ListRows(paging=Paging(size=5)))
    assert (page.total, page.more, len(page.lines)) == (3, True, 5)
    with pytest.raises(Rejected, match="3条以上"):
        world.door.look(world.caller("shi01"), lambda work: listing_of("test_few").count(work, {}))


def test_a_name_is_declared_once() -> None:
    with pytest.raises(RuntimeError, match="declared twice"):
        listed(ACCOUNTS)


def _named_accounts(**look: Any) -> Listing:
    """A list whose groups overlap, one of which depends on the caller."""
    return listed(
        Listing(
            name="test_groups",
            label="测试分组",
            roles={Role.CITY_CENTER},
            table=Account,
            rows=lambda work: select(Account),
            columns=(Column("login", "登录名"), Column("created_at", "创建时间")),
            filters=(
                named(
                    "view",
                    "范围",
                    {
                        "": ("在用", col(Account.state) == AccountState.ACTIVE),
                        "mine": ("本人", lambda work: col(Account.id) == work.caller.account_id),
                        "none": ("停用", col(Account.state) == AccountState.DISABLED),
                    },
                    sorts={"": "-login"},
                ),
                either(
                    "word",
                    "查找",
                    exact("login", "登录名", Account.login),
                    through(Account.unit_id, OrgUnit.id, part("unit", "单位", OrgUnit.name)),
                ),
            ),
            sort="login",
            counts="view",
            **look,
        )
    )


def test_named_groups_are_counted_though_they_share_rows_and_the_empty_one_narrows(world: World) -> None:
    groups = _named_accounts()
    page = world.door.ask(groups.query, world.caller("shi01"), ListRows(paging=Paging(size=200)))
    mine = world.door.ask(groups.query, world.caller("shi01"), ListRows({"view": "mine"}))
    assert page.total == page.counts[""] == len(page.lines)
    assert (page.counts["mine"], page.counts["none"]) == (1, 0)
    assert (mine.total, logins(mine), mine.counts) == (1, ["shi01"], page.counts)
    assert logins(page) == sorted(logins(page), reverse=True)


def test_either_of_several_filters_finds_a_row(world: World) -> None:
    groups = _named_accounts()
    caller = world.caller("shi01")
    (line,) = world.door.ask(groups.query, caller, ListRows({"word": "shi01"})).lines
    unit = world.read(
        lambda work: work.session.exec(
            select(OrgUnit.name).join(Account, col(Account.unit_id) == OrgUnit.id).where(Account.id == line.id)
        ).one()
    )
    assert line.login in logins(world.door.ask(groups.query, caller, ListRows({"word": unit})))
    assert world.door.ask(groups.query, caller, ListRows({"word": "没有"})).total == 0


def test_each_row_of_a_bulk_action_is_named_by_a_number_or_a_name() -> None:
    named = {(one.name, bulk.named or one.columns[0].key) for one in listings.LISTINGS.values() for bulk in one.bulk}
    assert len(named) > 8
    assert {
        (name, key) for name, key in named if key not in {column.key for column in listings.LISTINGS[name].columns}
    } == set()
    assert {key for _, key in named if key.endswith(("_at", "_on"))} == set()
