"""Retention of each table's rows in words: as the register of retention says, otherwise permanent."""

from services.catalogue.retention import kept_for_table
from services.catalogue.subjects import subject_of

_FOR_GOOD = {
    "住房租赁": "作为备案档案长期保存",
    "房屋与企业": "在用期间保存，随来源库更新",
    "房地产市场": "作为项目档案长期保存",
    "审计与完整性": "不少于3年，不自动清除",
}


def kept_for(table: str) -> str:
    """Return how long a table's rows are kept."""
    area = subject_of(table).area
    return kept_for_table(table) or _FOR_GOOD.get(area, "在用期间保存")
