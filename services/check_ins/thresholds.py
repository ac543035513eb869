"""The thresholds of row 14."""

from services.engine.thresholds import Threshold, declare

declare(
    Threshold("check_ins.clock_minutes", "入住时间允许超前", "15", "分钟", "业务约定", least=0),
    Threshold("check_ins.late_days", "入住后报送期限", "3", "天", "业务约定"),
    Threshold("check_ins.start_ahead_days", "入住时租期最多晚多少天起算", "30", "天", "业务约定", least=0),
    Threshold("check_ins.wait_hours", "等待原住户退租", "24", "小时", "业务约定"),
)
