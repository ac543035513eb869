"""What the legal-person library tells, put into our words."""

from collections.abc import Mapping

from integrations.legal_entities.contract import ENTITY_PATH, EntityReply, EntityRequest, RegState
from integrations.wire.client import DEFAULT_TIMEOUT, Asked, NoAnswer, Timeout, Wire
from services.engine.facts import Answer, hit, miss
from services.ports.answers import LegalEntity

SOURCE = "法人库"

_STATUS: Mapping[RegState, str] = {"A": "存续", "B": "注销", "C": "吊销", "D": "迁出", "E": "撤销"}


class LegalEntitiesClient:
    """Asks the legal-person library over HTTP."""

    def __init__(
        self, url: str, timeout: Timeout = DEFAULT_TIMEOUT, *, headers: Mapping[str, str] | None = None
    ) -> None:
        self._wire = Wire(SOURCE, url, timeout, headers=headers)

    def entity_of(self, uscc: str) -> Answer[LegalEntity]:
        """The body with this credit code, whatever its state."""

        def understood(said: EntityReply, asked: Asked) -> Answer[LegalEntity]:
            asked.check(said.reqSn)
            if said.total == 0:
                return miss(SOURCE, said.libTime, asked.milliseconds)
            if said.entity is None:
                raise NoAnswer("应答缺少内容")
            found = said.entity
            entity = LegalEntity(found.uniScId, found.entName, _STATUS[found.regState], found.leRep, found.opScope)
            return hit(SOURCE, entity, said.libTime, asked.milliseconds)

        return self._wire.ask(
            ENTITY_PATH, lambda request_id: EntityRequest(reqSn=request_id, uniScId=uscc), EntityReply, understood
        )

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()
