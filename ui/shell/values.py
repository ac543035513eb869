"""Values as people read them: money, areas, days, moments, codes; the only place of the pages that formats."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.codes import Code, Tone, Toned
from services.engine.clock import SHANGHAI

_AMOUNT = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")


def shown(value: Any) -> str:
    """Return a value as text for a grid or beside a label."""
    if value is None or value == "":
        return ""
    if isinstance(value, Code):
        return value.label
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, list | tuple):
        return "、".join(shown(item) for item in value)
    return str(value)


def large_money(value: Any) -> str:
    """Return an amount of ten thousand yuan and more in 万元 or 亿元, in brackets, so that no zero is miscounted.

    The value may be the text of one, as a record's values are read.
    """
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        value = Decimal(value.replace(",", ""))
    if not isinstance(value, Decimal) or abs(value) < 10_000:
        return ""
    large, unit = (value / 100_000_000, "亿元") if abs(value) >= 100_000_000 else (value / 10_000, "万元")
    return f"（{large:,.2f}{unit}）"


def as_of_text(at: datetime | None, now: datetime) -> str:
    """Return as of when data are that were asked for just now: 刚刚, 数据截至06:30, or with its date."""
    if at is None:
        return "时间未知"
    if (now - at).total_seconds() < 60:
        return "刚刚"
    local = at.astimezone(SHANGHAI)
    return (
        f"数据截至{local:%H:%M}"
        if local.date() == now.astimezone(SHANGHAI).date()
        else f"数据截至{local:%Y-%m-%d %H:%M}"
    )


def tone_of(value: Any) -> Tone:
    """Return the tone of a code or a toned word, of several words the tone of the first; "" of anything else."""
    if isinstance(value, list | tuple):
        return tone_of(value[0]) if value else ""
    return value.tone if isinstance(value, Code | Toned) else ""
