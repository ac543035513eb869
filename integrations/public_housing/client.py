"""The client of the public-housing system, which answers in our words."""

from integrations.public_housing.contract import CERTIFICATE, TENANT, Certificate, CertificateReply, TenantReply
from integrations.wire.client import SystemClient, given
from integrations.wire.contract import answer_of
from models.house import HouseCategory, ProofKind
from services.ports.answers import Answer, PublicTenancy, Title


class PublicHousingClient(SystemClient):
    """Asks the public-housing system over HTTP."""

    source = "公房系统"

    def tenancy_of(self, cert_no: str) -> Answer[PublicTenancy]:
        """The tenancy of a certificate, also when the certificate is no longer valid."""

        def found(said: CertificateReply) -> PublicTenancy | None:
            return None if said.code == "NOT_FOUND" else _tenancy(given(said.certificate))

        return self._ask(CERTIFICATE, found, at=lambda tenancy: tenancy.title.as_of, rentCertNo=cert_no)

    def tenancies_of_person(self, id_no: str) -> Answer[tuple[PublicTenancy, ...]]:
        """Every public tenancy a person holds or held; MISS when there never was one."""

        def found(said: TenantReply) -> tuple[PublicTenancy, ...] | None:
            return tuple(_tenancy(each) for each in said.certificates) or None

        return self._ask(TENANT, found, cardNo=id_no)


def _tenancy(certificate: Certificate) -> PublicTenancy:
    title = answer_of(
        Title,
        certificate,
        **certificate.premises.model_dump(),
        category=HouseCategory.PUBLIC.value,
        proof_kind=ProofKind.A4.value,
        share_kind="SOLE",
        holders=(certificate.holder.model_dump(),),
        last_transfer_on=certificate.holder.since or certificate.registered_on,
    )
    return answer_of(PublicTenancy, certificate, title=title, valid=certificate.status == "VALID")
