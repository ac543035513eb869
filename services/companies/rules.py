"""Rules of companies, of what is filled in and of admission and exit (market 2.1-2.4, 4.1)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.companies import Currency, FinancingState, QualificationGrade, RegistryStatus
from models.identity import check_credit_code, check_id_number
from models.normal import half_width
from services.companies.names import code_key, name_key
from services.engine.findings import Finding, Rule, Severity
from services.engine.kinds import Proposal
from services.monitoring.rules.papers import FILING_DAYS, QUALIFICATION_DAYS
from services.monitoring.rules.registered import HOLDING_PERCENT
from services.ports.answers import AnswerState

REGISTRY = "registry"
#: What a company may not be in the register to be admitted.
_GONE = ("注销", "吊销", "撤销")
_PHONE = re.compile(r"1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?")
_ORDINANCE = "城市房地产开发经营管理条例"


@dataclass(frozen=True)
class Standing:
    """Records with the company's code or name: `same_code` and `same_name` name a record in force, `under_way`
    another submitted version, `exiting` an exit under review.
    """

    same_code: str = ""
    same_name: str = ""
    under_way: str = ""
    exiting: bool = False
    exited: bool = False
    head_exited: bool = False
    group_gone: bool = False
    confirmed: bool = True


@dataclass(frozen=True)
class Left:
    """Dependants that a leaving company would leave behind."""

    undelivered: Sequence[str] = ()
    arrears: Sequence[str] = ()
    red_alerts: Sequence[str] = ()
    unsold: Sequence[str] = ()
    admitted: Sequence[str] = ()
    parcels: Sequence[str] = ()
    override: str = ""
    company: str = ""


def _standing(proposal: Proposal) -> Standing:
    found: Standing = proposal.found.get("standing", Standing())
    return found


def _left(proposal: Proposal) -> Left:
    found: Left = proposal.found.get("left", Left())
    return found


def _admitting(proposal: Proposal) -> bool:
    """Return whether this version admits the company: its first, or the first after an exit."""
    return proposal.before is None or _standing(proposal).exited


# ------------------------------------------------------------------ the company itself


def code_is_right(proposal: Proposal) -> Iterator[Finding]:
    uscc, foreign = proposal["uscc"], proposal["foreign_id"]
    if not uscc:
        if proposal.kind == "group_company" and not foreign:
            yield Finding("SUB-01", "请填写统一社会信用代码；境外集团没有的，填写境外登记号", "uscc")
        return
    if (problem := check_credit_code(uscc).problem) is not None:
        yield Finding("SUB-01", problem.sentence, "uscc")


def registry_knows_it(proposal: Proposal) -> Iterator[Finding]:
    answer = proposal.answers.get(REGISTRY)
    if answer is None or answer.state is AnswerState.SKIPPED:
        return
    if answer.missed:
        yield Finding("SUB-02", "法人库中没有查到该信用代码，请核对营业执照", "uscc", Severity.WARN)
    elif not answer.hit or answer.value is None:
        yield Finding("SUB-02", "法人库暂时没有应答，登记信息未核验", "uscc", Severity.PENDING)
    else:
        profile = answer.value
        if profile.status in _GONE:
            severity, then = Severity.WARN, "请更新登记状态并说明情况"
            if _admitting(proposal):
                severity, then = Severity.REFUSE, "不能办理准入"
            yield Finding("SUB-02", f"法人库登记状态为“{profile.status}”，{then}", "registry_status", severity)
        elif proposal["name"] and name_key(profile.name) != name_key(proposal["name"]):
            yield Finding(
                "SUB-02", f"企业名称与法人库登记的“{profile.name}”不一致，请核对", "name", Severity.WARN, profile.name
            )


def status_is_not_gone(proposal: Proposal) -> Iterator[Finding]:
    """The form's own status is not revoked or deregistered, even if the registry is not asked (SUB-02 off)."""
    if _admitting(proposal) and proposal["registry_status"] in {RegistryStatus.REVOKED, RegistryStatus.DEREGISTERED}:
        yield Finding("SUB-01", f"登记状态为“{proposal['registry_status'].label}”的企业不能办理准入", "registry_status")


