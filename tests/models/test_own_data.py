"""Places, sample houses and fixtures that ship with the product hang together."""

import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from models.identity import check_credit_code, check_document, check_id_number
from models.normal import normal, parse_cert
from models.own_data import DATA, own_rows, read_rows
from models.places_data import (
    cert_signs,
    district,
    districts,
    districts_of_road,
    street,
    streets,
    streets_of,
)

TODAY = date(2026, 6, 30)


def test_city_has_its_districts_and_streets() -> None:
    assert len(districts()) == len(cert_signs()) == 16
    assert Counter(one.kind for one in streets() if one.official) == {"街道": 108, "镇": 106, "乡": 2}
    assert sum(not one.official for one in streets()) == 19


def test_every_place_lies_in_a_known_one() -> None:
    assert all(district(one.district_code) for one in streets())
    assert all(street(row["street_code9"]) for row in own_rows("regions/committees.csv"))
    for row in own_rows("regions/roads.csv"):
        found = street(row["street_code9"])
        assert found is not None
        assert found.district_code == row["district_code"]


def test_places_are_found_by_code_and_name() -> None:
    found = district("310115")
    assert found is not None
    assert (found.name, found.short_name, found.cert_sign) == ("浦东新区", "浦东", "浦")
    assert district("310199") is None
    assert street("310199001") is None
    assert districts_of_road("南泉路") == {"310115"}
    assert districts_of_road("没有这条路") == frozenset()


def test_streets_of_a_district_begin_with_the_official_ones() -> None:
    kinds = [one.official for one in streets_of("310115")]
    assert kinds == [True] * 36 + [False] * 6


def test_title_numbers_of_the_sample_parse_where_they_are_sound() -> None:
    for row in own_rows("houses_2000.csv"):
        cert = parse_cert(row["cert_no"])
        fits = cert is not None and (cert.form == "public") == (row["house_kind"] == "租用公有住房")
        assert fits == ("CERT_FORMAT" not in row["expected_codes"].split()), row["cert_no"]


def test_owners_of_the_sample_have_sound_numbers_where_the_sample_says_so() -> None:
    for row in own_rows("houses_2000.csv"):
        sound = all(check_id_number(owner.split("/")[1], today=TODAY).ok for owner in row["owners"].split(";"))
        assert sound == ("OWNER_ID" not in row["expected_codes"].split()), row["owners"]


def fixtures(name: str) -> dict[str, dict[str, str]]:
    return {row["fixture_id"]: row for row in read_rows(DATA / "fixtures" / name)}


def test_fixture_houses_stand_in_real_streets_with_sound_titles() -> None:
    houses, persons = fixtures("houses.csv"), fixtures("persons.csv")
    committees = {(row["street_code9"], row["name"]) for row in own_rows("regions/committees.csv")}
    known = {(row["name"], row["id_no"]) for row in persons.values()}
    assert list(houses) == [f"H-{n}" for n in range(1, 12)]
    for row in houses.values():
        place = street(row["street_code9"])
        assert place is not None
        assert (place.name, place.district_name) == (row["street"], row["district"])
        assert row["district_code"] in districts_of_road(row["road"])
        assert (row["street_code9"], row["committee"]) in committees
        cert = parse_cert(row["cert_no"])
        assert cert is not None
        assert cert.printed == row["cert_no"]
        found = district(row["district_code"])
        assert found is not None
        assert cert.sign == found.cert_sign
        owners = [owner.split("/") for owner in row["owners"].split(";")]
        assert {(name, number) for name, number, _ in owners} <= known
        assert sum(int(share) for *_, share in owners) == 100
        assert sum(float(room.split(":")[2]) for room in row["rooms"].split(";")) <= float(row["inner_area"])
        assert float(row["inner_area"]) <= float(row["floor_area"])


def test_fixture_houses_are_none_of_the_sample() -> None:
    sample = own_rows("houses_2000.csv")
    for column in ("house_id", "address"):
        assert not {row[column] for row in sample} & {row[column] for row in fixtures("houses.csv").values()}
    certs = {normal("cert_no", row["cert_no"]) for row in sample}
    assert not certs & {normal("cert_no", row["cert_no"]) for row in fixtures("houses.csv").values()}


def test_fixture_persons_and_firms_have_sound_numbers() -> None:
    for person in fixtures("persons.csv").values():
        assert check_document(person["id_type"], person["id_no"], today=TODAY).ok
    for firm in fixtures("enterprises.csv").values():
        assert check_credit_code(firm["uscc"]).ok
    for card in fixtures("cards.csv").values():
        assert check_id_number(card["id_no"], today=TODAY).ok
        assert card["enterprise"] in fixtures("enterprises.csv")


def test_bad_numbers_are_bad_as_stated() -> None:
    for row in read_rows(DATA / "fixtures" / "bad_numbers.csv"):
        problem = check_id_number(row["id_no"], today=TODAY).problem
        assert problem is not None
        assert problem.code == row["problem"]


def make_houses(out: Path, *options: str) -> None:
    maker = DATA / "make" / "make_houses.py"
    subprocess.run([sys.executable, "-B", str(maker), "--out", str(out), *options], check=True, capture_output=True)


def test_maker_still_writes_the_tables_that_ship(tmp_path: Path) -> None:
    make_houses(tmp_path)
    for name in ("houses_2000.csv", "contracts_2000.csv", "rules.csv", "sublet_alerts.csv"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


@pytest.mark.parametrize("seed", ["7", "another"])
def test_maker_writes_other_tables_for_another_seed(tmp_path: Path, seed: str) -> None:
    make_houses(tmp_path, "--seed", seed, "--houses", "300", "--contracts", "200")
    houses = read_rows(tmp_path / "houses_300.csv")
    assert len(houses) == 300
    assert len(read_rows(tmp_path / "contracts_200.csv")) == 200
    assert {row["cert_no"] for row in houses} != {row["cert_no"] for row in own_rows("houses_2000.csv")[:300]}


def test_the_calendar_says_of_work_what_the_package_says() -> None:
    """Where `chinesecalendar` is installed; it is in no lock, for only whoever renews the table needs it."""
    pytest.importorskip("chinese_calendar")
    renew = DATA / "make" / "renew_holidays.py"
    found = subprocess.run([sys.executable, str(renew), "--check"], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


def test_renewing_takes_over_what_was_announced(tmp_path: Path) -> None:
    pytest.importorskip("chinese_calendar")
    wrong = "date,weekday,is_workday,kind,name,status\r\n2026-02-28,六,0,周末,,provisional\r\n2199-01-01,二,1,工作日,,provisional\r\n"
    table = tmp_path / "calendar.csv"
    table.write_text(wrong, encoding="utf-8-sig", newline="")
    subprocess.run([sys.executable, str(DATA / "make" / "renew_holidays.py"), str(table)], check=True)
    lines = read_rows(table)
    assert [(line["is_workday"], line["kind"], line["status"]) for line in lines] == [
        ("1", "调休上班", "official"),
        ("1", "工作日", "provisional"),
    ]
