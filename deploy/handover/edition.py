"""Names and days on the cover of every document of a handover."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Edition:
    """The product, its version and build, and when the documents were made."""

    version: str
    build: str
    commit: str
    moment: datetime
    product: str = "申房：上海市住房租赁服务及监管、房地产市场管理系统"

    def lines(self) -> tuple[str, ...]:
        """The lines at the foot of the cover."""
        build = f"构建号 {self.build}" if self.build else "未签名的开发版本"
        commit = f"　源码版本 {self.commit}" if self.commit else ""
        return (f"版本 {self.version}　{build}{commit}", self.moment.strftime("%Y年%m月%d日"))
