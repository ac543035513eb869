"""The client of the legal-person library, which answers in our words."""

from collections.abc import Callable

from integrations.legal_entities.contract import ENTITY, FULL, EntityFull, EntityReply, FullReply
from integrations.wire.client import SystemClient, about, given
from integrations.wire.contract import answer_of
from models.normal import normal_id_no
from services.ports.answers import Answer, LegalEntity
from services.ports.registry import CompanyProfile


class LegalEntitiesClient(SystemClient):
    """Asks the legal-person library over HTTP."""

    source = "法人库"

    def entity_of(self, uscc: str) -> Answer[LegalEntity]:
        """Return the body with this credit code, in any state."""

        def found(said: EntityReply) -> LegalEntity | None:
            return answer_of(LegalEntity, given(said.entity)) if said.total else None

        return self._ask(ENTITY, found, uniScId=uscc)

    def profile_of(self, uscc: str) -> Answer[CompanyProfile]:
        """A company in full by its credit code; an answer about another code is none."""
        code = normal_id_no(uscc)
        return self._full(code, "", lambda found: normal_id_no(found.uscc) == code)

    def profile_named(self, name: str) -> Answer[CompanyProfile]:
        """Return the profile of an exact name; several bodies of one name count as none."""
        return self._full("", name.strip(), lambda found: True)

    def _full(self, uscc: str, name: str, fits: Callable[[EntityFull], bool]) -> Answer[CompanyProfile]:
        def found(said: FullReply) -> CompanyProfile | None:
            profile = company_in_full(said)
            about(profile is None or fits(given(said.entity)))
            return profile

        return self._ask(FULL, found, uniScId=uscc, entName=name)


def company_in_full(said: FullReply) -> CompanyProfile | None:
    """Return the company of a reply; none unless there is exactly one."""
    return answer_of(CompanyProfile, given(said.entity), as_of=said.data_time) if said.total == 1 else None
