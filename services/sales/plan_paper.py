"""销售方案打印件: a version of a plan as its official paper; clean only when in force, else with a watermark (row 76)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlmodel import col

from models.building_tables import SaleRole
from models.companies import HeadCompany, ProjectCompany
from models.construction import ConstructionPermit
from models.documents import IssuedDocument, PaperKind, PaperState
from models.planning import EngineeringPlanningPermit, LandPlanningPermit
from models.projects import Project
from models.records import Revision, RevisionState, StepVerdict
from models.sales_plans import PlanNumber, SaleKind, SalesPlan
from printing.page import Issue
from printing.sales_plan import SalesPlanSheet, render
from services.documents.issuance import issue_paper, public_answer, replace_paper
from services.engine.clock import shanghai_text
from services.engine.cycle_views import steps_of
from services.engine.events import on
from services.engine.proposals import form_of
from services.engine.record_files import file_lines
from services.engine.refusals import NotFound
from services.engine.work import Work
from services.records.record_paper import StoredPaper, issue_of, own_paper
from services.sales.plan_facts import KIND, ground_of
from services.sales.plan_ground import PlanGround, SeenBuilding
from services.sales.plan_sums import PlanSums, sums_of
from services.sales.sales_plan import IN_FORCE, OVER, SALES_PLAN

_DECORATION = ("decoration", "decoration_text")
_PAST = {RevisionState.SUPERSEDED, RevisionState.VOIDED}
_PASSED = {StepVerdict.PASSED, StepVerdict.APPROVED}
Values = Mapping[str, Any]


@own_paper(KIND, SalesPlanSheet, render)
def paper_of(work: Work, revision: Revision) -> SalesPlanSheet | StoredPaper:
    """Return the paper issued for a version, or the page data of a version that is not in force."""
    stored = work.first(
        IssuedDocument.id,
        IssuedDocument.object_id == revision.record_id,
        IssuedDocument.number == _paper_number(work, revision),
        IssuedDocument.kind == PaperKind.SALES_PLAN,
    )
    if stored is not None and revision.state is RevisionState.EFFECTIVE:
        return StoredPaper(stored)
    return plan_sheet(work, revision)


@on(IN_FORCE)
def issue_plan(work: Work, plan: SalesPlan) -> None:
    """Issue the paper of a version that takes effect, in place of that of the version before."""

    def issue() -> None:
        revision = work.find(Revision, Revision.id == plan.revision_id, missing=NotFound())
        sheet = plan_sheet(work, revision)
        page = replace(sheet, issue=replace(sheet.issue, number=_paper_number(work, revision), made="", preview=None))
        address = work.first(Project.address, Project.id == plan.project_id) or ""
        end_paper(work, plan)
        issue_paper(
            work,
            page,
            kind=PaperKind.SALES_PLAN,
            about=plan,
            public=public_answer(unit=page.issue.unit, address=address),
            unit_id=work.caller.unit_id,
        )

    work.then(issue)


@on(OVER)
def end_paper(work: Work, plan: SalesPlan) -> None:
    """Mark the paper of a plan as replaced once another version takes effect or the plan ends."""
    own = IssuedDocument.object_id == plan.id, IssuedDocument.kind == PaperKind.SALES_PLAN
    for paper in work.rows(IssuedDocument, *own, IssuedDocument.state == PaperState.VALID):
        replace_paper(work, paper)


def _paper_number(work: Work, revision: Revision) -> str:
    number = work.first(PlanNumber.plan_no, PlanNumber.record_id == revision.record_id) or revision.record_no
    return f"{number}-{revision.version_no}"


def plan_sheet(work: Work, revision: Revision) -> SalesPlanSheet:
    """Return the page data of a version of a plan."""
    form = form_of(SALES_PLAN, revision.payload.json())
    values, lines = form.values, form.children
    numbers = [str(one.get("natural_building_no")) for one in lines["buildings"]]
    ground = ground_of(work, revision.project_id, record_id=revision.record_id, named=numbers or ("",))
    seen = [ground.buildings[one] for one in numbers if one in ground.buildings]
    project = work.first(Project, Project.id == revision.project_id)
    company = work.first(ProjectCompany, ProjectCompany.id == revision.project_company_id)
    number = work.first(PlanNumber.plan_no, PlanNumber.record_id == revision.record_id) or revision.record_no
    sums = sums_of(lines["units"])
    return SalesPlanSheet(
        issue=_issue(work, revision, number),
        presale=values.get("sale_kind") is not SaleKind.CURRENT_SALE,
        basics=_basics(work, revision, project, company, values),
        permits=_permits(work, revision, ground),
        buildings=[_sold(one, lines["units"]) for one in seen],
        steps=list(_steps(seen, lines["schedule"])),
        delivery=(("竣工日期", _text(values.get("finish_on"))), ("交付日期", _text(values.get("deliver_on")))),
        decoration=_sentence("。".join(_label(values[one]) for one in _DECORATION if values.get(one))),
        area_note=_sentence(_text(values.get("area_note"))),
        prices=_prices(values, sums),
        kept=_kept(values, sums),
        facilities=[
            (
                _text(one.get("facility")),
                _label(one.get("kind")),
                _text(one.get("owned_by")),
                _number(one.get("facility_area")),
                _text(one.get("deliver_on")),
            )
            for one in lines["facilities"]
        ],
        estate=(
            ("前期物业企业", _text(values.get("pm_company"))),
            ("代理机构", _text(values.get("agent_name")) or "无"),
        ),
        escrow=(
            ("监管银行", _text(values.get("escrow_bank"))),
            ("监管账号", _text(values.get("escrow_account"))),
            ("监管协议编号", _text(values.get("escrow_agreement_no"))),
        ),
        mortgage=_sentence(_text(values.get("mortgage_note"))),
        quality=(
            ("质量责任主体", _text(values.get("quality_bearer"))),
            ("建筑节能", _text(values.get("energy_note"))),
        ),
        files=list(_files(work, revision)),
        opinions=list(_opinions(work, revision)),
        units=[_unit(one) for one in lines["units"]],
        company=company.name if company is not None else "",
    )


def _opinions(work: Work, revision: Revision) -> Iterator[tuple[str, ...]]:
    """The last approval of each level: one before a return or a step back is of no effect."""
    passed = {one.level: one for one in steps_of(work, [revision]) if one.verdict in _PASSED and one.level}
    for one in sorted(passed.values(), key=lambda one: one.at):
        yield one.level, one.unit, one.opinion or "同意", shanghai_text(one.at)[:10]


def _issue(work: Work, revision: Revision, number: str) -> Issue:
    """The particulars of a print: a code with the plan's digest; a version that is not in force says so across the page."""
    code = f"申房销售方案 {number} 第{revision.version_no}版 SM3:{revision.digest}"
    issue = issue_of(work, SALES_PLAN, revision, number=number, code=code)
    if issue.preview is None or revision.state in _PAST:
        return issue
    return replace(issue, preview=replace(issue.preview, word=f"未生效（{issue.preview.word}）"))


