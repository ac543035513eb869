"""The property register's messages, in its own field names (initials of its Chinese column names)."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import BeijingTime, EchoId, Long, Question, Reply, Short

TITLE_PATH = "/bdc/v2/dycx"
PERSON_PATH = "/bdc/v2/rcx"

#: 返回代码: found, no such title, one certificate over several flats.
Fhdm = Literal["0000", "0001", "0002"]
#: 房屋类别.
Fwlb = Literal["01", "03", "04", "05", "06", "07", "08", "09", "99"]
#: 权属证明类型: certificate, advance notice, sales contract, resettlement, homestead, conversion approval.
Zmlx = Literal["CQZ", "YGZM", "SPFHT", "AZXY", "ZJD", "GJPW"]
#: 共有方式: alone, in common, by shares.
Gyfs = Literal["0", "1", "2"]
#: 房间类型.
Fjlx = Literal["WS", "KT", "CF", "WSJ", "YT", "CCS", "QT"]
#: 限制类型.
Xzlx = Literal["CF", "YY", "YG", "ZS", "WJ", "WF", "QZ", "ZC", "QT"]

Area = Annotated[Decimal, Field(max_digits=14, decimal_places=4)]
Share = Annotated[Decimal, Field(ge=0, le=1000, max_digits=9, decimal_places=4)]


class TitleQuery(Question):
    """单元查询: by certificate number, and the room where one certificate covers several flats."""

    qqbh: EchoId
    bdcqzh: Annotated[str, Field(min_length=1, max_length=80)]
    sh: Short = ""


class PersonQuery(Question):
    """人查: every title a document number holds or held."""

    qqbh: EchoId
    zjh: Annotated[str, Field(min_length=1, max_length=40)]


class Qlr(Reply):
    """权利人."""

    qlrmc: Short
    zjzl: Annotated[str, Field(pattern=r"^\d{2}$")]
    zjh: Annotated[str, Field(max_length=40)]
    qlbl: Share
    qssj: date | None = None
    zzsj: date | None = None


class Fj(Reply):
    """房间."""

    fjh: Annotated[str, Field(max_length=20)]
    fjlx: Fjlx
    symj: Area
    yssj: bool


class Xz(Reply):
    """限制."""

    xzlx: Xzlx
    xzly: Short
    qsrq: date | None = None
    zzrq: date | None = None


class Bdcdy(Reply):
    """不动产单元."""

    bdcqzh: Annotated[str, Field(min_length=1, max_length=80)]
    bdcdyh: Annotated[str, Field(max_length=28)]
    fwbm: Annotated[str, Field(min_length=1, max_length=32)]
    fwlb: Fwlb
    zmlx: Zmlx
    qxdm: Annotated[str, Field(pattern=r"^\d{6}$")]
    jzdm: Annotated[str, Field(pattern=r"^\d{9}$")]
    jcw: Short
    lm: Short
    ld: Short
    zh: Short
    sh: Short
    zl: Long
    jzmj: Area
    tnmj: Area | None
    ghyt: Short
    jg: Short
    hx: Short
    szc: Annotated[int, Field(ge=-20, le=300)] | None
    zcs: Annotated[int, Field(ge=0, le=300)] | None
    gyfs: Gyfs
    djrq: date | None
    zxrq: date | None
    zjzyrq: date | None
    qlr: Annotated[tuple[Qlr, ...], Field(max_length=200)]
    lsqlr: Annotated[tuple[Qlr, ...], Field(max_length=200)]
    fj: Annotated[tuple[Fj, ...], Field(max_length=200)]
    xz: Annotated[tuple[Xz, ...], Field(max_length=100)]
    wtjy: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=200)]
    dybz: bool
    gjpz: bool
    gxsj: BeijingTime


class TitleReply(Reply):
    """单元查询应答."""

    qqbh: EchoId
    fhdm: Fhdm
    sjsj: BeijingTime
    bdcdy: Bdcdy | None = None


class PersonReply(Reply):
    """人查应答."""

    qqbh: EchoId
    fhdm: Fhdm
    sjsj: BeijingTime
    bdcdy: Annotated[tuple[Bdcdy, ...], Field(max_length=1000)] = ()
