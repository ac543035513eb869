"""Days by which works under a permit have to begin (CON-02)."""

from datetime import date

from models.working_days import months_later


def start_limit(issued_on: date, extended_to: date | None, months: int) -> date:
    """Return the last day on which works may begin: that of the last extension, else so many months after the issue."""
    return extended_to or months_later(issued_on, months)
