"""Filings of the house, the parts they occupy, and until when."""

from datetime import date, timedelta

from models.tenancy_codes import FilingState
from services.tenancy.filing_facts import FilingFacts, OtherFiling
from services.tenancy.predicates import number_of, overlap, parts_meet

_IN_FORCE = frozenset({FilingState.ACTIVE, FilingState.FROZEN})


def replaced(facts: FilingFacts) -> OtherFiling | None:
    """Return the filing that this one replaces: named by the form, of the same landlords and a tenant in common.

    Another party's number has no effect: the filing it names keeps its part.
    """
    form = facts.form
    if not form.previous_filing_no:
        return None
    lessors = {number_of(party.id_no) for party in form.lessors}
    lessees = {number_of(party.id_no) for party in form.lessees}
    for filing in facts.filings:
        if (
            filing.filing_no == form.previous_filing_no
            and filing.state in (FilingState.ACTIVE, FilingState.EXPIRED)
            and parts_meet(filing.parts, form.parts)
            and {number_of(number) for number in filing.lessor_ids} == lessors
            and {number_of(number) for number in filing.lessee_ids} & lessees
        ):
            return filing
    return None


def held_until(filing: OtherFiling, today: date) -> date | None:
    """The last day a filing keeps its part, or nothing when it keeps it no longer.

    A cancelled one frees its part on the day the lease ends, so that the next may begin on that day (C08).
    """
    if filing.state in _IN_FORCE:
        return min(filing.valid_to, filing.ended_on or filing.valid_to)
    if filing.state is FilingState.CANCELLED and filing.ended_on is not None and filing.ended_on > today:
        return min(filing.valid_to, filing.ended_on - timedelta(days=1))
    return None


def holding_during(facts: FilingFacts) -> list[OtherFiling]:
    """Return the filings of the house that occupy a part on a day of the lease; an unknown term counts as today."""
    start, end = facts.form.start or facts.today, facts.form.end or facts.form.start or facts.today
    own = replaced(facts)
    found = []
    for filing in facts.filings:
        until = held_until(filing, facts.today)
        if filing is not own and until is not None and overlap(start, end, filing.valid_from, until):
            found.append(filing)
    return found
