"""Days and moments, in Shanghai's time."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from models.columns import UtcMoment
from models.normal import BadText, half_width, parse_day
from models.planner_clauses import unwalked
from services.engine.clock import SHANGHAI
from services.engine.field_types.field import Field, Shown, Unreadable
from services.engine.field_types.filters import Between, Test, bounds_of
from services.engine.refusals import Rejected
from services.engine.search_terms import day_begins, day_is_over


class Day(Field, sql=sa.Date):
    """A legal day."""

    control = "day"
    asked = "days"
    cell = "day"
    child_width = 96
    grid_width = 90

    def _read(self, typed: Any) -> date:
        if isinstance(typed, datetime):
            return typed.astimezone(SHANGHAI).date()
        return typed if isinstance(typed, date) else parse_day(str(typed))

    def __init__(self, column: "sa.Column[Any]", *, required: bool = False) -> None:
        super().__init__(column, required=required)
        self._past: bool = column.info.get("past", False)
        self._since: tuple[str, ...] = column.info.get("since", ())
        self._after: str = column.info.get("after", "")
        self._beside = column.table.c

    def wrong(self, value: Any, values: Mapping[str, Any], today: date) -> str:
        if self._past and value > today:
            return f"{self.label}晚于今天，请核对"
        for name in self._since:
            if values.get(name) is not None and value < values[name]:
                return f"{self.label}早于{self._beside[name].info['label']}，请核对"
        if self._after and values.get(self._after) is not None and value <= values[self._after]:
            return f"{self.label}应晚于{self._beside[self._after].info['label']}，请核对"
        return ""

    def raw(self, value: Any) -> str:
        return str(value.isoformat())

    def _parsed(self, raw: str) -> date:
        return date.fromisoformat(raw)

    def _from_text(self, text: str) -> str:
        try:
            return parse_day(text).isoformat()
        except BadText:
            return text

    def test(self, wanted: Any) -> Test:
        low, high = bounds_of(wanted)
        return Between(self, _bound(low), _bound(high))

    def hint(self) -> str:
        return "日期，例如2026-03-01"

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Moment(Field, sql=UtcMoment):
    """A moment to the second; filters ask by whole days."""

    asked = "days"
    grid_width = 126

    def _read(self, typed: Any) -> datetime:
        if not isinstance(typed, datetime):
            try:
                typed = datetime.fromisoformat(half_width(str(typed)).strip())
            except ValueError:
                raise Unreadable("请按年月日时分填写，例如2026-03-01 09:30") from None
        try:
            at: datetime = (typed if typed.tzinfo else typed.replace(tzinfo=SHANGHAI)).astimezone(UTC)
        except OverflowError:
            at = datetime.min.replace(tzinfo=UTC)
        if not 1900 <= at.year <= 2199:
            raise Unreadable("日期应在1900年至2199年之间，请核对")
        return at

    def raw(self, value: Any) -> str:
        return str(value.astimezone(UTC).isoformat())

    def _parsed(self, raw: str) -> datetime:
        return datetime.fromisoformat(raw)

    def text(self, value: Shown) -> str:
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else super().text(value)

    def test(self, wanted: Any) -> Test:
        first, last = map(_bound, bounds_of(wanted))
        return _Within(
            self,
            None if first is None else day_begins(first).astimezone(UTC),
            None if last is None else day_is_over(last).astimezone(UTC),
        )

    def hint(self) -> str:
        return "例如2026-03-01 09:30"

    def _is_same(self, now: Any, before: Any) -> bool:
        # A cell holds no parts of a second.
        return bool(now.replace(microsecond=0) == before.replace(microsecond=0))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


class _Within(Between):
    """Moments from the first to before the last; no index is walked for them."""

    def clause(self, column: Any) -> Any:
        return super().clause(unwalked(column))

    def _below(self, value: Any) -> Any:
        return value < self.high


def _bound(value: Any) -> date | None:
    if value in ("", None):
        return None
    if isinstance(value, date):
        return value
    try:
        return parse_day(str(value))
    except BadText:
        raise Rejected("筛选条件中的日期不正确，请重新填写") from None