def _basics(
    work: Work, revision: Revision, project: Project | None, company: ProjectCompany | None, values: Values
) -> list[tuple[str, str]]:
    head = work.first(HeadCompany.name, HeadCompany.id == revision.head_company_id)
    told = [
        ("项目名称", project.name if project is not None else ""),
        ("项目代码", project.project_code if project is not None else ""),
        ("位置", _text(values.get("position"))),
        ("开发企业", company.name if company is not None else ""),
        ("信用代码", company.uscc or "" if company is not None else ""),
        ("总公司", str(head or "")),
    ]
    if values.get("changes_no"):
        told.append(("变更的原方案", _text(values.get("changes_no"))))
    return told


def _permits(work: Work, revision: Revision, ground: PlanGround) -> list[tuple[str, str]]:
    project_id = revision.project_id

    def listed(table: Any, number: str = "permit_no") -> str:
        rows = work.in_force(table, project=project_id, by=(col(table.issued_on), table.id))
        return "；".join(f"{getattr(row, number)}（{row.issued_on}）" for row in rows)

    return [
        ("土地不动产权证", ground.land_certificate),
        ("用地规划许可证", listed(LandPlanningPermit)),
        ("工程规划许可证", listed(EngineeringPlanningPermit)),
        ("施工许可证", listed(ConstructionPermit)),
    ]


