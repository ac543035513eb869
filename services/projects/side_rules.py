"""The rules of what belongs to a project: its parcels, investors, agent builders, relocation (PRJ-02, 12, 13, 14, 15)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from uuid import UUID

from models.companies import HolderKind
from models.identity import check_document, check_id_number
from services.engine.findings import Severity
from services.engine.kinds import Proposal, Values
from services.engine.rule_declaration import Fault, rule
from services.engine.value_checks import FORMAT, MISSING, WIDEST, bad_code, below, outside_percent, shown, total
from services.ports.answers import Answer, AnswerState, LegalEntity
from services.projects.thresholds import (
    ABOVE_OVER_CONTRACT,
    RATIO_TOLERANCE,
    SUBSCRIBED_TOLERANCE,
    USED_AREA_TOLERANCE,
)

_HUNDRED = Decimal(100)
#: Countries as people write it of a Chinese investor; no country is one.
_CHINA = frozenset({"", "中国", "中华人民共和国"})
#: Documents of persons (D-IDTYPE) by whether they are foreigners.
_DOCUMENTS = {False: ("11", "21", "23", "25"), True: ("31", "32")}


# ------------------------------------------------------------------ parcels of a project (row 59)


@dataclass(frozen=True)
class ParcelUse:
    """A parcel available to a project: its area, what other projects use of it, and what was assigned to this company.

    `used_by_us` is what other projects of this company use of it; `far_area` what its contract allows to be built, and
    `built_elsewhere` and `built_by_us` what other projects build of that.
    """

    name: str
    land_area: Decimal
    used_elsewhere: Decimal = Decimal(0)
    linked: bool = True
    part_area: Decimal | None = None
    voided: bool = False
    used_by_us: Decimal = Decimal(0)
    far_area: Decimal | None = None
    built_elsewhere: Decimal = Decimal(0)
    built_by_us: Decimal = Decimal(0)


#: `Facts.look` gives a mapping of parcel ids to `ParcelUse` under this name.
PARCELS = "parcels"


@rule(MISSING, "至少一个地块", Severity.REFUSE, "项目至少应有一个地块")
def has_a_parcel(listed: Proposal) -> Iterator[Fault]:
    if not listed.lines("parcels"):
        yield Fault("parcels")


@rule(FORMAT, "面积在合理范围", Severity.REFUSE, "面积应大于0")
def used_areas_are_positive(listed: Proposal) -> Iterator[Fault]:
    for number, line in enumerate(listed.lines("parcels"), 1):
        for fault in below(line, {"used_area": "使用面积"}, Decimal(0), or_equal=True):
            yield Fault(f"parcels.{number}.{fault.field}", fault.message)
    for name, label in (("used_area", "使用面积"), ("far_area_part", "计容面积")):
        if total(listed.lines("parcels"), name) >= WIDEST:
            yield Fault("parcels", f"各地块{label}合计过大，请核对")


@rule("PAR-09", "地块已关联本公司", Severity.REFUSE, "该地块未经总公司指派给本公司")
def parcels_are_ours(listed: Proposal) -> Iterator[Fault]:
    known: Mapping[UUID, ParcelUse] = listed.found.get(PARCELS, {})
    for number, line in enumerate(listed.lines("parcels"), 1):
        parcel = known.get(line.get("parcel_id"))  # type: ignore[arg-type]
        if parcel is None:
            continue
        if parcel.voided:
            yield Fault(f"parcels.{number}.parcel_id", f"地块“{parcel.name}”已作废，请移除")
        elif not parcel.linked:
            yield Fault(f"parcels.{number}.parcel_id", f"地块“{parcel.name}”未经总公司指派并由本公司确认，不能使用")


@rule("PRJ-02", "各项目使用面积合计不超过地块面积", Severity.REFUSE, "使用面积超过地块面积")
def areas_fit_the_parcels(listed: Proposal) -> Iterator[Fault]:
    known: Mapping[UUID, ParcelUse] = listed.found.get(PARCELS, {})
    part = listed.thresholds.decimal(USED_AREA_TOLERANCE)
    for number, line in enumerate(listed.lines("parcels"), 1):
        parcel, used = known.get(line.get("parcel_id")), line.get("used_area")  # type: ignore[arg-type]
        if parcel is None or used is None:
            continue
        most = parcel.land_area * (1 + part / _HUNDRED)
        if parcel.used_elsewhere + used > most:
            told = f"地块“{parcel.name}”面积{shown(parcel.land_area)}㎡"
            if parcel.used_elsewhere:
                told += f"，其他项目已使用{shown(parcel.used_elsewhere)}㎡"
            yield Fault(
                f"parcels.{number}.used_area",
                f"{told}，本项目填写{shown(used)}㎡，超过地块面积，请核对",
                evidence={"land": parcel.land_area, "elsewhere": parcel.used_elsewhere, "used": used},
            )
        elif parcel.part_area is not None and parcel.used_by_us + used > parcel.part_area * (1 + part / _HUNDRED):
            ours = f"，本公司其他项目已使用{shown(parcel.used_by_us)}㎡" if parcel.used_by_us else ""
            yield Fault(
                f"parcels.{number}.used_area",
                f"地块“{parcel.name}”指派给本公司{shown(parcel.part_area)}㎡{ours}，填写{shown(used)}㎡，超过指派面积，请核对",
                evidence={"part": parcel.part_area, "ours": parcel.used_by_us, "used": used},
            )


@rule("PRJ-03", "各项目计容面积合计不超过地块计容面积", Severity.WARN, "计容面积超过地块合同计容面积")
def floor_area_fits_the_parcels(listed: Proposal) -> Iterator[Fault]:
    known: Mapping[UUID, ParcelUse] = listed.found.get(PARCELS, {})
    part = listed.thresholds.decimal(ABOVE_OVER_CONTRACT)
    for number, line in enumerate(listed.lines("parcels"), 1):
        parcel, built = known.get(line.get("parcel_id")), line.get("far_area_part")  # type: ignore[arg-type]
        if parcel is None or built is None or parcel.far_area is None:
            continue
        if parcel.built_elsewhere + built > parcel.far_area * (1 + part / _HUNDRED):
            told = f"，其他项目已填写{shown(parcel.built_elsewhere)}㎡" if parcel.built_elsewhere else ""
            yield Fault(
                f"parcels.{number}.far_area_part",
                f"地块“{parcel.name}”合同计容面积{shown(parcel.far_area)}㎡{told}，本项目填写{shown(built)}㎡，请说明原因",
                evidence={"contract": parcel.far_area, "elsewhere": parcel.built_elsewhere, "built": built},
            )
        elif (ours := _far_area_given(parcel)) is not None and parcel.built_by_us + built > ours * (
            1 + part / _HUNDRED
        ):
            told = f"，本公司其他项目已填写{shown(parcel.built_by_us)}㎡" if parcel.built_by_us else ""
            yield Fault(
                f"parcels.{number}.far_area_part",
                f"地块“{parcel.name}”按指派给本公司的面积计，计容面积为{shown(ours)}㎡{told}，本项目填写{shown(built)}㎡，请说明原因",
                evidence={"given": ours, "ours": parcel.built_by_us, "built": built},
            )


def _far_area_given(parcel: ParcelUse) -> Decimal | None:
    """Return what may be built on the part that was assigned, by its share of the land; None where the whole was."""
    if parcel.part_area is None or parcel.far_area is None or not parcel.land_area:
        return None
    return (parcel.far_area * parcel.part_area / parcel.land_area).quantize(Decimal("0.01"))


PARCELS_RULES = (
    has_a_parcel,
    used_areas_are_positive,
    parcels_are_ours,
    areas_fit_the_parcels,
    floor_area_fits_the_parcels,
)


# ------------------------------------------------------------------ investors (row 60)

#: The credit code of the project company itself; what the registry changed since the draft was filled from it; whether it
#: did not say.
OWN_CODE, REGISTRY_CHANGED, REGISTRY_SILENT = "own_code", "registry_changed", "registry_silent"


@rule(MISSING, "投资方信息齐全", Severity.REFUSE, "请补全投资方信息")
def investors_are_named(listed: Proposal) -> Iterator[Fault]:
    if not listed.lines("investors"):
        yield Fault("investors", "请至少填写一个投资方")
    for number, line in enumerate(listed.lines("investors"), 1):
        yield from _named(line, f"investors.{number}.")


def _named(line: Values, place: str) -> Iterator[Fault]:
    kind = line.get("kind")
    if kind is HolderKind.COMPANY and not line.get("uscc"):
        yield Fault(place + "uscc", "境内企业请填写信用代码")
    if kind is HolderKind.FOREIGN and not line.get("foreign_id") and not line.get("uscc"):
        yield Fault(place + "foreign_id", "境外投资方没有信用代码的，请填写境外登记号")
    if kind is HolderKind.FOREIGN and not line.get("country"):
        yield Fault(place + "country", "境外投资方请填写国家或地区")
    if kind is HolderKind.PERSON and not line.get("id_no"):
        yield Fault(place + "id_no", "自然人请填写证件号码")


def _document_problem(line: Values, today: date) -> str:
    """Return what is wrong with a person's number: it has to be one of a document of his country (decision 4)."""
    number, country = line.get("id_no") or "", (line.get("country") or "").strip()
    foreign = country not in _CHINA
    if not number or any(not check_document(kind, number, today=today).problem for kind in _DOCUMENTS[foreign]):
        return ""
    if not foreign and number.isascii() and (number[:-1].isdecimal() or number.isdecimal()):
        found = check_id_number(number, today=today).problem
        return found.sentence if found else ""
    if foreign:
        return "外国投资人应填写护照或外国人永久居留身份证号码，请按证件原样填写"
    return "应为居民身份证、港澳居民来往内地通行证、台湾居民来往大陆通行证或港澳台居民居住证号码；外国人请填写国家"


