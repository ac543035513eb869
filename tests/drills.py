"""The long drills write down how they went: date, seed, time, result (docs/drills.md)."""

import platform
import re
from datetime import datetime
from pathlib import Path

from services.engine.clock import SHANGHAI

PAGE = Path(__file__).resolve().parent.parent / "docs" / "drills.md"
_HEAD = """# 长时演练记录

下表由 `make soak` 写入，每种演练的每个条件保留最近一次成功的结果；失败的演练以测试报告为准，不写入本页。手工做的演练在后面。

| 演练 | 条件 | 日期 | 用时 | 结果 | 运行环境 |
|---|---|---|---|---|---|
"""


def write_drill(name: str, condition: str, result: str, seconds: float) -> None:
    """Put one line into the page, in the place of the last one of the same drill and condition."""
    now = f"{datetime.now(SHANGHAI):%Y-%m-%d}"
    where = f"{platform.machine()}，Python {platform.python_version()}"
    start = f"| {name} | {condition} |"
    line = f"{start} {now} | {seconds:.0f} 秒 | {result} | {where} |"
    known = PAGE.read_text(encoding="utf-8") if PAGE.exists() else _HEAD
    # What people tried by hand stands below, in parts of its own.
    table, part, below = known.partition("\n## ")
    kept = [old for old in table.splitlines() if re.match(r"\| (?!演练 )\S", old) and not old.startswith(start)]
    PAGE.write_text(_HEAD + "\n".join(sorted([*kept, line])) + "\n" + part + below, encoding="utf-8")
