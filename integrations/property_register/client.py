"""The client of the property register, which answers in our words."""

from integrations.property_register.contract import PERSON, TITLE, PersonReply, TitleReply
from integrations.property_register.land_contract import LAND, LandReply
from integrations.property_register.project_certificate import CERTIFICATE, CertificateReply
from integrations.wire.client import Missed, SystemClient, about, given
from integrations.wire.contract import answer_of
from models.normal import normal_cert_no
from services.ports.answers import Answer, Title, TitleQuestion
from services.ports.land import LandContract
from services.ports.permits import RealtyPaper

SEVERAL_FLATS = "多户"


class PropertyRegisterClient(SystemClient):
    """Asks the property register over HTTP."""

    source = "不动产登记"

    def title_of(self, question: TitleQuestion) -> Answer[Title]:
        """The title of a number, old or new form; MISS with note 多户 when the room must be named."""
        return self._ask(TITLE, _title, at=lambda title: title.as_of, bdcqzh=question.cert_no, sh=question.room_no)

    def titles_of_person(self, id_no: str) -> Answer[tuple[Title, ...]]:
        """Every title a person holds or held; MISS when there never was one."""

        def found(said: PersonReply) -> tuple[Title, ...] | None:
            return tuple(answer_of(Title, each) for each in said.bdcdy) or None

        return self._ask(PERSON, found, zjh=id_no)

    def land_contract(self, contract_no: str) -> Answer[LandContract]:
        """A land contract by its number."""
        return self._land(htbh=contract_no)

    def land_contract_of_parcel(self, parcel_no: str) -> Answer[LandContract]:
        """The land contract of a parcel."""
        return self._land(dkbh=parcel_no)

    def project_certificate(self, cert_no: str) -> Answer[RealtyPaper]:
        """A certificate of a company's land or estate; an answer about another number is no answer."""
        wanted = normal_cert_no(cert_no)

        def found(said: CertificateReply) -> RealtyPaper | None:
            if said.fhdm == "0001":
                return None
            paper = given(said.bdcqz)
            about(normal_cert_no(paper.cert_no) == wanted)
            return paper.told()

        return self._ask(CERTIFICATE, found, bdcqzh=wanted)

    def _land(self, **asked: str) -> Answer[LandContract]:
        return self._ask(LAND, _land_contract, at=lambda contract: contract.as_of, source="土地出让合同", **asked)


def _title(said: TitleReply) -> Title | None:
    if said.fhdm == "0002":
        raise Missed(SEVERAL_FLATS)
    return None if said.fhdm == "0001" else answer_of(Title, given(said.bdcdy))


def _land_contract(said: LandReply) -> LandContract | None:
    if said.fhdm == "0001":
        return None
    contract = given(said.crht)
    return answer_of(LandContract, contract, ring=contract.hx or "")