def code_stands_once(proposal: Proposal) -> Iterator[Finding]:
    standing = _standing(proposal)
    if standing.same_code:
        yield Finding("SUB-03", f"该信用代码已有记录：{standing.same_code}，不能重复办理", "uscc")
    if standing.under_way:
        yield Finding("SUB-03", f"该信用代码已有在办申请：{standing.under_way}，请先办结", "uscc")
    if standing.exiting:
        yield Finding("SUB-03", "该企业的退出正在审核，办结前不能申请准入或更新", "uscc")


def name_stands_once(proposal: Proposal) -> Iterator[Finding]:
    if same := _standing(proposal).same_name:
        yield Finding("SUB-03", f"已有同名企业：{same}，请核对是否为同一主体", "name")


def ratios_are_whole(proposal: Proposal) -> Iterator[Finding]:
    lines = proposal.lines("shareholders")
    ratios: list[Decimal] = [line["ratio"] for line in lines if line.get("ratio") is not None]
    if not ratios or len(ratios) < len(lines):
        return
    total = sum(ratios, Decimal(0))
    if abs(total - 100) > proposal.thresholds.decimal("subjects.ratio_tolerance"):
        yield Finding("SUB-08", f"股东持股比例合计为{_plain(total)}%，应为100%", "shareholders")


def capital_is_paid_within(proposal: Proposal) -> Iterator[Finding]:
    registered: Decimal | None = proposal["registered_capital"]
    paid: Decimal | None = proposal["paid_in_capital"]
    if registered is not None and paid is not None and paid > registered:
        yield Finding("SUB-12", "实缴资本高于注册资本，请说明原因", "paid_in_capital", Severity.WARN)


def is_established(proposal: Proposal) -> Iterator[Finding]:
    established: date | None = proposal["established_on"]
    if established is not None and established > proposal.today:
        yield Finding("SUB-01", "成立日期不能晚于今天", "established_on")


def financings_are_in_order(proposal: Proposal) -> Iterator[Finding]:
    for place, line in enumerate(proposal.lines("financings"), 1):
        due = line.get("due_on")
        if line.get("financing_state") is FinancingState.OVERDUE and due is not None and due >= proposal.today:
            yield Finding("SUB-14", "尚未到期的融资不能标为逾期", f"financings.{place}.financing_state")


def days_make_sense(proposal: Proposal) -> Iterator[Finding]:
    """Return what holds of no company. No rule's switch lets it in, so it is a matter of form (decision 56)."""
    licensed, filed = proposal["licensed_on"] or proposal["established_on"], proposal["filed_on"]
    for name, day, what in (("licensed_on", proposal["licensed_on"], "核发"), ("filed_on", filed, "备案")):
        if day is not None and day > proposal.today:
            yield Finding("FMT", f"{what}日期不能晚于今天", name)
    if filed is not None and licensed is not None and filed < licensed:
        yield Finding("FMT", "备案日期不能早于营业执照核发日期", "filed_on")
    for place, line in enumerate(proposal.lines("indicators"), 1):
        year = line.get("year")
        if year is not None and not 1980 <= year <= proposal.today.year:
            yield Finding("FMT", "财务指标的年度应在1980年至今年之间", f"indicators.{place}.year")
    for place, line in enumerate(proposal.lines("financings"), 1):
        start, due = line.get("start_on"), line.get("due_on")
        if start is not None and due is not None and due < start:
            yield Finding("FMT", "到期日期不能早于起始日期", f"financings.{place}.due_on")


def phone_can_be_called(proposal: Proposal) -> Iterator[Finding]:
    phone = proposal["contact_phone"]
    if phone and not _PHONE.fullmatch(half_width(phone).replace(" ", "")):
        yield Finding("FMT", "请填写11位手机号码，或带区号的固定电话，如021-12345678", "contact_phone")


