"""Rules of a sales plan (SAL-01 to SAL-19, market 4.6)."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from models.building_tables import SaleRole
from models.sales_plans import SaleKind
from services.engine.findings import Severity
from services.engine.kinds import Proposal
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, shown, shown_beside
from services.sales.plan_ground import (
    INVESTED_PERCENT,
    PlanGround,
    SeenBuilding,
    SeenUnit,
    invested_in,
    reasons_against,
)
from services.sales.plan_sums import outliers, sums_of, total_of

GROUND, PROJECT_CHANGED = "ground", "project_changed"
ROLE_TOLERANCE, TOTAL_TOLERANCE = "sales.role_area_tolerance", "sales.total_tolerance"
OUTLIER_FACTOR, PRICE_RISE, LEAST_AREA = "sales.outlier_factor", "sales.price_rise", "sales.presale_min_area"
#: Papers that belong to a plan, by slot (SAL-14).
PAPERS = {"pm_contract": "前期物业服务合同", "covenant": "临时管理规约", "manual": "房屋使用说明书"}
CONSENT = "mortgagee_consent"
_MOST_TOLD = 20
_BETWEEN = re.compile(r"[、，,；;\s]+")


def ground(plan: Proposal) -> PlanGround:
    found: PlanGround = plan.found.get(GROUND) or PlanGround()
    return found


def _named(plan: Proposal) -> Iterator[tuple[str, str, SeenBuilding | None]]:
    """Yield the ticked buildings: field, number and what is known of each."""
    for number, line in enumerate(plan.lines("buildings"), 1):
        if no := line.get("natural_building_no"):
            yield f"buildings.{number}.natural_building_no", no, ground(plan).buildings.get(no)


def _ticked(plan: Proposal) -> list[SeenBuilding]:
    return [one for _, _, one in _named(plan) if one is not None]


def _against(plan: Proposal, code: str) -> Iterator[Fault]:
    kind = plan["sale_kind"]
    for field, _, seen in _named(plan):
        if seen is None or not isinstance(kind, SaleKind):
            continue
        for found, told in reasons_against(seen, kind, plan.thresholds):
            if found == code:
                yield Fault(field, f"“{seen.name}”{told}")


def _of_presale(plan: Proposal) -> bool:
    return plan["sale_kind"] is SaleKind.PRESALE


@rule(
    "SAL-01", "土地价款付清，土地证生效", Severity.REFUSE, "土地价款尚未付清", source="《城市房地产管理法》第四十五条"
)
def land_is_paid_and_certified(plan: Proposal) -> Iterator[Fault]:
    for told in ground(plan).unpaid:
        yield Fault("buildings", told)
    if not ground(plan).land_certificate:
        yield Fault("buildings", "本项目尚无生效的土地不动产权证")


@rule(FORMAT, "方案与项目信息一致", Severity.WARN, "项目信息有变化")
def project_is_the_same(plan: Proposal) -> Iterator[Fault]:
    """A plan quotes address and days of its project: warn of a later version."""
    if version := plan.found.get(PROJECT_CHANGED):
        yield Fault(
            "position", f"起草后项目信息已更新为第{version}版，请核对坐落、竣工和交付日期后重新保存，或说明理由"
        )


@rule("SAL-02", "规划、施工许可证生效", Severity.REFUSE, "许可证未生效", source="《城市商品房预售管理办法》第五条")
def buildings_are_permitted(plan: Proposal) -> Iterator[Fault]:
    yield from _against(plan, "SAL-02")


@rule("SAL-03", "建设进度和竣工日期", Severity.REFUSE, "请填写竣工日期", source="《城市商品房预售管理办法》第五条")
def schedule_is_given(plan: Proposal) -> Iterator[Fault]:
    for name in ("finish_on", "deliver_on"):
        if plan[name] is None:
            yield Fault(name, "请填写竣工日期" if name == "finish_on" else "请填写交付日期")
    scheduled = {line.get("building_name") for line in plan.lines("schedule")}
    for _, _, seen in _named(plan):
        if seen is not None and seen.name not in scheduled:
            yield Fault("schedule", f"请填写“{seen.name}”的建设进度安排")


@rule("SAL-04", "楼幢已关联楼盘表", Severity.REFUSE, "该楼幢未关联本项目的楼盘表")
def buildings_have_tables(plan: Proposal) -> Iterator[Fault]:
    for field, no, seen in _named(plan):
        if seen is None:
            yield Fault(field, f"自然幢{no}未关联本项目，请先完成单位工程与楼盘表的关联")
    yield from _against(plan, "SAL-04")


@rule("SAL-05", "投入资金比例", Severity.REFUSE, "投入资金未达到比例", source="《城市商品房预售管理办法》第五条")
def enough_is_invested(plan: Proposal) -> Iterator[Fault]:
    least, invested = plan.thresholds.decimal(INVESTED_PERCENT), invested_in(ground(plan), _ticked(plan))
    if not _of_presale(plan):
        return
    if invested is None:
        yield Fault("buildings", "没有生效的进度填报，不能确定已投入的资金，请先填报进度")
    elif invested < least:
        told = f"所勾选楼幢已投入资金占其工程建设投资的{shown_beside(invested, least)}%，未达到{shown(least)}%"
        yield Fault("buildings", told, evidence={"invested": invested, "least": least})


@rule("SAL-06", "形象进度", Severity.REFUSE, "未达到预售形象进度")
def buildings_are_far_enough(plan: Proposal) -> Iterator[Fault]:
    yield from _against(plan, "SAL-06")


def _lines(plan: Proposal) -> Iterator[tuple[int, str, Any]]:
    for number, line in enumerate(plan.lines("units"), 1):
        yield number, f"{line.get('building_name') or ''}{line.get('room_no') or ''}", line


@rule("SAL-07", "整幢销售", Severity.REFUSE, "须以整幢销售", source="建房〔2010〕53号")
def whole_buildings_are_sold(plan: Proposal) -> Iterator[Fault]:
    wanted: dict[str, tuple[SeenBuilding, SeenUnit]] = {
        unit.code: (one, unit) for one in _ticked(plan) for unit in one.units
    }
    there = {line.get("house_code") for _, _, line in _lines(plan)}
    for one in _ticked(plan):
        if left := [unit.room or unit.code for unit in one.units if unit.code not in there]:
            yield Fault("units", f"“{one.name}”缺少{len(left)}户：{'、'.join(left[:5])}，须整幢列入")
    strange = [(number, name) for number, name, line in _lines(plan) if line.get("house_code") not in wanted]
    for number, name in strange[:_MOST_TOLD]:
        yield Fault(f"units.{number}.house_code", f"“{name}”不在所勾选的楼幢中")


@rule("SAL-08", "一次申请的规模", Severity.WARN, "本次申请规模不足")
def application_is_large_enough(plan: Proposal) -> Iterator[Fault]:
    least = plan.thresholds.decimal(LEAST_AREA)
    ticked = {one.number for one in _ticked(plan)}
    left = [one for no, one in ground(plan).buildings.items() if no not in ticked and not one.other_plan and one.units]
    mine = sums_of(plan.lines("units")).total
    if _of_presale(plan) and ticked and left and mine < least:
        told = f"本次申请{shown(mine)}㎡，不足{shown(least)}㎡，另有{len(left)}幢未列入，请说明原因"
        yield Fault("buildings", told)


@rule("SAL-09", "每户一个销售属性", Severity.REFUSE, "请确定销售属性", source="《不动产登记若干规定》第十九条")
def every_unit_has_a_role(plan: Proposal) -> Iterator[Fault]:
    open_ones = [(number, name) for number, name, line in _lines(plan) if line.get("sale_role") is None]
    for number, name in open_ones[:_MOST_TOLD]:
        yield Fault(f"units.{number}.sale_role", f"“{name}”没有销售属性")
    if len(open_ones) > _MOST_TOLD:
        yield Fault("units", f"共{len(open_ones)}户没有销售属性")
    most = plan.thresholds.decimal(ROLE_TOLERANCE)
    for one in _ticked(plan):
        codes = {unit.code for unit in one.units}
        areas = [line.get("gross_area") or Decimal(0) for _, _, line in _lines(plan) if line.get("house_code") in codes]
        if one.area is not None and areas and abs(sum(areas) - one.area) > most:
            told = f"“{one.name}”各户面积合计{shown(Decimal(sum(areas)))}㎡，楼幢面积{shown(one.area)}㎡，请核对楼盘表"
            yield Fault("units", told)


@rule("SAL-10", "可售房屋逐户定价", Severity.REFUSE, "请填写单价")
def units_for_sale_are_priced(plan: Proposal) -> Iterator[Fault]:
    most, missing = plan.thresholds.decimal(TOTAL_TOLERANCE), 0
    for number, name, line in _lines(plan):
        if line.get("sale_role") is not SaleRole.FOR_SALE:
            continue
        price, total, gross = line.get("unit_price"), line.get("total_price"), line.get("gross_area")
        if not price:
            missing += 1
            if missing <= _MOST_TOLD:
                yield Fault(f"units.{number}.unit_price", f"“{name}”为可售房屋，请填写单价")
        elif gross is None:
            yield Fault(f"units.{number}.gross_area", f"“{name}”在楼盘表中没有面积，不能定价")
        else:
            right = total_of(gross, price) or Decimal(0)
            if total is None or abs(total - right) > most:
                yield Fault(f"units.{number}.total_price", f"“{name}”总价应为单价乘以建筑面积（{shown(right)}元）")
    if missing > _MOST_TOLD:
        yield Fault("units", f"共{missing}户可售房屋没有单价")


@rule("SAL-11", "价格异常", Severity.WARN, "价格异常，请核对")
def prices_do_not_stand_out(plan: Proposal) -> Iterator[Fault]:
    factor = plan.thresholds.decimal(OUTLIER_FACTOR)
    units = plan.lines("units")
    found = outliers(units, factor)
    for place, middle in list(found.items())[:_MOST_TOLD]:
        line = units[place]
        name = f"{line.get('building_name') or ''}{line.get('room_no') or ''}"
        told = f"“{name}”单价{shown(line['unit_price'])}元，与中位数{shown(middle)}元相差{shown(factor)}倍以上，请核对"
        yield Fault(f"units.{place + 1}.unit_price", told)
    average, last = sums_of(units).average, ground(plan).last_average
    rise = plan.thresholds.decimal(PRICE_RISE)
    if average is not None and last and average * 100 > last * (100 + rise):
        told = f"均价{shown(average)}元，比本项目上一方案（{shown(last)}元）高{shown(rise)}%以上，请说明原因"
        yield Fault("units", told)


@rule("SAL-12", "均价不超过出让合同限价", Severity.REFUSE, "均价超过限价")
def average_is_within_the_cap(plan: Proposal) -> Iterator[Fault]:
    cap, average = ground(plan).price_cap, sums_of(plan.lines("units")).average
    if cap is not None and average is not None and average > cap:
        yield Fault("units", f"备案均价{shown(average)}元，超过出让合同限价{shown(cap)}元")


@rule(
    "SAL-13", "物业管理用房", Severity.REFUSE, "请填写物业管理用房室号", source="《上海市住宅物业管理规定》第四十二条"
)
def property_rooms_are_kept(plan: Proposal) -> Iterator[Fault]:
    rooms = [one for one in _BETWEEN.split(plan["pm_rooms"] or "") if one]
    if not rooms:
        yield Fault("pm_rooms")
    for_sale = {_plain(name) for _, name, line in _lines(plan) if line.get("sale_role") is SaleRole.FOR_SALE}
    if sold := [one for one in rooms if _plain(one) in for_sale]:
        yield Fault("pm_rooms", f"物业管理用房{'、'.join(sold)}列为可售房屋，请改为全体业主共有")


def _plain(room: str) -> str:
    return re.sub(r"[-－室]", "", room.replace("＃", "#").replace("号楼", "#"))


@rule("SAL-14", "前期物业文件", Severity.REFUSE, "请上传", source="《上海市住宅物业管理规定》第四十条、第四十一条")
def property_papers_are_there(plan: Proposal) -> Iterator[Fault]:
    for slot, label in PAPERS.items():
        if not plan.files.get(slot):
            yield Fault(f"files.{slot}", f"请上传“{label}”")


@rule("SAL-15", "抵押权人同意", Severity.REFUSE, "已抵押，须抵押权人同意")
def mortgagees_agree(plan: Proposal) -> Iterator[Fault]:
    for sealed in ground(plan).seals[:3]:
        yield Fault("buildings", f"{sealed}已被查封，解除查封前不能销售")
    if mortgages := ground(plan).mortgages:
        named = "、".join(mortgages[:3])
        if not plan.files.get(CONSENT):
            yield Fault(f"files.{CONSENT}", f"{named}已抵押，请上传抵押权人同意销售的证明")
        if not plan["mortgage_note"]:
            yield Fault("mortgage_note", f"{named}已抵押，请填写抵押情况")


@rule("SAL-16", "预售资金监管", Severity.REFUSE, "预售须填写资金监管", source="《城市房地产管理法》第四十五条")
def presale_money_is_supervised(plan: Proposal) -> Iterator[Fault]:
    labels = {"escrow_bank": "监管银行", "escrow_account": "监管账号", "escrow_agreement_no": "监管协议编号"}
    for name, label in labels.items():
        if _of_presale(plan) and not plan[name]:
            yield Fault(name, f"预售请填写“{label}”")


@rule("SAL-17", "现售条件", Severity.REFUSE, "不具备现售条件", source="《商品房销售管理办法》第七条")
def current_sale_is_of_finished_buildings(plan: Proposal) -> Iterator[Fault]:
    yield from _against(plan, "SAL-17")
    if plan["sale_kind"] is SaleKind.CURRENT_SALE and not ground(plan).archived:
        yield Fault("buildings", "本项目的电子开发项目手册尚未归档")


@rule("SAL-18", "不重复列入方案", Severity.REFUSE, "已列入其他方案")
def nothing_is_sold_twice(plan: Proposal) -> Iterator[Fault]:
    yield from _against(plan, "SAL-18")
    if plan["changes_no"]:
        return
    for field, _, seen in _named(plan):
        opened = [unit for unit in seen.units if unit.opening] if seen is not None else []
        if seen is not None and opened and plan.before is None:
            yield Fault(field, f"“{seen.name}”已有{len(opened)}户在开盘单元{opened[0].opening}中")


@rule("SAL-19", "取得许可后的变更", Severity.REFUSE, "已取得预售许可，须申报变更方案")
def licensed_plans_change_by_another(plan: Proposal) -> Iterator[Fault]:
    found = ground(plan)
    if plan.before is not None and found.permits:
        yield Fault("", f"本方案已取得预售许可证{'、'.join(found.permits)}，须另行申报变更方案")
    if plan["changes_no"] and not found.changed_stands:
        yield Fault("changes_no", f"本项目没有编号为{plan['changes_no']}的生效方案")


RULES = rules_in(vars())
