"""运行状况: backups, hosts, background tasks and erasures; looked at here, acted on by command on the server."""

from collections.abc import Sequence
from operator import attrgetter

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from services.catalogue.subjects import label_of
from services.operations.system_health import READERS, Standing, standing
from ui.shell.call import call
from ui.shell.fields import shown_field
from ui.shell.modules import Module
from ui.shell.parts import badge_field, head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown

_BACKUPS = (
    Column("file_name", "文件"),
    Column("made_at", "完成时间", width=130),
    Column("size", "大小（MB）", number=True, width=90, show=lambda size: f"{size / (1 << 20):.1f}"),
    Column("row_count", "行数", number=True, width=90, show=lambda rows: f"{rows:,}"),
    Column("audit_seq", "审计序号", number=True, width=80),
    Column("seconds", "用时（秒）", number=True, width=80),
    Column("removed_at", "状态", width=100, show=lambda at: Toned("已到期清除") if at else Toned("可用", "good")),
)
_HOSTS = (
    Column("host", "主机", value=attrgetter("newest.host")),
    Column("made_at", "最近采集", value=attrgetter("newest.made_at"), width=130),
    Column("lists", "清单数", number=True, width=70),
    Column("files", "新增日志", value=attrgetter("newest.files"), number=True, width=80),
    Column("lines", "基线行数", value=attrgetter("newest.lines"), number=True, width=80),
    Column("kid", "签名密钥", value=attrgetter("newest.kid"), width=110),
    Column("state", "核查结果", width=120),
)
_JOBS = (
    Column("label", "任务"),
    Column("when", "周期", width=100),
    Column("last_at", "上次运行", width=130),
    Column("result", "结果", width=220),
)
_ERASURES = (
    Column("at", "时间", width=130),
    Column("erased_from", "数据表", width=170, show=label_of),
    Column("purpose", "用途"),
    Column("rule", "保存期限", width=200),
    Column("row_count", "清除行数", number=True, width=80),
)
_ACCEPT = "变更经批准后，在服务器上执行 main.py device collect --accept 把现状确认为新基线。"
_BACKUP = "立即备份：main.py backup --out 目录；恢复：main.py restore --from 文件（只恢复到空库）。"


class StandingPage:
    """Four short lists under one summary."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with web.element("div").classes("sf-scroll"):
            head("概况")
            self.summary = web.element("div").classes("sf-form").style("--columns: 3").mark("standing")
            self.backups = _list("备份", _BACKUPS, "还没有备份，每日 02:10 自动备份", _BACKUP)
            self.hosts = _list("主机日志与访问控制基线", _HOSTS, "还没有采集过，每日 04:10 采集", _ACCEPT)
            self.jobs = _list("后台任务", _JOBS, "没有后台任务")
            self.erasures = _list("到期数据清除", _ERASURES, "还没有到期的数据")
        place.command("刷新", self.load, icon="refresh", key="f3")

    async def load(self) -> None:
        one = (await call(standing)).or_end()
        self._sum(one)
        for rows, lines in (
            (self.backups, one.backups),
            (self.hosts, one.hosts),
            (self.jobs, one.jobs),
            (self.erasures, one.erasures),
        ):
            rows.show(lines)

    def _sum(self, one: Standing) -> None:
        failed = sum(not job.ok for job in one.jobs)
        newest = shown(one.backups[0].made_at) if one.backups else ""
        differing = sum(host.differs for host in one.hosts)
        self.summary.clear()
        with self.summary:
            badge_field("程序验签", one.program.result)
            shown_field("程序版本", one.program.version or "未签名的工作副本")
            shown_field("验签时间", one.program.at)
            badge_field("备份", Toned("逾期", "bad") if one.overdue else Toned("正常", "good"))
            shown_field("最近备份", newest)
            shown_field("保存", f"{one.keep_days}天" + ("，有第二存放点" if one.copied else "，没有第二存放点"))
            badge_field("主机核查", Toned(f"{differing}台有变动", "bad") if differing else Toned("一致", "good"))
            badge_field("后台任务", Toned(f"{failed}项失败", "bad") if failed else Toned("正常", "good"))


def _list(title: str, columns: Sequence[Column], empty: str, note: str = "") -> Rows:
    head(title)
    rows = Rows(columns, label=title, empty=empty)
    if note:
        TextElement(tag="p", text=note).classes("sf-note")
    return rows


async def build(place: Place) -> None:
    await StandingPage(place).load()


STANDING = Module("standing", "运行状况", "monitor_heart", "manage", frozenset(READERS), build)
