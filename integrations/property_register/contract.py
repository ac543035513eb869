"""The property register's messages: our names, and its own field names (initials of its Chinese columns) as aliases."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import Answering, Asking, BeijingTime, Coded, EchoId, Endpoint, Long, Reply, Short

#: 返回代码: found, no such title, one certificate over several flats.
Fhdm = Literal["0000", "0001", "0002"]
#: Their codes with our words, beside this file.
CODES = Coded.beside(__file__)
Fwlb = Annotated[str, CODES["house_category"]]
Zmlx = Annotated[str, CODES["proof_kind"]]
Gyfs = Annotated[str, CODES["share_kind"]]
Fjlx = Annotated[str, CODES["room_kind"]]
Xzlx = Annotated[str, CODES["restriction_kind"]]

Area = Annotated[Decimal, Field(max_digits=14, decimal_places=4)]
Share = Annotated[Decimal, Field(ge=0, le=1000, max_digits=9, decimal_places=4)]
DocumentNo = Annotated[str, Field(max_length=40)]


class TitleQuery(Asking):
    """单元查询: by certificate number, and the room where one certificate covers several flats."""

    request_id: EchoId = Field(alias="qqbh")
    bdcqzh: Annotated[str, Field(min_length=1, max_length=80)]
    sh: Short = ""


class PersonQuery(Asking):
    """人查: every title a document number holds or held."""

    request_id: EchoId = Field(alias="qqbh")
    zjh: Annotated[str, Field(min_length=1, max_length=40)]


class Qlr(Reply):
    """权利人."""

    name: Short = Field(alias="qlrmc")
    id_type: Annotated[str, Field(pattern=r"^\d{2}$")] = Field(alias="zjzl")
    id_no: DocumentNo = Field(alias="zjh")
    share: Share = Field(alias="qlbl")
    since: date | None = Field(None, alias="qssj")
    until: date | None = Field(None, alias="zzsj")


class Fj(Reply):
    """房间."""

    label: Annotated[str, Field(max_length=20)] = Field(alias="fjh")
    kind: Fjlx = Field(alias="fjlx")
    usable_area: Area = Field(alias="symj")
    as_designed: bool = Field(alias="yssj")


class Xz(Reply):
    """限制."""

    kind: Xzlx = Field(alias="xzlx")
    source: Short = Field(alias="xzly")
    since: date | None = Field(None, alias="qsrq")
    until: date | None = Field(None, alias="zzrq")


class Bdcdy(Reply):
    """不动产单元."""

    cert_no: Annotated[str, Field(min_length=1, max_length=80)] = Field(alias="bdcqzh")
    unit_no: Annotated[str, Field(max_length=28)] = Field(alias="bdcdyh")
    house_code: Annotated[str, Field(min_length=1, max_length=32)] = Field(alias="fwbm")
    category: Fwlb = Field(alias="fwlb")
    proof_kind: Zmlx = Field(alias="zmlx")
    district_code: Annotated[str, Field(pattern=r"^\d{6}$")] = Field(alias="qxdm")
    street_code: Annotated[str, Field(pattern=r"^\d{9}$")] = Field(alias="jzdm")
    committee: Short = Field(alias="jcw")
    road: Short = Field(alias="lm")
    lane: Short = Field(alias="ld")
    building: Short = Field(alias="zh")
    room_no: Short = Field(alias="sh")
    address: Long = Field(alias="zl")
    build_area: Area = Field(alias="jzmj")
    inner_area: Area | None = Field(alias="tnmj")
    design_use: Short = Field(alias="ghyt")
    structure: Short = Field(alias="jg")
    layout: Short = Field(alias="hx")
    floor_no: Annotated[int, Field(ge=-20, le=300)] | None = Field(alias="szc")
    floor_total: Annotated[int, Field(ge=0, le=300)] | None = Field(alias="zcs")
    share_kind: Gyfs = Field(alias="gyfs")
    registered_on: date | None = Field(alias="djrq")
    ended_on: date | None = Field(alias="zxrq")
    last_transfer_on: date | None = Field(alias="zjzyrq")
    holders: Annotated[tuple[Qlr, ...], Field(max_length=200)] = Field(alias="qlr")
    former_holders: Annotated[tuple[Qlr, ...], Field(max_length=200)] = Field(alias="lsqlr")
    rooms: Annotated[tuple[Fj, ...], Field(max_length=200)] = Field(alias="fj")
    restrictions: Annotated[tuple[Xz, ...], Field(max_length=100)] = Field(alias="xz")
    mandates: Annotated[tuple[DocumentNo, ...], Field(max_length=200)] = Field(alias="wtjy")
    mortgaged: bool = Field(alias="dybz")
    conversion_approved: bool = Field(alias="gjpz")
    as_of: BeijingTime = Field(alias="gxsj")


class RegisterReply(Answering):
    """应答."""

    request_id: EchoId = Field(alias="qqbh")
    fhdm: Fhdm
    data_time: BeijingTime = Field(alias="sjsj")


class TitleReply(RegisterReply):
    """单元查询应答."""

    bdcdy: Bdcdy | None = None


class PersonReply(RegisterReply):
    """人查应答."""

    bdcdy: Annotated[tuple[Bdcdy, ...], Field(max_length=1000)] = ()


TITLE = Endpoint("/bdc/v2/dycx", TitleQuery, TitleReply)
PERSON = Endpoint("/bdc/v2/rcx", PersonQuery, PersonReply)
