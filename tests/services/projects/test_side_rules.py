"""Every rule of what belongs to a project at its edges (PRJ-02, 09, 10, 12, 13, 15, rows 59-62)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from models.companies import District
from services.engine.kinds import kind_named
from services.engine.proposals import form_of, missing
from services.ports.answers import LegalEntity, hit, miss, silent
from services.ports.registry import CompanyProfile, RegisteredHolder
from services.projects.builders import entity_key
from services.projects.investors import REGISTRY_CHANGED
from services.projects.project_parcels import PARCELS, PROJECT, OfProject, ParcelUse
from services.projects.sources import OWN_CODE, changes_since, investors_of
from services.projects.transfer import PARTIES, Parties
from tests.services.parcels.proposals import codes, judged, proposal

OWN = "91310115MAYPA0014U"
HEAD = "91310115MAYHA0017M"
OTHER = "91310101MAYCA00120"


# ------------------------------------------------------------------ parcels (row 59)


def parcels(used: str, use: ParcelUse, parcel_id: UUID | None = None, **more: str) -> Any:
    one = parcel_id or uuid4()
    lines = [{"parcel_id": str(one), "used_area": used, **more}]
    return proposal("project_parcels", {}, {"parcels": lines}, found={PARCELS: {one: use}})


@pytest.mark.row(59)
@pytest.mark.parametrize(
    ("used", "elsewhere", "found"),
    [
        ("10050.00", "0", []),
        ("10050.01", "0", ["PRJ-02 REFUSE"]),
        ("6050.00", "4000", []),
        ("6050.01", "4000", ["PRJ-02 REFUSE"]),
        ("0.00", "0", ["FMT REFUSE"]),
    ],
)
def test_all_projects_together_use_no_more_than_the_parcel(used: str, elsewhere: str, found: list[str]) -> None:
    assert codes(parcels(used, ParcelUse("A地块", Decimal(10000), Decimal(elsewhere)))) == found


@pytest.mark.row(59)
@pytest.mark.parametrize(
    ("used", "district", "found"),
    [
        (("10000.00", "20050.00"), District.of("310115"), []),
        (("10000.00", "20150.01"), District.of("310115"), ["PRJ-02 WARN"]),
        (("10000.00", "10000.00"), District.of("310112"), ["PRJ-02 WARN"]),
    ],
)
def test_parcels_are_compared_with_the_land_and_the_district_of_the_project(
    used: tuple[str, str], district: District, found: list[str]
) -> None:
    one, other = uuid4(), uuid4()
    known = {
        one: ParcelUse("A地块", Decimal(90000), district=District.of("310115")),
        other: ParcelUse("B地块", Decimal(90000), district=district),
    }
    lines = [{"parcel_id": str(key), "used_area": area} for key, area in zip(known, used, strict=True)]
    project = OfProject(Decimal(30000), District.of("310115"))
    assert codes(proposal("project_parcels", {}, {"parcels": lines}, found={PARCELS: known, PROJECT: project})) == found


@pytest.mark.row(59)
def test_a_part_is_used_no_further_than_it_was_assigned() -> None:
    use = ParcelUse("A地块", Decimal(10000), part_area=Decimal(4000))
    assert codes(parcels("4020.00", use)) == []
    assert codes(parcels("4020.01", use)) == ["PRJ-02 REFUSE"]


@pytest.mark.row(59)
@pytest.mark.parametrize(
    ("built", "found"),
    [("20600.00", []), ("20600.01", ["PRJ-03 WARN"]), ("9999999999.99", ["PRJ-03 WARN"])],
)
def test_no_more_is_built_than_the_contract_allows(built: str, found: list[str]) -> None:
    use = ParcelUse("A地块", Decimal(10000), far_area=Decimal(20000))
    assert codes(parcels("10000.00", use, far_area_part=built)) == found


@pytest.mark.row(59)
@pytest.mark.parametrize(
    ("built", "found"),
    [("4600.00", []), ("4600.01", ["PRJ-03 WARN"])],
)
def test_all_projects_together_build_no_more_than_the_contract_allows(built: str, found: list[str]) -> None:
    """Two with four fifths each would each pass alone."""
    use = ParcelUse("A地块", Decimal(10000), far_area=Decimal(20000), built_elsewhere=Decimal(16000))
    assert codes(parcels("1000.00", use, far_area_part=built)) == found


@pytest.mark.row(59)
@pytest.mark.parametrize(
    ("built", "ours", "found"),
    [
        ("8240.00", "0", []),
        ("8240.01", "0", ["PRJ-03 WARN"]),
        ("5240.00", "3000", []),
        ("5240.01", "3000", ["PRJ-03 WARN"]),
    ],
)
def test_on_a_part_no_more_is_built_than_its_share(built: str, ours: str, found: list[str]) -> None:
    use = ParcelUse(
        "A地块", Decimal(10000), part_area=Decimal(4000), far_area=Decimal(20000), built_by_us=Decimal(ours)
    )
    assert codes(parcels("4000.00", use, far_area_part=built)) == found


@pytest.mark.row(60)
def test_who_contributes_in_parts_is_one_investor() -> None:
    holders = tuple(
        RegisteredHolder("申浦置业", "COMPANY", Decimal(30), uscc=OWN, subscribed=Decimal(3000), paid=paid, due_on=due)
        for paid, due in ((Decimal(3000), date(2026, 1, 1)), (None, date(2030, 1, 1)))
    )
    (line,) = investors_of(CompanyProfile(OWN, "滨江置业", "存续", holders=holders), frozenset())
    assert (line["ratio"], line["subscribed_amount"], line["paid_amount"]) == (60, 6000, 3000)


@pytest.mark.row(59)
def test_what_lists_sum_up_to_can_be_kept() -> None:
    lines = [{"parcel_id": str(uuid4()), "used_area": "1", "far_area_part": "9999999999.99"} for _ in range(2)]
    assert codes(proposal("project_parcels", {}, {"parcels": lines})) == ["FMT REFUSE"]


@pytest.mark.row(59)
def test_a_parcel_of_another_or_a_voided_one_is_refused() -> None:
    assert codes(parcels("10.00", ParcelUse("A地块", Decimal(10000), linked=False))) == ["PAR-09 REFUSE"]
    assert codes(parcels("10.00", ParcelUse("A地块", Decimal(10000), voided=True))) == ["PAR-09 REFUSE"]


@pytest.mark.row(59)
def test_the_last_parcel_is_not_removed() -> None:
    kind = kind_named("project_parcels")
    without = missing(kind, form_of(kind, {"values": {}, "children": {"parcels": []}, "files": {}}), date(2027, 3, 1))
    assert [(one.code, one.message) for one in without] == [("REQ", "“地块”至少填写1行")]


# ------------------------------------------------------------------ investors (row 60)


def investor(ratio: str, amount: str, **change: Any) -> dict[str, Any]:
    return {
        "kind": "COMPANY",
        "name": "申浦置业集团有限公司",
        "uscc": HEAD,
        "ratio": ratio,
        "subscribed_amount": amount,
        "is_head_group": True,
        "source": "MANUAL",
        **change,
    }


def investors(*lines: dict[str, Any], capital: str = "300000000.00", changed: Any = ()) -> Any:
    given = {OWN_CODE: OWN, REGISTRY_CHANGED: changed}
    return proposal("project_investors", {"registered_capital": capital}, {"investors": list(lines)}, found=given)


@pytest.mark.row(60)
@pytest.mark.parametrize(
    ("last", "found"),
    [("33.33", []), ("33.32", ["PRJ-12 REFUSE"]), ("33.34", []), ("33.35", []), ("33.36", ["PRJ-12 REFUSE"])],
)
def test_three_thirds_are_a_whole(last: str, found: list[str]) -> None:
    lines = [investor("33.33", "100000000.00", name=f"投资{n}公司", uscc=code) for n, code in enumerate((HEAD, OTHER))]
    assert codes(investors(*lines, investor(last, "100000000.00", name="第三公司", uscc="91310000MAYGA00163"))) == found


@pytest.mark.row(60)
@pytest.mark.parametrize(("capital", "found"), [("300000001.00", []), ("300000001.01", ["PRJ-12 WARN"])])
def test_what_is_subscribed_is_the_capital(capital: str, found: list[str]) -> None:
    assert codes(investors(investor("100", "300000000.00"), capital=capital)) == found


@pytest.mark.row(60)
def test_nobody_invests_in_himself() -> None:
    found = judged(investors(investor("100", "300000000.00", uscc=OWN)))
    assert [(one.code, one.field) for one in found] == [("PRJ-12", "investors.1.uscc")]


@pytest.mark.row(60)
def test_an_investor_from_abroad_has_a_number_of_his_own() -> None:
    line = investor("100", "300000000.00", kind="FOREIGN", uscc=None, name="Harbour View Holdings Ltd.")
    found = judged(investors(line))
    assert {one.field for one in found} == {"investors.1.foreign_id", "investors.1.country"}
    assert codes(investors({**line, "foreign_id": "HK-1234567", "country": "中国香港"})) == []


@pytest.mark.row(60)
def test_a_person_has_an_id_number_that_is_right() -> None:
    line = investor("100", "300000000.00", kind="PERSON", uscc=None, name="孙小舟")
    assert codes(investors(line)) == ["REQ REFUSE"]
    assert codes(investors({**line, "id_no": "310101199003079013"})) == []
    assert codes(investors({**line, "id_no": "310101199003079014"})) == ["FMT REFUSE"]


@pytest.mark.parametrize(
    ("number", "country", "right"),
    [
        ("12345", None, False),
        ("ABC", "中国", False),
        ("310101900307901", None, False),
        ("H12345678", None, True),
        ("12345678", "中国", True),
        ("830000199201300022", None, True),
        ("12AB34567", "法国", True),
        ("12AB34567", None, False),
        ("A1", "法国", False),
    ],
)
def test_a_persons_number_is_one_of_his_documents(number: str, country: str | None, right: bool) -> None:
    """Numbers without 18 characters were taken unchecked (acceptance D5)."""
    line = investor("100", "300000000.00", kind="PERSON", uscc=None, name="孙小舟")
    assert codes(investors({**line, "id_no": number, "country": country})) == ([] if right else ["FMT REFUSE"])


@pytest.mark.row(60)
@pytest.mark.parametrize(
    ("one", "other", "field"),
    [
        ({"uscc": HEAD, "name": "甲公司"}, {"uscc": HEAD, "name": "甲有限公司"}, "uscc"),
        (
            {"kind": "FOREIGN", "uscc": None, "foreign_id": "HK-1", "country": "中国香港"},
            {"kind": "FOREIGN", "uscc": None, "foreign_id": "hk-1", "country": "中国香港", "name": "Harbour View Ltd."},
            "foreign_id",
        ),
        (
            {"kind": "PERSON", "uscc": None, "name": "孙小舟", "id_no": "310101199003079013"},
            {"kind": "PERSON", "uscc": None, "name": "孙 小舟", "id_no": "310101199003079013"},
            "id_no",
        ),
    ],
)
def test_an_investor_stands_in_one_line(one: dict[str, Any], other: dict[str, Any], field: str) -> None:
    """In two lines, the larger share is seen of nobody."""
    half = investor("50", "150000000.00")
    found = judged(investors({**half, **one}, {**half, **other}))
    assert [fault.field for fault in found] == [f"investors.2.{field}"]


@pytest.mark.row(60)
def test_what_the_registry_changed_since_is_told() -> None:
    of = investors(investor("100", "300000000.00"), changed=["新增股东“某公司”"])
    assert codes(of) == ["SUB-08 WARN"]
    assert "登记信息已变化" in judged(of)[0].message


@pytest.mark.row(60)
def test_a_person_is_not_named_when_the_registry_changed() -> None:
    told = [{"name": "甲公司", "uscc": HEAD, "ratio": "60.0000"}, {"name": "孙小舟", "ratio": "40.0000"}]
    now = [{"name": "甲公司", "uscc": HEAD, "ratio": "70"}, {"name": "李四", "ratio": "30"}]
    said = changes_since(told, now)
    assert said == sorted(
        ["新增股东（自然人或境外主体）", "股东“甲公司”出资比例由60%变为70%", "股东（自然人或境外主体）已退出"]
    )
    assert changes_since(told, told) == []


# ------------------------------------------------------------------ builders (row 61)


def builder(**change: Any) -> dict[str, Any]:
    return {
        "name": "华亭城市建设发展有限公司",
        "uscc": OTHER,
        "mode": "COMMERCIAL",
        "work_scope": "全过程代建",
        "start_on": "2026-06-01",
        "end_on": "2027-05-31",
        "source": "MANUAL",
        **change,
    }


def builders(*lines: dict[str, Any], has_agent: bool = True, answer: Any = None) -> Any:
    said = {entity_key(OTHER): answer} if answer is not None else {}
    return proposal(
        "project_builders", {"has_agent": has_agent}, {"builders": list(lines)}, found={OWN_CODE: OWN}, answers=said
    )


@pytest.mark.row(61)
def test_no_agent_builder_is_a_complete_answer() -> None:
    assert codes(builders(has_agent=False)) == []
    assert codes(builders(has_agent=True)) == ["REQ REFUSE"]
    assert codes(builders(builder(), has_agent=False)) == ["REQ REFUSE"]


@pytest.mark.row(61)
@pytest.mark.parametrize(("rate", "found"), [("0", []), ("100", []), ("100.01", ["FMT REFUSE"])])
def test_a_fee_of_nothing_and_of_all(rate: str, found: list[str]) -> None:
    assert codes(builders(builder(fee_rate=rate))) == found


@pytest.mark.row(61)
@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (hit("法人库", LegalEntity(OTHER, "华亭", "存续")), []),
        (hit("法人库", LegalEntity(OTHER, "华亭", "注销")), ["PRJ-15 WARN"]),
        (miss("法人库"), ["PRJ-15 WARN"]),
        (silent("法人库"), ["PRJ-15 PENDING"]),
    ],
)
def test_a_builder_is_looked_up(answer: Any, found: list[str]) -> None:
    assert codes(builders(builder(), answer=answer)) == found


@pytest.mark.row(61)
def test_the_developer_does_not_build_for_himself() -> None:
    assert codes(builders(builder(uscc=OWN))) == ["PRJ-15 REFUSE"]


@pytest.mark.row(61)
@pytest.mark.parametrize(
    ("start", "scope", "found"),
    [
        ("2027-05-31", "全过程代建", ["PRJ-15 WARN"]),
        ("2027-06-01", "全过程代建", []),
        ("2026-06-01", "精装修代建", []),
    ],
)
def test_periods_of_one_scope_do_not_overlap(start: str, scope: str, found: list[str]) -> None:
    other = builder(uscc=HEAD, start_on=start, end_on="2028-01-01", work_scope=scope)
    assert codes(builders(builder(), other)) == found


# ------------------------------------------------------------------ transfer and relocation (row 62)


def transfer(parties: Parties | None = None, **change: Any) -> Any:
    values = {
        "transferor_uscc": OWN,
        "transferor_name": "上海申浦滨江置业有限公司",
        "transferee_uscc": "91310104MAYPA0022Q",
        "transferee_name": "上海申浦西岸置业有限公司",
        "contract_on": "2026-10-08",
        "investment_ratio": "25",
        "land_fee_paid_all": True,
        "certificate_held": True,
        "registration_changed_on": "2026-11-20",
        "filed_on": "2026-12-20",
        **change,
    }
    return proposal("project_transfer", values, found={PARTIES: parties or Parties(OWN, True)})


@pytest.mark.row(62)
@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"investment_ratio": "24.99"}, ["PRJ-09 REFUSE"]),
        ({"certificate_held": False}, ["PRJ-09 REFUSE"]),
        ({"land_fee_paid_all": False}, ["PRJ-09 REFUSE"]),
        ({"filed_on": "2026-12-21"}, ["PRJ-10 WARN"]),
        ({"transferor_uscc": HEAD}, ["FMT REFUSE"]),
        ({"transferee_uscc": OWN}, ["FMT REFUSE"]),
    ],
)
def test_conditions_of_a_transfer(change: dict[str, Any], found: list[str]) -> None:
    assert codes(transfer(**change)) == found


@pytest.mark.row(62)
@pytest.mark.parametrize(
    ("told", "found"), [("25.00", []), ("24.99", ["PRJ-09 WARN"]), (None, []), ("0", ["PRJ-09 WARN"])]
)
def test_no_more_is_invested_than_the_project_says(told: str | None, found: list[str]) -> None:
    parties = Parties(OWN, True, invested=Decimal(told) if told is not None else None)
    assert codes(transfer(parties)) == found
    assert codes(transfer(Parties(OWN, True, handed_over=True, invested=Decimal(0)))) == []


@pytest.mark.row(62)
def test_only_an_admitted_company_takes_over_and_presale_is_pointed_out() -> None:
    assert codes(transfer(Parties(OWN, False))) == ["PRJ-09 REFUSE"]
    found = judged(transfer(Parties(OWN, True, presale=True)))
    assert [one.severity.value for one in found] == ["WARN"]
    assert "预售许可" in found[0].message


@pytest.mark.row(62)
@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"households_moved": "119"}, ["households_moved"]),
        ({"households_signed": "121"}, ["households_signed"]),
        ({"compensation_paid": "560000000.01"}, ["compensation_paid"]),
        ({"compensation_paid": "560000000.00"}, []),
        ({"end_on": "2025-02-28"}, ["end_on"]),
    ],
)
def test_relocation_adds_up(change: dict[str, Any], fields: list[str]) -> None:
    values = {
        "permit_or_decision_no": "浦征补决(2025)第8号",
        "relocation_scope": "芳甸路以东",
        "households_total": "120",
        "households_signed": "118",
        "households_moved": "118",
        "compensation_total": "560000000.00",
        "compensation_paid": "540000000.00",
        "resettle_mode": "MONEY",
        "start_on": "2025-03-01",
        **change,
    }
    assert [one.field for one in judged(proposal("relocation", values))] == fields
