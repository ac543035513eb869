"""The audit in words: what its codes are called on screen; the codes themselves stay in the event's text (security.md 6)."""

from models.access import Role
from services.catalogue.subjects import label_of
from services.engine.jobs import JOBS
from services.engine.registry import ACTIONS, QUERIES

EVENTS = {
    "AUTH.LOGIN": "登录",
    "AUTH.FAIL": "登录失败",
    "AUTH.LOCK": "账号锁定",
    "AUTH.LOGOUT": "退出登录",
    "AUTH.PWD": "口令变更",
    "AUTH.CERT": "证书绑定",
    "SESS.KICK": "会话终止",
    "AUTHZ.DENY": "越权被拒",
    "PII.READ": "查阅个人信息",
    "PII.UNMASK": "查看完整信息",
    "PII.EXPORT": "导出个人信息",
    "DATA.CREATE": "新增数据",
    "DATA.UPDATE": "修改数据",
    "DATA.DELETE": "删除数据",
    "DATA.STATE": "状态变更",
    "DATA.GRANT": "授予查阅",
    "DATA.ROWS": "记录版本登记",
    "DATA.REFUSED": "数据被拒收",
    "FILE.UPLOAD": "上传文件",
    "FILE.DOWNLOAD": "下载文件",
    "FILE.QUARANTINE": "文件隔离",
    "API.IN": "接口收到",
    "API.OUT": "接口发出",
    "API.REPLAY": "接口重放",
    "API.SIGFAIL": "接口验签失败",
    "ACL.CHANGE": "权限变更",
    "ACL.TAMPER": "权限被篡改",
    "KEY.ACTIVATE": "启用密钥",
    "KEY.ROTATE": "轮换密钥",
    "KEY.STATE": "密钥状态变更",
    "KEY.REWRITTEN": "密钥改写完成",
    "KEY.LOCAL": "使用本地密码模块",
    "KEY.OUTSIDE": "密钥服务异常",
    "CFG.CHANGE": "配置变更",
    "INTEGRITY.CHECK": "完整性检查",
    "INTEGRITY.FAIL": "完整性校验失败",
    "INTEGRITY.RELEASE": "解除锁定",
    "RELEASE.VERIFY": "程序验签",
    "DEV.LOGSIGN": "主机日志签名",
    "DEV.TAMPER": "主机日志被改动",
    "BACKUP.DONE": "备份完成",
    "BACKUP.FAIL": "备份失败",
    "BACKUP.PRUNE": "清除到期备份",
    "BACKUP.RESTORE": "恢复备份",
    "JOB.RUN": "后台任务",
    "ALARM": "告警",
    "TIME.JUMP": "时钟跳变",
    "AUDIT.CKPT": "签署检查点",
    "AUDIT.VERIFY": "核验审计链",
    "AUDIT.EXPORT": "导出审计",
    "AUDIT.HEARTBEAT": "审计心跳",
}

#: Events logged under another name than that of an action, a query or a job.
_ACTS = {
    "rows": "记录版本登记",
    "clock": "时钟监测",
    "upgrade": "数据库升级",
    "dead_letter": "发送失败转人工",
    "sign_in": "登录",
    "sign_out": "退出登录",
    "change_password": "修改口令",
    "rights.changed": "权限变更退出",
    "person.open": "核对证件",
    "record.open": "打开记录",
    "crypto.open": "打开密码服务",
    "integrity.lock": "锁定异常记录",
    "integrity.ended": "锁定随记录清除结束",
    "checks.keep": "留存核验结果",
    "licence.issue": "电子证照制证",
    "licence.revoke": "电子证照撤证",
    "cancel.notice": "注销告知",
    "direct_rent.ending": "直付终止通知",
    "papers.issue": "签发文书",
    "papers.replace": "更换文书",
    "papers.print.many": "批量打印",
    "expire": "到期失效",
    "rest": "可提交的行已提交",
    "practitioners.told": "告知协会",
    "practitioners.assoc_apply": "登记协会报送申请",
    "hold": "等待原卡注销",
    "overtake": "早于现有信息",
    "conflict": "与协会不一致",
    "access.adopt": "建立清单",
    "partners.enrol": "登记对接方",
    "companies.admit": "企业准入",
    "access.bootstrap": "初始化管理员",
    "demo.offices": "装载演示账号",
    "demo.firms": "装载演示企业",
    # Two acts that became one, accounts.change; what was done by them is still shown.
    "accounts.move": "调整单位或窗口",
    "accounts.set_end": "设置有效期",
    "demo.houses": "装载演示房屋",
    "demo.leases": "装载演示备案",
}

