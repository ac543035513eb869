"""安全审计值班表: the day's signed head of the audit on paper, with room for those on duty (security.md M6, 6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from printing.page import BODY, NOTE, Issue, Paper
from printing.table import ENTRY, field, form, grid, pair

TITLE = "安全审计值班表"
_SHIFTS = (("班次", 60.0), ("值班人（签名）", 110.0), ("到岗时间", 80.0), ("离岗时间", 80.0), ("异常情况及处理", 153.0))


@dataclass(frozen=True)
class Shift:
    """A line to be filled in by hand."""

    name: str


@dataclass(frozen=True)
class DutySheet:
    """The state of the audit at the end of a day, and its officers on duty."""

    issue: Issue
    chain: str
    covered: str
    last_hash: str
    root: str
    digest: str
    signed_at: str
    key: str
    signature: str
    public: str
    events: int
    refused: int
    failed: int
    checkpoints: int
    watched: Sequence[tuple[str, int]]
    shifts: Sequence[Shift]
    made: str


def render(sheet: DutySheet) -> bytes:
    """The sheet as PDF."""
    paper = Paper(TITLE, sheet.issue)
    paper.heading("一、当日审计情况")
    watched = "，".join(f"{label} {count}" for label, count in sheet.watched)
    form(
        paper,
        [
            pair("事件总数", f"{sheet.events:,}", "检查点数", f"{sheet.checkpoints:,}"),
            pair("被拒绝", f"{sheet.refused:,}", "失败或异常", f"{sheet.failed:,}"),
            field("重点事件", watched),
        ],
    )
    paper.heading("二、审计链签名头")
    form(
        paper,
        [
            pair("审计链", sheet.chain, "覆盖范围", sheet.covered),
            pair("签署时间", sheet.signed_at, "签名密钥", sheet.key),
            field("末条事件摘要", in_groups(sheet.last_hash)),
            field("默克尔根", in_groups(sheet.root)),
            field("检查点摘要", in_groups(sheet.digest)),
            field("SM2 签名", sheet.signature),
            field("签名公钥", in_groups(sheet.public)),
        ],
    )
    paper.heading("三、值班记录")
    style = ENTRY.but(leading=30)
    grid(paper, _SHIFTS, [(shift.name, "", "", "", "") for shift in sheet.shifts], centred=(0,), style=style)
    paper.gap(6)
    paper.write(f"打印时间：{sheet.made}", BODY.but(size=9.5, leading=15))
    paper.write(
        "说明：本表所载签名头由系统签名，与第二存储中的检查点一致。请值班人核对后签名归档；日后可凭本表证明"
        "覆盖范围内的审计事件未被改动。",
        NOTE.but(indent=0, first=0),
    )
    return paper.pdf()


def in_groups(text: str) -> str:
    """Digits in groups of eight, so that a person can compare them."""
    return " ".join(text[at : at + 8] for at in range(0, len(text), 8))
