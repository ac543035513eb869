"""The dated parameters of operations: when a burst is an alarm, and how long one of them is counted."""

from services.engine.thresholds import Threshold, declare

_SOURCE = "安全监测"

declare(
    Threshold("watch.locks", "账号锁定告警次数", "5", "次", _SOURCE),
    Threshold("watch.lock_minutes", "账号锁定统计时长", "15", "分钟", _SOURCE),
    Threshold("watch.replays", "重放请求告警次数", "10", "次", _SOURCE),
    Threshold("watch.replay_minutes", "重放请求统计时长", "10", "分钟", _SOURCE),
    Threshold("watch.bad_signatures", "验签失败告警次数", "10", "次", _SOURCE),
    Threshold("watch.bad_signature_minutes", "验签失败统计时长", "10", "分钟", _SOURCE),
    Threshold("watch.unmasks", "大量查看完整信息告警次数", "30", "次", _SOURCE),
    Threshold("watch.exports", "大量导出告警次数", "5", "次", _SOURCE),
    Threshold("watch.mass_minutes", "大量查看与导出统计时长", "60", "分钟", _SOURCE),
    Threshold("watch.denials", "越权尝试告警次数", "20", "次", _SOURCE),
    Threshold("watch.denial_minutes", "越权尝试统计时长", "10", "分钟", _SOURCE),
    Threshold("watch.key_days", "密钥到期提前告警", "30", "天", _SOURCE),
    Threshold("backup.overdue_hours", "备份逾期告警", "26", "小时", _SOURCE),
)
