"""The client of the civil affairs records, which answers in our words (row 12)."""

from integrations.civil_affairs.contract import (
    GUARDIANS,
    HOUSEHOLD,
    MARRIAGE,
    CivilReply,
    GuardianReply,
    HouseholdReply,
    MarriageReply,
)
from integrations.wire.client import SystemClient, about, given
from integrations.wire.contract import answer_of
from models.normal import normal_id_no
from services.ports.answers import Answer
from services.ports.civil_affairs import Guardian, Household, Marriage


class CivilRecordsClient(SystemClient):
    """Asks the civil affairs records over HTTP; an answer about another person counts as none."""

    source = "民政信息"

    def marriage_of(self, id_no: str) -> Answer[Marriage]:
        """The marriage register's present entry about a person."""

        def found(said: MarriageReply) -> Marriage | None:
            return answer_of(Marriage, given(said.entry)) if _is_about(said, id_no) else None

        return self._ask(MARRIAGE, found, personNo=id_no)

    def guardians_of(self, id_no: str) -> Answer[tuple[Guardian, ...]]:
        """The guardians of a person."""

        def found(said: GuardianReply) -> tuple[Guardian, ...] | None:
            return tuple(answer_of(Guardian, one) for one in said.entries) if _is_about(said, id_no) else None

        return self._ask(GUARDIANS, found, personNo=id_no)

    def household_of(self, id_no: str) -> Answer[Household]:
        """The household a person belongs to."""

        def found(said: HouseholdReply) -> Household | None:
            return answer_of(Household, given(said.entry)) if _is_about(said, id_no) else None

        return self._ask(HOUSEHOLD, found, personNo=id_no)


def _is_about(said: CivilReply, id_no: str) -> bool:
    """Return whether there is an entry, and about the person asked for."""
    about(normal_id_no(said.person_no) == normal_id_no(id_no))
    return said.code == "FOUND"
