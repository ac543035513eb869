"""Qualification and filing of a developer: SUB-04, SUB-05."""

from collections.abc import Iterator
from datetime import date, timedelta

from models.alerts import AlertGrade
from models.companies import QualificationGrade
from models.monitoring import CompanyType
from services.alerts.signs import Line, Sign
from services.monitoring.watched import WatchFacts

QUALIFICATION_DAYS, FILING_DAYS = "monitoring.qualification_days", "monitoring.filing_days"


def qualification_is_valid(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-04: reported some months before its end, grave once ended or missing."""
    company = facts.company
    if company.type is CompanyType.GROUP:
        return
    valid_to: date | None = company.row.qualification_valid_to
    days = facts.thresholds.integer(QUALIFICATION_DAYS)
    threshold = f"资质到期前{days}天提示"
    if company.row.qualification_grade is QualificationGrade.NONE or valid_to is None:
        yield Sign(AlertGrade.RED, "未取得有效资质", "企业没有登记有效的房地产开发资质。", threshold=threshold)
        return
    lines = (Line("资质有效期至", "", valid_to.isoformat()),)
    if valid_to < facts.today:
        words = f"房地产开发资质已于{valid_to}到期。"
        yield Sign(AlertGrade.RED, "资质已过期", words, lines, threshold)
    elif valid_to <= facts.today + timedelta(days=days):
        left = (valid_to - facts.today).days
        words = f"房地产开发资质将于{valid_to}到期，还有{left}天。"
        yield Sign(AlertGrade.BLUE, "资质即将到期", words, lines, threshold, due_on=valid_to)


def company_is_filed(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-05: a project company is filed within thirty days of its licence."""
    company = facts.company
    if company.type is not CompanyType.PROJECT:
        return
    licensed: date | None = company.row.licensed_on or company.row.established_on
    if licensed is None:
        return
    days = facts.thresholds.integer(FILING_DAYS)
    last = licensed + timedelta(days=days)
    filed: date | None = company.row.filed_on
    lines = (
        Line("营业执照核发日期", "", licensed.isoformat()),
        Line("开发企业备案日期", "", filed.isoformat() if filed else "未备案"),
    )
    threshold = f"领取营业执照后{days}天内"
    if filed is None and facts.today > last:
        words = f"企业于{licensed}领取营业执照，至今未办理开发企业备案。"
        yield Sign(AlertGrade.YELLOW, "逾期未办理开发企业备案", words, lines, threshold)
    elif filed is not None and filed > last:
        words = f"企业于{licensed}领取营业执照，{filed}才办理开发企业备案，超过{days}天。"
        yield Sign(AlertGrade.YELLOW, "开发企业备案逾期", words, lines, threshold)
