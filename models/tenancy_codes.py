"""Dictionaries of the lease and its filing (leasing 2.1, 3)."""

from models.codes import Code
from models.machines import Machine


class IdType(Code):
    ID_CARD = "11", "居民身份证"
    HOUSEHOLD = "12", "户口簿"
    MILITARY = "13", "军人身份证件"
    CN_PASSPORT = "14", "中国护照"
    HM_PERMIT = "21", "港澳居民来往内地通行证"
    HM_ID = "22", "香港／澳门身份证"
    TW_PERMIT = "23", "台湾居民来往大陆通行证"
    TW_TRAVEL = "24", "台湾旅行证"
    HMT_RESIDENCE = "25", "港澳台居民居住证"
    PASSPORT = "31", "外国护照"
    PR_CARD = "32", "外国人永久居留身份证"
    LICENCE = "51", "营业执照"
    LEGAL_PERSON = "52", "法人登记证书"
    ORG_CODE = "53", "组织机构代码证"
    REP_OFFICE = "54", "代表机构登记证"
    FOREIGN_REG = "55", "境外登记注册证明"


class PartyKind(Code):
    PERSON = "PERSON", "自然人"
    ORG = "ORG", "单位"


class Side(Code):
    LESSOR = "LESSOR", "出租人"
    LESSEE = "LESSEE", "承租人"
    OCCUPANT = "OCCUPANT", "共同居住人"


class AgentKind(Code):
    NONE = "NONE", "本人"
    STATUTORY = "STATUTORY", "法定代理"
    ENTRUSTED = "ENTRUSTED", "委托代理"


class LessorCapacity(Code):
    OWNER = "OWNER", "房地产权利人"
    CUSTODIAN = "CUSTODIAN", "代管人"
    PUBLIC_TENANT = "PUBLIC_TENANT", "公房承租人"
    OPERATOR = "OPERATOR", "经营企业"
    SUBLESSOR = "SUBLESSOR", "转租人"
    OTHER = "OTHER", "其他"


class LeaseMode(Code):
    WHOLE = "WHOLE", "整租"
    ROOM = "ROOM", "按间"
    N1 = "N1", "客厅隔间"
    BED = "BED", "按床位"


class DealKind(Code):
    SELF = "SELF", "自行成交"
    BROKER = "BROKER", "经纪居间"
    ENTERPRISE = "ENTERPRISE", "企业出租"
    SUBLET = "SUBLET", "个人转租"


class Channel(Code):
    YWTB = "YWTB", "一网通办"
    SSB = "SSB", "随申办"
    STREET = "STREET", "街镇窗口"
    DCOUNTER = "DCOUNTER", "区窗口"
    ENT = "ENT", "企业端"
    ASSOC = "ASSOC", "协会接口"
    DPLAT = "DPLAT", "区级平台"
    IPLAT = "IPLAT", "网络平台"
    BATCH = "BATCH", "导入"


class PayCycle(Code):
    MONTH = "MONTH", "按月"
    QUARTER = "QUARTER", "按季"
    HALF = "HALF", "按半年"
    YEAR = "YEAR", "按年"
    ONCE = "ONCE", "一次性"


class RentUnit(Code):
    MONTH = "MONTH", "元／月"
    DAY_AREA = "DAY_AREA", "元／日·㎡"
    BED_MONTH = "BED_MONTH", "元／床·月"


class Relation(Code):
    SPOUSE = "SPOUSE", "配偶"
    PARENT = "PARENT", "父母"
    CHILD = "CHILD", "子女"
    SIBLING = "SIBLING", "兄弟姐妹"
    GRANDPARENT = "GRANDPARENT", "祖孙"
    COLLEAGUE = "COLLEAGUE", "同事"
    FRIEND = "FRIEND", "朋友"
    OTHER = "OTHER", "其他"


FAMILY = frozenset({Relation.SPOUSE, Relation.PARENT, Relation.CHILD, Relation.GRANDPARENT})


class FeeItem(Code):
    WATER = "WATER", "水费"
    POWER = "POWER", "电费"
    GAS = "GAS", "燃气费"
    HEATING = "HEATING", "供热费"
    PROPERTY = "PROPERTY", "物业费"
    NETWORK = "NETWORK", "网络费"
    CABLE = "CABLE", "有线电视费"
    PARKING = "PARKING", "停车费"
    PHONE = "PHONE", "通讯费"
    OTHER = "OTHER", "其他费用"


