"""不动产权证 (row 64): of the land or of the whole estate, filled in by its number from the property register."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col

from models.building_codes import CertificateKind
from models.land_codes import ProjectStage
from models.parcels import ParcelUse
from models.planning import RealtyCertificate, RealtyHolder
from models.progress import MilestoneCode
from models.records import InForceState, Revision
from services.engine.cycle import kept
from services.engine.cycle_effect import end_record
from services.engine.findings import Severity
from services.engine.kinds import Child, Effects, Look, Proposal, Slot, Stage
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, shown
from services.engine.work import Work
from services.ports.answers import Answer
from services.ports.permits import RealtyPaper
from services.ports.systems import PROPERTY_REGISTER
from services.projects.certificates import PERMIT, EarlierStep, Keeper, Printed, certificate
from services.projects.project import parcels_of

KIND = "realty_certificate"
AREA_WARN, TERM_DAYS = "planning.certificate_area_warn", "planning.term_days"
#: Signs of the districts on certificates of this city (market 2.0).
_SIGNS = "市黄徐长静普虹杨闵宝嘉浦金松青奉崇"
NEW_FORM = rf"沪\((19|20)\d{{2}}\)[{_SIGNS}]字不动产权第\d{{6,7}}号"
OLD_FORM = rf"沪房地[{_SIGNS}]字\((19|20)\d{{2}}\)第\d{{6}}号"
UNIT_CODE = r"\d{6}\d{3}\d{3}[A-Z]{2}\d{5}[A-Z]\d{8}"
LAND_AREA, OTHERS_AREA, TERMS_END = "land_area", "others_area", "terms_end"
REGISTER = Keeper("不动产登记", lambda asking, number: asking.systems.at(PROPERTY_REGISTER).project_certificate(number))


def land_of_project(work: Work, paper: Proposal) -> Mapping[str, Any]:
    """Return the project's land, what other land certificates cover of it, and when the terms of its contracts end."""
    project_id = paper.owner.project_id
    parcels = list(parcels_of(work, project_id)) if project_id is not None else []
    others = work.in_force(
        RealtyCertificate, RealtyCertificate.kind == CertificateKind.LAND, project=project_id, but=paper.record_id
    )
    covered = [one.parcel_area for one in others if one.cert_no != paper["replaces_no"]]
    uses = work.rows(ParcelUse, col(ParcelUse.record_id).in_([parcel.id for parcel, _ in parcels]))
    begins = {parcel.id: parcel.handover_on or parcel.signed_on for parcel, _ in parcels}
    ends = [_years_on(begins[use.record_id], use.term_years) for use in uses if begins[use.record_id] is not None]
    return {
        LAND_AREA: sum((used for _, used in parcels), Decimal(0)),
        OTHERS_AREA: sum(covered, Decimal(0)),
        TERMS_END: ends,
    }


def _years_on(day: date | None, years: int) -> date:
    assert day is not None
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def contract_signed(work: Work, paper: Proposal) -> EarlierStep:
    project_id = paper.owner.project_id
    parcels = parcels_of(work, project_id) if project_id is not None else []
    return EarlierStep(
        "土地出让合同签订日期", max((one.signed_on for one, _ in parcels if one.signed_on), default=None)
    )


@rule(FORMAT, "不动产单元号", Severity.REFUSE, "不动产单元号应为28位：19位宗地代码加9位定着物代码，请核对")
def unit_code_is_whole(paper: Proposal) -> Iterator[Fault]:
    if paper["realty_unit_code"] and not re.fullmatch(UNIT_CODE, paper["realty_unit_code"]):
        yield Fault("realty_unit_code")


