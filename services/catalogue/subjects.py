"""Descriptions of tables for the data catalogue: label, keeper, source, sharing, level and purpose."""

from dataclasses import dataclass
from functools import partial

from models.codes import Code
from services.engine.kinds import KINDS


class Sharing(Code):
    OPEN = "OPEN", "无条件共享"
    ASKED = "ASKED", "有条件共享"
    NONE = "NONE", "不予共享"


LEASING = "市住房租赁管理事务中心"
BUREAU = "市房屋管理局"
SYSTEM = "系统管理员"
SECURITY = "安全管理员"
AUDIT = "审计管理员"

COUNTER = "窗口受理"
MADE = "系统生成"
REGISTER = "不动产登记库"
FIRMS = "企业申报"
ASSOCIATION = "经纪行业协会"
PLATFORMS = "区级长租公寓平台"
ADMINISTRATORS = "管理员登记"
HOSTS = "服务器采集"
DECLARED = "市场主体申报"
MARKET = "房地产市场"


@dataclass(frozen=True)
class Subject:
    """A table. `level` is that of its plain columns, `payload` that of its encrypted texts (security.md 1.3)."""

    label: str
    purpose: str
    area: str
    owner: str
    source: str
    sharing: Sharing
    level: int
    payload: int = 3
    sensitive: bool = False
    important: bool = False


_leasing = partial(Subject, area="住房租赁", owner=LEASING, source=COUNTER, sharing=Sharing.ASKED, level=3)
_houses = partial(Subject, area="房屋与企业", owner=BUREAU, source=REGISTER, sharing=Sharing.ASKED, level=2)
_rights = partial(
    Subject,
    area="账号与权限",
    owner=SECURITY,
    source=ADMINISTRATORS,
    sharing=Sharing.NONE,
    level=4,
    payload=4,
)
_personal = partial(Subject, area="个人信息保护", owner=SECURITY, source=MADE, sharing=Sharing.NONE, level=3)
_engine = partial(Subject, area="系统运行", owner=SYSTEM, source=MADE, sharing=Sharing.NONE, level=2)
_proof = partial(Subject, area="审计与完整性", owner=AUDIT, source=MADE, sharing=Sharing.NONE, level=4)
_market = partial(
    Subject,
    area=MARKET,
    owner=BUREAU,
    source=DECLARED,
    sharing=Sharing.ASKED,
    level=2,
    payload=4,
    sensitive=True,
)


#: The label of a table that is not described yet; the build fails while there is one.
UNDESCRIBED = Subject("（未登记）", "", "未登记", "", "", Sharing.NONE, 4, 4, sensitive=True)

