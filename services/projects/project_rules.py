"""The rules of a project's base data (PRJ-01, 03, 04, 05, 11, row 58): pure, a proposal in, findings out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.identity import check_mobile
from models.land_codes import HousingKind
from services.engine.findings import Severity
from services.engine.kinds import Proposal
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.thresholds import Thresholds
from services.engine.value_checks import FORMAT, MISSING, shown, shown_beside

GFA_TOLERANCE, ABOVE_OVER_CONTRACT = "projects.gfa_tolerance", "projects.above_over_contract"
CAPITAL_HOUSING, CAPITAL_OTHER = "projects.capital_housing", "projects.capital_other"
INVESTED_MOST = "projects.invested_most"
_HUNDRED = Decimal(100)
_CODE = re.compile(r"[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}")
_LAND_LINE = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?")

#: What `Facts.look` finds for these rules, by name.
SAME_NAME, SAME_CODE, CONTRACT, RELEASED = "same_name", "same_code", "contract", "released"


@dataclass(frozen=True)
class ContractBounds:
    """Joint limits of the contracts of a project's parcels; None where no contract has one."""

    far_area: Decimal | None = None
    start_due_on: date | None = None
    finish_due_on: date | None = None


@rule(FORMAT, "项目资本金不大于总投资", Severity.REFUSE, "项目资本金大于总投资，请核对")
def capital_is_a_part(project: Proposal) -> Iterator[Fault]:
    capital, total = project["project_capital"], project["total_investment"]
    if capital is not None and total is not None and capital > total:
        yield Fault("project_capital")


@rule(FORMAT, "项目代码格式", Severity.REFUSE, "项目代码应为24位，形如 2020-310115-70-03-000000，用半角短横线分隔")
def code_has_its_form(project: Proposal) -> Iterator[Fault]:
    code = project["project_code"]
    if code and not _CODE.fullmatch(code):
        yield Fault("project_code")


@rule("PRJ-01", "项目代码的年份和地区", Severity.WARN, "项目代码看起来不常见，请核对")
def code_looks_usual(project: Proposal) -> Iterator[Fault]:
    """Older codes begin with a year, newer ones with year and month; the place is in this city."""
    code = project["project_code"]
    if not code or not _CODE.fullmatch(code):
        return
    first, place = code[:4], int(code[5:11])
    if not (1990 <= int(first) <= 2099 and first[:2] in {"19", "20"}) and not 1 <= int(first[2:]) <= 12:
        yield Fault("project_code", "项目代码前4位既不是年份，也不是年月，请核对")
    if not 310000 <= place <= 310199:
        yield Fault("project_code", "项目代码中的地区不在本市，请核对")


@rule(FORMAT, "联系电话格式", Severity.REFUSE, "联系电话应为手机号码或带区号的固定电话")
def phone_can_be_called(project: Proposal) -> Iterator[Fault]:
    phone = project["contact_phone"]
    if phone and check_mobile(phone).problem and not _LAND_LINE.fullmatch(phone):
        yield Fault("contact_phone")


@rule(MISSING, "物业类型与地名批文", Severity.REFUSE, "请补全内容")
def lists_are_whole(project: Proposal) -> Iterator[Fault]:
    if not project.lines("properties"):
        yield Fault("properties", "请至少填写一种物业类型")
    if project["planned_start_on"] and project["planned_presale_on"] is None:
        # Projects of before may lack it, which reports count as doubtful; no new one does.
        yield Fault("planned_presale_on", "请填写计划预售日期")
    if project["approved_place_name"] and not project["place_name_doc_no"]:
        yield Fault("place_name_doc_no", "填写了核准地名，请同时填写地名批文号")


@rule("PRJ-01", "项目名称、代码不重复", Severity.REFUSE, "已有同名或同代码的项目")
def name_and_code_are_new(project: Proposal) -> Iterator[Fault]:
    if project.found.get(SAME_NAME):
        yield Fault("name", "已有同名项目，请核对或更换项目名称")
    if project.found.get(SAME_CODE):
        yield Fault("project_code", "该项目代码已被其他项目使用，请核对")


@rule("PAR-09", "项目的地块仍指派给本公司", Severity.REFUSE, "项目的地块已解除指派，请并入其他地块")
def parcel_is_still_ours(project: Proposal) -> Iterator[Fault]:
    if name := project.found.get(RELEASED):
        yield Fault("name", f"地块“{name}”的指派已解除，项目没有地块，请在地块指派中并入其他地块，或删除草稿")


