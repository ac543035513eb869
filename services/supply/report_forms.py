"""The forms of a report of supply, asked and answered: lines for a table, figures for pictures, how to open them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from models.land_codes import HousingKind, Ring
from models.places_data import district, districts_by_code
from services.engine.look_ups import known_id
from services.engine.refusals import Rejected
from services.supply.facts import Type
from services.supply.figures import SIZES, as_told, band_name
from services.supply.kept_book import Asked, Narrow
from services.supply.months import Series, month_named, month_of, name_of

#: The reports by their numbers (5.5), and the pictures that have no report of their own.
TITLES: Mapping[str, str] = {
    "R1": "可供应量汇总表",
    "R2": "环线与物业类型",
    "R3": "上市与成交月报",
    "R4": "未来供应预测",
    "R5": "去化周期表",
    "R6": "建设进度表",
    "R7": "项目明细表",
    "R8": "库存结构表",
    "R9": "全周期覆盖",
}
UNITS = {"area": "万㎡", "sets": "套"}
SERIES = {Series.PUBLISHED.value: "公布版", Series.RESTATED.value: "修订版"}


@dataclass(frozen=True)
class AskReport:
    """A report with its month or day, series and filters, all as an address writes them."""

    report: str = "R1"
    month: str = ""
    day: str = ""
    series: str = Series.PUBLISHED.value
    district: str = ""
    plate: str = ""
    ring: str = ""
    type: str = ""
    housing: str = ""
    size: str = ""
    completed: str = ""
    head: str = ""
    project: str = ""
    #: Of R1: what its stages are counted in.
    unit: str = "area"

    def asked(self, today: date) -> Asked:
        """The figures asked for; a strange value is refused in a sentence."""
        day = _day(self.day)
        if day is not None and day > today:
            raise Rejected("截至日期不能晚于今天")
        month = month_of(day) if day is not None else _month(self.month, today)
        series = Series.RESTATED if day is not None else _one_of(self.series, Series, "数据版本")
        narrow = Narrow(
            districts=_listed(self.district, districts_by_code(), "区"),
            plates=(self.plate,) if self.plate else (),
            rings=_listed(self.ring, {one.value: one for one in Ring}, "环线"),
            types=tuple(_one_of(one, Type, "物业类型") for one in _parts(self.type)),
            housing_kinds=tuple(_one_of(one, HousingKind, "住房类别") for one in _parts(self.housing)),
            sizes=tuple(
                int(one) for one in _listed(self.size, {str(at): at for at in range(len(SIZES) + 1)}, "面积段")
            ),
            completed={"1": True, "0": False}.get(self.completed),
            head_company=_id(self.head),
            project=_id(self.project),
        )
        return Asked(month, series, day, narrow)

    def told(self) -> str:
        """The filters in words."""
        words = [
            *(place.name for code in _parts(self.district) if (place := district(code)) is not None),
            self.plate,
            *(Ring.of(one).label for one in _parts(self.ring)),
            self.type,
            *(HousingKind.of(one).label for one in _parts(self.housing)),
            *(f"{as_told(band_name(int(one), SIZES))}㎡" for one in _parts(self.size)),
            {"1": "已竣工", "0": "未竣工"}.get(self.completed, ""),
            "指定企业" if self.head else "",
            "指定项目" if self.project else "",
        ]
        return "、".join(filter(None, words)) or "全部"


def _parts(text: str) -> list[str]:
    return [one for one in text.split(",") if one]


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Rejected("截至日期请写成2026-05-31的形式") from None


def _month(text: str, today: date) -> int:
    """The month of its name, else the one before today's."""
    if not text:
        return month_of(today) - 1
    try:
        month = month_named(text)
        name_of(month)
    except ValueError:
        raise Rejected("月份请写成2026-05的形式") from None
    if not 12 * 1990 <= month <= month_of(today):
        raise Rejected("月份不能晚于本月")
    return month


def _one_of(text: str, kind: Any, label: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise Rejected(f"没有这样的{label}") from None


def _listed(text: str, known: Mapping[str, Any], label: str) -> tuple[str, ...]:
    if any(one not in known for one in _parts(text)):
        raise Rejected(f"没有这样的{label}")
    return tuple(_parts(text))


def _id(text: str) -> UUID | None:
    return known_id(text) if text else None


@dataclass(frozen=True)
class ReportColumn:
    """A column: numbers stand right; `stages` are those whose rows a figure of it opens."""

    key: str
    label: str
    number: bool = True
    stages: tuple[str, ...] = ()
    places: int = 2
    #: Months that a stock lasts, drawn in the colours of their bands.
    lasts: bool = False


@dataclass(frozen=True)
class Drawn:
    """Figures of a picture: `kind` says how they are drawn, `colours` how each series is, a name for each series."""

    kind: str
    title: str
    unit: str
    categories: tuple[str, ...] = ()
    series: tuple[tuple[str, tuple[float | None, ...]], ...] = ()
    #: Series drawn as a line on the right axis.
    lines: tuple[str, ...] = ()
    #: Of a flow: from, to, how much.
    links: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True)
class Report:
    """A report: its head, columns, lines by column and the filters that a line adds, its sum, its pictures."""

    code: str
    title: str
    unit: str
    as_of: str
    filters: str
    version: str
    columns: tuple[ReportColumn, ...]
    lines: tuple[dict[str, Any], ...]
    total: dict[str, Any] | None = None
    narrow: tuple[dict[str, str], ...] = ()
    pictures: tuple[Drawn, ...] = ()
    notes: tuple[str, ...] = field(default=())
    #: By how many seconds what was read may be behind; None when it is not.
    age: float | None = None

    @property
    def age_told(self) -> str:
        return "" if self.age is None else f"读自只读副本，数据滞后{self.age:.0f}秒"

    def rows(self) -> Iterator[Sequence[Any]]:
        """Yield the lines and their sum as rows of cells."""
        for row in (*self.lines, *([self.total] if self.total is not None else [])):
            yield [row.get(column.key) for column in self.columns]

    def matrix(self) -> Sequence[Sequence[Any]]:
        """The lines with their sum as rows of cells."""
        return list(self.rows())
