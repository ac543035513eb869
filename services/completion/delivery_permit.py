"""交付使用许可证 (row 73): of natural buildings whose works are filed, with its checklist (CMP-06); sets M20 of each building."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.completion import DeliveredBuilding, DeliveryCondition, DeliveryItem, DeliveryPermit
from models.land_codes import ProjectStage
from models.planning import EngineeringPlanningPermit
from models.progress import MilestoneCode, MilestoneScope
from models.records import Revision
from services.completion.works import BUILDINGS, SeenBuilding, buildings_of
from services.engine.child_lines import named_by
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import CheckLines, Child, Effects, Look, Offer, Proposal, Slot
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT
from services.engine.work import Work
from services.projects.certificates import Printed, certificate
from services.projects.milestones import Shown, show
from services.projects.ownership import in_force_project
from services.projects.stages import in_project, settles

_HOUSING, PLACE_NAME = "住宅", "place_name"


def looked_up(work: Work, permit: Proposal) -> Mapping[str, Any]:
    """Look up the project's natural buildings with their filings and with other permits that name them."""
    project_id = permit.owner.project_id
    here = DeliveryPermit.project_id == project_id
    permitted = named_by(
        work, DeliveryPermit.permit_no, DeliveredBuilding.natural_building_id, here, but=permit.record_id
    )
    project = in_force_project(work, project_id)
    plannings = work.in_force(EngineeringPlanningPermit, project=project_id)
    named = project is not None and bool(project.place_name_doc_no or project.approved_place_name)
    return {
        BUILDINGS: buildings_of(work, project_id, permitted),
        PLACE_NAME: named or any(row.place_name_doc_no for row in plannings),
    }


def buildings_offered(work: Work, permit: Proposal) -> list[Offer]:
    """Return a project's natural buildings to be ticked; one that is permitted already or not filed cannot be."""
    return [
        Offer({"natural_building_no": number}, seen.name or number, f"{seen.use} {number}", _why_not(seen))
        for number, seen in looked_up(work, permit)[BUILDINGS].items()
    ]


def _why_not(seen: SeenBuilding) -> str:
    missing = [name for name, filed in seen.works.items() if not filed]
    if seen.permitted_by:
        return f"已由许可证{seen.permitted_by}许可交付"
    return f"{'、'.join(missing)}尚未竣工验收备案" if missing else ""


def _named(permit: Proposal) -> Iterator[tuple[str, SeenBuilding | None]]:
    known: Mapping[str, SeenBuilding] = permit.found.get(BUILDINGS, {})
    for number, line in enumerate(permit.lines("buildings"), 1):
        if line.get("natural_building_no"):
            yield f"buildings.{number}.natural_building_no", known.get(line["natural_building_no"])


@rule(FORMAT, "楼幢属于本项目且未重复许可", Severity.REFUSE, "楼幢不在本项目已关联的楼盘表中")
def buildings_are_of_the_project(permit: Proposal) -> Iterator[Fault]:
    for field, seen in _named(permit):
        if seen is None:
            yield Fault(field)
        elif seen.permitted_by:
            yield Fault(field, f"“{seen.name}”已由许可证{seen.permitted_by}许可交付，请核对")


@rule("CMP-06", "楼幢已竣工验收备案，条件清单齐全", Severity.REFUSE, "交付条件不齐全")
def conditions_are_met(permit: Proposal) -> Iterator[Fault]:
    for field, seen in _named(permit):
        missing = [name for name, filed in seen.works.items() if not filed] if seen is not None else []
        if missing:
            yield Fault(field, f"“{seen.name if seen else ''}”的单位工程{'、'.join(missing)}尚未竣工验收备案")
    met = {line.get("item") for line in permit.lines("conditions") if line.get("met")}
    if open_items := [item.label for item in DeliveryItem if item not in met]:
        yield Fault("conditions", f"以下条件尚未具备：{'、'.join(open_items)}")


@rule("PLN-12", "地名批文", Severity.REFUSE, "没有地名批文，交付前必须取得，请填写地名批文号")
def place_name_is_approved(permit: Proposal) -> Iterator[Fault]:
    if not permit["place_name_doc_no"] and not permit.found.get(PLACE_NAME):
        yield Fault("place_name_doc_no")


@rule("CMP-06", "许可范围含住宅", Severity.WARN, "所列楼幢均不是住宅，请核对或说明原因")
def some_building_is_housing(permit: Proposal) -> Iterator[Fault]:
    seen = [one for _, one in _named(permit) if one is not None]
    if seen and not any(_HOUSING in one.use for one in seen):
        yield Fault("buildings")


def _reached(work: Work, permit: DeliveryPermit, _: Revision) -> None:
    known = buildings_of(work, permit.project_id, {})
    shown = []
    for line in work.rows(DeliveredBuilding, DeliveredBuilding.record_id == permit.id):
        if (seen := known.get(line.natural_building_no)) is not None:
            line.natural_building_id = seen.id
            work.add(line)
            shown.append(Shown(MilestoneScope.BUILDING, seen.id, MilestoneCode.M20, permit.issued_on))
    show(work, permit, shown)


DELIVERY_PERMIT = kept(
    certificate(
        DeliveryPermit,
        name="delivery_permit",
        label="交付使用许可证",
        row=73,
        prefix="JF",
        look=Look(
            title="permit_no",
            grid=("permit_no", "sets", "permitted_area", "phase_delivery", "issued_on"),
            filters=("permit_no", "issued_on", "sets", "permitted_area"),
            sections={"permit_no": "许可证", "scope_text": "范围", "issuer": "发证"},
            purpose="新建住宅交付使用许可管理",
        ),
        stage=settles(ProjectStage.DELIVERY),
        printed=Printed("builder", "builder_uscc", label="许可证编号"),
        slots=(Slot("certificate", "许可证扫描件", least=1), Slot("papers", "条件凭证")),
        children=(
            Child(
                "buildings",
                "许可交付的楼幢",
                DeliveredBuilding,
                ("natural_building_no",),
                offers=buildings_offered,
                least=1,
            ),
            Child("conditions", "交付条件", DeliveryCondition, ("item",), 20, checks=CheckLines("item", "met")),
        ),
        rules=rules_in(vars()),
        found=looked_up,
        needs=(in_project("completion_filing", "竣工验收备案"),),
        effects=Effects(on_effective=_reached, on_void=lambda work, row, _: show(work, row, ())),
    )
)
