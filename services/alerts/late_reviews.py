"""Late review steps are reported to the authority: FLW-01, by working days (market 3.3)."""

from collections.abc import Iterator

from sqlmodel import col

from models.access import Role
from models.alerts import AlertGrade
from models.records import Revision, RevisionState
from models.working_days import calendar
from services.alerts.alert_states import sweep
from services.alerts.signs import Sign, Subject
from services.engine.cycle_lock import level_of
from services.engine.jobs import performed
from services.engine.kinds import KINDS, Owner
from services.engine.registry import action
from services.engine.work import Work

RULE = "FLW-01"
LATE_DAYS = "records.late_days"


@action("inbox.watch_reviews", "审核超期预警", roles={Role.SYSTEM}, event="")
def watch_reviews(work: Work, order: None) -> int:
    """Raise an alert for every step that is over its day, graver the longer it is; settle those that were done."""
    return sweep(work, RULE, _late(work), "该环节已办理")


def _late(work: Work) -> Iterator[tuple[Subject, Sign]]:
    target, bound = work.thresholds.integer("records.review_days"), work.thresholds.integer(LATE_DAYS)
    late = (
        work.visible(Revision)
        .where(
            Revision.state == RevisionState.SUBMITTED,
            col(Revision.review_due) < work.today,
            col(Revision.kind).in_(list(KINDS)),
        )
        .order_by(col(Revision.review_due), col(Revision.id))
    )
    for row in work.session.exec(late).all():
        kind = KINDS[row.kind]
        level = level_of(kind, row)
        step = level.label if level else "审核"
        days = target + calendar().working_days_between(row.review_due or work.today, work.today)
        words = f"{kind.label}{row.record_no}第{row.version_no}版"
        sign = Sign(
            AlertGrade.YELLOW if days > bound else AlertGrade.BLUE,
            f"{step}超期：{kind.label}",
            f"{words}在“{step}”环节已{days}个工作日，期限为{target}个工作日",
            threshold=f"{target}个工作日",
            key=f"step-{row.review_step}",
        )
        # The maker of the record is not notified of the authority's delay.
        yield Subject("revision", row.id, Owner(row.district_code), words), sign


# Every morning before the offices open.
performed("inbox.late_reviews", "审核超期预警", watch_reviews, at="06:30")
