"""Rules of a link: who may link whom where, dates, links that are there already, one main link at a time (row 50)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.engine.findings import Finding


@dataclass(frozen=True)
class Span:
    """A link in a street with its days, both included."""

    street: str
    main: bool
    valid_from: date
    valid_to: date | None

    def meets(self, other: "Span") -> bool:
        """Tell whether both count on some day."""
        begins = max(self.valid_from, other.valid_from)
        return all(end is None or end >= begins for end in (self.valid_to, other.valid_to))


@dataclass(frozen=True)
class Administrator:
    """An administrator of links; the district is empty for the city, whose administrators link everywhere."""

    district_code: str = ""

    def reaches(self, street: str) -> bool:
        return not self.district_code or street.startswith(self.district_code)


def faults_of(span: Span, others: Iterable[Span], by: Administrator) -> Iterator[Finding]:
    """Yield what is wrong with a link, beside the links of the same user."""
    if span.valid_to is not None and span.valid_to < span.valid_from:
        yield Finding("DATE_ORDER", "失效日期不能早于生效日期", "valid_to")
    if not by.reaches(span.street):
        yield Finding("ADMIN_SCOPE", "只能关联本区的街镇，其他区的街镇请该区或市级管理员办理", "street_code")
    meeting = [one for one in others if one.meets(span)]
    if any(one.street == span.street for one in meeting):
        yield Finding("DUP_LINK", "该用户在同一期间已关联这个街镇", "street_code")
    elif span.main and any(one.main for one in meeting):
        yield Finding("TWO_PRIMARIES", "该用户在同一期间已有主关联，只能有一个", "main")