@rule(FORMAT, "投资方号码和数值", Severity.REFUSE, "号码或数值不正确")
def investors_are_well_formed(listed: Proposal) -> Iterator[Fault]:
    yield from below(listed.values, {"registered_capital": "注册资本"}, Decimal(0), or_equal=True)
    for number, line in enumerate(listed.lines("investors"), 1):
        faults = [
            *bad_code(line, "uscc", "信用代码"),
            *outside_percent(line, {"ratio": "出资比例"}),
            *below(line, {"subscribed_amount": "认缴金额", "paid_amount": "实缴金额"}, Decimal(0)),
        ]
        if line.get("kind") is HolderKind.PERSON and (problem := _document_problem(line, listed.today)):
            faults.append(Fault("id_no", problem))
        for fault in faults:
            yield Fault(f"investors.{number}.{fault.field}", fault.message)


@rule(FORMAT, "同一投资方只填一行", Severity.REFUSE, "同一投资方填写了多行，请合并")
def investors_stand_once(listed: Proposal) -> Iterator[Fault]:
    """Investors are listed once by code or number; a repeated name and code is found by the list's key."""
    for name, label in (("uscc", "信用代码"), ("foreign_id", "境外登记号"), ("id_no", "证件号码")):
        first: dict[str, tuple[int, Values]] = {}
        for number, line in enumerate(listed.lines("investors"), 1):
            value = line.get(name)
            if not value:
                continue
            before, other = first.setdefault(value.upper(), (number, line))
            told_already = name == "uscc" and line.get("name") == other.get("name")
            if before != number and not told_already:
                told = f"第{number}行与第{before}行的{label}相同，请合并为一行"
                yield Fault(f"investors.{number}.{name}", told)


