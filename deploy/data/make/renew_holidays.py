"""Renew the calendar of working days from the package `chinesecalendar`, which follows the State Council's notices.

    python -m pip install --target build/calendar chinesecalendar
    PYTHONPATH=build/calendar python deploy/data/make/renew_holidays.py [--check] [FILE]

Days of years the package does not know stay as they are: provisional until the holidays are announced, usually in
November. `--check` writes nothing and fails where the table differs.
"""

import argparse
import csv
import datetime as dt
import io
import sys
from pathlib import Path

import chinese_calendar
from chinese_calendar.constants import holidays, in_lieu_days, workdays

TABLE = Path(__file__).resolve().parents[1] / "calendar" / "holidays_2024_2027.csv"
COLUMNS = ("date", "weekday", "is_workday", "kind", "name", "status")


def line_of(day: dt.date) -> dict[str, str]:
    """A day as the package has it; `NotImplementedError` for a year it does not know."""
    worked = chinese_calendar.is_workday(day)
    entry = holidays.get(day) or workdays.get(day)
    if entry is None:
        kind = "工作日" if worked else "周末"
    elif worked:
        kind = "调休上班"
    else:
        kind = "节假日调休放假" if day in in_lieu_days else "法定节假日"
    return {
        "date": day.isoformat(),
        "weekday": "一二三四五六日"[day.weekday()],
        "is_workday": str(int(worked)),
        "kind": kind,
        "name": chinese_calendar.Holiday(entry).chinese if entry else "",
        "status": "official",
    }


def renewed(line: dict[str, str]) -> dict[str, str]:
    """The line of a day; one that is announced and says the same of work stays, with what it tells of the holiday."""
    try:
        fresh = line_of(dt.date.fromisoformat(line["date"]))
    except NotImplementedError:
        return line
    same = all(line[name] == fresh[name] for name in ("is_workday", "status"))
    return line if same else fresh


def main() -> int:
    parser = argparse.ArgumentParser(description="更新工作日历。")
    parser.add_argument("--check", action="store_true", help="只比较，不改写")
    parser.add_argument("file", type=Path, nargs="?", default=TABLE)
    asked = parser.parse_args()
    with asked.file.open(encoding="utf-8-sig", newline="") as source:
        lines = list(csv.DictReader(source))
    fresh = [renewed(line) for line in lines]
    differing = [new for old, new in zip(lines, fresh, strict=True) if old != new]
    for line in differing:
        print(",".join(line.values()))
    if differing and not asked.check:
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(fresh)
        asked.file.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    return 1 if differing and asked.check else 0


if __name__ == "__main__":
    sys.exit(main())
