"""进度填报 (row 74): a project's month by unit work, begun from the last report; in force it sets milestones and works."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.construction import UnitEngineering
from models.land_codes import ProjectStage
from models.progress import Milestone, MilestoneScope, ProgressLine, ProgressReport, WorkStatus
from models.records import Revision
from services.engine.cycle import kept
from services.engine.door import Gathering
from services.engine.kinds import Child, Effects, Facts, Given, Kind, Look, Owner, Prefill, Proposal, Slot, Stage, Ties
from services.engine.periodic import Monthly, month_after
from services.engine.proposals import raw_row
from services.engine.work import Work
from services.ports.answers import Answer, hit
from services.progress.photos import INTAKE, photos_seen
from services.progress.report_effects import reported, unreported
from services.progress.report_rules import AFTER, BEFORE, OPEN, PHOTOS, RULES, WORKS, SeenWork
from services.projects.list_names import project_title
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.stages import in_project

_LAST = "上期填报"
#: Columns of a line that the next month begins with.
_KEPT = ("unit_engineering_id", "visual_progress", "floors_done", "percent", "status", "stop_from", "stop_reason")
_DAYS = ("started_on", "piles_on", "foundation_on", "topped_on", "facade_on", "accepted_on", "delivered_on")
#: A year's reports and its photos.
_MOST_WORKS = 500


def reports_of(work: Work, project_id: UUID | None) -> Sequence[ProgressReport]:
    """Return the reports in force of a project by month."""
    return work.in_force(ProgressReport, project=project_id, by=ProgressReport.period)


def lines_of(work: Work, report: ProgressReport | None) -> Sequence[ProgressLine]:
    if report is None:
        return ()
    return work.rows(ProgressLine, ProgressLine.record_id == report.id, by=ProgressLine.place)


def works_of(work: Work, project_id: UUID | None) -> Sequence[UnitEngineering]:
    """Return the unit works in force of a project."""
    return work.in_force(UnitEngineering, project=project_id, by=(UnitEngineering.unit_no, UnitEngineering.id))


def look(work: Work, report: Proposal) -> Mapping[str, Any]:
    """Look up the works with their milestones, the report before, an earlier month still open, and the photos."""
    project_id, month = report.owner.project_id, report["period"] or ""
    milestones: dict[UUID, list[Milestone]] = {}
    for one in work.rows(Milestone, Milestone.project_id == project_id, Milestone.scope == MilestoneScope.UNIT):
        milestones.setdefault(one.subject_id, []).append(one)
    works = works_of(work, project_id)
    others = [row for row in reports_of(work, project_id) if row.id != report.record_id]
    earlier = [row for row in others if row.period < month]
    before = earlier[-1] if earlier else None
    open_drafts = work.rows(
        Revision,
        Revision.kind == "progress_report",
        Revision.project_id == project_id,
        col(Revision.open_key).is_not(None),
        Revision.record_id != report.record_id,
    )
    waiting = [(row.payload.json().get("values", {}).get("period") or "", row.state) for row in open_drafts]
    return {
        WORKS: {row.id: SeenWork.of(row, milestones.get(row.id, ())) for row in works},
        BEFORE: {line.unit_engineering_id: line for line in lines_of(work, before)},
        AFTER: [
            (row.period, {line.unit_engineering_id: line for line in lines_of(work, row)})
            for row in others
            if month and row.period > month
        ],
        OPEN: [(period, state.label) for period, state in waiting if period and period < month],
        PHOTOS: photos_seen(work, report),
    }


def opening_lines(work: Work, project_id: UUID | None, before: ProgressReport | None) -> list[dict[str, Any]]:
    """Return the lines a month begins with: those of the report before, and works that it did not have."""
    last = {line.unit_engineering_id: raw_row(line) for line in lines_of(work, before)}
    lines = []
    for row in works_of(work, project_id):
        kept_values = {name: last[row.id][name] for name in _KEPT if name in last[row.id]} if row.id in last else {}
        if row.actual_finish is not None and row.id not in last:
            continue
        if row.id in last and kept_values.get("visual_progress") == "10":
            continue
        empty = {"unit_engineering_id": str(row.id), "visual_progress": "0", "floors_done": 0, "percent": 0}
        lines.append({**empty, **kept_values} if kept_values else {**empty, "status": WorkStatus.NORMAL.value})
    return lines


def fill(gathering: Gathering, key: str, owner: Owner) -> Answer[Given]:
    """Fill a month in from the report before it, or its works where there is none."""

    def found(work: Work) -> Given:
        earlier = [row for row in reports_of(work, owner.project_id) if row.period < key]
        before = earlier[-1] if earlier else None
        values = {"period": key, "report_on": work.today}
        values |= {"invested_cum": before.invested_cum} if before is not None else {}
        return Given(values, {"works": opening_lines(work, owner.project_id, before)}, _LAST, work.now)

    given = gathering.look(found)
    return hit(_LAST, given, given.at)


def opens_with(work: Work, row: ProgressReport, month: str) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Return what the month after a report begins with."""
    last = reports_of(work, row.project_id)[-1]
    first = date.fromisoformat(f"{month_after(month)}-01")
    values = {"report_on": str(min(work.today, first)), "invested_cum": str(last.invested_cum)}
    return values, {"works": opening_lines(work, row.project_id, last)}


PROGRESS_REPORT = kept(
    Kind(
        name="progress_report",
        label="进度填报",
        row=74,
        prefix="JD",
        table=ProgressReport,
        makers=of_project("progress_report", ProgressReport, several=True),
        look=Look(
            title="period",
            grid=("period", "project_name", "report_on", "invested_period", "invested_cum"),
            filters=("period", "report_on", "invested_cum"),
            change="更正",
            purpose="项目形象进度按月填报与监测",
            titled=project_title,
        ),
        children=(Child("works", "各单位工程进度", ProgressLine, ("unit_engineering_id",), _MOST_WORKS, least=1),),
        slots=(Slot("photos", "现场照片", help="手机拍摄的JPEG或PNG照片，每个在建单位工程至少一张", intake=INTAKE),),
        rules=RULES,
        facts=Facts(look=look, prefill=Prefill("月份", "period", _LAST, fill)),
        ties=Ties(needs=(PROJECT_NEED, in_project("unit_engineering", "单位工程"))),
        effects=Effects(on_effective=reported, on_void=unreported),
        stage=Stage(ProjectStage.CONSTRUCTION),
        period=Monthly("project_id", opens_with=opens_with),
    )
)