@rule("PRJ-12", "出资比例合计为100%", Severity.REFUSE, "出资比例合计不为100%")
def ratios_make_a_whole(listed: Proposal) -> Iterator[Fault]:
    lines = listed.lines("investors")
    if not lines or any(line.get("ratio") is None for line in lines):
        return
    whole = total(lines, "ratio")
    if abs(whole - _HUNDRED) > listed.thresholds.decimal(RATIO_TOLERANCE):
        yield Fault("investors", f"各投资方出资比例合计{shown(whole)}%，应为100%", evidence={"sum": whole})


@rule("PRJ-12", "投资方不是项目公司自己", Severity.REFUSE, "项目公司不能是自己的投资方")
def nobody_invests_in_himself(listed: Proposal) -> Iterator[Fault]:
    own = listed.found.get(OWN_CODE)
    for number, line in enumerate(listed.lines("investors"), 1):
        if own and line.get("uscc") == own:
            yield Fault(f"investors.{number}.uscc", "投资方与项目公司的信用代码相同，项目公司不能是自己的投资方")


@rule("PRJ-12", "认缴合计等于注册资本", Severity.WARN, "认缴金额合计与注册资本不符")
def subscribed_is_the_capital(listed: Proposal) -> Iterator[Fault]:
    lines, capital = listed.lines("investors"), listed["registered_capital"]
    if not lines or capital is None or any(line.get("subscribed_amount") is None for line in lines):
        return
    whole = total(lines, "subscribed_amount")
    if abs(whole - capital) > listed.thresholds.decimal(SUBSCRIBED_TOLERANCE):
        yield Fault(
            "registered_capital",
            f"各投资方认缴合计{shown(whole)}元，注册资本{shown(capital)}元，相差{shown(abs(whole - capital))}元",
            evidence={"sum": whole, "capital": capital},
        )