class CancelReason(Code):
    EXPIRED = "EXPIRED", "到期自动失效"
    EARLY_BOTH = "EARLY_BOTH", "双方解约"
    EARLY_ONE = "EARLY_ONE", "单方申请"
    COURT = "COURT", "司法或仲裁文书"
    ERROR = "ERROR", "录入错误"
    HOUSE_SOLD = "HOUSE_SOLD", "产权变动"
    FALSE = "FALSE", "虚假撤销"
    REFILED = "REFILED", "重新备案替换"
    MOVE_OUT = "MOVE_OUT", "退租"


class FilingWay(Code):
    COMBINED = "COMBINED", "网签备案一体办理"
    FILING_ONLY = "FILING_ONLY", "仅备案"
    REFILE = "REFILE", "重新备案"
    FORCED = "FORCED", "强制核验"
    AUTO_MOVE_IN = "AUTO_MOVE_IN", "入住即备案"
    LEGACY = "LEGACY", "历史导入"


class ApplicantSide(Code):
    BOTH = "BOTH", "双方"
    LESSOR = "LESSOR", "出租人"
    LESSEE = "LESSEE", "承租人"
    ENTERPRISE = "ENTERPRISE", "住房租赁企业"
    BROKERAGE = "BROKERAGE", "经纪机构"


class LicenceState(Code):
    PENDING = "PENDING", "待推送", "info"
    PUSHED = "PUSHED", "已推送", "info"
    ISSUED = "ISSUED", "已制证", "good"
    FAILED = "FAILED", "制证失败", "bad"
    REVOKED = "REVOKED", "已撤销", "bad"


_ON_ITS_WAY = (LicenceState.PENDING, LicenceState.PUSHED, LicenceState.ISSUED, LicenceState.FAILED)

LICENCE = Machine(
    {
        "queue": dict.fromkeys(LicenceState, LicenceState.PENDING),
        "issue": dict.fromkeys(_ON_ITS_WAY, LicenceState.ISSUED),
        "fail": dict.fromkeys(_ON_ITS_WAY, LicenceState.FAILED),
        "revoke": dict.fromkeys(LicenceState, LicenceState.REVOKED),
    }
)


class ContractState(Code):
    DRAFT = "DRAFT", "草拟", "muted"
    CONFIRMED = "CONFIRMED", "双方已确认", "muted"
    SIGNED = "SIGNED", "已签署", "muted"
    EFFECTIVE = "EFFECTIVE", "已生效", "good"
    TERMINATED = "TERMINATED", "已终止", "muted"
    EXPIRED = "EXPIRED", "已到期", "muted"
    SUPERSEDED = "SUPERSEDED", "已被替代", "muted"
    VOID = "VOID", "已作废", "muted"


CONTRACT = Machine(
    {
        "confirm": {ContractState.DRAFT: ContractState.CONFIRMED},
        "change": {ContractState.DRAFT: ContractState.DRAFT, ContractState.CONFIRMED: ContractState.DRAFT},
        "sign": {ContractState.CONFIRMED: ContractState.SIGNED},
        # A returned lease is put right and confirmed anew.
        "reopen": {ContractState.SIGNED: ContractState.CONFIRMED},
        "take_effect": {ContractState.SIGNED: ContractState.EFFECTIVE},
        "void": {
            ContractState.DRAFT: ContractState.VOID,
            ContractState.CONFIRMED: ContractState.VOID,
            ContractState.SIGNED: ContractState.VOID,
        },
        "terminate": {
            ContractState.EFFECTIVE: ContractState.TERMINATED,
            ContractState.SIGNED: ContractState.TERMINATED,
        },
        "restore": {ContractState.TERMINATED: ContractState.EFFECTIVE},
        # A signed lease that was cancelled before it was filed.
        "restore_signed": {ContractState.TERMINATED: ContractState.SIGNED},
        "expire": {ContractState.EFFECTIVE: ContractState.EXPIRED},
        "supersede": {ContractState.EFFECTIVE: ContractState.SUPERSEDED},
    }
)


