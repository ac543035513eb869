"""Colours of the states of sessions and rows."""

from models.codes import Tone

SESSION_TONES: dict[str, Tone] = {
    "读取中": "info",
    "待对应表头": "warn",
    "待提交": "warn",
    "提交中": "info",
    "已暂停": "warn",
    "已完成": "good",
    "已取消": "muted",
    "已撤销": "muted",
    "文件未通过检查": "bad",
}
ROW_TONES: dict[str, Tone] = {
    "待改正": "bad",
    "可提交": "info",
    "已提交": "good",
    "不再提交": "muted",
    "已撤销": "muted",
}
VERDICT_TONES: dict[str, Tone] = {"可导入": "good", "可导入，有提示": "warn", "不能导入": "bad"}
LEVEL_TONES = {"错误": "bad", "提示": "warn", "已整理": "muted"}
