"""Days by which works under a permit have to begin (CON-02)."""

from calendar import monthrange
from datetime import date


def months_on(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def start_limit(issued_on: date, extended_to: date | None, months: int) -> date:
    """Return the last day on which works may begin: that of the last extension, else so many months after the issue."""
    return extended_to or months_on(issued_on, months)
