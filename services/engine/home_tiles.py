"""Tiles of homes: counts, bars by a column, days, months, districts, ages and first lines of a listing (issue 19)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from models.codes import Code
from models.places_data import district, districts_by_code
from models.working_days import calendar
from services.engine.figures import Figure, figure, tallies
from services.engine.homes import Choice, Entry, Narrowing, Panel, Said, changed, compared, scaled
from services.engine.list_pages import first_lines
from services.engine.listings import Line, Listing
from services.engine.work import Work

_DAYS, _MONTHS, _YEAR = 30, 13, 365
#: Working days since the arrival of open work, from the first to the last of each group; the last group has no end.
AGES = (("当日", 0, 0), ("1–2", 1, 2), ("3–5", 3, 5), ("6–10", 6, 10), ("超过10", 11, None))


@dataclass(frozen=True)
class Count:
    """A figure of a band: the rows of some filters of a listing. `bad` when it should be nought."""

    key: str
    label: str
    listing: Listing
    filters: Narrowing = field(default_factory=dict)
    unit: str = "件"
    said: Said = ""
    bad: bool = False

    def read(self, work: Work) -> Figure:
        """Count."""
        found = figure(work, self.key, self.label, self.listing, changed(work, self.filters), unit=self.unit)
        said = self.said(work, found.count) if callable(self.said) else self.said
        return replace(found, said=said, tone="bad" if self.bad and found.count else "")


@dataclass(frozen=True)
class Band:
    """Figures beside each other, each a cell that opens its rows; of `more` a function of the work makes further ones."""

    counts: tuple[Count | Callable[[Work], Figure | None], ...]

    def read(self, work: Work) -> Panel | None:
        """Read the figures; those of lists that are not the caller's are left out."""
        found = []
        for one in self.counts:
            if isinstance(one, Count):
                if one.listing.roles & work.caller.roles:
                    found.append(one.read(work))
            elif (made := one(work)) is not None:
                found.append(made)
        entries = tuple(Entry(one.label, one, under=one.said, tone=one.tone) for one in found)
        return Panel("band", "概况", (Choice("", entries),)) if entries else None


@dataclass(frozen=True)
class Split:
    """Rows by the values of a column, the most first: a bar each, and one for all others."""

    title: str
    listing: Listing
    column: Any
    filter: str
    filters: Narrowing = field(default_factory=dict)
    labels: Callable[[Work], Mapping[str, str]] | Mapping[str, str] = field(default_factory=dict)
    before: Narrowing | None = None
    note: str = ""
    most: int = 8
    bad: bool = False
    empty: str = "没有记录"

    def read(self, work: Work) -> Panel | None:
        """Count by the column; the year before by the same column."""
        if not self.listing.roles & work.caller.roles:
            return None
        filters = changed(work, self.filters)
        counts = tallies(work, self.listing, filters, self.column)
        before = tallies(work, self.listing, changed(work, self.before), self.column) if self.before else {}
        labels: Mapping[str, str] = self.labels(work) if callable(self.labels) else self.labels
        entries = []
        for value, count in sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))[: self.most]:
            key = str(getattr(value, "value", value))
            words = labels.get(key) or (value.label if isinstance(value, Code) else key)
            opened = Figure(key, "", count, self.listing.name, {**filters, self.filter: key})
            beside = compared(count, before.get(value, 0)) if self.before else ""
            entries.append(
                Entry(
                    words,
                    opened,
                    beside=beside,
                    tone="bad" if self.bad else "",
                )
            )
        every = Figure("all", "", sum(counts.values()), self.listing.name, filters)
        if others := every.count - sum(one.figure.count for one in entries if one.figure is not None):
            entries.append(Entry("其他", Figure("others", "", others), tone="bad" if self.bad else ""))
        total = Entry("合计", every, beside=compared(every.count, sum(before.values())) if self.before else "")
        return Panel("bars", self.title, (Choice("", scaled(entries)),), self.note, total=total, empty=self.empty)


@dataclass(frozen=True)
class Days:
    """Rows of the last days, a bar a day, beside the same weekday a year before."""

    title: str
    listing: Listing
    column: Any
    filters: Mapping[str, str] = field(default_factory=dict)
    unit: str = "件"
    days: int = _DAYS

    def read(self, work: Work) -> Panel | None:
        """Count by day in two searches along the day's index."""
        days = [work.today - timedelta(days=n) for n in reversed(range(self.days))]
        counts = self._counts(work, days[0], days[-1])
        year = timedelta(days=364)
        before = self._counts(work, days[0] - year, days[-1] - year)
        entries = [
            Entry(
                f"{day:%m-%d}",
                Figure(f"{day}", "", counts.get(day, 0), self.listing.name, {**self.filters, **_span(day, day)}),
                before=before.get(day - year, 0),
                tone="now" if day == work.today else "",
            )
            for day in days
        ]
        now, then = sum(counts.values()), sum(before.values())
        beside = compared(now, then)
        note = f"{days[0].month}月{days[0].day}日至今日，共 {now:,} {self.unit}" + (
            f"，同比 {beside}" if beside else ""
        )
        every = Figure("all", "明细", now, self.listing.name, {**self.filters, **_span(days[0], days[-1])})
        return Panel("trend", self.title, (Choice("", tuple(entries)),), note, every, ("今年", "去年同星期"))

    def _counts(self, work: Work, first: date, last: date) -> dict[date, int]:
        return tallies(work, self.listing, {**self.filters, **_span(first, last)}, self.column)


