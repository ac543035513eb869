"""Late review steps are reported to the authority: FLW-01, by working days (market 3.3)."""

from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.alerts import Alert, AlertGrade
from models.records import Revision, RevisionState
from models.working_days import calendar
from services.alerts.alert_states import raise_alert, settle_alert
from services.engine.callers import SYSTEM
from services.engine.cycle_lock import level_of
from services.engine.cycle_thresholds import REVIEW_DAYS
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.kinds import KINDS, Owner
from services.engine.registry import action
from services.engine.thresholds import Threshold, declare
from services.engine.work import Work

RULE = "FLW-01"
LATE_DAYS = "records.late_days"
_AT_ONCE = 500

declare(Threshold(LATE_DAYS, "审核环节超过多少工作日升为黄色预警", "10", "工作日", "业务约定"))


@action("inbox.watch_reviews", "审核超期预警", roles={Role.SYSTEM}, event="")
def watch_reviews(work: Work, order: None) -> int:
    """Raise an alert for every step that is over its day, graver the longer it is; settle those that were done."""
    late = work.session.exec(
        work.visible(Revision)
        .where(Revision.state == RevisionState.SUBMITTED, col(Revision.review_due) < work.today)
        .order_by(col(Revision.review_due), col(Revision.id))
        .limit(_AT_ONCE)
    ).all()
    for row in late:
        _raise(work, row)
    return len(late) + _settle(work, {(row.id, _key(row)) for row in late})


def _key(row: Revision) -> str:
    return f"step-{row.review_step}"


def _raise(work: Work, row: Revision) -> None:
    kind = KINDS.get(row.kind)
    if kind is None or row.review_due is None:
        return
    level = level_of(kind, row)
    target, bound = work.thresholds.integer(REVIEW_DAYS), work.thresholds.integer(LATE_DAYS)
    days = target + calendar().working_days_between(row.review_due, work.today)
    words = f"{kind.label}{row.record_no}第{row.version_no}版"
    raise_alert(
        work,
        RULE,
        "revision",
        row.id,
        _key(row),
        AlertGrade.YELLOW if days > bound else AlertGrade.BLUE,
        f"{level.label if level else '审核'}超期：{kind.label}",
        f"{words}在“{level.label if level else '审核'}”环节已{days}个工作日，期限为{target}个工作日",
        {"days": days, "threshold": target, "record_no": row.record_no, "due": row.review_due.isoformat()},
        # The maker of the record is not notified of how long the authority takes.
        owner=Owner(row.district_code),
        subject_label=words,
    )


def _settle(work: Work, late: set[tuple[UUID, str]]) -> int:
    standing = work.session.exec(
        select(Alert)
        .where(Alert.rule_code == RULE, col(Alert.open_key).is_not(None) | col(Alert.quiet_key).is_not(None))
        .order_by(col(Alert.id))
        .limit(_AT_ONCE)
    ).all()
    done = [alert for alert in standing if (alert.subject_id, alert.key) not in late]
    for alert in done:
        row = work.session.exec(select(Revision).where(Revision.id == alert.subject_id)).first()
        if row is None or row.state is not RevisionState.SUBMITTED or _key(row) != alert.key:
            settle_alert(work, RULE, alert.subject_id, alert.key, "该环节已办理")
    return len(done)


@job("inbox.late_reviews", "审核超期预警", at="06:30")
def late_reviews(door: Door) -> int:
    """Every morning before the offices open."""
    return door.perform(watch_reviews, SYSTEM, None)