@rule("SUB-08", "登记信息未变化", Severity.WARN, "登记信息已变化，请重新带入核对", source="法人库")
def registry_is_as_it_was(listed: Proposal) -> Iterator[Fault]:
    for told in listed.found.get(REGISTRY_CHANGED) or ():
        yield Fault("investors", f"登记信息已变化：{told}。请重新带入核对，自行填写的内容会保留")
    if listed.found.get(REGISTRY_SILENT):
        told = "法人库暂时没有应答，登记信息是否变化未核验，系统将在审核时再次核对"
        yield Fault("investors", told, severity=Severity.PENDING)


INVESTOR_RULES = (
    investors_are_named,
    investors_are_well_formed,
    investors_stand_once,
    ratios_make_a_whole,
    nobody_invests_in_himself,
    subscribed_is_the_capital,
    registry_is_as_it_was,
)


# ------------------------------------------------------------------ agent builders (row 61)


def entity_key(uscc: str) -> str:
    """The name under which `Facts.ask` gives what the registry says of a code."""
    return f"entity:{uscc}"


@rule(MISSING, "有无代建与名单一致", Severity.REFUSE, "请填写代建单位")
def list_fits_the_answer(listed: Proposal) -> Iterator[Fault]:
    """No agent builder at all is a complete answer."""
    if listed["has_agent"] is True and not listed.lines("builders"):
        yield Fault("builders", "有代建单位的，请至少填写一家；没有的，请选择“否”")
    if listed["has_agent"] is False and listed.lines("builders"):
        yield Fault("has_agent", "已填写代建单位，请将“有代建单位”改为“是”，或删除名单")


@rule(FORMAT, "代建信息正确", Severity.REFUSE, "代建信息不正确")
def builders_are_well_formed(listed: Proposal) -> Iterator[Fault]:
    for number, line in enumerate(listed.lines("builders"), 1):
        place = f"builders.{number}."
        for fault in (*bad_code(line, "uscc", "信用代码"), *outside_percent(line, {"fee_rate": "代建费率"})):
            yield Fault(place + fault.field, fault.message)
        if line.get("start_on") and line.get("end_on") and line["end_on"] < line["start_on"]:
            yield Fault(place + "end_on", "结束日期早于开始日期，请核对")