@dataclass(frozen=True)
class Months:
    """Rows of thirteen months, a bar a month; `part` of a listing as a percentage on a line, such as refusals."""

    title: str
    listing: Listing
    column: Any
    filters: Mapping[str, str] = field(default_factory=dict)
    head: tuple[str, ...] = ()
    #: A listing with its day's column, and the filters of the rows whose share is drawn.
    part: tuple[Listing, Any, Mapping[str, str]] | None = None

    def read(self, work: Work) -> Panel | None:
        """Count by month; the running month is marked."""
        spans = last_months(work.today, _MONTHS)
        since = _span(spans[0][0], work.today)
        counts = _by_month(tallies(work, self.listing, {**self.filters, **since}, self.column))
        shares: dict[str, float] = {}
        if self.part is not None:
            listing, column, filters = self.part
            whole = _by_month(tallies(work, listing, since, column))
            part = _by_month(tallies(work, listing, {**since, **filters}, column))
            shares = {month: round(part.get(month, 0) / count * 100, 1) for month, count in whole.items() if count}
        entries = [
            Entry(
                f"{first:%y-%m}",
                Figure(
                    f"{first:%Y-%m}",
                    "",
                    counts.get(f"{first:%Y-%m}", 0),
                    self.listing.name,
                    {**self.filters, **_span(first, last)},
                ),
                rate=shares.get(f"{first:%Y-%m}"),
                tone="now" if last >= work.today else "",
            )
            for first, last in spans
        ]
        return Panel("trend", self.title, (Choice("", tuple(entries)),), "13个月，虚框为本月至今日", head=self.head)


@dataclass(frozen=True)
class Measure:
    """A measure of a map: the rows of a listing by district, opened by the filter `district`."""

    label: str
    listing: Listing
    column: Any
    filters: Narrowing = field(default_factory=dict)
    before: Narrowing | None = None
    note: str = ""
    bounds: tuple[float, ...] = ()
    bad: bool = False
    filter: str = "district"

    def read(self, work: Work) -> Choice:
        """Count the rows of each of the sixteen districts, those with the most first; the note counts those of none."""
        filters = changed(work, self.filters)
        counts = tallies(work, self.listing, filters, self.column)
        before = tallies(work, self.listing, changed(work, self.before), self.column) if self.before else {}
        entries = [
            Entry(
                short_name(code),
                Figure(code, name, counts.get(code, 0), self.listing.name, {**filters, self.filter: code}),
                beside=compared(counts.get(code, 0), before.get(code, 0)) if self.before else "",
                place=code,
            )
            for code, name in districts_by_code().items()
        ]
        ranked = sorted(entries, key=lambda one: -one.figure.count if one.figure else 0)
        placeless = sum(counts.values()) - sum(one.figure.count for one in entries if one.figure)
        note = f"{self.note}；另有{placeless}项不属于某一区" if placeless else self.note
        return Choice(self.label, scaled(ranked), note, self.bounds or bands(entries), self.bad)


@dataclass(frozen=True)
class Places:
    """A map of the districts with a table beside it, by one of several measures."""

    title: str
    measures: tuple[Measure | Callable[[Work], Choice | None], ...]

    def read(self, work: Work) -> Panel | None:
        """Read every measure the caller has the list of."""
        choices = []
        for one in self.measures:
            made = one(work) if callable(one) else one.read(work) if one.listing.roles & work.caller.roles else None
            if made is not None:
                choices.append(made)
        return Panel("map", self.title, tuple(choices)) if choices else None


@dataclass(frozen=True)
class Age:
    """A line of the table of ages: open rows of a listing by the day they came, between the filters since and until."""

    label: str
    listing: Listing
    column: Any
    filters: Narrowing = field(default_factory=dict)
    since: str = "since"
    until: str = "until"
    #: Day of a value of the column, where it is a moment.
    day: Callable[[Any], date] = lambda value: value


