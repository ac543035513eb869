"""Companies of the property market: groups, head companies, project companies, and what they are admitted by (market 2.1-2.6)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Stamped
from models.codes import Code
from models.columns import (
    calendar_year,
    code,
    computed,
    day,
    district,
    flag,
    integer,
    letters_key,
    loose_ref,
    moment,
    money,
    normal_key,
    percent,
    ref,
    sealed,
    sealed_json,
    text,
)
from models.machines import Machine
from models.records import ChildRow, InForce, Pact, grid_index
from models.sealed import Sealed


class RegistryStatus(Code):
    """Status of a company in the legal-person library."""

    EXISTING = "EXISTING", "存续", "good"
    DORMANT = "DORMANT", "歇业", "warn"
    LIQUIDATING = "LIQUIDATING", "清算", "bad"
    REVOKED = "REVOKED", "吊销", "bad"
    DEREGISTERED = "DEREGISTERED", "注销", "bad"
    MOVED_OUT = "MOVED_OUT", "迁出", "muted"


class Ownership(Code):
    STATE = "STATE", "国有"
    PRIVATE = "PRIVATE", "民营"
    FOREIGN = "FOREIGN", "外资"
    MIXED = "MIXED", "混合"


class Currency(Code):
    CNY = "CNY", "人民币"
    USD = "USD", "美元"
    HKD = "HKD", "港元"
    EUR = "EUR", "欧元"
    JPY = "JPY", "日元"
    GBP = "GBP", "英镑"
    SGD = "SGD", "新加坡元"


class District(Code):
    """The sixteen districts, for forms that ask which of them looks after a record."""

    HUANGPU = "310101", "黄浦区"
    XUHUI = "310104", "徐汇区"
    CHANGNING = "310105", "长宁区"
    JINGAN = "310106", "静安区"
    PUTUO = "310107", "普陀区"
    HONGKOU = "310109", "虹口区"
    YANGPU = "310110", "杨浦区"
    MINHANG = "310112", "闵行区"
    BAOSHAN = "310113", "宝山区"
    JIADING = "310114", "嘉定区"
    PUDONG = "310115", "浦东新区"
    JINSHAN = "310116", "金山区"
    SONGJIANG = "310117", "松江区"
    QINGPU = "310118", "青浦区"
    FENGXIAN = "310120", "奉贤区"
    CHONGMING = "310151", "崇明区"


class QualificationGrade(Code):
    FIRST = "FIRST", "一级"
    SECOND = "SECOND", "二级"
    NONE = "NONE", "无"


class HolderKind(Code):
    COMPANY = "COMPANY", "企业"
    PERSON = "PERSON", "自然人"
    FOREIGN = "FOREIGN", "境外主体"
    STATE = "STATE", "国家机关或国资机构"


class ContributionForm(Code):
    CASH = "CASH", "货币"
    KIND = "KIND", "实物"
    LAND = "LAND", "土地使用权"
    SHARES = "SHARES", "股权"
    OTHER = "OTHER", "其他"


class FinancingKind(Code):
    BANK_LOAN = "BANK_LOAN", "银行贷款"
    BOND = "BOND", "债券"
    TRUST = "TRUST", "信托"
    EQUITY_PLEDGE = "EQUITY_PLEDGE", "股权出质"
    WORKS_MORTGAGE = "WORKS_MORTGAGE", "在建工程抵押"
    LAND_MORTGAGE = "LAND_MORTGAGE", "土地抵押"
    CHATTEL_MORTGAGE = "CHATTEL_MORTGAGE", "动产抵押"
    GUARANTEE = "GUARANTEE", "对外担保"
    COURT_FREEZE = "COURT_FREEZE", "司法冻结"


class FinancingState(Code):
    ACTIVE = "ACTIVE", "存续", "good"
    REPAID = "REPAID", "已还清", "muted"
    OVERDUE = "OVERDUE", "逾期", "bad"
    RELEASED = "RELEASED", "已解除", "muted"


class AdmissionState(Code):
    NOT_ADMITTED = "NOT_ADMITTED", "未准入", "muted"
    ADMITTED = "ADMITTED", "已准入", "good"
    EXITING = "EXITING", "退出审核中", "warn"
    EXITED = "EXITED", "已退出", "muted"


#: Who was let go may be admitted again under the number he had.
ADMISSION = Machine(
    {
        "admit": {
            AdmissionState.NOT_ADMITTED: AdmissionState.ADMITTED,
            AdmissionState.EXITED: AdmissionState.ADMITTED,
        },
        "begin_exit": {AdmissionState.ADMITTED: AdmissionState.EXITING},
        "stay": {AdmissionState.EXITING: AdmissionState.ADMITTED},
        "exit": {
            AdmissionState.ADMITTED: AdmissionState.EXITED,
            AdmissionState.EXITING: AdmissionState.EXITED,
        },
    }
)


class Registered(InForce):
    """Columns of a company that come from the company register (market 2.1)."""

    name: str = text("企业名称", max=200, index=True)
    name_letters: str | None = letters_key("企业名称", "name")
    #: Compared where two are the same company: brackets, blanks and width do not make another one.
    name_key: str | None = normal_key("企业名称", max=220)
    uscc: str = text("统一社会信用代码", "", max=18, index=True, help="18位；境外主体没有的，填写境外登记号")
    #: The code (or foreign number) while the record is in force, so that two cannot be at once.
    live_key: str | None = normal_key("主体唯一标识", max=80)
    reg_place: str = text("注册地", max=120)
    legal_representative: Sealed = sealed("法定代表人", mask="name")
    established_on: date = day("成立日期")
    registry_status: RegistryStatus = code(RegistryStatus, "登记状态", index=True)
    ownership_type: Ownership = code(Ownership, "所有制")
    registered_capital: Decimal = money("注册资本")
    currency: Currency = code(Currency, "币种", Currency.CNY)
    paid_in_capital: Decimal | None = money("实缴资本", None, help="高于注册资本的，提交时请说明原因")


class GroupCompany(Registered, table=True):
    """集团公司: the group behind head companies; kept by the city, monitored, without accounts."""

    __table_args__ = (
        UniqueConstraint("live_key"),
        grid_index(
            "group_company",
            *("registry_status", "ownership_type", "in_city_list", "registered_capital", "uscc", "name"),
        ),
    )

    foreign_id: str = text("境外登记号", "", max=60, help="境外集团没有统一社会信用代码时填写")
    listed_codes: str = text("上市代码", "", max=120)
    in_city_list: bool = flag("纳入名录")


class Managed(Registered):
    """A company that is admitted, has accounts and may be let go (market 2.2, 2.3)."""

    uscc: str = text("统一社会信用代码", max=18, index=True)
    listed_codes: str = text("上市代码", "", max=120)
    qualification_grade: QualificationGrade = code(QualificationGrade, "资质等级")
    qualification_no: str = text("资质证书编号", "", max=60)
    qualification_valid_to: date | None = day("资质有效期至", None)
    contact_name: Sealed = sealed("联系人", mask="name")
    contact_phone: Sealed = sealed("联系电话", mask="phone")
    admission_state: AdmissionState = computed(
        code(AdmissionState, "准入状态", AdmissionState.NOT_ADMITTED, index=True)
    )
    admitted_on: date | None = computed(day("准入日期", None))
    exited_on: date | None = computed(day("退出日期", None))
    account_quota: int = computed(integer("账号名额", 20))


class HeadCompany(Managed, table=True):
    """总公司: the Shanghai head office of a developer."""

    __table_args__ = (
        UniqueConstraint("live_key"),
        grid_index(
            "head_company",
            *("reg_district", "admission_state", "registry_status", "qualification_grade", "group_company_id"),
            *("admitted_on", "uscc", "name"),
        ),
    )

    reg_district: District = code(District, "管理区")
    independent: bool = flag("无集团", False)
    group_company_id: UUID | None = ref("group_company", "所属集团", None)


class ProjectCompany(Managed, table=True):
    """项目公司: holds the land and develops the project. `head_company_id` is the head company responsible for it."""

    __table_args__ = (
        UniqueConstraint("live_key"),
        grid_index(
            "project_company",
            *("reg_district", "admission_state", "registry_status", "holding_ratio", "admitted_on", "uscc", "name"),
        ),
    )

    reg_district: District = code(District, "管理区")
    holding_ratio: Decimal = percent("总公司持股比例", positive=True)
    intended_parcel: str = text("拟开发地块", "", max=200)
    licensed_on: date | None = day("营业执照核发日期", None)
    filing_no: str = text("开发企业备案号", "", max=60)
    filed_on: date | None = day("备案日期", None)
    tech_staff_count: int | None = integer("专业技术人员数", None, unit="人")
    accountant_count: int | None = integer("会计人员数", None, unit="人")
    escrow_bank: str = text("资金监管银行", "", max=80)
    escrow_account: Sealed | None = sealed("资金监管账户", None, mask="acct")
    #: The head's holding when the land was won: SUB-16 goes by it.
    ratio_at_award: Decimal | None = percent("取得土地时持股比例", None)


class Shareholder(ChildRow):
    """股东, as registered (market 2.4)."""

    holder_kind: HolderKind = code(HolderKind, "股东类别")
    name: Sealed = sealed("股东名称", mask="party")
    uscc: str = text("股东信用代码", "", max=18)
    id_type: str = text("证件类型", "", max=20)
    id_no: Sealed | None = sealed("证件号码", None, mask="id")
    subscribed_amount: Decimal = money("认缴出资")
    paid_amount: Decimal | None = money("实缴出资", None)
    ratio: Decimal = percent("持股比例", positive=True)
    subscribe_due_on: date | None = day("认缴期限", None)
    contribution_form: ContributionForm | None = code(ContributionForm, "出资方式", None)


class Financing(ChildRow):
    """融资: loans, bonds, pledges, guarantees (market 2.4)."""

    financing_kind: FinancingKind = code(FinancingKind, "融资类别")
    counterparty: Sealed = sealed("对方", mask="party")
    contract_no: str = text("合同编号", max=60)
    amount: Decimal = money("金额", positive=True)
    rate: Decimal | None = percent("年利率", None)
    start_on: date = day("起始日期")
    due_on: date | None = day("到期日期", None)
    collateral: str = text("担保物", "", max=200)
    share: Decimal | None = percent("出质或冻结股权比例", None)
    financing_state: FinancingState = code(FinancingState, "状态", FinancingState.ACTIVE)
    source: str = text("来源", "", max=40)


class Indicator(ChildRow):
    """财务指标 of a year, from which SUB-13 takes the three red lines."""

    year: int = calendar_year("年度")
    total_assets: Decimal = money("总资产")
    liabilities: Decimal = money("总负债")
    advance_receipts: Decimal | None = money("预收款", None)
    interest_debt: Decimal | None = money("有息负债", None)
    cash: Decimal | None = money("货币资金", None)
    short_debt: Decimal | None = money("短期有息负债", None)
    equity: Decimal | None = money("净资产", None, negative=True)


class GroupShareholder(Shareholder, table=True):
    """Shareholders of a group."""


class HeadShareholder(Shareholder, table=True):
    """Shareholders of a head company."""


class ProjectShareholder(Shareholder, table=True):
    """Shareholders of a project company."""


class GroupFinancing(Financing, table=True):
    """Financing of a group."""


class HeadFinancing(Financing, table=True):
    """Financing of a head company."""


class ProjectFinancing(Financing, table=True):
    """Financing of a project company."""


class GroupIndicator(Indicator, table=True):
    """Figures of a group."""


class HeadIndicator(Indicator, table=True):
    """Figures of a head company."""


class ProjectIndicator(Indicator, table=True):
    """Figures of a project company."""


class ExitReason(Code):
    DELIVERED = "DELIVERED", "项目全部交付"
    DEREGISTERED = "DEREGISTERED", "注销"
    TRANSFERRED = "TRANSFERRED", "转让"
    EXPELLED = "EXPELLED", "违规清退"
    OTHER = "OTHER", "其他"


class Exit(InForce):
    """退出: why a company leaves the list of the managed; takes effect with its approval (market 2.5)."""

    company_name: str = text("企业名称", max=200)
    company_name_letters: str | None = letters_key("企业名称", "company_name")
    exit_reason: ExitReason = code(ExitReason, "退出原因")
    statement: str = text("退出情况", max=500, help="项目、欠款、合同等如何了结；请勿填写个人信息")
    override_reason: str = computed(text("准予例外的依据", "", max=500))


class HeadExit(Exit, table=True):
    __table_args__ = (grid_index("head_exit", "exit_reason", "company_name"),)


class ProjectExit(Exit, table=True):
    __table_args__ = (grid_index("project_exit", "exit_reason", "company_name"),)


class SubjectKind(Code):
    ADMISSION = "ADMISSION", "准入"
    EXIT = "EXIT", "退出"


class Initiator(Code):
    """Side that began an application (market 2.5); on the public form it is the head company itself."""

    AUTHORITY = "AUTHORITY", "业务部门"
    HEAD_COMPANY = "HEAD_COMPANY", "总公司"
    SELF = "SELF", "企业自行申请"


class SubjectApplication(Pact, table=True):
    """The agreement of authority and head company before a project company's admission or exit is reviewed (row 53).

    `open_key` is the credit code while it is open, so that only one can be; `record_id` the record under review.
    """

    kind: SubjectKind = code(SubjectKind, "申请类别")
    uscc: str = text("统一社会信用代码", max=18, index=True)
    company_name: str = text("企业名称", max=200)
    company_name_letters: str | None = letters_key("企业名称", "company_name")
    open_key: str | None = text("在途标识", None, max=40, unique=True)
    district_code: str = district("管理区", index=True)
    head_company_id: UUID = loose_ref("总公司")
    project_company_id: UUID | None = loose_ref("项目公司", None)
    record_id: UUID = loose_ref("办理记录")
    revision_id: UUID = loose_ref("办理版本")
    holding_ratio: Decimal | None = percent("总公司持股比例", None)
    intended_parcel: str = text("拟开发地块", "", max=200)
    #: Why the initiator accepts what the rules warn of, by rule code.
    reasons: Sealed | None = sealed_json("提示项说明", None)
    #: The content that was sent: another one is not confirmed. Once agreed, code, holding and parcel hold to the end.
    content_digest: str = text("内容摘要", "", max=64)


class ExitOverride(Stamped, table=True):
    """The city's permission for one exit of a project company although something of SUB-20 is open."""

    project_company_id: UUID = loose_ref("项目公司")
    district_code: str = district("管理区", index=True)
    head_company_id: UUID = loose_ref("总公司")
    reason: str = text("依据", max=500)
    given_by: UUID | None = loose_ref("准予人", None, index=False)
    given_at: datetime = moment("准予时间")
    used_at: datetime | None = moment("使用时间", None)


class PublicApplication(Stamped, table=True):
    """Receipt of an application on the public page, by which the visitor returns (row 52, decision 10)."""

    receipt_no: str = text("申请号", max=32, unique=True)
    #: Digest of the code given to the visitor once; with the number it opens the standing of his application.
    code_digest: str = text("查询码摘要", max=64)
    record_id: UUID = loose_ref("办理记录")
    revision_id: UUID = loose_ref("办理版本")
    told: Sealed | None = sealed_json("回执", None)
    applied_at: datetime = moment("申请时间")
