"""Months to choose from, newest first."""

from datetime import date


def month_options(today: date, count: int = 25) -> dict[str, str]:
    """The month of a day and those before it: `2027-03` to 2027年3月."""
    months: dict[str, str] = {}
    for back in range(count):
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        months[f"{year}-{month + 1:02d}"] = f"{year}年{month + 1}月"
    return months