@dataclass(frozen=True)
class Ages:
    """Open work by matter and by the working days since it came."""

    title: str
    lines: tuple[Age, ...]

    def read(self, work: Work) -> Panel | None:
        """Count each matter by day, and sum the days of each age."""
        spans = [(label, *days_of_age(work.today, first, last)) for label, first, last in AGES]
        entries, sums = [], [0] * len(spans)
        for line in self.lines:
            if not line.listing.roles & work.caller.roles:
                continue
            filters = changed(work, line.filters)
            counts: dict[date, int] = {}
            found = tallies(work, line.listing, filters, line.column)
            for value, count in found.items():
                if value is not None:
                    counts[line.day(value)] = counts.get(line.day(value), 0) + count
            cells = []
            for place, (label, since, until) in enumerate(spans):
                number = sum(count for day, count in counts.items() if (since is None or day >= since) and day <= until)
                sums[place] += number
                narrowing = {line.until: until.isoformat(), **({line.since: since.isoformat()} if since else {})}
                cells.append(Figure(label, "", number, line.listing.name, {**filters, **narrowing}))
            whole = Figure("all", line.label, sum(found.values()), line.listing.name, filters)
            oldest = min(counts, default=None)
            told = _since(oldest, work.today) if oldest else ""
            entries.append(Entry(line.label, whole, cells=tuple(cells), beside=told))
        if not entries:
            return None
        total = Entry("合计", cells=tuple(f"{number:,}" for number in (*sums, sum(sums))))
        head = ("事项", *(label for label, *_ in spans), "合计", "最早一件")
        return Panel("ages", self.title, (Choice("", tuple(entries)),), "自收件起的工作日", head=head, total=total)


@dataclass(frozen=True)
class Lines:
    """The first lines of a listing, drawn by `draw`, with a link to all of them."""

    title: str
    listing: Listing
    draw: Callable[[Work, Line], Entry]
    filters: Narrowing = field(default_factory=dict)
    sort: str = ""
    most: int = 6
    note: str = ""
    empty: str = "没有记录"
    hide: bool = False

    def read(self, work: Work) -> Panel | None:
        """Read the first lines, and count all."""
        if not self.listing.roles & work.caller.roles:
            return None
        filters = changed(work, self.filters)
        lines = first_lines(work, self.listing, filters, self.most, self.sort)
        if self.hide and not lines:
            return None
        entries = tuple(self.draw(work, line) for line in lines)
        every = figure(work, "all", "全部", self.listing, filters)
        return Panel("lines", self.title, (Choice("", entries),), self.note, every, empty=self.empty)


def bands(entries: Iterable[Entry]) -> tuple[float, ...]:
    """Bounds of five bands for counts of any size: even parts of a round number above the greatest."""
    top = max((one.figure.count for one in entries if one.figure), default=0)
    step = next(base * 10**power for power in range(9) for base in (1, 2, 5) if base * 10**power * 5 >= top)
    return tuple(float(step * n) for n in range(1, 5))


def short_name(code: str) -> str:
    """The name of a district as a map has it: 浦东 for 浦东新区."""
    found = district(code)
    return found.name.removesuffix("新区").removesuffix("区") if found is not None else code


def last_months(today: date, count: int) -> list[tuple[date, date]]:
    """First and last day of this month and those before it, oldest first."""
    spans, first = [], today.replace(day=1)
    for _ in range(count):
        following = (first + timedelta(days=32)).replace(day=1)
        spans.append((first, following - timedelta(days=1)))
        first = (first - timedelta(days=1)).replace(day=1)
    return spans[::-1]


def last_days(work: Work, days: int = _DAYS, *, years: int = 0) -> Mapping[str, str]:
    """The filters of the last days with today, or of the same weekdays of an earlier year."""
    last = work.today - timedelta(days=364 * years)
    return _span(last - timedelta(days=days - 1), last)


def today_only(work: Work) -> Mapping[str, str]:
    """The filters of today."""
    return _span(work.today, work.today)


def _span(first: date, last: date) -> dict[str, str]:
    return {"since": first.isoformat(), "until": last.isoformat()}


def _since(day: date, today: date) -> str:
    """Return a day with the working days since; of one more than a year ago only the day."""
    if (today - day).days > _YEAR:
        return day.isoformat()
    return f"{day.month}月{day.day}日，{calendar().working_days_between(day, today)}个工作日前"


def _by_month(counts: Mapping[date, int]) -> dict[str, int]:
    months: dict[str, int] = {}
    for day, count in counts.items():
        months[f"{day:%Y-%m}"] = months.get(f"{day:%Y-%m}", 0) + count
    return months


def days_of_age(today: date, first: int, last: int | None) -> tuple[date | None, date]:
    """The days from which it is between so many working days until today, both included."""
    until = today if first == 0 else _before(today, first)
    return (None if last is None else _before(today, last + 1) + timedelta(days=1)), until


def _before(today: date, working_days: int) -> date:
    """The latest day from which so many working days have passed."""
    return calendar().add_working_days(today + timedelta(days=1), -working_days) - timedelta(days=1)