@rule("PLN-05", "证载宗地面积与项目地块面积一致", Severity.WARN, "宗地面积与项目地块面积不一致")
def area_is_the_parcels(paper: Proposal) -> Iterator[Fault]:
    land, here = paper.found.get(LAND_AREA), paper["parcel_area"]
    if not land or here is None or paper["kind"] is not CertificateKind.LAND:
        return
    covered = here + paper.found[OTHERS_AREA]
    percent = abs(covered - land) * 100 / land
    if percent > paper.thresholds.decimal(AREA_WARN):
        yield Fault(
            "parcel_area",
            f"土地证宗地面积合计{shown(covered)}㎡，与项目地块面积{shown(land)}㎡相差{percent:.2f}%，请核对或说明理由",
            evidence={"certificates": covered, "parcels": land},
        )


@rule("PLN-13", "使用期限与合同出让年限一致", Severity.WARN, "使用期限与合同不一致")
def term_is_the_contracts(paper: Proposal) -> Iterator[Fault]:
    ends, told = paper.found.get(TERMS_END) or [], paper["use_term_to"]
    if not ends or told is None:
        return
    nearest = min(ends, key=lambda day: abs((told - day).days))
    days = abs((told - nearest).days)
    if days > paper.thresholds.integer(TERM_DAYS):
        yield Fault("use_term_to", f"与合同出让年限推算的{nearest}相差{days}天，请核对或说明理由")


@rule("PLN-14", "土地未抵押、未查封", Severity.WARN, "不动产登记有抵押或查封", source="不动产登记")
def land_is_free(paper: Proposal) -> Iterator[Fault]:
    said: Answer[RealtyPaper] | None = paper.answers.get(PERMIT)
    found = said.value if said is not None else None
    if found is not None and found.sealed:
        yield Fault("cert_no", "不动产登记显示该证已被查封，请说明情况")
    if found is not None and found.mortgaged:
        yield Fault("cert_no", "不动产登记显示该证已抵押，请说明情况")


def in_force(work: Work, paper: RealtyCertificate, revision: Revision) -> None:
    """End the certificate that this one replaces, and keep on it the number that replaced it."""
    if not paper.replaces_no:
        return
    old = work.first(
        RealtyCertificate,
        RealtyCertificate.project_id == paper.project_id,
        RealtyCertificate.cert_no == paper.replaces_no,
        RealtyCertificate.in_force == InForceState.EFFECTIVE,
        col(RealtyCertificate.id) != paper.id,
    )
    if old is not None:
        end_record(work, REALTY_CERTIFICATE, old.id, f"已换发新证{paper.cert_no}")
        old.replaced_by_no = paper.cert_no
        work.add(old)


REALTY_CERTIFICATE = kept(
    certificate(
        RealtyCertificate,
        name=KIND,
        label="不动产权证",
        row=64,
        prefix="BD",
        look=Look(
            title="cert_no",
            grid=("cert_no", "kind", "holder", "parcel_area", "use_term_to", "mortgaged", "sealed", "registered_on"),
            filters=("cert_no", "kind", "mortgaged", "sealed", "registered_on", "use_term_to"),
            sections={
                "kind": "证书",
                "holder": "权利人与坐落",
                "right_type": "权利与面积",
                "use_term_from": "使用期限",
                "land_no": "房屋状况与登记",
            },
            purpose="项目土地和房屋权属管理",
        ),
        stage=Stage(ProjectStage.PLANNING),
        printed=Printed(
            "holder",
            "holder_uscc",
            "cert_no",
            "registered_on",
            form=NEW_FORM,
            must=f"{NEW_FORM}|{OLD_FORM}",
            label="不动产权证号",
        ),
        slots=(Slot("scan", "不动产权证扫描件", least=1),),
        children=(Child("holders", "其他权利人", RealtyHolder, ("holder_uscc",), 20),),
        rules=rules_in(vars()),
        found=land_of_project,
        earlier=contract_signed,
        keeper=REGISTER,
        effects=Effects(on_effective=in_force),
        reaches=lambda row: MilestoneCode.M04 if row.kind is CertificateKind.LAND else MilestoneCode.M21,
    )
)
