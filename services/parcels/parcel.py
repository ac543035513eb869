"""地块 (row 56): a parcel with its land contract, made by the authority or its head company, reviewed by the district."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import HEAD_OFFICE, Role
from models.land_codes import ProjectStage
from models.parcels import Parcel, ParcelCadastre, ParcelInstalment, ParcelProjectLink, ParcelSupplement, ParcelUse
from models.projects import ProjectParcelLine, ProjectParcels
from models.records import InForceState, PactState, Revision
from services.engine.cycle import kept
from services.engine.events import Event
from services.engine.held_keys import holder_of, key_of
from services.engine.kinds import (
    Child,
    Dependant,
    Effects,
    Facts,
    Kind,
    Look,
    Makers,
    Need,
    Owner,
    Prefill,
    Proposal,
    Slot,
    Stage,
    Ties,
    Values,
)
from services.engine.notices import notify
from services.engine.refusals import Conflict, NotFound
from services.engine.work import Work
from services.parcels.companies import head_is_admitted
from services.parcels.district_moves import links_follow, tell_left_district, versions_follow
from services.parcels.holdings import LINKS, links_of, settle_holder
from services.parcels.link_parts import end_open_links
from services.parcels.prefill import SOURCE, contract_by_number
from services.parcels.rules import PARCEL_RULES, saleable_plan
from services.parcels.visibility import parcels_of_links

#: A parcel with its land contract has taken effect, anew or as a later version.
LAND_IN_FORCE: Event[Parcel] = Event("parcels.land_in_force")
MAKERS = frozenset({Role.DIST_HANDLER, Role.CITY_HANDLER}) | HEAD_OFFICE


def whose(work: Work, about: UUID | None) -> Owner:
    """A head's parcel is its own from the start; a district's lies in its district."""
    if about is not None:
        raise NotFound
    caller = work.caller
    if caller.has(*HEAD_OFFICE):
        if not head_is_admitted(work, caller.enterprise_id):
            raise Conflict("本公司尚未准入或已退出，不能登记地块")
        return Owner(head_company_id=caller.enterprise_id)
    return Owner(_own_district(work))


def lies_in(work: Work, owner: Owner, values: Values) -> Owner:
    """The district is what was chosen, but for a district's handler, who has but one."""
    if own := _own_district(work):
        return replace(owner, district_code=own)
    chosen = values.get("district")
    return replace(owner, district_code=str(chosen)) if chosen is not None else owner


def _own_district(work: Work) -> str:
    if work.caller.has(Role.CITY_HANDLER):
        return ""
    return next((scope.code for scope in work.caller.scope_of(Role.DIST_HANDLER)), "")


def known_numbers(work: Work, parcel: Proposal) -> dict[str, Any]:
    """Return whether another parcel in force has the number or the contract."""
    others = select(Parcel.id).where(Parcel.id != parcel.record_id, Parcel.in_force == InForceState.EFFECTIVE)
    here = others.where(Parcel.district_code == parcel.owner.district_code)
    number = key_of(Parcel, "parcel_key", parcel.values)
    return {
        "same_parcel_no": number and work.session.exec(here.where(Parcel.parcel_key == number)).first(),
        "same_contract_no": holder_of(work, Parcel, "contract_key", parcel.values, other_than=parcel.record_id),
    }


def in_force(work: Work, parcel: Parcel, revision: Revision) -> None:
    """Fill computed fields; users of the old version are notified."""
    parcel.saleable_area_plan = saleable_plan(vars(parcel))
    settle_holder(work, parcel)
    work.add(parcel)
    if revision.version_no > 1:
        links_follow(work, parcel)
        tell_left_district(work, parcel, revision, f"地块“{parcel.parcel_name}”")
        versions_follow(work, parcel)
        _tell_projects(work, parcel)
    LAND_IN_FORCE.happened(work, parcel)