def holders_are_told_apart(proposal: Proposal) -> Iterator[Finding]:
    for place, line in enumerate(proposal.lines("shareholders"), 1):
        uscc, id_no, id_type = line.get("uscc"), line.get("id_no"), line.get("id_type") or ""
        if uscc and (problem := check_credit_code(uscc).problem) is not None:
            yield Finding("FMT", problem.sentence, f"shareholders.{place}.uscc")
        if id_no and "身份证" in id_type and (wrong := check_id_number(id_no, today=proposal.today).problem):
            yield Finding("FMT", wrong.sentence, f"shareholders.{place}.id_no")


def holders_stand_once(proposal: Proposal) -> Iterator[Finding]:
    """Shareholders are named once, by code or number; contributions due on different days are lines, as registered."""
    for name, what in (("uscc", "信用代码"), ("id_no", "证件号码")):
        first: dict[str, int] = {}
        for place, line in enumerate(proposal.lines("shareholders"), 1):
            number = code_key(line.get(name) or "")
            if number and first.setdefault(number, place) != place:
                told = (
                    f"第{place}行与第{first[number]}行的股东{what}相同；"
                    "分期或以多种方式出资的请说明，重复填写的请合并为一行"
                )
                yield Finding("SUB-08", told, f"shareholders.{place}.{name}", Severity.WARN)


# ------------------------------------------------------------------ admission


def belongs_to_a_group_or_none(proposal: Proposal) -> Iterator[Finding]:
    independent, group = bool(proposal["independent"]), proposal["group_company_id"]
    if not independent and group is None:
        yield Finding("SUB-01", "请选择所属集团；没有集团的，勾选“无集团”", "group_company_id")
    if independent and group is not None:
        yield Finding("SUB-01", "已勾选“无集团”，请不要再选择所属集团", "group_company_id")
    if group is not None and _standing(proposal).group_gone:
        yield Finding("SUB-01", "所选集团的记录已作废，请重新选择", "group_company_id")


def qualification_is_valid(proposal: Proposal) -> Iterator[Finding]:
    grade, until = proposal["qualification_grade"], proposal["qualification_valid_to"]
    if grade is None:
        return
    if grade is QualificationGrade.NONE:
        yield Finding("SUB-04", "企业尚未取得开发资质，请说明情况", "qualification_grade", Severity.WARN)
        return
    if not proposal["qualification_no"]:
        yield Finding("SUB-04", "请填写资质证书编号", "qualification_no")
    if until is None:
        yield Finding("SUB-04", "请填写资质有效期", "qualification_valid_to")
    elif until < proposal.today:
        yield Finding("SUB-04", "资质证书已过有效期，请说明续期情况", "qualification_valid_to", Severity.WARN)
    elif (until - proposal.today).days <= proposal.thresholds.integer(QUALIFICATION_DAYS):
        days = (until - proposal.today).days
        yield Finding("SUB-04", f"资质证书还有{days}天到期，请说明续期安排", "qualification_valid_to", Severity.WARN)


def filed_in_time(proposal: Proposal) -> Iterator[Finding]:
    licensed = proposal["licensed_on"] or proposal["established_on"]
    if licensed is None:
        return
    days = proposal.thresholds.integer(FILING_DAYS)
    filed: date | None = proposal["filed_on"]
    if filed is None and (proposal.today - licensed).days > days:
        yield Finding("SUB-05", f"取得营业执照已超过{days}天仍未备案，请说明情况", "filed_on", Severity.WARN)
    elif filed is not None and (filed - licensed).days > days:
        late = (filed - licensed).days
        yield Finding(
            "SUB-05", f"取得营业执照后第{late}天才备案（应在{days}天内），请说明情况", "filed_on", Severity.WARN
        )


