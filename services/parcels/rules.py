"""The rules of a parcel and its land contract (PAR-01 to PAR-05, row 56): pure, a proposal in, findings out."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from models.land_codes import AcquireMode, EntryMode
from services.engine.findings import Severity
from services.engine.kinds import Proposal
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, MISSING, WIDEST, shown, total

FAR_TOLERANCE, USE_AREA_TOLERANCE = "parcels.far_tolerance", "parcels.use_area_tolerance"
INSTALMENT_TOLERANCE, EXTENSION_DAYS = "parcels.instalment_tolerance", "parcels.extension_days"
_HUNDRED = Decimal(100)
_USES = ("residential_area", "commercial_area", "office_area", "other_area")
_HELD_BACK = ("affordable_area", "self_held_area", "public_facility_area")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_SHORTEST_CONTRACT = 6
_CADASTRE = re.compile(r"[0-9]{12}[A-Z]{2}[0-9]{5}")

_OF_A_GRANT = {
    "contract_no": "出让合同号",
    "grantor": "出让人",
    "grantee_uscc": "受让人信用代码",
    "signed_on": "合同签订日期",
    "parcel_area_granted": "合同出让面积",
    "price_total": "出让价款",
    "start_due_on": "约定开工日期",
    "finish_due_on": "约定竣工日期",
}


@rule(MISSING, "出让合同要素齐全", Severity.REFUSE, "出让地块请填写出让合同的要素")
def contract_is_whole(parcel: Proposal) -> Iterator[Fault]:
    """Allocated land has no contract and no price."""
    if parcel["acquire_mode"] is not AcquireMode.GRANTED:
        return
    for name, label in _OF_A_GRANT.items():
        if parcel[name] is None:
            yield Fault(name, f"出让地块请填写“{label}”")
    # Old parcels are back-filled from the contract; whose deal was closed then is not asked for.
    if parcel["entry_mode"] is EntryMode.NEW and not parcel.files.get("deal"):
        yield Fault("files.deal", "出让地块请上传“成交确认书”")


@rule(FORMAT, "数值在合理范围", Severity.REFUSE, "数值超出合理范围")
def numbers_are_in_range(parcel: Proposal) -> Iterator[Fault]:
    if sum((parcel[name] or Decimal(0) for name in _USES), Decimal(0)) >= WIDEST:
        yield Fault("residential_area", "住宅、商业、办公、其他面积合计过大，请核对")
    for number, line in enumerate(parcel.lines("cadastres"), 1):
        if line.get("cadastral_code") and not _CADASTRE.fullmatch(line["cadastral_code"]):
            yield Fault(
                f"cadastres.{number}.cadastral_code",
                "宗地代码应为19位：6位区划、6位地籍区和子区、2位类型、5位顺序号",
            )


@rule(FORMAT, "地块在本区", Severity.REFUSE, "区级经办只能登记本区的地块，请核对所在区")
def parcel_lies_in_the_district(parcel: Proposal) -> Iterator[Fault]:
    if parcel["district"] is not None and str(parcel["district"]) != parcel.owner.district_code:
        yield Fault("district")


@rule("PAR-01", "地块编号、合同号不重复", Severity.REFUSE, "已有相同编号的地块，请核对")
def numbers_are_new(parcel: Proposal) -> Iterator[Fault]:
    if parcel.found.get("same_parcel_no"):
        yield Fault("parcel_no", "本区已有相同编号的地块（全角、半角括号视为相同），请核对，不要重复登记")
    if parcel.found.get("same_contract_no"):
        yield Fault("contract_no", "已有地块使用了相同的出让合同号，请核对")


@rule(FORMAT, "出让合同号的长度", Severity.REFUSE, "出让合同号至少6个字，请按合同原样填写")
def contract_number_is_long_enough(parcel: Proposal) -> Iterator[Fault]:
    if parcel["contract_no"] and len(parcel["contract_no"]) < _SHORTEST_CONTRACT:
        yield Fault("contract_no")


@rule("PAR-01", "出让合同号看起来不常见", Severity.WARN, "出让合同号看起来不常见，请核对")
def contract_number_looks_usual(parcel: Proposal) -> Iterator[Fault]:
    """Styles have changed over the years, so that this only asks (market 2.0)."""
    number = parcel["contract_no"]
    if number and not ("出让合同" in number and _YEAR.search(number)):
        yield Fault("contract_no", "出让合同号一般含“出让合同”和年份，请按合同核对；确认无误的请说明理由")


@rule(
    "PAR-02",
    "出让年限不超过法定最高年限",
    Severity.REFUSE,
    "出让年限超过法定最高年限",
    basis="《城镇国有土地使用权出让和转让暂行条例》第十二条",
)
def terms_are_lawful(parcel: Proposal) -> Iterator[Fault]:
    for number, line in enumerate(parcel.lines("uses"), 1):
        use, years = line.get("use"), line.get("term_years")
        if use is None or years is None:
            continue
        longest = parcel.thresholds.integer(f"parcels.term_{use.lower()}")
        if years > longest:
            yield Fault(
                f"uses.{number}.term_years",
                f"{use.label}用地最高出让年限为{longest}年，填写了{years}年，请按合同核对",
                evidence={"years": years, "longest": longest},
            )


@rule("PAR-03", "面积、容积率与计容面积相符", Severity.WARN, "计容建筑面积与出让面积乘容积率不符")
def far_area_fits(parcel: Proposal) -> Iterator[Fault]:
    land, far, stated = parcel["land_area"], parcel["far"], parcel["far_area"]
    changed = [line for line in parcel.lines("supplements") if line.get("far") is not None and line.get("signed_on")]
    if changed and far is not None:
        newest = max(changed, key=lambda line: line["signed_on"])
        if newest["far"] != far:
            yield Fault(
                "far",
                f"补充协议{newest.get('supplement_no') or ''}已将容积率调整为{shown(newest['far'])}，"
                f"表中仍为{shown(far)}，请同步修改容积率和计容建筑面积",
                evidence={"far": far, "supplement": newest["far"]},
            )
    if not land or not far or stated is None:
        return
    expected = land * far
    part = parcel.thresholds.decimal(FAR_TOLERANCE)
    if abs(stated - expected) > expected * part / _HUNDRED:
        yield Fault(
            "far_area",
            f"出让面积乘容积率为{shown(expected.quantize(Decimal('0.01')))}㎡，填写为{shown(stated)}㎡，相差超过{shown(part)}%",
            evidence={"expected": expected, "stated": stated},
        )


@rule("PAR-03", "合同出让面积不大于出让面积", Severity.WARN, "合同出让面积大于出让面积")
def granted_area_fits(parcel: Proposal) -> Iterator[Fault]:
    land, granted = parcel["land_area"], parcel["parcel_area_granted"]
    if land and granted is not None and granted > land:
        yield Fault(
            "parcel_area_granted",
            f"合同出让面积{shown(granted)}㎡，大于出让面积{shown(land)}㎡，请核对",
            evidence={"land": land, "granted": granted},
        )


@rule("PAR-04", "各用途面积合计不超过计容面积", Severity.WARN, "各用途面积合计超过计容建筑面积")
def uses_fit_far_area(parcel: Proposal) -> Iterator[Fault]:
    stated = parcel["far_area"]
    if stated is None:
        return
    parts = sum((parcel[name] or Decimal(0) for name in _USES), Decimal(0))
    most = stated * (1 + parcel.thresholds.decimal(USE_AREA_TOLERANCE) / _HUNDRED)
    if parts > most:
        yield Fault(
            "residential_area",
            f"住宅、商业、办公、其他面积合计{shown(parts)}㎡，超过计容建筑面积{shown(stated)}㎡",
            evidence={"parts": parts, "stated": stated},
        )


@rule("PAR-05", "分期付款合计等于总价且日期递增", Severity.REFUSE, "分期付款与合同不符", basis="GF-2008-2601")
def instalments_fit(parcel: Proposal) -> Iterator[Fault]:
    lines = parcel.lines("instalments")
    if not lines:
        return
    price = parcel["price_total"]
    if price is None:
        yield Fault("price_total", "填写了付款计划，请同时填写出让价款")
    elif all(line.get("amount") is not None for line in lines):
        paid = total(lines, "amount")
        if abs(paid - price) >= parcel.thresholds.decimal(INSTALMENT_TOLERANCE):
            yield Fault(
                "instalments",
                f"各期应付合计{shown(paid)}元，出让价款{shown(price)}元，相差{shown(abs(paid - price))}元，请核对",
                evidence={"instalments": paid, "price": price},
            )
    dated = [line for line in lines if line.get("due_on") and line.get("no") is not None]
    ordered = sorted(dated, key=lambda line: line["no"])
    for earlier, later in pairwise(ordered):
        if later["due_on"] < earlier["due_on"]:
            yield Fault("instalments", f"第{later['no']}期应付日期早于第{earlier['no']}期，请核对")


@rule(FORMAT, "开工早于竣工", Severity.REFUSE, "约定的开工日期晚于竣工日期")
def start_comes_before_finish(parcel: Proposal) -> Iterator[Fault]:
    start, finish = (parcel[f"{one}_extended_to"] or parcel[f"{one}_due_on"] for one in ("start", "finish"))
    if start and finish and start > finish:
        yield Fault("finish_due_on", f"开工期限{start}晚于竣工期限{finish}，请按合同和补充协议核对")


@rule("PRJ-08", "延期不超过一年", Severity.WARN, "延期超过一年", basis="GF-2008-2601")
def extensions_are_short(parcel: Proposal) -> Iterator[Fault]:
    longest = parcel.thresholds.integer(EXTENSION_DAYS)
    for due, extended, label in (
        ("start_due_on", "start_extended_to", "开工"),
        ("finish_due_on", "finish_extended_to", "竣工"),
    ):
        if parcel[due] and parcel[extended] and (parcel[extended] - parcel[due]).days > longest:
            yield Fault(extended, f"{label}延期超过{longest}天，请核对补充协议并说明原因")


def saleable_plan(values: dict[str, Decimal | None]) -> Decimal:
    """规划可售面积: what is built less what is not for sale."""
    built = sum((values.get(name) or Decimal(0) for name in _USES), Decimal(0))
    kept = sum((values.get(name) or Decimal(0) for name in _HELD_BACK), Decimal(0))
    return max(built - kept, Decimal(0))


PARCEL_RULES = rules_in(vars())