def _sold(one: SeenBuilding, units: Any) -> tuple[str, ...]:
    codes = {unit.code for unit in one.units}
    sums = sums_of([line for line in units if line.get("house_code") in codes])
    return (
        one.name,
        one.address,
        str(one.floors),
        str(len(one.units)),
        str(sums.sets(SaleRole.FOR_SALE)),
        *(
            _number(sums.area(*roles))
            for roles in (
                (SaleRole.FOR_SALE,),
                (SaleRole.SELF_HELD,),
                (SaleRole.AFFORDABLE, SaleRole.RELOCATION),
                (SaleRole.PUBLIC_FACILITY,),
                (SaleRole.OWNERS_COMMON, SaleRole.PARKING),
            )
        ),
    )


def _steps(seen: list[SeenBuilding], schedule: Any) -> Iterator[tuple[str, ...]]:
    progress = {one.name: "；".join(dict.fromkeys(work.progress for work in one.structures)) for one in seen}
    told: set[str] = set()
    for line in schedule:
        name = _text(line.get("building_name"))
        # What a building has reached is said once, on its first line.
        now = "" if name in told else progress.get(name, "")
        told.add(name)
        yield name, now, _text(line.get("step")), _text(line.get("planned_on")), _text(line.get("actual_on"))


def _prices(values: Values, sums: PlanSums) -> list[tuple[str, str]]:
    return [
        ("备案均价", _money(sums.average)),
        ("浮动幅度", f"{_number(values.get('float_range'))}%" if values.get("float_range") is not None else ""),
        ("最低单价", _money(sums.lowest)),
        ("最高单价", _money(sums.highest)),
    ]


def _kept(values: Values, sums: PlanSums) -> list[tuple[str, str]]:
    def told(*roles: SaleRole) -> str:
        return f"{sums.sets(*roles)}户，{_number(sums.area(*roles))}㎡" if sums.sets(*roles) else "无"

    return [
        ("自留（自持）", told(SaleRole.SELF_HELD)),
        ("公益性设施", told(SaleRole.PUBLIC_FACILITY)),
        ("全体业主共有", told(SaleRole.OWNERS_COMMON)),
        ("物业用房室号", _text(values.get("pm_rooms"))),
        ("公共部位", _text(values.get("common_parts"))),
    ]


def _files(work: Work, revision: Revision) -> Iterator[tuple[str, str, str]]:
    labels = {slot.name: slot.label for slot in SALES_PLAN.slots}
    for one in file_lines(work, revision.id):
        yield labels.get(one.slot, one.slot), one.name, one.digest[:16]


def _unit(line: Values) -> tuple[str, ...]:
    return (
        _text(line.get("building_name")),
        _text(line.get("section_no")),
        _text(line.get("nominal_floor")),
        _text(line.get("room_no")),
        _text(line.get("planned_use")),
        _text(line.get("layout")),
        _label(line.get("sale_role")),
        *(_number(line.get(name)) for name in ("gross_area", "inner_area", "shared_area", "unit_price", "total_price")),
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _sentence(text: str) -> str:
    return f"{text}。" if text and text[-1] not in "。！？；" else text


def _label(value: Any) -> str:
    return str(getattr(value, "label", value) or "")


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def _money(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f} 元/㎡"