class FilingState(Code):
    ACTIVE = "ACTIVE", "有效", "good"
    EXPIRED = "EXPIRED", "已到期", "muted"
    CANCELLED = "CANCELLED", "已注销", "muted"
    REPLACED = "REPLACED", "已被替代", "muted"
    REVOKED = "REVOKED", "已撤销", "bad"
    FROZEN = "FROZEN", "已冻结", "bad"


FILING = Machine(
    {
        "cancel": {FilingState.ACTIVE: FilingState.CANCELLED},
        "restore": {FilingState.CANCELLED: FilingState.ACTIVE},
        "expire": {FilingState.ACTIVE: FilingState.EXPIRED},
        "replace": {FilingState.ACTIVE: FilingState.REPLACED},
        "revoke": {FilingState.ACTIVE: FilingState.REVOKED},
        "freeze": {FilingState.ACTIVE: FilingState.FROZEN},
        "unfreeze": {FilingState.FROZEN: FilingState.ACTIVE},
    }
)


class CaseState(Code):
    RECEIVED = "RECEIVED", "收件", "muted"
    CORRECTION = "CORRECTION", "待补正", "warn"
    ACCEPTED = "ACCEPTED", "已受理", "muted"
    CHECKING = "CHECKING", "核验中", "info"
    INTERCEPTED = "INTERCEPTED", "系统拦截", "warn"
    RETURNED = "RETURNED", "退件", "bad"
    REFUSED = "REFUSED", "不予受理", "bad"
    DONE = "DONE", "办结", "good"
    WITHDRAWN = "WITHDRAWN", "已撤回", "muted"
    CLOSED_TIMEOUT = "CLOSED_TIMEOUT", "逾期关闭", "muted"


OPEN_CASES = frozenset(
    {
        CaseState.RECEIVED,
        CaseState.CORRECTION,
        CaseState.ACCEPTED,
        CaseState.CHECKING,
        CaseState.INTERCEPTED,
    }
)

CASE = Machine(
    {
        "accept": {CaseState.RECEIVED: CaseState.ACCEPTED},
        "check": {CaseState.ACCEPTED: CaseState.CHECKING, CaseState.CHECKING: CaseState.CHECKING},
        "finish": {CaseState.CHECKING: CaseState.DONE, CaseState.ACCEPTED: CaseState.DONE},
        "intercept": {CaseState.CHECKING: CaseState.INTERCEPTED},
        "return": {CaseState.CHECKING: CaseState.RETURNED},
        # What stopped it is gone, and it is judged anew.
        "reopen": {CaseState.INTERCEPTED: CaseState.ACCEPTED},
        # Forced review: what was stopped is looked at by a person, and checked once more when he agrees.
        "resume": {CaseState.INTERCEPTED: CaseState.INTERCEPTED, CaseState.RETURNED: CaseState.INTERCEPTED},
        "review": {CaseState.INTERCEPTED: CaseState.CHECKING},
        "refuse_review": {CaseState.INTERCEPTED: CaseState.RETURNED},
        "withdraw": dict.fromkeys(OPEN_CASES, CaseState.WITHDRAWN),
    }
)


class Situation(Code):
    NEW = "NEW", "新增备案"
    CANCEL = "CANCEL", "注销备案"


class CancelMode(Code):
    BOTH = "BOTH", "双方"
    ONE = "ONE", "单方"
    COURT = "COURT", "司法文书"
    SYSTEM = "SYSTEM", "系统"


class CancelState(Code):
    SUBMITTED = "SUBMITTED", "已提交", "muted"
    NOTICE = "NOTICE", "告知对方中", "warn"
    APPROVED = "APPROVED", "已注销", "muted"
    REJECTED = "REJECTED", "未通过", "bad"
    RESTORED = "RESTORED", "已恢复", "info"


CANCEL = Machine(
    {
        "notify": {CancelState.SUBMITTED: CancelState.NOTICE},
        "approve": {CancelState.SUBMITTED: CancelState.APPROVED, CancelState.NOTICE: CancelState.APPROVED},
        "reject": {CancelState.SUBMITTED: CancelState.REJECTED, CancelState.NOTICE: CancelState.REJECTED},
        "restore": {CancelState.APPROVED: CancelState.RESTORED},
        "undo": {CancelState.REJECTED: CancelState.NOTICE},
    }
)