def capital_is_enough(proposal: Proposal) -> Iterator[Finding]:
    least = f"{proposal.thresholds.decimal('subjects.least_capital'):,.0f}"
    capital, currency = proposal["registered_capital"], proposal["currency"]
    if capital is None:
        return
    if currency not in {None, Currency.CNY}:
        words = f"注册资本以{currency.label}计，请审核人员折算后核对是否达到{least}元的法定下限"
        yield Finding("SUB-06", words, "registered_capital", Severity.PENDING)
    elif capital < proposal.thresholds.decimal("subjects.least_capital"):
        words = f"注册资本低于{least}元的法定下限，请说明情况"
        yield Finding("SUB-06", words, "registered_capital", Severity.WARN)


def staff_is_enough(proposal: Proposal) -> Iterator[Finding]:
    for name, key, what in (
        ("tech_staff_count", "subjects.least_technicians", "专业技术人员"),
        ("accountant_count", "subjects.least_accountants", "专职会计人员"),
    ):
        number = proposal.thresholds.integer(key)
        count = proposal[name]
        if count is None or count < number:
            yield Finding("SUB-06", f"{what}不足{number}人，请说明情况", name, Severity.WARN)


def holding_is_possible(proposal: Proposal) -> Iterator[Finding]:
    ratio, least = proposal["holding_ratio"], proposal.thresholds.decimal(HOLDING_PERCENT)
    if ratio is not None and ratio < least:
        text = f"总公司持股比例低于{_plain(least)}%，请说明由其负责的理由"
        yield Finding("SUB-16", text, "holding_ratio", Severity.WARN)


def head_is_admitted(proposal: Proposal) -> Iterator[Finding]:
    if _admitting(proposal) and _standing(proposal).head_exited:
        yield Finding("SUB-03", "所属总公司未准入或已退出，不能办理项目公司准入")


def district_looks_after_it(proposal: Proposal) -> Iterator[Finding]:
    named, own = proposal["reg_district"], proposal.owner.district_code
    if named is not None and own and str(named) != own:
        yield Finding("FMT", "管理区应为本区；由其他区管理的企业，请所在区或总公司发起", "reg_district")


def other_side_agrees(proposal: Proposal) -> Iterator[Finding]:
    if _admitting(proposal) and not _standing(proposal).confirmed:
        yield Finding("CNF", "须先由对方确认：请发送确认，对方确认后自动提交审核；持股比例、拟开发地块有变的须重新确认")


# ------------------------------------------------------------------ exit


def names_the_company(proposal: Proposal) -> Iterator[Finding]:
    company = _left(proposal).company
    if company and proposal["company_name"] and name_key(company) != name_key(proposal["company_name"]):
        yield Finding("SUB-03", f"企业名称与办理退出的“{company}”不一致", "company_name")


def project_company_leaves_nothing(proposal: Proposal) -> Iterator[Finding]:
    left = _left(proposal) if proposal.before is None else Left()
    severity = Severity.WARN if left.override else Severity.REFUSE
    for what, found in (
        ("未交付的项目", left.undelivered),
        ("未结清的款项", left.arrears),
        ("未关闭的严重预警", left.red_alerts),
        ("已许可未售的房源", left.unsold),
    ):
        if found:
            named = "、".join(found[:5])
            yield Finding(
                "SUB-20", f"企业还有{what}：{named}，须了结或由市级准予例外", severity=severity, found=left.override
            )


def head_company_leaves_nothing(proposal: Proposal) -> Iterator[Finding]:
    left = _left(proposal) if proposal.before is None else Left()
    if left.admitted:
        yield Finding("SUB-21", f"还有已准入的项目公司：{'、'.join(left.admitted[:5])}，须先退出")
    if left.parcels:
        yield Finding("SUB-21", f"还有关联的地块：{'、'.join(left.parcels[:5])}，须先解除关联")


def _plain(number: Any) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_REGISTRY, _FORM, _OURS = "法人库", "填报内容", "本系统"

