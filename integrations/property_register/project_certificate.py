"""Messages of the register about certificates of companies' land and estates: our names, its own as aliases (row 64)."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import Answering, Asking, BeijingTime, EchoId, Endpoint, Long, Reply, Short
from services.ports.permits import RealtyPaper

SquareMetres = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
CertNo = Annotated[str, Field(min_length=1, max_length=60)]
CreditCode = Annotated[str, Field(min_length=1, max_length=18)]


class CertificateQuery(Asking):
    """证书查询: by the certificate's number."""

    request_id: EchoId = Field(alias="qqbh")
    bdcqzh: CertNo


class Gyr(Reply):
    """共有人."""

    holder_name: Long = Field(alias="mc")
    holder_uscc: CreditCode = Field(alias="dm")
    share: Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)] | None = Field(None, alias="fe")


class Bdcqz(Reply):
    """不动产权证书."""

    kind: Literal["LAND", "MASTER"] = Field(alias="lb")
    cert_no: CertNo = Field(alias="bdcqzh")
    realty_unit_code: Annotated[str, Field(max_length=28)] = Field(alias="bdcdyh")
    holder: Long = Field(alias="qlr")
    holder_uscc: CreditCode = Field(alias="qlrdm")
    co_ownership: Literal["SOLE", "JOINT", "SHARED"] = Field("SOLE", alias="gyqk")
    location: Long = Field(alias="zl")
    right_type: Literal["LAND", "HOUSE"] = Field(alias="qllx")
    right_nature: Short = Field(alias="qlxz")
    land_use: Short = Field("", alias="tdyt")
    parcel_area: SquareMetres = Field(alias="zdmj")
    building_area: SquareMetres | None = Field(None, alias="jzmj")
    use_term_from: date = Field(alias="syqq")
    use_term_to: date = Field(alias="syqz")
    land_no: Short = Field("", alias="dh")
    registered_on: date = Field(alias="djrq")
    holders: Annotated[tuple[Gyr, ...], Field(max_length=20)] = Field((), alias="gyr")
    mortgaged: bool = Field(alias="dybz")
    sealed: bool = Field(alias="cfbz")
    replaced_by: Annotated[str, Field(max_length=60)] = Field("", alias="xzh")

    def told(self) -> RealtyPaper:
        """Return the certificate by the names of our form, and mortgage and seal."""
        apart = {"holders", "mortgaged", "sealed", "replaced_by"}
        values = {name: value for name, value in self.model_dump(exclude=apart).items() if value not in (None, "")}
        return RealtyPaper(
            self.cert_no,
            self.holder_uscc,
            values,
            {"holders": [one.model_dump(exclude_none=True) for one in self.holders]},
            frozenset(one.holder_uscc for one in self.holders),
            mortgaged=self.mortgaged,
            sealed=self.sealed,
            replaced_by=self.replaced_by,
        )


class CertificateReply(Answering):
    """证书查询应答."""

    request_id: EchoId = Field(alias="qqbh")
    fhdm: Literal["0000", "0001"]
    data_time: BeijingTime = Field(alias="sjsj")
    bdcqz: Bdcqz | None = None


CERTIFICATE = Endpoint("/bdc/v2/zscx", CertificateQuery, CertificateReply)