SUBJECTS: dict[str, Subject] = {
    # Leasing
    "lease_contract": _leasing("租赁合同", "网签备案"),
    "contract_party": _leasing("合同当事人", "核验身份、通知当事人", payload=4, sensitive=True),
    "confirmation": _leasing("当事人确认", "证明双方当面确认", payload=4, sensitive=True),
    "gov_case": _leasing("办件", "受理与办理过程"),
    "lease_filing": _leasing("租赁备案", "备案登记与查询"),
    "filing_part": _leasing("备案占用部位", "防止同一部位重复备案", level=2, source=MADE),
    "check_run": _leasing("核验批次", "留存核验依据", payload=4, source=MADE, sensitive=True),
    "check_item": _leasing("核验结果", "留存逐条核验结论", payload=4, source=MADE, sensitive=True),
    "cancel_apply": _leasing("注销申请", "注销备案", payload=4, sensitive=True),
    "papers_request": _leasing("凭文书查询申请", "继承人、法院查询合同", payload=4, sensitive=True),
    "filing_query": _leasing("备案查询记录", "留存查询人与用途", payload=4, sensitive=True),
    "issued_document": _leasing("电子文书", "签发、补打与核验", source=MADE),
    "print_log": _leasing("打印记录", "留存补打情况", level=2, source=MADE, sharing=Sharing.NONE),
    "attachment": _leasing("附件材料", "留存申请材料", payload=4, sensitive=True, sharing=Sharing.NONE),
    "credit_entry": _leasing("失信与黑名单", "租赁风险提示", level=3, payload=4, source="诚信平台", sensitive=True),
    "pilot_scope": _leasing("直付试点范围", "公积金直付租金", level=2, source="市房屋管理局、公积金中心"),
    "entrustment": _leasing("直付委托", "公积金直付租金", level=3, payload=4, source="公积金中心", sensitive=True),
    "rent_bill": _leasing("直付账单", "公积金直付租金", level=3, source=FIRMS),
    "payment_result": _leasing("直付支付结果", "公积金直付租金", level=3, source="公积金中心"),
    "payment_termination": _leasing("直付终止", "公积金直付租金", level=3, source="公积金中心、企业"),
    "termination_decision": _leasing("直付终止审核", "公积金直付租金", level=3, source="公积金中心"),
    "filing_ending": _leasing("备案终止台账", "向公积金中心提供终止数据", level=2, source=MADE),
    "broker_batch": _leasing("协会报送批次", "协会会员合同报送备案", level=2, source=ASSOCIATION),
    "broker_push": _leasing("协会报送件", "协会会员合同报送备案", level=2, source=ASSOCIATION),
    "push_reason": _leasing("报送核验原因", "答复报送方", level=2, source=MADE),
    "check_in": _leasing("入住信息", "入住即备案", level=2, payload=4, source=PLATFORMS, sensitive=True),
    "move_out": _leasing("退租信息", "退租注销备案", level=2, source=PLATFORMS),
    "occupied_list": _leasing("在住清单", "核对在住与备案", level=2, source=PLATFORMS),
    "stay_difference": _leasing("在住与备案差异", "核对在住与备案", level=2, source=MADE),
    "rent_reference": _leasing("租金参考价", "租金偏离提示", level=2, source=MADE, sharing=Sharing.OPEN),
    # Houses and firms
    "house": _houses("房屋", "核验房源"),
    "house_room": _houses("房间", "核验出租部位"),
    "house_owner": _houses("房屋权利人", "核验出租人", level=3, sensitive=True),
    "house_restriction": _houses("房屋限制", "核验查封、抵押等限制", level=3),
    "address_cut": _houses("坐落检索字", "检索坐落", source=MADE),
    "enterprise": _houses("企业", "核验企业资格", source="法人库"),
    "enterprise_key": _houses("企业密钥", "核验企业电子印章", source=FIRMS, level=3),
    "info_card": _houses("从业人员信息卡", "核验从业人员", source=FIRMS, level=3, payload=4, sensitive=True),
    "practitioner": _houses("从业人员", "从业信息卡申办与公示", source=FIRMS, level=3, payload=4, sensitive=True),
    "portrait": _houses("从业人员照片", "制作和展示信息卡", source=FIRMS, level=3, sensitive=True),
    "card_apply": _houses("信息卡申请", "信息卡申办、变更与注销", source=FIRMS, level=3, payload=4, sensitive=True),
    "card_task": _houses("信息卡待办", "处理在用信息卡的异常", source=MADE, level=2, payload=4),
    "association_event": _houses(
        "协会事件", "与诚信平台互报信息卡的登记与注销", source=ASSOCIATION, level=3, payload=4, sensitive=True
    ),
    "brand": _houses("企业简称与图标", "企业实名信息公示", source=FIRMS),
    "import_session": _houses("导入批次", "成批导入与改正", source=FIRMS, level=2, payload=4),
    "imported_line": _houses("导入行", "成批导入与改正", source=FIRMS, level=3, payload=4, sensitive=True),
    "central_project": _houses("集中式租赁项目", "核验集中式房源", source=FIRMS),
    "central_room": _houses("集中式房间", "核验集中式房源", source=FIRMS),
    "price_filing": _houses("租金备案", "租金偏离提示", source=FIRMS),
    # The property market; tables of kinds say it in their declarations
    "revision": _market("管理记录的版本", "房地产市场监管：填报、审核与变更历史"),
    "revision_step": _market("管理记录的办理步骤", "房地产市场监管：审核责任认定"),
    "revision_file": _market("管理记录的附件引用", "房地产市场监管：附件随版本留存"),
    "task_delegation": _market("待办委托", "外出期间待办由同事代办"),
    "subject_application": _market("准入退出协同申请", "房地产市场监管：业务部门与总公司双方确认"),
    "exit_override": _market("例外退出准予", "房地产市场监管：市级准予例外退出的依据"),
    "public_application": _market("准入公开申请", "房地产市场监管：总公司在公开页面申请准入"),
    "parcel_head_link": _market("地块与总公司关联", "房地产市场监管：业务部门与总公司双方确认土地归属"),
    "parcel_project_link": _market("地块与项目公司关联", "房地产市场监管：总公司指派、项目公司确认"),
    "parcel_link_step": _market("地块关联办理过程", "房地产市场监管：双方确认留痕"),
    "project_handover": _market("项目公司变更", "房地产市场监管：项目转让后变更开发主体"),
    "alert": _market("预警", "房地产市场监管：风险预警与处置"),
    "alert_action": _market("预警办理过程", "房地产市场监管：预警处置留痕"),
    "company_watch": _market("企业监测状态", "房地产市场监管：登记信息更新情况"),
    "company_snapshot": _market("企业登记信息快照", "房地产市场监管：比对登记信息变化"),
    "company_change": _market("企业登记信息变更", "房地产市场监管：发现登记信息变化"),
    # Accounts and rights
    "org_unit": _rights("机构", "受理单位与办公信息", owner=SYSTEM, sharing=Sharing.OPEN, level=1, payload=3),
    "account": _rights("账号", "登录与责任认定", owner=SYSTEM),
    "old_password": _rights("历史口令", "防止重复使用口令", source=MADE, owner=SYSTEM),
    "account_role": _rights("角色授权", "访问控制"),
    "sign_in_session": _rights("登录会话", "会话控制", level=3, source=MADE, owner=SYSTEM),
    "address_failure": _rights("登录失败计数", "限制猜测口令", level=3, source=MADE, owner=SYSTEM),
    "record_grant": _rights("记录授权", "窗口精确匹配后的当日授权", level=3, source=MADE),
    "person_grant": _rights("证件授权", "窗口读取证件后的当日授权", level=3, source=MADE),
    "access_change": _rights("权限变更", "访问控制信息完整性", source=MADE),
    "access_list": _rights("签名的访问控制清单", "访问控制信息完整性", source=MADE),
    "delegation_policy": _rights("委托开户策略", "限定谁可开户及名额"),
    "certificate_binding": _rights("证书绑定", "证书与账号绑定"),
    "spent_token": _rights("已用的一次性凭据", "防止登录凭据重放", level=3, source=MADE, owner=SYSTEM),
    "reauthentication": _rights("口令复核", "查看完整信息前复核口令", level=3, source=MADE, owner=SYSTEM),
    # Privacy
    "reveal": _personal("查看完整信息记录", "限额与追责"),
    "person_access": _personal("个人信息查看记录", "答复当事人谁看过其信息"),
    "export_request": _personal("导出申请", "导出审批与追责", source=COUNTER, payload=4, sensitive=True),
    "file_piece": _personal("导出文件的密文块", "大文件分块加密存储", payload=4, sensitive=True),
    # Engine
    "parameter": _engine("业务参数", "规则阈值", level=2),
    "number_counter": _engine("号段计数", "编号"),
    "outgoing": _engine("待发报文", "向外部系统推送", payload=4),
    "exchange_log": _engine("对接日志", "追溯与外部系统的往来", level=3),
    "job_lease": _engine("任务租约", "后台任务互斥"),
    "answered_request": _engine("已应答请求", "同一请求只办一次", payload=4),
    "draft": _engine("草稿", "暂存填写内容", payload=4),
    "saved_filter": _engine("常用查询", "保存列表的查询条件", payload=3),
    "list_layout": _engine("列表列设置", "保存列表的列、顺序和宽度", level=1),
    "notice": _engine("消息", "办理提醒", payload=3),
    "clock_shift": _engine("业务时钟", "演示与测试移动日期", level=1),
    "alarm": _engine("告警", "安全与运行告警", level=3),
    # Partners
    "partner": _rights("对接方", "对接系统的身份与接口权限", level=3),
    "partner_key": _rights("对接方公钥", "核验对接报文签名、加密应答", level=3),
    "partner_change": _rights("对接方变更申请", "对接方登记须两名管理员办理", level=3),
    "partner_nonce": _engine("对接请求随机数", "防止报文重放"),
    "partner_rate": _engine("对接请求限速", "限制请求频率", level=1),
    "partner_reply": _engine("对接请求应答", "同一请求只办一次", payload=4),
    "partner_exchange": _engine("签名交换日志", "追溯与对接方的往来并留存凭据", level=3, payload=4, owner=LEASING),
    # Audit and integrity
    "audit_event": _proof("审计事件", "安全审计"),
    "audit_head": _proof("审计链头", "审计完整性"),
    "audit_checkpoint": _proof("审计检查点", "审计完整性"),
    "integrity_fault": _proof("完整性异常", "被篡改记录的锁定与处理", level=3, owner=SECURITY),
    "key_record": _proof("密钥台账", "密钥生命周期", owner=SECURITY),
    "key_rotation": _proof("密钥更换", "密钥生命周期", owner=SECURITY),
    # Operations
    "backup": _engine("备份记录", "备份与恢复", level=3),
    "device_manifest": _engine("设备日志清单", "服务器日志与访问控制基线完整性", level=3, owner=AUDIT),
    "erasure": _engine("清除记录", "证明到期数据已清除", level=2, owner=SECURITY),
    "flow_report": _engine("数据流转周报", "数据流转监测", level=2, owner=SECURITY),
    "watch_mark": _engine("监测进度", "告警规则读取进度", level=1),
}


def subjects() -> dict[str, Subject]:
    """All of them, with the tables of kinds and of their lists, which say themselves what they are kept for."""
    return SUBJECTS | _of_kinds()


def subject_of(table: str) -> Subject:
    """Return the description of a table, or `UNDESCRIBED`."""
    return SUBJECTS.get(table) or _of_kinds().get(table, UNDESCRIBED)


def label_of(table: str, otherwise: str = "") -> str:
    """Return the label of a table, or `otherwise`, or its name."""
    found = subject_of(table)
    return (otherwise or table) if found is UNDESCRIBED else found.label


def _of_kinds() -> dict[str, Subject]:
    found: dict[str, Subject] = {}
    for kind in KINDS.values():
        purpose = kind.look.purpose or f"房地产市场监管：{kind.label}"
        found[str(kind.table.__tablename__)] = _market(kind.label, purpose)
        for child in kind.children:
            found[str(child.table.__tablename__)] = _market(f"{kind.label}：{child.label}", purpose)
    return found