#: What an alarm is about; the other alarms are called as the event that raised them.
_ALARMS = {
    "ACL.ADMIN_BOUND": "管理员证书更换",
    "ACL.ADMIN_RESET": "管理员口令重置",
    "ACL.EXITED": "退出企业账号停用",
    "ACL.LAST_ADMIN": "管理员将缺位",
    "ACL.RESTORED": "权限清单恢复旧版",
    "ACL.UNSIGNED": "权限变更未签名",
    "AUDIT.BROKEN": "审计链校验失败",
    "AUDIT.COPY": "审计未写入第二存储",
    "AUDIT.SILENT": "审计心跳中断",
    "AUDIT.STOPPED": "业务写入暂停",
    "AUDIT.UNSIGNED": "审计检查点未签名",
    "AUTH.DORMANT": "休眠账号登录",
    "BACKUP.OVERDUE": "备份逾期",
    "DIRECTPAY.ACK": "直付确认超时",
    "DIRECTPAY.AMOUNT": "直付金额不符",
    "DIRECTPAY.NO_FUND": "公积金中心未登记",
    "DIRECTPAY.ORPHAN": "直付结果无账单",
    "DIRECTPAY.PUSH": "委托推送失败",
    "DIRECTPAY.RESTORED": "备案恢复而委托已终止",
    "DIRECTPAY.STUCK": "终止审核超时",
    "DIRECTPAY.TWICE": "账单重复支付",
    "DIRECTPAY.TWO_DECISIONS": "终止审核结果矛盾",
    "DIRECTPAY.TWO_MANDATES": "同一住户两份委托",
    "DIRECTPAY.UNKNOWN": "终止未对应委托",
    "DIRECTPAY.UNPAID": "连续未支付",
    "DIRECTPAY.WRONG_FIRM": "终止企业不符",
    "FILE.INFECTED": "文件染毒",
    "JOB.FAILED": "后台任务失败",
    "KEY.EXPIRY": "密钥将到期",
    "KEY.MISSING": "密钥缺失",
    "KEY.UNFIT": "轮换中记录校验不符",
    "OUTBOX.DEAD": "消息发送失败",
    "PARTNER.DEAD": "对接方消息发送失败",
    "PII.BURST": "集中查看个人信息",
    "REGISTRY.STALE": "法人库数据过期",
    "UPSTREAM.DOWN": "外部系统无应答",
}

#: What events are about beside tables.
_KINDS = {
    "unit": "机构",
    "audit": "审计",
    "catalogue": "数据编目",
    "release": "程序",
    "host": "主机",
    "system": "外部系统",
    "key": "密钥",
    "person": "当事人",
    "list": "清单",
    "evidence": "证据包",
    "decision": "核验结论",
}


def event_label(code: str) -> str:
    """Return the label of an event code, or the code itself."""
    return EVENTS.get(code, code)


def act_label(act: str) -> str:
    """Return what was done, by the name the buttons and jobs carry."""
    known = ACTIONS.get(act) or QUERIES.get(act) or JOBS.get(act)
    if known is not None:
        return known.label
    for names in (_ACTS, _ALARMS, EVENTS):
        if act in names:
            return names[act]
    steps = (action.label for action in ACTIONS.values() if action.step is not None and action.step.name == act)
    return next(steps, act)


def kind_label(kind: str) -> str:
    """Return the label of a table or another subject of events."""
    return label_of(kind, _KINDS.get(kind, kind))


def short_object(text: str) -> str:
    """Return a record by its kind and the end of its number, short enough for a list."""
    kind, _, number = text.partition(" ")
    return f"{kind_label(kind)} …{number[-8:]}" if len(number) > 12 else f"{kind_label(kind)} {number}".strip()


def roles_label(roles: str) -> str:
    """Return the labels of roles."""
    known = {str(role): role.label for role in Role}
    return "、".join(known.get(role, role) for role in roles.split(",") if role)
