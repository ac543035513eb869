"""Answers to a scanned verification code on the day of the scan: its state and the home in public words (row 25, D5).

The page shows the code, the vague address and the publishing firm, never the owner of the home.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from models.verification_codes import CodeEnd, CodeState, ShelfState
from printing.verification_card import grouped
from services.public_check.answers import Standing, Verdict, chinese_day

#: The type of a verification code's token.
LISTING = "hv"

FORGED_CODE = Verdict(
    Standing.NOT_OURS,
    None,
    "未查询到这个房源核验码，谨防假冒。请不要凭此交付钱款或者签订合同，可以拨打962269核实。",
)
_SUSPECT = Verdict(Standing.SUSPECT, None, "该核验码的登记信息正在核查，暂不能给出核验结论，请拨打962269核实。")
_WAITING = Verdict(Standing.WAITING, None, "该房源正在核验，核验通过后核验码生效；生效前不能对外发布。")
_NOT_PASSED = Verdict(Standing.NOT_IN_FORCE, None, "该房源未通过核验，核验码没有生效，不能对外发布。")
_VALID = "该房源已通过核验，核验码在有效期内。请核对发布的坐落、户型、面积与下列内容是否一致。"
_OFF = "该核验码有效，但房源已下架，目前没有对外出租。"
_FORCED_OFF = "该房源已被下架处理，请勿据此交付钱款或者签订合同。"
_ENDED = {
    CodeEnd.EXPIRED: "核验码已过有效期，房源须重新核验后才能发布。",
    CodeEnd.FILED: "该房源已经出租并办理备案，核验码不再有效。",
    CodeEnd.RESTRICTED: "该房源目前不能出租，核验码不再有效。",
    CodeEnd.RENEWED: "该房源已换发新的核验码，请扫描新的二维码。",
    CodeEnd.WITHDRAWN: "该核验码已经撤销，不再有效。",
}


@dataclass(frozen=True)
class CodeAnswer:
    """A code as read by a single statement; `sound` is False when it was changed past the product."""

    id: UUID
    code_no: str
    state: CodeState
    shelf: ShelfState
    end_reason: CodeEnd | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    ended_on: date | None = None
    public: Mapping[str, Any] = field(default_factory=dict)
    sound: bool = True

    def ended_by(self, today: date) -> CodeEnd | None:
        """Return why a code is in force no more; that its time is over is seen from the date, not from a job."""
        if self.state in (CodeState.INVALID, CodeState.CANCELLED):
            return self.end_reason or CodeEnd.WITHDRAWN
        over = self.state is CodeState.VALID and self.valid_to is not None and self.valid_to < today
        return CodeEnd.EXPIRED if over else None


def code_verdict(code: CodeAnswer, today: date) -> Verdict:
    """The answer for a code of ours on a day."""
    if not code.sound:
        return _SUSPECT
    if code.state is CodeState.PENDING:
        return _WAITING
    if code.state is CodeState.VOID:
        return _NOT_PASSED
    if (why := code.ended_by(today)) is not None:
        after = code.valid_to + timedelta(days=1) if why is CodeEnd.EXPIRED and code.valid_to else code.ended_on
        standing = Standing.WITHDRAWN if why is CodeEnd.WITHDRAWN else Standing.ENDED
        return Verdict(standing, after, _ENDED[why])
    if code.shelf is ShelfState.FORCED_OFF:
        return Verdict(Standing.OFF_SHELF, None, _FORCED_OFF)
    if code.shelf is ShelfState.OFF:
        return Verdict(Standing.OFF_SHELF, None, _OFF)
    return Verdict(Standing.VALID, code.valid_from, _VALID)


#: Of what a firm has published, the public address was checked to name no room (V14); of any other code it is not shown.
_PUBLISHED = frozenset({ShelfState.ON, ShelfState.OFF, ShelfState.FORCED_OFF})


def code_lines(code: CodeAnswer, today: date) -> list[tuple[str, str]]:
    """Return the public lines of a code, in the order of the page; of one that never was in force only its number."""
    shown = [("核验码", grouped(code.code_no))]
    if code.valid_from is None or code.valid_to is None:
        return shown
    public = {name: value for name, value in code.public.items() if isinstance(value, str)}
    area = public.get("area", "")
    why = code.ended_by(today)
    shown += [
        ("有效期", f"{chinese_day(code.valid_from)} 至 {chinese_day(code.valid_to)}"),
        ("失效原因", why.label if why is not None else ""),
        ("上架状态", code.shelf.label),
        ("房屋坐落", public.get("address", "") if code.shelf in _PUBLISHED else ""),
        ("户型", public.get("layout", "")),
        ("面积", f"{area} 平方米" if area else ""),
        ("出租方式", public.get("mode", "")),
        ("发布企业", public.get("firm", "")),
        ("从业信息卡", public.get("card_no", "")),
    ]
    return [(label, value) for label, value in shown if value]