@rule("PRJ-15", "代建单位不是开发单位自己", Severity.REFUSE, "代建单位不能是项目公司自己")
def builder_is_another(listed: Proposal) -> Iterator[Fault]:
    own = listed.found.get(OWN_CODE)
    for number, line in enumerate(listed.lines("builders"), 1):
        if own and line.get("uscc") == own:
            yield Fault(f"builders.{number}.uscc", "代建单位与项目公司的信用代码相同，项目公司不能为自己代建")


@rule("PRJ-15", "代建单位在法人库中", Severity.WARN, "代建单位未在法人库查到", source="法人库")
def builder_is_registered(listed: Proposal) -> Iterator[Fault]:
    for number, line in enumerate(listed.lines("builders"), 1):
        said: Answer[LegalEntity] | None = listed.answers.get(entity_key(line.get("uscc") or ""))
        if said is None:
            continue
        field = f"builders.{number}.uscc"
        if said.missed:
            yield Fault(
                field, f"“{line.get('name') or line.get('uscc')}”未在法人库查到，请核对信用代码；确需填写的请说明原因"
            )
        elif said.state is not AnswerState.HIT or said.value is None:
            yield Fault(
                field, "法人库暂时没有应答，该代建单位未核验，系统将在审核时再次核对", severity=Severity.PENDING
            )
        elif said.value.status != "存续":
            yield Fault(field, f"“{said.value.name}”登记状态为{said.value.status}，请核对；确需填写的请说明原因")


@rule("PRJ-15", "同一范围的代建期间不重叠", Severity.WARN, "同一代建范围的期间重叠")
def periods_do_not_overlap(listed: Proposal) -> Iterator[Fault]:
    dated = [
        (number, line)
        for number, line in enumerate(listed.lines("builders"), 1)
        if line.get("work_scope") and line.get("start_on")
    ]
    for (first, one), (second, other) in combinations(dated, 2):
        if one["work_scope"].strip() != other["work_scope"].strip():
            continue
        apart = (one.get("end_on") and one["end_on"] < other["start_on"]) or (
            other.get("end_on") and other["end_on"] < one["start_on"]
        )
        if not apart:
            yield Fault(f"builders.{second}.start_on", f"第{first}行与第{second}行的代建范围相同、期间重叠，请核对")


BUILDER_RULES = (
    list_fits_the_answer,
    builders_are_well_formed,
    builder_is_another,
    builder_is_registered,
    periods_do_not_overlap,
)


# ------------------------------------------------------------------ relocation (row 62)

_COUNTS = {
    "households_total": "应迁户数",
    "households_signed": "已签约户数",
    "households_moved": "已搬迁户数",
    "area_demolished": "已拆面积",
    "compensation_total": "补偿总额",
    "compensation_paid": "已支付补偿",
    "resettle_sets": "安置套数",
    "resettle_area": "安置面积",
}


@rule(FORMAT, "拆迁数据在合理范围", Severity.REFUSE, "数据不正确")
def relocation_is_well_formed(record: Proposal) -> Iterator[Fault]:
    yield from below(record.values, _COUNTS, Decimal(0))
    if record["start_on"] and record["end_on"] and record["end_on"] < record["start_on"]:
        yield Fault("end_on", "完成日期早于开始日期，请核对")


@rule("PRJ-13", "已搬迁不多于已签约，已签约不多于应迁；已付不多于总额", Severity.REFUSE, "拆迁数据不一致")
def relocation_adds_up(record: Proposal) -> Iterator[Fault]:
    every, signed, moved = record["households_total"], record["households_signed"], record["households_moved"]
    if signed is not None and moved is not None and moved > signed:
        yield Fault("households_moved", f"已搬迁{moved}户，多于已签约{signed}户；先补偿、后搬迁，请核对")
    if every is not None and signed is not None and signed > every:
        yield Fault("households_signed", f"已签约{signed}户，多于应迁{every}户，请核对")
    due, paid = record["compensation_total"], record["compensation_paid"]
    if due is not None and paid is not None and paid > due:
        yield Fault("compensation_paid", f"已支付补偿{shown(paid)}元，多于补偿总额{shown(due)}元，请核对")


RELOCATION_RULES = (relocation_is_well_formed, relocation_adds_up)
