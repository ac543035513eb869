"""The dated parameters of direct rent (leasing 4.12, rows 17-22)."""

from services.engine.thresholds import Threshold, declare

TOLERANCE = "direct_pay.tolerance"
ACK_MINUTES = "direct_pay.ack_minutes"
STUCK_DAYS = "direct_pay.stuck_days"
UNPAID_RUN = "direct_pay.unpaid_run"
DELIVER_REJECTED = "direct_pay.deliver_rejected"
CLOSE_DAYS = "direct_pay.close_days"
SEND_DELAY = "direct_pay.send_delay_minutes"

declare(
    Threshold(TOLERANCE, "账单租金允许误差", "0.01", "元", "业务约定", "decimal"),
    Threshold(ACK_MINUTES, "企业确认时限", "30", "分钟", "业务约定"),
    Threshold(STUCK_DAYS, "终止申请未审核告警天数", "3", "天", "业务约定"),
    Threshold(UNPAID_RUN, "连续未支付提示期数", "3", "期", "业务约定"),
    Threshold(DELIVER_REJECTED, "不同意终止的结果也推送企业", "false", "", "业务约定", "flag"),
    Threshold(CLOSE_DAYS, "备案终止后委托保留天数", "31", "天", "业务约定"),
    Threshold(SEND_DELAY, "账单送出前可撤销分钟数", "0", "分钟", "业务约定", least=0),
)