COMPANY_RULES: tuple[Rule[Proposal], ...] = (
    Rule("SUB-01", "信用代码", Severity.REFUSE, code_is_right, _FORM, "统一社会信用代码须正确"),
    Rule("SUB-01", "成立日期", Severity.REFUSE, is_established, _FORM, "成立日期不晚于今天"),
    Rule("SUB-02", "法人库登记", Severity.WARN, registry_knows_it, _REGISTRY, "法人库有该企业且名称一致"),
    Rule("SUB-03", "主体唯一", Severity.REFUSE, code_stands_once, _OURS, "同一信用代码只办理一次"),
    Rule("SUB-03", "名称唯一", Severity.REFUSE, name_stands_once, _OURS, "企业名称不重复"),
    Rule("SUB-08", "持股比例", Severity.REFUSE, ratios_are_whole, _FORM, "股东持股比例合计为100%"),
    Rule("SUB-08", "股东分行", Severity.WARN, holders_stand_once, _FORM, "同一股东分行填写的说明原因"),
    Rule("FMT", "股东代码和证件", Severity.REFUSE, holders_are_told_apart, _FORM, "股东信用代码、身份证号码正确"),
    Rule("SUB-12", "资本", Severity.WARN, capital_is_paid_within, _FORM, "实缴资本不高于注册资本"),
    Rule("SUB-14", "融资", Severity.REFUSE, financings_are_in_order, _FORM, "标为逾期的融资已经到期"),
    Rule("FMT", "日期", Severity.REFUSE, days_make_sense, _FORM, "日期合理"),
)
_ADMISSION: tuple[Rule[Proposal], ...] = (
    Rule("FMT", "联系电话", Severity.REFUSE, phone_can_be_called, _FORM, "联系电话可以拨通"),
    Rule("SUB-01", "登记状态", Severity.REFUSE, status_is_not_gone, _FORM, "吊销、注销的企业不准入"),
    Rule("SUB-04", "开发资质", Severity.WARN, qualification_is_valid, _FORM, "资质证书有效"),
    Rule("SUB-06", "注册资本", Severity.WARN, capital_is_enough, f"{_ORDINANCE}第五条", "资本达到法定下限"),
)
HEAD_RULES = (
    *COMPANY_RULES,
    *_ADMISSION,
    Rule("SUB-01", "所属集团", Severity.REFUSE, belongs_to_a_group_or_none, _FORM, "有集团的须选择集团"),
)
PROJECT_RULES = (
    *COMPANY_RULES,
    *_ADMISSION,
    Rule("FMT", "管理区", Severity.REFUSE, district_looks_after_it, _FORM, "区级发起的企业由本区管理"),
    Rule("SUB-03", "所属总公司", Severity.REFUSE, head_is_admitted, _OURS, "所属总公司已准入"),
    Rule("SUB-05", "开发企业备案", Severity.WARN, filed_in_time, f"{_ORDINANCE}第八条", "取得执照后三十天内备案"),
    Rule("SUB-06", "专业人员", Severity.WARN, staff_is_enough, f"{_ORDINANCE}第五条", "专业人员达到法定下限"),
    Rule("SUB-16", "持股比例", Severity.WARN, holding_is_possible, _FORM, "总公司持股比例合理"),
    Rule("CNF", "对方确认", Severity.REFUSE, other_side_agrees, _OURS, "业务部门与总公司双方确认"),
)
HEAD_EXIT_RULES = (
    Rule("SUB-03", "企业名称", Severity.REFUSE, names_the_company, _OURS, "企业名称与办理退出的企业一致"),
    Rule("SUB-21", "总公司退出", Severity.REFUSE, head_company_leaves_nothing, _OURS, "没有在册项目公司和关联地块"),
)
PROJECT_EXIT_RULES = (
    Rule("SUB-03", "企业名称", Severity.REFUSE, names_the_company, _OURS, "企业名称与办理退出的企业一致"),
    Rule("SUB-20", "项目公司退出", Severity.REFUSE, project_company_leaves_nothing, _OURS, "没有未了事项"),
    Rule("CNF", "对方确认", Severity.REFUSE, other_side_agrees, _OURS, "业务部门与总公司双方确认"),
)
