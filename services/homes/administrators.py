"""Homes of the three administrators: gauges and trends of what they guard (issue 19)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlmodel import col

from models.access import Account, AccountState, Role
from models.audit import AuditCheckpoint, AuditEvent
from models.codes import Toned
from models.keys import KeyRecord
from models.operations import FlowReport
from services.access.account_list import ACCOUNTS, GRANTS
from services.audit.console import EVENTS
from services.audit.words import EVENTS as EVENT_LABELS
from services.engine.clock import SHANGHAI
from services.engine.figures import Figure, tally
from services.engine.home_tiles import Band, Count, Lines, Split, today_only
from services.engine.homes import Choice, Column, Entry, Home, Made, Panel, home, scaled
from services.engine.listings import Line
from services.engine.work import Work
from services.homes.common import messages, moment_words
from services.integrity.faults import FAULTS
from services.keys.families import FAMILY_LABELS
from services.operations.alarms import ALARMS
from services.operations.flows import REPORTS
from services.operations.system_health import standing
from services.partners.registry_queries import PARTNERS

_DAYS = 14
_KEY_DAYS = 90


def _alarm(work: Work, line: Line) -> Entry:
    opened = Figure(str(line.id), line.subject, opens="alarms", filters={"id": str(line.id)})
    words = f"{line.times}次 · {line.state.label}"
    return Entry(line.subject, opened, words, chip=line.level, beside=moment_words(line.last_at, work.today))


ALARM_LINES = Lines("告警", ALARMS, _alarm, most=8, note="未关闭，重的在前", empty="没有需要您处置的告警")
_ALARMS = Count("alarms", "告警", ALARMS, {}, "条", "未关闭，须处置", bad=True)


# Operations


def installation(work: Work) -> Panel:
    """The program, the newest backup and the hosts, each with its state."""
    return Panel("gauges", "运行状况", (Choice("", tuple(_installation(work))),), more=_standing("全部"))


def _standing(words: str) -> Figure:
    return Figure("standing", words, opens="standing", shown=" ")


def _installation(work: Work) -> Iterator[Entry]:
    found = standing(work, None)
    opened = _standing("运行状况")
    checked = moment_words(found.program.at, work.today) if found.program.at else "尚未核查"
    yield Entry("程序核查", opened, f"版本 {found.program.version or '—'}，{checked}", found.program.result)
    newest = found.backups[0] if found.backups else None
    limit = work.thresholds.integer("backup.overdue_hours")
    hours = (work.at - newest.made_at) / timedelta(hours=1) if newest else None
    chip = Toned("逾期", "bad") if found.overdue else Toned("正常", "good")
    words = f"{hours:.0f}小时前，{newest.row_count:,}行" if newest and hours is not None else "还没有备份"
    share = min(1.0, hours / limit) if hours is not None else None
    yield Entry(
        "最近备份", opened, f"{words}，须在{limit}小时内", chip, share=share, tone="bad" if found.overdue else "good"
    )
    yield Entry("异地备份", opened, "第二存放处", Toned("已设置", "good") if found.copied else Toned("未设置", "warn"))
    for host in found.hosts:
        yield Entry(host.newest.host, opened, f"清单{host.lists}份", host.state)


def jobs(work: Work) -> Panel:
    """Background tasks, those that failed first."""
    found = sorted(standing(work, None).jobs, key=lambda one: (one.ok, one.last_at is None, one.id))
    bad = sum(not one.ok for one in found)
    entries = tuple(
        Entry(
            one.label,
            _standing(one.label),
            f"{one.when}，{moment_words(one.last_at, work.today) if one.last_at else '尚未运行'}",
            Toned(one.result, "good" if one.ok else "bad") if one.result else "",
        )
        for one in found[:12]
    )
    return Panel(
        "lines", "后台任务", (Choice("", entries),), f"共{len(found)}项，失败{bad}项；失败的在前", _standing("全部")
    )


def backups(work: Work) -> Panel:
    """The size of the last backups, the newest at the right, in MB."""
    found = [one for one in standing(work, None).backups if one.removed_at is None][:_DAYS][::-1]
    entries = []
    for one in found:
        mb = max(1, round(one.size / 1_000_000))
        opened = Figure(str(one.id), "", mb, opens="standing", shown=f"{mb:,} MB，用时{one.seconds}秒")
        entries.append(Entry(f"{one.made_at.astimezone(SHANGHAI):%m-%d}", opened))
    return Panel("trend", "备份", (Choice("", tuple(entries)),), "大小，MB", head=("MB",), empty="还没有备份")


SYSTEMS = home(
    Home(
        "systems",
        frozenset({Role.SYS_ADMIN}),
        (
            (
                Column(
                    12,
                    (
                        Band(
                            (
                                _ALARMS,
                                Count(
                                    "ungranted", "待授权账号", ACCOUNTS, {"state": "WAITING"}, "个", "由安全管理员授权"
                                ),
                                Count(
                                    "accounts", "正常账号", ACCOUNTS, {"state": AccountState.ACTIVE}, "个", "可以登录"
                                ),
                                Count("disabled", "停用账号", ACCOUNTS, {"state": AccountState.DISABLED}, "个"),
                                Count("partners", "对接方", PARTNERS, {}, "个", "已登记"),
                            )
                        ),
                    ),
                ),
            ),
            (Column(6, (ALARM_LINES, Made(installation), Made(backups))), Column(6, (Made(jobs), Made(messages)))),
        ),
        order=60,
    )
)


# Keys and grants


def keys(work: Work) -> Panel:
    """Active keys by the day they end; those that end soon come first."""
    rows = work.rows(work.visible(KeyRecord), KeyRecord.state == "active", by=(KeyRecord.expires_at, KeyRecord.kid))
    return Panel(
        "gauges",
        "密钥",
        (Choice("", tuple(_key(work, row) for row in rows[:12])),),
        "在用，先到期的在前",
        Figure("keys", "密钥管理", opens="keys", shown=" "),
        empty="密钥尚未清点。在“密钥管理”中查看。",
    )


def _key(work: Work, row: KeyRecord) -> Entry:
    opened = Figure(row.kid, row.kid, opens="keys")
    label = FAMILY_LABELS.get(row.family, row.family)
    if row.expires_at is None:
        return Entry(label, opened, f"{row.kid}，无到期日", Toned("在用", "good"))
    left = (row.expires_at - work.at).days
    whole = max(1, (row.expires_at - row.made_at).days)
    tone: Any = "bad" if left < 0 else "warn" if left <= _KEY_DAYS else "good"
    words = f"{row.kid}，{row.expires_at.astimezone(SHANGHAI):%Y-%m-%d}到期"
    return Entry(
        label,
        opened,
        words,
        Toned(f"还有{left}天" if left >= 0 else "已到期", tone),
        share=min(1.0, max(0.0, 1 - left / whole)),
        tone=tone,
    )


def flows(work: Work) -> Panel:
    """Exports, unmaskings and exchanges of the week last reported, by its way."""
    row = work.first(work.visible(FlowReport), by=col(FlowReport.week_start).desc())
    counts: dict[str, int] = {}
    for line in row.lines if row is not None else ():
        counts[str(line["way"])] = counts.get(str(line["way"]), 0) + int(line["times"])
    entries = [Entry(way, Figure(way, "", count, opens="flows"), beside="次") for way, count in sorted(counts.items())]
    week = f"{row.week_start:%Y-%m-%d} 起一周" if row is not None else ""
    return Panel("bars", "数据流转", (Choice("", scaled(entries)),), week, empty="该周没有导出、查看和推送")


def _fault(work: Work, line: Line) -> Entry:
    opened = Figure(str(line.id), line.label, opens="locked_rows", filters={"id": str(line.id)})
    return Entry(line.label, opened, f"{line.row_id}", chip=line.state, beside=moment_words(line.found_at, work.today))


FAULT_LINES = Lines(
    "完整性异常", FAULTS, _fault, most=6, note="锁定中的记录", empty="没有被锁定的记录，最近一次检查未发现异常"
)
_FAULTS = Count("faults", "锁定的记录", FAULTS, {}, "条", "完整性异常", bad=True)
BY_ACCOUNT = Split("账号", GRANTS, Account.state, "state", note="按状态", empty="没有账号")
SECURITY = home(
    Home(
        "security",
        frozenset({Role.SEC_ADMIN}),
        (
            (
                Column(
                    12,
                    (
                        Band(
                            (
                                _FAULTS,
                                _ALARMS,
                                Count("ungranted", "待授权账号", GRANTS, {"state": "WAITING"}, "个", "请核对后授权"),
                                Count("accounts", "正常账号", GRANTS, {"state": AccountState.ACTIVE}, "个", "可以登录"),
                                Count("disabled", "停用账号", GRANTS, {"state": AccountState.DISABLED}, "个"),
                                Count("flows", "流转周报", REPORTS, {}, "份", "导出、查看与推送"),
                            )
                        ),
                    ),
                ),
            ),
            (Column(6, (Made(keys),)), Column(6, (ALARM_LINES, FAULT_LINES, BY_ACCOUNT, Made(flows), Made(messages)))),
        ),
        order=61,
    )
)


# Audit


def audited(work: Work) -> Panel:
    """Audit events of the last days, a bar a day."""
    entries = []
    for n in reversed(range(_DAYS)):
        day = work.today - timedelta(days=n)
        filters = {"since": day.isoformat(), "until": day.isoformat()}
        opened = Figure(f"{day}", "", tally(work, EVENTS, filters), EVENTS.name, filters)
        entries.append(Entry(f"{day:%m-%d}", opened, tone="" if n else "now"))
    return Panel("trend", "审计事件", (Choice("", tuple(entries)),), f"近{_DAYS}日，虚框为今日", head=("事件，条",))


def proofs(work: Work) -> Panel:
    """The newest signed checkpoints of the chain, and how many events wait for the next."""
    rows = work.rows(work.visible(AuditCheckpoint), by=col(AuditCheckpoint.at).desc(), most=5)
    last = rows[0].last if rows else 0
    newest = work.first(AuditEvent.seq, by=col(AuditEvent.seq).desc()) or 0
    entries = [
        Entry(
            "待签事件",
            Figure("audit", "待签", opens="audit", shown=" "),
            f"检查点之后 {max(0, newest - last):,} 条",
            Toned("待签名", "warn") if newest > last else Toned("已全部签名", "good"),
        )
    ]
    entries += [
        Entry(
            f"{row.first:,}–{row.last:,}",
            Figure(str(row.id), "", opens="audit", shown=" "),
            f"{row.last - row.first + 1:,} 条",
            Toned("已签名", "good"),
            beside=moment_words(row.at, work.today),
        )
        for row in rows
    ]
    return Panel("gauges", "检查点", (Choice("", tuple(entries)),), "新签的在前")


BY_EVENT = Split(
    "今日事件",
    EVENTS,
    AuditEvent.event,
    "event",
    today_only,
    EVENT_LABELS,
    note="按类别，条",
    most=10,
    empty="今天还没有审计事件",
)
AUDIT = home(
    Home(
        "audit",
        frozenset({Role.AUDITOR}),
        (
            (
                Column(
                    12,
                    (
                        Band(
                            (
                                _FAULTS,
                                _ALARMS,
                                Count(
                                    "denied",
                                    "今日拒绝",
                                    EVENTS,
                                    lambda work: {**today_only(work), "result": "deny"},
                                    "条",
                                    "没有权限或不合规则",
                                ),
                                Count(
                                    "failed",
                                    "今日失败",
                                    EVENTS,
                                    lambda work: {**today_only(work), "result": "fail"},
                                    "条",
                                    "办理未成",
                                ),
                                Count("events", "今日事件", EVENTS, today_only, "条", "全部"),
                                Count("flows", "流转周报", REPORTS, {}, "份", "导出、查看与推送"),
                            )
                        ),
                    ),
                ),
            ),
            (
                Column(7, (Made(audited), ALARM_LINES, FAULT_LINES, Made(installation))),
                Column(5, (BY_EVENT, Made(proofs), Made(messages))),
            ),
        ),
        order=62,
    )
)