@rule("PRJ-03", "总建筑面积等于地上加地下", Severity.REFUSE, "总建筑面积与地上、地下之和不符")
def areas_add_up(project: Proposal) -> Iterator[Fault]:
    above, under, whole = project["above_gfa"], project["below_gfa"], project["total_gfa"]
    if None in (above, under, whole):
        return
    if abs(above + under - whole) > project.thresholds.decimal(GFA_TOLERANCE):
        yield Fault(
            "total_gfa",
            f"地上加地下为{shown(above + under)}㎡，总建筑面积填写为{shown(whole)}㎡，请核对",
            evidence={"parts": above + under, "whole": whole},
        )


@rule("PRJ-03", "地上建筑面积不超过合同计容面积", Severity.WARN, "地上建筑面积超过合同计容面积")
def above_fits_the_contract(project: Proposal) -> Iterator[Fault]:
    bounds: ContractBounds = project.found.get(CONTRACT) or ContractBounds()
    above = project["above_gfa"]
    if above is None or bounds.far_area is None:
        return
    most = bounds.far_area * (1 + project.thresholds.decimal(ABOVE_OVER_CONTRACT) / _HUNDRED)
    if above > most:
        yield Fault(
            "above_gfa",
            f"地上建筑面积{shown(above)}㎡，超过地块合同计容面积{shown(bounds.far_area)}㎡的允许范围，请说明原因",
            evidence={"above": above, "contract": bounds.far_area},
        )


@rule("PRJ-04", "计划日期先后合理且在合同期限内", Severity.WARN, "计划日期不合理")
def days_are_in_order(project: Proposal) -> Iterator[Fault]:
    start, presale = project["planned_start_on"], project["planned_presale_on"]
    finish, delivery = project["planned_finish_on"], project["planned_delivery_on"]
    if start and presale and presale <= start:
        yield Fault("planned_presale_on", "计划预售日期应晚于计划开工日期")
    if presale and finish and finish < presale:
        yield Fault("planned_finish_on", "计划竣工日期早于计划预售日期")
    if finish and delivery and delivery < finish:
        yield Fault("planned_delivery_on", "计划交付日期早于计划竣工日期")
    bounds: ContractBounds = project.found.get(CONTRACT) or ContractBounds()
    if start and bounds.start_due_on and start > bounds.start_due_on:
        yield Fault("planned_start_on", f"计划开工日期晚于土地合同约定的{bounds.start_due_on}")
    if finish and bounds.finish_due_on and finish > bounds.finish_due_on:
        yield Fault("planned_finish_on", f"计划竣工日期晚于土地合同约定的{bounds.finish_due_on}")


@rule("PRJ-05", "项目资本金比例", Severity.REFUSE, "项目资本金比例不足", basis="《城市房地产开发经营管理条例》第十三条")
def capital_is_enough(project: Proposal) -> Iterator[Fault]:
    capital, whole, kind = project["project_capital"], project["total_investment"], project["housing_kind"]
    if capital is None or not whole or kind is None:
        return
    least = least_capital(kind, project.thresholds)
    if capital * _HUNDRED < whole * least:
        ratio = capital * _HUNDRED / whole
        yield Fault(
            "project_capital",
            f"项目资本金占总投资{shown_beside(ratio, least)}%，不得低于{shown(least)}%",
            evidence={"ratio": ratio, "least": least},
        )


def least_capital(kind: HousingKind, thresholds: Thresholds) -> Decimal:
    """The least part of the investment that is the developer's own, by what is built."""
    return thresholds.decimal(CAPITAL_OTHER if kind is HousingKind.NONE else CAPITAL_HOUSING)


@rule("PRJ-11", "已投入不减少且不超过总投资", Severity.WARN, "已投入金额不合理")
def invested_is_plausible(project: Proposal) -> Iterator[Fault]:
    invested, whole = project["invested_to_date"], project["total_investment"]
    if invested is None:
        return
    before = project.before.get("invested_to_date") if project.before else None
    if before is not None and invested < before:
        yield Fault("invested_to_date", f"已投入由{shown(before)}元减少为{shown(invested)}元，请说明原因")
    part = project.thresholds.decimal(INVESTED_MOST)
    if whole and invested * _HUNDRED > whole * part:
        yield Fault("invested_to_date", f"已投入超过总投资的{shown(part)}%，请核对总投资或说明原因")


PROJECT_RULES = rules_in(vars())
