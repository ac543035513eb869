"""Failed rules that a person may waive, by office (row 11; leasing 4.2, 4.7)."""

from collections.abc import Iterable, Sequence

from services.engine.findings import Finding, Judgement, Severity
from services.tenancy.review_materials import materials_for

#: Asked for where a rule names no material of its own.
EXPLANATION = "情况说明"
#: May be forced by the catalogue, but the part is held by another filing: it is freed by cancelling that one first.
BY_CANCELLING_FIRST = frozenset({"F01"})
#: Facts that an authority has noted against the house or a party; a community service centre does not set them aside.
DISTRICT_ONLY = frozenset({"H04", "H07", "H08", "H17", "P11"})
#: Never waived, but whether the note still holds is a question a community service centre may put to the district.
ASKED_OF_DISTRICT = frozenset({"H05", "H06"})


def stops_of(judgement: Judgement) -> list[Finding]:
    """The findings that stop a case, one for each rule."""
    first: dict[str, Finding] = {}
    for finding in judgement.stopping:
        known = first.get(finding.code)
        if known is None or (known.forceable and not finding.forceable):
            first[finding.code] = finding
    return list(first.values())


def may_be_waived(finding: Finding) -> bool:
    return finding.forceable and finding.code not in BY_CANCELLING_FIRST


def hard_stops(stops: Iterable[Finding]) -> list[Finding]:
    """The findings among these that no review can set aside; a silent source is none of them."""
    return [one for one in stops if one.severity is not Severity.PENDING and not may_be_waived(one)]


def waivable(codes: Iterable[str]) -> frozenset[str]:
    """The rules among these that a reviewer may waive."""
    return frozenset(codes) - BY_CANCELLING_FIRST - ASKED_OF_DISTRICT


def for_district(codes: Iterable[str]) -> Sequence[str]:
    """The rules among these that only the district may decide."""
    return sorted(frozenset(codes) & (DISTRICT_ONLY | ASKED_OF_DISTRICT))


def of_rule(code: str) -> tuple[str, ...]:
    """Return the materials that speak to a rule."""
    return materials_for(code) or (EXPLANATION,)
