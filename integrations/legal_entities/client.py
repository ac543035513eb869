"""The client of the legal-person library, which answers in our words."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from integrations.legal_entities.contract import (
    ENTITY_PATH,
    FULL_PATH,
    EntityFull,
    EntityReply,
    EntityRequest,
    FullReply,
    FullRequest,
    RegState,
)
from integrations.wire.client import DEFAULT_TIMEOUT, Asked, NoAnswer, Timeout, Wire
from integrations.wire.outbound import Outside
from models.normal import normal_id_no
from services.ports.answers import Answer, LegalEntity, hit, miss
from services.ports.registry import (
    BadListing,
    CompanyProfile,
    EquityFreeze,
    EquityPledge,
    RegisteredChange,
    RegisteredHolder,
)

SOURCE = "法人库"
Fits = Callable[[EntityFull], bool]

_STATUS: Mapping[RegState, str] = {
    "A": "存续",
    "B": "注销",
    "C": "吊销",
    "D": "迁出",
    "E": "撤销",
    "F": "歇业",
    "G": "清算",
}
_HOLDER = {"1": "COMPANY", "2": "PERSON", "3": "FOREIGN", "4": "STATE"}
_LISTING = {"1": "ABNORMAL", "2": "GRAVE"}
_WAN = Decimal(10_000)
_FEN = Decimal("0.01")


class LegalEntitiesClient:
    """Asks the legal-person library over HTTP."""

    def __init__(
        self,
        url: str,
        outside: Outside,
        timeout: Timeout = DEFAULT_TIMEOUT,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._wire = Wire(SOURCE, url, outside, timeout, headers=headers)

    def entity_of(self, uscc: str) -> Answer[LegalEntity]:
        """Return the body with this credit code, in any state."""

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

    def profile_of(self, uscc: str) -> Answer[CompanyProfile]:
        """A company in full by its credit code; an answer about another code is none."""
        code = normal_id_no(uscc)
        return self._full(code, "", lambda found: normal_id_no(found.uniScId) == code)

    def profile_named(self, name: str) -> Answer[CompanyProfile]:
        """Return the profile of an exact name; several bodies of one name count as none."""
        return self._full("", name.strip(), lambda found: True)

    def _full(self, uscc: str, name: str, fits: Fits) -> Answer[CompanyProfile]:
        return self._wire.ask(
            FULL_PATH,
            lambda request_id: FullRequest(reqSn=request_id, uniScId=uscc, entName=name),
            FullReply,
            lambda said, asked: understood_in_full(said, asked, fits),
        )

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()


def understood_in_full(said: FullReply, asked: Asked, fits: Fits) -> Answer[CompanyProfile]:
    """Return a company that fits what was asked, or none; an answer to another question is no answer."""
    asked.check(said.reqSn)
    if said.total != 1:
        return miss(SOURCE, said.libTime, asked.milliseconds)
    if said.entity is None:
        raise NoAnswer("应答缺少内容")
    if not fits(said.entity):
        raise NoAnswer("应答与所问不符")
    return hit(SOURCE, _profile(said.entity, said), said.libTime, asked.milliseconds)


def _profile(found: EntityFull, said: FullReply) -> CompanyProfile:
    return CompanyProfile(
        uscc=found.uniScId,
        name=found.entName,
        status=_STATUS[found.regState],
        company_type=found.entType,
        legal_rep=found.leRep,
        registered_capital=_yuan(found.regCap),
        currency=found.regCapCur,
        paid_in_capital=_yuan(found.recCap),
        established_on=found.estDate,
        address=found.dom,
        scope=found.opScope,
        actual_controller=found.actCtrl,
        holders=tuple(
            RegisteredHolder(
                name=one.inv,
                kind=_HOLDER[one.invType],
                ratio=one.subConProp,
                uscc=normal_id_no(one.uniScId),
                id_type=one.cerType,
                id_no=normal_id_no(one.cerNo),
                subscribed=_yuan(one.subConAm) or Decimal(0),
                paid=_yuan(one.acConAm),
                due_on=one.conDate,
                form=one.conForm,
            )
            for one in found.investors
        ),
        changes=tuple(
            RegisteredChange(one.altNo, one.altItem, one.altBe, one.altAf, one.altDate, one.decDate, one.pubDate)
            for one in found.alterations
        ),
        pledges=tuple(
            EquityPledge(one.regNo, one.pledgor, one.pledgee, _yuan(one.pledAm) or Decimal(0), one.regDate, one.canDate)
            for one in found.pledges
        ),
        freezes=tuple(
            EquityFreeze(one.exeNo, one.inv, one.court, _yuan(one.froAm) or Decimal(0), one.froFrom, one.thawDate)
            for one in found.freezes
        ),
        listings=tuple(BadListing(_LISTING[one.listType], one.reason, one.addDate, one.remDate) for one in found.lists),
        as_of=said.libTime,
    )


def _yuan(wan: Decimal | None) -> Decimal | None:
    """Return what they count in 万元."""
    return None if wan is None else (wan * _WAN).quantize(_FEN)
