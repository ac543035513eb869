"""The rules of a report of an unmanaged place (UNM-01 to UNM-06, O09, row 37): pure, a proposal in, findings out.

A message names lines by their number, never a person: the city reads the findings and not the tenants.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from models.identity import age_on, check_id_number
from models.places_data import streets_of
from models.unmanaged import OperatorKind, YesNo
from services.engine.findings import Severity
from services.engine.kinds import Proposal
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, MISSING

ROOMS, PERSONS = "concentrated.rooms", "concentrated.persons"
#: `Facts.look` gives the records at the same address under this name.
SAME_PLACE = "same_place"
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_ADULT = 18


@dataclass(frozen=True)
class Neighbour:
    """Another record in force at the same address."""

    record_no: str
    street: str
    same_operator: bool


@rule(FORMAT, "数据正确", Severity.REFUSE, "数据不正确")
def values_are_well_formed(report: Proposal) -> Iterator[Fault]:
    month = report["period"]
    if month is not None and not _MONTH.fullmatch(month):
        yield Fault("period", "报备月份请按年-月填写，例如2026-06")
    elif month is not None and month > f"{report.today:%Y-%m}":
        yield Fault("period", "该月份尚未开始，不能报备")
    elif month is not None and report.before is not None and month < report.before["period"]:
        yield Fault("period", f"报备月份早于上次报备的{report.before['period']}，请核对")
    known = {one.name for one in streets_of(report.owner.district_code)}
    if report["street"] is not None and report["street"] not in known:
        yield Fault("street", "街镇不在本区，请填写本区街镇的全称")
    for number, line in enumerate(report.lines("tenants"), 1):
        if line.get("id_no") and (problem := check_id_number(plain(line["id_no"]), today=report.today).problem):
            yield Fault(f"tenants.{number}.id_no", problem.sentence.rstrip("。"))
        if line.get("moved_out_on") and line.get("moved_in_on") and line["moved_out_on"] < line["moved_in_on"]:
            yield Fault(f"tenants.{number}.moved_out_on", f"住户第{number}行：搬离日期早于入住日期")
    for number, line in enumerate(report.lines("hazards"), 1):
        if line.get("done_on") and line.get("found_on") and line["done_on"] < line["found_on"]:
            yield Fault(f"hazards.{number}.done_on", f"隐患第{number}行：整改完成日期早于发现日期")


@rule(MISSING, "已知经营者的名称", Severity.REFUSE, "请填写经营者名称；确实不明的，经营者类型请选“不明”")
def known_operator_is_named(report: Proposal) -> Iterator[Fault]:
    if report["operator_kind"] not in (None, OperatorKind.UNKNOWN) and not report["operator_name"]:
        yield Fault("operator_name")


@rule("UNM-01", "同一项目只报备一次", Severity.REFUSE, "该项目已经报备")
def place_is_reported_once(report: Proposal) -> Iterator[Fault]:
    for one in neighbours(report):
        if one.same_operator and one.street == report["street"]:
            yield Fault("address", f"该地址、该经营者已报备（{one.record_no}），请在原记录上更新", found=one.record_no)


@rule("UNM-02", "同一楼宇不重复报备", Severity.WARN, "该地址已有报备记录")
def building_is_reported_by_one_street(report: Proposal) -> Iterator[Fault]:
    for one in neighbours(report):
        if one.same_operator and one.street == report["street"]:
            continue
        told = "经营者相同" if one.same_operator else "经营者不同"
        yield Fault(
            "address",
            f"{one.street}已报备同一地址（{one.record_no}，{told}），请与该街镇核实是否为同一项目",
            found=one.record_no,
        )


@rule("UNM-03", "经营者已查明", Severity.WARN, "经营者不明，请继续查找并在下次更新时补充")
def operator_is_known(report: Proposal) -> Iterator[Fault]:
    if report["operator_kind"] is OperatorKind.UNKNOWN:
        yield Fault("operator_kind")


@rule("UNM-04", "住户均有证件号码", Severity.WARN, "部分住户没有证件号码")
def tenants_have_numbers(report: Proposal) -> Iterator[Fault]:
    without = [number for number, line in _living(report) if not line.get("id_no")]
    if without:
        yield Fault(f"tenants.{without[0]}.id_no", f"住户{_lines(without)}没有身份证号码，请核实补充")


@rule("UNM-05", "未成年人与监护人同住", Severity.WARN, "有未成年住户")
def minors_live_with_a_guardian(report: Proposal) -> Iterator[Fault]:
    minors = [number for number, line in _living(report) if _is_minor(report, line)]
    if minors:
        yield Fault(f"tenants.{minors[0]}", f"住户{_lines(minors)}未满18周岁，请核实是否与监护人同住")


@rule("UNM-06", "明细与合计一致", Severity.REFUSE, "明细多于合计")
def details_fit_the_counts(report: Proposal) -> Iterator[Fault]:
    rooms, persons = len(report.lines("rooms")), len(list(_living(report)))
    if report["room_count"] is not None and rooms > report["room_count"]:
        yield Fault("room_count", f"房间明细{rooms}间，多于房间数{report['room_count']}间")
    if report["resident_count"] is not None and persons > report["resident_count"]:
        yield Fault("resident_count", f"在住住户{persons}人，多于居住人数{report['resident_count']}人")
    known = {line["room_no"] for line in report.lines("rooms") if line.get("room_no")}
    for number, line in enumerate(report.lines("tenants"), 1):
        if known and line.get("room_no") and line["room_no"] not in known:
            yield Fault(f"tenants.{number}.room_no", f"住户第{number}行的房号不在房间明细中")


@rule(
    "O09",
    "集中出租规模的安全管理",
    Severity.WARN,
    "已达到集中出租规模，请落实安全管理人员，并向公安报送登记信息",
    basis="《上海市集中出租房屋安全管理规定》（沪公行规〔2024〕1号）",
)
def crowded_place_has_a_safety_manager(report: Proposal) -> Iterator[Fault]:
    if report["in_estate"] is YesNo.YES or report["safety_manager"]:
        return
    rooms, persons = report["room_count"] or 0, report["resident_count"] or 0
    if rooms >= report.thresholds.integer(ROOMS) or persons >= report.thresholds.integer(PERSONS):
        yield Fault("safety_manager", found=f"{rooms}间、{persons}人")


RULES = rules_in(vars())


def neighbours(report: Proposal) -> tuple[Neighbour, ...]:
    found: tuple[Neighbour, ...] = report.found.get(SAME_PLACE, ())
    return found


def plain(value: Any) -> str:
    """A sealed or typed text in clear."""
    return str(getattr(value, "plain", value))


def _living(report: Proposal) -> Iterator[tuple[int, Any]]:
    """The tenants who have not moved out, with their numbers."""
    for number, line in enumerate(report.lines("tenants"), 1):
        if not line.get("moved_out_on") or line["moved_out_on"] > report.today:
            yield number, line


def _is_minor(report: Proposal, line: Any) -> bool:
    if not line.get("id_no"):
        return False
    birthday = check_id_number(plain(line["id_no"]), today=report.today).birthday
    return birthday is not None and age_on(birthday, report.today) < _ADULT


def _lines(numbers: list[int]) -> str:
    shown = "、".join(str(number) for number in numbers[:10])
    return f"第{shown}行" + (f"等{len(numbers)}人" if len(numbers) > 10 else "")
