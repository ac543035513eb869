"""Matching the spaces of a model to the building table (row 81)."""

import pytest

from services.space.room_matches import Matchable, MatchReport, match_rooms, room_key

pytestmark = pytest.mark.row(81)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("1001室", "10"), ("1001", "10")),
        (("1001", "10"), ("10-1", "10")),
        (("101", "1"), ("01", "1")),
        (("B101", "B1"), ("-101", "-1")),
        (("１００１", "10层"), ("1001号", "10")),
        (("2-1001", "10"), ("2单元1001室", "10")),
    ],
)
def test_a_room_has_one_key_however_it_is_written(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert room_key(*one) == room_key(*other)


def test_rooms_of_different_storeys_have_different_keys() -> None:
    assert room_key("1001", "10") != room_key("1101", "11")


def spaces(*rooms: str, storey: str = "10") -> list[Matchable]:
    return [Matchable(f"space {place}", storey, room) for place, room in enumerate(rooms)]


def rows(*rooms: str, storey: str = "10") -> list[Matchable]:
    return [Matchable(f"row {place}", storey, room) for place, room in enumerate(rooms)]


def found(report: MatchReport) -> list[tuple[object, object, str]]:
    return [(match.space, match.row, match.how) for match in report.matches]


def test_room_1001_meets_10_1_of_the_table() -> None:
    assert found(match_rooms(spaces("1001"), rows("10-1"))) == [("space 0", "row 0", "KEY")]


def test_rooms_without_a_key_are_matched_by_order_where_counts_agree() -> None:
    report = match_rooms(spaces("", "", "1003"), rows("1003", "甲", "乙"))
    assert found(report) == [("space 2", "row 0", "KEY"), ("space 0", "row 1", "ORDER"), ("space 1", "row 2", "ORDER")]


def test_thirty_three_spaces_and_thirty_two_rows_leave_one() -> None:
    rooms = [f"10{place:02d}" for place in range(1, 34)]
    report = match_rooms(spaces(*rooms), rows(*rooms[:32]))
    assert (len(report.matches), report.model_only, report.table_only, report.rate) == (32, ["space 32"], [], 1.0)
    unnamed = match_rooms(spaces(*([""] * 33)), rows(*rooms[:32]))
    assert (len(unnamed.matches), len(unnamed.model_only), len(unnamed.table_only), unnamed.rate) == (0, 33, 32, 0.0)


def test_a_room_that_occurs_twice_is_for_a_person_to_decide() -> None:
    report = match_rooms(spaces("1001", "1001"), rows("1001"))
    assert (report.matches, sorted(map(str, report.double))) == ([], ["row 0", "space 0", "space 1"])


def test_what_was_matched_by_hand_is_kept_in_a_new_version() -> None:
    report = match_rooms(spaces("1001", "1002"), rows("1002", "1001"), kept={"space 0": "row 0", "space 9": "row 1"})
    assert found(report) == [("space 0", "row 0", "MANUAL"), ("space 1", "row 1", "ORDER")]


def test_two_entrances_may_have_the_same_rooms() -> None:
    both = [Matchable(f"{entrance}", "1", "101", entrance) for entrance in "12"]
    table = [Matchable(f"row {entrance}", "1", "101", entrance) for entrance in "21"]
    assert found(match_rooms(both, table)) == [("1", "row 1", "KEY"), ("2", "row 2", "KEY")]
