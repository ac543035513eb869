"""Badges of the states that tenancy pages show."""

from nicegui.elements.mixins.text_element import TextElement

STATE_TONES = {
    "有效": "good",
    "有效（未起租）": "good",
    "已生效": "good",
    "办结": "good",
    "已注销": "muted",
    "已到期": "muted",
    "告知对方中": "warn",
    "系统拦截": "warn",
    "核验中": "info",
    "待补正": "warn",
    "退件": "bad",
    "未通过": "bad",
    "已冻结": "bad",
    "已撤销": "bad",
    "已恢复": "info",
    "发送失败": "bad",
}


def badge(text: str, tone: str = "") -> None:
    tone = tone or next((tone for state, tone in STATE_TONES.items() if text.startswith(state)), "muted")
    TextElement(tag="span", text=text).classes(f"sf-badge sf-{tone}")
