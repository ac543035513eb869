"""Clear columns that look personal, each with a reason; a missing one fails the build (security.md D23)."""

import re
from pathlib import Path

import sqlalchemy as sa

from models.columns import CodeType, UtcMoment
from models.own_data import read_rows
from models.sealed import SealedType

_LABELS = re.compile(
    "姓名|证件|身份|手机|电话|地址|住址|坐落|账号|账户|卡号|邮箱|联系|出生|生日|性别|民族|户籍|籍贯|照片|指纹|人脸|签名(?!密钥)|签章"
    "|说明|备注|理由|意见|处理结果|处置结果"
    "|权利人|申请人|当事人|代理人|受托|委托人|法人|法定代表|负责人|经办|查询人|申领|承租|出租人|居住人|共有|配偶|监护|继承|病|学历|工资|收入"
)
_NAMES = re.compile(
    r"(?:^|_)(?:name|names|id_no|idno|id_card|passport|mobile|phone|tel|email|mail|address|account|acct|bank|card_no|birth|birthday"
    r"|gender|sex|nation|photo|portrait|face|fingerprint|signature(?!_key)|owner|holder|landlord|lessor|lessee|tenant|resident|occupant"
    r"|applicant|requester|agent|contact|person|persons|party|spouse|legal_person|guardian|heir|salary|income|education)(?:_|$)"
)
#: A reference, a code, yes or no, a number of pieces, a moment: whatever its name, it can hold nothing of a person.
_HARMLESS = (sa.Uuid, CodeType, sa.Boolean, sa.BigInteger, UtcMoment)

#: Columns whose name or label sounds personal and whose content is not, each with why.
NOT_PERSONAL = {row["column"]: row["reason"] for row in read_rows(Path(__file__).with_name("not_personal.csv"))}


def sounds_personal(name: str, label: str) -> bool:
    """Return whether a column's English name or Chinese label is one that personal data would have."""
    return bool(_NAMES.search(name) or _LABELS.search(label))


def protected(column: "sa.Column[object]") -> bool:
    """Return whether a column is encrypted, or the keyed hash of one that is."""
    return isinstance(column.type, SealedType) or bool(column.info.get("index_of")) or "f1" in _label(column)


def unregistered(metadata: sa.MetaData) -> list[str]:
    """Columns that sound personal, are kept in clear, and have no reason here."""
    return sorted(
        f"{table.name}.{column.name}（{_label(column)}）"
        for table in metadata.tables.values()
        for column in table.columns
        if not isinstance(column.type, _HARMLESS)
        and not protected(column)
        and sounds_personal(column.name, _label(column))
        and f"{table.name}.{column.name}" not in NOT_PERSONAL
    )


def outlived(metadata: sa.MetaData) -> list[str]:
    """Reasons whose column is gone or is protected by now."""
    there = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if not protected(column)
    }
    return sorted(set(NOT_PERSONAL) - there)


def unreasoned(metadata: sa.MetaData) -> list[str]:
    """Plain JSON columns without the reason decision 15 asks for."""
    return sorted(
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.JSON) and not column.info.get("reason")
    )


def _label(column: "sa.Column[object]") -> str:
    return str(column.info.get("label", ""))