def _tell_projects(work: Work, parcel: Parcel) -> None:
    lists = select(ProjectParcels).where(
        ProjectParcels.in_force == InForceState.EFFECTIVE,
        col(ProjectParcels.id).in_(select(ProjectParcelLine.record_id).where(ProjectParcelLine.parcel_id == parcel.id)),
    )
    # The assigned company may be drafting on it; one with a list in force counts on it even if it is no longer assigned.
    companies = [
        *(listed.project_company_id for listed in work.session.exec(lists.order_by(col(ProjectParcels.id))).all()),
        *(link.project_company_id for link in links_of(work, ParcelProjectLink, parcel.id, PactState.CONFIRMED)),
    ]
    for company in dict.fromkeys(companies):
        notify(
            work,
            "项目所用地块已更新",
            f"地块“{parcel.parcel_name}”已更新为第{parcel.version_no}版，请核对项目地块信息并视情更新。",
            about=parcel,
            to_enterprise=company,
        )


def voided(work: Work, parcel: Parcel, revision: Revision) -> None:
    """Refuse to void a parcel with a holder or a project; recipients of open offers are notified."""
    if any(links_of(work, table, parcel.id, PactState.CONFIRMED) for table in LINKS):
        raise Conflict("该地块已关联企业，请先解除关联再作废")
    end_open_links(work, parcel)


def lists_using(work: Work, parcel: Parcel) -> list[Dependant]:
    """Return the lists of project parcels that contain it."""
    lines = select(ProjectParcelLine.record_id).where(ProjectParcelLine.parcel_id == parcel.id)
    rows = work.in_force(ProjectParcels, col(ProjectParcels.id).in_(lines), by=ProjectParcels.record_no)
    return [Dependant("project_parcels", row.id, f"项目地块信息{row.record_no}") for row in rows]


PARCEL = kept(
    Kind(
        name="parcel",
        label="地块",
        row=56,
        prefix="DK",
        table=Parcel,
        makers=Makers(draft=MAKERS, submit=MAKERS, owner=whose, follow=lies_in, also_seen=parcels_of_links),
        look=Look(
            title="parcel_name",
            menu="parcels",
            grid=(
                "parcel_no",
                "parcel_name",
                "district",
                "acquire_mode",
                "land_area",
                "far_area",
                "start_due_on",
            ),
            filters=(
                "district",
                "acquire_mode",
                "parcel_no",
                "contract_no",
                "ring",
                "plate",
                "land_area",
                "signed_on",
                "start_due_on",
            ),
            sections={
                "parcel_name": "基本信息",
                "acquire_mode": "用地指标",
                "contract_no": "出让合同",
                "handover_due_on": "交地与开竣工期限",
                "residential_sets_min": "其他约定",
            },
            purpose="房地产开发用地的登记与监管",
        ),
        children=(
            Child("uses", "土地用途", ParcelUse, ("use",), 20, least=1),
            Child("instalments", "分期付款", ParcelInstalment, ("no",), 120),
            Child("supplements", "补充协议", ParcelSupplement, ("supplement_no",), 50),
            Child("cadastres", "宗地", ParcelCadastre, ("cadastral_code",), 50),
        ),
        slots=(
            Slot("deal", "成交确认书", 0, "新增的出让地块必传"),
            Slot("contract", "出让合同或划拨决定书", 1),
            Slot("drawing", "地块图", 1),
            Slot("supplement", "补充协议"),
        ),
        rules=PARCEL_RULES,
        facts=Facts(look=known_numbers, prefill=Prefill("合同号或地块编号", "contract_no", SOURCE, contract_by_number)),
        ties=Ties(
            needs=(
                Need(
                    "head_company",
                    "总公司准入",
                    lambda work, owner, _: (
                        owner.head_company_id is None or head_is_admitted(work, owner.head_company_id)
                    ),
                ),
            ),
            dependants=lists_using,
        ),
        stage=Stage(ProjectStage.LAND),
        effects=Effects(on_effective=in_force, on_void=voided),
    )
)
