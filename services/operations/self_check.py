"""系统自检: the parts an installation needs, each with a light, the finding, and the administrator's next step (M4).

Nothing here is slow: the program's signature is not verified anew, its last verification is read.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select

from models.access import Role
from models.alarms import Alarm, AlarmState
from models.audit import AuditEvent
from models.codes import Toned
from models.dialect import clock_offset, newest_revision
from models.engine import JobLease, Outgoing, OutgoingState
from models.integrity import IntegrityFault
from models.operations import Backup
from models.sealing import CryptoError
from printing.fonts import absent
from services.engine.clock import MOST_DRIFT, system_now
from services.engine.jobs import JOBS
from services.engine.registry import query
from services.engine.replica_reads import OLDEST, age_of
from services.engine.work import Work
from services.operations.gauges import days_left, newest_beat
from services.operations.readiness import LEAST_FREE, SILENT, database_takes_writes
from services.operations.system_health import program_of
from services.operations.systems import label_of

READERS = {Role.SYSTEM, Role.SYS_ADMIN, Role.AUDITOR}
GOOD, DOUBTFUL, BAD = Toned("正常", "good"), Toned("注意", "warn"), Toned("异常", "bad")
#: Room on a disk below which the administrator has to see to it, though the product still serves.
_LITTLE_ROOM = 5_000_000_000
_MEGABYTE = 1_000_000
_OLD_MESSAGE = timedelta(minutes=30)
_SLOW_SIGNATURE = 200.0
_REPLICA_LATE = 10.0


@dataclass(frozen=True)
class Found:
    """Outcome of a check; `to_do` is empty where nothing is to be done."""

    light: Toned
    words: str
    to_do: str = ""


@dataclass(frozen=True)
class Checked:
    """A check as the page and the diagnosis show it; `id` is its name."""

    id: str
    label: str
    light: Toned
    words: str
    to_do: str


#: Every check by its name with its label, in the order of the page.
CHECKS: dict[str, tuple[str, Callable[[Work], Found]]] = {}


def _check(name: str, label: str) -> Callable[[Callable[[Work], Found]], Callable[[Work], Found]]:
    """Declare a check."""

    def declare(check: Callable[[Work], Found]) -> Callable[[Work], Found]:
        CHECKS[name] = label, check
        return check

    return declare


@query("operations.self_check", "系统自检", roles=READERS)
def self_check(work: Work, order: None) -> tuple[Checked, ...]:
    """Run every check; one that cannot be made is a bad light, never an error."""
    return tuple(_checked(work, name) for name in CHECKS)


def _checked(work: Work, name: str) -> Checked:
    label, check = CHECKS[name]
    try:
        found = check(work)
    except (SQLAlchemyError, CryptoError, OSError) as problem:
        # PostgreSQL takes nothing more in a transaction in which a statement failed.
        work.session.rollback()
        found = Found(BAD, f"检查没有完成（{type(problem).__name__}）", "查看网页进程的日志，按应急处置手册办理")
    return Checked(name, label, found.light, found.words, found.to_do)


@_check("database", "数据库写入")
def _database(work: Work) -> Found:
    if database_takes_writes(work.house):
        return Found(GOOD, "能写入")
    return Found(BAD, "提交在等副本确认", "恢复副本，或按多台主机手册取消同步复制")


@_check("migration", "数据库结构")
def _migration(work: Work) -> Found:
    now = work.session.connection().execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    newest = newest_revision()
    if now == newest:
        return Found(GOOD, f"版本 {now}，与程序一致")
    return Found(BAD, f"版本 {now}，程序为 {newest}", "停止全部进程，执行 prepare 升级数据库结构后再启动")


@_check("clock", "时钟")
def _clock(work: Work) -> Found:
    jumped = work.has(AuditEvent, AuditEvent.event == "TIME.JUMP", AuditEvent.at >= work.at - timedelta(days=1))
    to_do = "检查本机和数据库主机的 chronyd 或 ntpd 是否运行、能否连到授时服务器"
    if (apart := clock_offset(work.session, system_now())) > MOST_DRIFT:
        return Found(BAD, f"与数据库主机相差{apart.total_seconds():.0f}秒", to_do)
    return Found(DOUBTFUL, "一日内发生过跳变", to_do) if jumped else Found(GOOD, "一日内没有跳变")


@_check("disk", "磁盘空间")
def _disk(work: Work) -> Found:
    place = work.house.folders
    if place is None:
        return Found(DOUBTFUL, "没有设置数据目录", "设置 DATA_DIR、BACKUP_DIR 后重新启动")
    told, least = [], shutil.disk_usage(place.data_dir).free
    folders = (("数据目录", place.data_dir), ("备份目录", place.backup_dir), ("第二存放点", place.backup_copy_dir))
    for label, folder in folders:
        if folder is not None and folder.exists():
            free = shutil.disk_usage(folder).free
            told.append(f"{label}余{free / 1000 / _MEGABYTE:.1f}GB")
            least = min(least, free)
    light = BAD if least < LEAST_FREE else DOUBTFUL if least < _LITTLE_ROOM else GOOD
    return Found(light, "，".join(told), "" if light is GOOD else "清理或扩充所在磁盘；过期备份由系统按保存天数清除")


@_check("crypto", "密码服务")
def _crypto(work: Work) -> Found:
    health = work.house.crypto.health()
    if health.breaker != "closed":
        return Found(BAD, "已中断", "检查密码服务及到它的网络；恢复后系统自动继续")
    words = f"签名一次{health.latency_ms:.0f}毫秒"
    if health.latency_ms > _SLOW_SIGNATURE:
        return Found(DOUBTFUL, words, "应答较慢，检查密码服务的负荷及到它的网络")
    if health.mode == "local" and not work.house.demo:
        return Found(DOUBTFUL, f"本机密码模块，{words}", "正式使用前改为云密码服务（CRYPTO_MODE=http）")
    return Found(GOOD, words)


@_check("keys", "密钥期限")
def _keys(work: Work) -> Found:
    ours, partners = days_left(work)
    early = work.thresholds.integer("watch.key_days")
    least = min((days for days in (ours, partners) if days is not None), default=None)
    words = "，".join(
        f"{label}最近的一把余{days:.0f}天"
        for label, days in (("本系统", ours), ("对接方", partners))
        if days is not None
    )
    if least is None:
        return Found(GOOD, "没有定期更换的密钥")
    if least > early:
        return Found(GOOD, words)
    return Found(BAD if least <= 0 else DOUBTFUL, words, "请安全管理员在“密钥管理”更换，对接方的通知对方办理")


@_check("worker", "后台进程")
def _worker(work: Work) -> Found:
    beat = newest_beat(work)
    to_do = "systemctl status shenfang-worker；没有运行的，systemctl start shenfang-worker"
    if beat is None:
        return Found(BAD, "从未运行", to_do)
    silent = max(0, int((system_now() - beat).total_seconds()))
    words = f"{silent // 60}分钟前有心跳" if silent >= 60 else f"{silent}秒前有心跳"
    return Found(GOOD, words) if silent <= SILENT else Found(BAD, words, to_do)


@_check("jobs", "后台任务")
def _jobs(work: Work) -> Found:
    failed = [
        JOBS[lease.job].label
        for lease in work.rows(JobLease, by=JobLease.job)
        if lease.job in JOBS and lease.last_result.partition(" ")[0] not in {"", "ok"}
    ]
    if not failed:
        return Found(GOOD, "上次都已办成")
    return Found(DOUBTFUL, f"{len(failed)}项上次失败：{'、'.join(failed[:3])}", "查看后台进程的日志；下次到时自动再办")


@_check("partners", "外部系统")
def _partners(work: Work) -> Found:
    away = work.rows(Alarm, Alarm.alarm_code == "UPSTREAM.DOWN", Alarm.state != AlarmState.CLOSED)
    dead = work.session.exec(select(func.count()).where(Outgoing.state == OutgoingState.DEAD)).one()
    if away or dead:
        names = "、".join(sorted({label_of(alarm.object_key) for alarm in away})[:4])
        words = [f"连续无应答：{names}"] * bool(away) + [f"{dead}条消息发送失败"] * bool(dead)
        to_do = "在“对接方”中试连接；恢复后关闭告警，失败的消息在“对接日志”中查看原因"
        return Found(BAD if away else DOUBTFUL, "；".join(words), to_do)
    oldest = work.session.exec(select(func.min(Outgoing.created_at)).where(Outgoing.state == OutgoingState.WAITING))
    since = oldest.one()
    if since is not None and work.at - since > _OLD_MESSAGE:
        minutes = int((work.at - since).total_seconds()) // 60
        return Found(DOUBTFUL, f"最久的消息已等{minutes}分钟", "检查到对方的网络；恢复后自动发出")
    return Found(GOOD, "没有积压，没有无应答")


@_check("backup", "备份")
def _backup(work: Work) -> Found:
    newest = work.session.exec(select(func.max(Backup.made_at))).one()
    to_do = "立即备份：main.py backup --out 目录；再看后台任务“备份”为何没有办成"
    if newest is None:
        return Found(DOUBTFUL if work.house.demo else BAD, "还没有备份", to_do)
    hours = int((work.at - newest).total_seconds()) // 3600
    late = hours >= work.thresholds.integer("backup.overdue_hours")
    return Found(BAD, f"最近一份在{hours}小时前", to_do) if late else Found(GOOD, f"最近一份在{hours}小时前")


@_check("fonts", "文书字体")
def _fonts(work: Work) -> Found:
    if lacking := absent():
        return Found(BAD, f"缺少{len(lacking)}个：{'、'.join(lacking[:2])}", "重新展开发布包，核对 release verify")
    return Found(GOOD, "齐全")


@_check("release", "程序验签")
def _release(work: Work) -> Found:
    program = program_of(work)
    if program.at is None:
        return Found(DOUBTFUL, "尚未核查", "执行 launch.py release verify")
    if program.result.tone == "bad":
        return Found(BAD, f"{program.version} 与发布不一致", "立即报告安全管理员，按应急处置手册的“程序被改动”办理")
    if not program.version:
        enforced = work.house.release is not None and work.house.release.enforced
        return Found(BAD if enforced else DOUBTFUL, "未签名的工作副本", "正式环境只安装签名的发布包")
    return Found(GOOD, f"{program.version} 与发布一致")


@_check("integrity", "数据完整性")
def _integrity(work: Work) -> Found:
    faults = work.session.exec(select(func.count()).where(col(IntegrityFault.closed_at).is_(None))).one()
    if not faults:
        return Found(GOOD, "没有锁定的记录")
    return Found(BAD, f"{faults}条记录与写入时不同，已锁定", "请安全管理员在“完整性异常”中处理")


@_check("replica", "只读副本")
def _replica(work: Work) -> Found:
    if work.house.replica is None:
        return Found(GOOD, "没有设置，查询都由主库回答")
    age = age_of(work.house.replica)
    if age is None:
        return Found(DOUBTFUL, f"没有应答或落后超过{OLDEST:.0f}秒，查询改由主库回答", "检查副本主机和流复制")
    words = f"落后{age:.1f}秒"
    return Found(DOUBTFUL, words, "检查副本主机的负荷和网络") if age > _REPLICA_LATE else Found(GOOD, words)
