"""Enterprises, keys, prices and credit the rules read (decision 26)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from models.base import Placed, Row
from models.codes import Code
from models.columns import blind_index, code, day, flag, letters_key, loose_ref, money, ref, sealed, text
from models.sealed import Sealed


class EnterpriseKind(Code):
    RENTAL = "RENTAL", "住房租赁企业"
    BROKERAGE = "BROKERAGE", "房地产经纪机构"
    INFO_PLATFORM = "INFO_PLATFORM", "网络信息平台"
    OPERATOR = "OPERATOR", "运营机构"


class RecordState(Code):
    NONE = "NONE", "未备案", "muted"
    RECORDED = "RECORDED", "已备案", "good"
    CHANGED = "CHANGED", "变更中", "info"
    CANCELLED = "CANCELLED", "已注销", "muted"


#: On record: a change under way leaves the record in force.
RECORDED = frozenset({RecordState.RECORDED, RecordState.CHANGED})


class ServiceState(Code):
    NORMAL = "NORMAL", "正常", "good"
    SUSPENDED = "SUSPENDED", "暂停网签", "bad"


class KeyState(Code):
    VALID = "VALID", "有效", "good"
    EXPIRED = "EXPIRED", "已过期", "muted"
    LOST = "LOST", "已挂失", "bad"
    REVOKED = "REVOKED", "已吊销", "muted"


class Enterprise(Placed, table=True):
    """A firm on the platform."""

    __table_args__ = ({"info": {"public_columns": ("record_state", "service_state")}},)

    public_mac: str | None = text("公开核验校验值", None, max=80)
    name: str = text("企业名称", max=100, index=True)
    name_letters: str | None = letters_key("企业名称", "name", max=100)
    kind: EnterpriseKind = code(EnterpriseKind, "企业类别")
    uscc: str = text("统一社会信用代码", max=18, unique=True)
    scope_ok: bool = flag("经营范围含住房租赁或房地产经纪", True)
    record_no: str = text("备案证书编号", "", max=40)
    record_state: RecordState = code(RecordState, "备案状态")
    service_state: ServiceState = code(ServiceState, "服务状态", ServiceState.NORMAL)
    supervised_account: Sealed | None = sealed("资金监管账户", None, domain="acct", mask="acct")
    supervised_account_index: str | None = blind_index("资金监管账户")
    supervised_bank: str = text("资金监管银行", "", max=60)
    #: Approved by the district and in force (row 38); the picture is in `brand`.
    short_name: str = text("企业简称", "", max=12, index=True)
    brand_id: UUID | None = loose_ref("企业图标", None, index=False)
    recorded_on: date | None = day("备案日期", None)


class EnterpriseKey(Row, table=True):
    """A key with which a firm signs in and signs."""

    enterprise_id: UUID = ref("enterprise", "企业", owner=True)
    serial: str = text("密钥序列号", max=60)
    valid_from: date = day("生效日期")
    valid_to: date = day("失效日期")
    state: KeyState = code(KeyState, "状态")

    def counts_on(self, day: date) -> bool:
        """Return whether the key is valid on a day."""
        return self.state is KeyState.VALID and self.valid_from <= day <= self.valid_to


class PriceFiling(Row, table=True):
    """The filed price of a room or suite of an affordable project."""

    project_id: UUID = ref("central_project", "项目", owner=True)
    room_no: str = text("房号", "", max=40)
    month_price: Decimal = money("备案月租金")
    valid_from: date = day("生效日期")
    valid_to: date | None = day("失效日期", None)


class RentReference(Row, table=True):
    """The reference rent of a street, yuan per square metre and month."""

    street_code: str = text("街镇", max=9, index=True)
    month_price: Decimal = money("每平方米月租金")
    valid_from: date = day("生效日期")


class CreditEntry(Row, table=True):
    """A person or firm on the sham-lease or fund-fraud list."""

    id_no: Sealed = sealed("证件号码", domain="id_no", mask="id")
    id_no_index: str | None = blind_index("证件号码")
    kind: str = text("类别", max=40)
    since: date = day("自")
    until: date | None = day("至", None)
