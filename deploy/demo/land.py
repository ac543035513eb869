"""Parcels and projects of the market in the demo: both heads', in several districts, in every state (rows 55-62)."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import select

from deploy.demo.companies import company_lines
from deploy.demo.kept import put_kept
from models.access import OrgUnit, Role, UnitKind
from models.columns import new_id
from models.companies import HeadCompany, ProjectCompany
from models.land_codes import LinkSide, LinkVerb
from models.parcels import Parcel, ParcelHeadLink, ParcelLinkStep, ParcelProjectLink
from models.places_data import district
from models.projects import Project
from models.records import PactState
from models.working_days import calendar
from services.engine.kinds import Owner
from services.engine.registry import action
from services.engine.work import Work
from services.parcels.holdings import settle_holder

_CENT = Decimal("0.01")
Line = Mapping[str, str]


@dataclass(frozen=True)
class LoadLand:
    """The folder of the fixture tables."""

    folder: Path


@action("demo.land", "装载地块与项目", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_land(work: Work, order: LoadLand) -> int:
    """Parcels, links and projects in force, once; what is still on its way is loaded by `load_drafts`."""
    if work.session.exec(select(Parcel.id).limit(1)).first() is not None:
        return 0
    companies = _companies(work, order.folder / "companies.csv")
    offices = {
        unit.enterprise_id: unit.id
        for unit in work.session.exec(select(OrgUnit).where(OrgUnit.kind == UnitKind.ENTERPRISE)).all()
    }
    bureaus = {
        unit.district_code: unit.id
        for unit in work.session.exec(select(OrgUnit).where(OrgUnit.kind == UnitKind.DISTRICT_BUREAU)).all()
    }
    parcels: dict[str, Parcel] = {}
    links: dict[str, ParcelProjectLink] = {}
    for place, line in enumerate(rows(order.folder / "parcels.csv")):
        parcel = put_kept(
            work,
            "parcel",
            parcel_values(work, line, companies),
            Owner(line["district_code"]),
            children=parcel_lists(work, line),
            at=work.now - timedelta(days=60 + place),
        )
        parcels[line["fixture_id"]] = parcel
        heads = _link_heads(work, line, parcel, companies, offices, bureaus)
        if line["company"] and heads:
            links[line["fixture_id"]] = _link_company(work, line, parcel, heads[0], companies, offices)
        work.session.flush()
        settle_holder(work, parcel)
    for line in rows(order.folder / "developments.csv"):
        if line["state"] == "EFFECTIVE":
            put_project(work, line, [parcels[one] for one in line["parcels"].split(";")], links, companies)
    return len(parcels)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def _companies(work: Work, path: Path) -> dict[str, Any]:
    known: dict[str, Any] = {row.uscc: row for row in work.session.exec(select(HeadCompany)).all()}
    known |= {row.uscc: row for row in work.session.exec(select(ProjectCompany)).all()}
    return {line["fixture_id"]: known[line["uscc"]] for line in company_lines(path) if line["uscc"] in known}


# ------------------------------------------------------------------ parcels


def parcel_values(work: Work, line: Line, companies: Mapping[str, Any]) -> dict[str, str]:
    """A parcel's form; its days are counted from today, so that the demo never grows old."""
    granted = line["acquire_mode"] == "GRANTED"
    signed = work.today - timedelta(days=int(line["signed_ago"]))
    values = {
        "parcel_name": line["name"],
        "parcel_no": line["parcel_no"],
        "announcement_no": f"{signed.year}年第{int(line['fixture_id'][2:])}号公告" if granted else "",
        "district": line["district_code"],
        "street": line["street"],
        "plate": line["plate"],
        "ring": line["ring"],
        "location": f"{line['street']}{line['plate']}单元{line['parcel_no']}",
        "entry_mode": line["entry_mode"],
        "acquire_mode": line["acquire_mode"],
        "land_area": line["land_area"],
        "far": line["far"],
        "far_area": line["far_area"],
        "building_density": "30",
        "green_ratio": "35",
        "height_limit": "80",
        "residential_area": line["residential"],
        "commercial_area": line["commercial"],
        "affordable_area": line["affordable"],
        "self_held_area": line["self_held"],
        "public_facility_area": line["public"],
        "handover_on": str(signed + timedelta(days=100)),
        "start_due_on": str(work.today + timedelta(days=int(line["start_in"]))),
        "finish_due_on": str(work.today + timedelta(days=int(line["finish_in"]))),
    }
    if granted:
        grantee = companies.get(line["company"]) or companies.get(line["heads"].partition(":")[0])
        values |= {
            "contract_no": line["contract"].replace("资源出让", f"资源({signed.year})出让"),
            "grantor": line["grantor"],
            "grantee_uscc": grantee.uscc if grantee is not None else "91310000MAYGA0040K",
            "signed_on": str(signed),
            "parcel_area_granted": line["land_area"],
            "price_total": line["price"],
            "deposit": str((Decimal(line["price"]) / 5).quantize(_CENT)),
        }
    return {name: value for name, value in values.items() if value}


def parcel_lists(work: Work, line: Line) -> dict[str, list[dict[str, str]]]:
    uses = []
    for part in line["uses"].split(";"):
        use, area, years = part.split(":")
        uses.append({"use": use, "use_area": area, "term_years": years})
    instalments = []
    for number, part in enumerate(filter(None, line["instalments"].split(";")), 1):
        amount, due, paid = part.split(":")
        day = str(work.today + timedelta(days=int(due)))
        one = {"no": str(number), "amount": amount, "due_on": day}
        if paid == "1":
            one |= {"paid_on": day, "paid_amount": amount}
        instalments.append(one)
    serial = int(line["fixture_id"][2:])
    return {
        "uses": uses,
        "instalments": instalments,
        "cadastres": [{"cadastral_code": f"{line['district_code']}0{serial:02d}0{serial:02d}GB{serial:05d}"}],
    }


def _link_heads(
    work: Work,
    line: Line,
    parcel: Parcel,
    companies: Mapping[str, Any],
    offices: Mapping[Any, UUID],
    bureaus: Mapping[str, UUID],
) -> list[ParcelHeadLink]:
    links = []
    serial = int(line["fixture_id"][2:])
    for part in filter(None, line["heads"].split(";")):
        name, share = part.split(":")
        head = companies[name]
        offered, claimed = line["link"] == "OFFERED", line["link"] == "CLAIMED"
        waiting = offered or claimed
        side = LinkSide.HEAD if claimed or serial % 3 == 0 else LinkSide.AUTHORITY
        at = work.now - timedelta(days=(serial % 4) * 6 + 1 if waiting else 55)
        link = ParcelHeadLink(
            parcel_id=parcel.id,
            head_company_id=head.id,
            district_code=parcel.district_code,
            share=Decimal(share),
            state=PactState.OFFERED if waiting else PactState.CONFIRMED,
            offered_side=str(side),
            offered_at=at,
            expires_on=calendar().add_working_days(at.date(), 30),
            answered_at=None if waiting else at + timedelta(days=2),
            open_key=f"{parcel.id.hex}:{head.id.hex}",
        )
        work.add(link)
        mine, other = offices.get(head.id), bureaus.get(parcel.district_code)
        first, second = (mine, other) if side is LinkSide.HEAD else (other, mine)
        verb = LinkVerb.CLAIMED if side is LinkSide.HEAD else LinkVerb.OFFERED
        _step(work, link.id, parcel.id, verb, side, first, at)
        if not waiting:
            answering = LinkSide.AUTHORITY if side is LinkSide.HEAD else LinkSide.HEAD
            _step(work, link.id, parcel.id, LinkVerb.CONFIRMED, answering, second, at + timedelta(days=2))
            links.append(link)
    return links


def _link_company(
    work: Work,
    line: Line,
    parcel: Parcel,
    head: ParcelHeadLink,
    companies: Mapping[str, Any],
    offices: Mapping[Any, UUID],
) -> ParcelProjectLink:
    company = companies[line["company"]]
    waiting = line["link"] == "ASSIGNED"
    at = work.now - timedelta(days=3 if waiting else 50)
    link = ParcelProjectLink(
        parcel_id=parcel.id,
        head_link_id=head.id,
        head_company_id=head.head_company_id,
        project_company_id=company.id,
        district_code=parcel.district_code,
        state=PactState.OFFERED if waiting else PactState.CONFIRMED,
        offered_side=str(LinkSide.HEAD),
        offered_at=at,
        expires_on=calendar().add_working_days(at.date(), 30),
        answered_at=None if waiting else at + timedelta(days=1),
        open_key=f"{parcel.id.hex}:{company.id.hex}",
    )
    work.add(link)
    _step(work, link.id, parcel.id, LinkVerb.ASSIGNED, LinkSide.HEAD, offices.get(head.head_company_id), at)
    if not waiting:
        said = at + timedelta(days=1)
        _step(work, link.id, parcel.id, LinkVerb.CONFIRMED, LinkSide.PROJECT, offices.get(company.id), said)
    return link


def _step(
    work: Work, link: UUID, parcel: UUID, verb: LinkVerb, side: LinkSide, unit: UUID | None, at: datetime
) -> None:
    work.add(ParcelLinkStep(link_id=link, parcel_id=parcel, verb=verb, side=side, by_unit=unit, at=at))


# ------------------------------------------------------------------ projects


def put_project(
    work: Work,
    line: Line,
    parcels: list[Parcel],
    links: Mapping[str, ParcelProjectLink],
    companies: Mapping[str, Any],
) -> Project:
    """A project in force with what belongs to it."""
    company = companies[line["company"]]
    project_id = new_id()
    for link in links.values():
        if link.parcel_id in {parcel.id for parcel in parcels}:
            link.made_project_id = project_id
            work.add(link)
    work.session.flush()
    values = project_values(work, line, parcels)
    owner = Owner(str(values["district"]), company.head_company_id, company.id, project_id)
    at = work.now - timedelta(days=40)
    row: Project = put_kept(
        work,
        "project",
        values,
        owner,
        children={"properties": list(_properties(parcels))},
        at=at,
        record_id=project_id,
    )
    start = parcels[0].start_due_on
    if line["started"] and start is not None and start < work.today:
        row.started_on = start - timedelta(days=10)
    if line["stopped"]:
        row.started_on = work.today - timedelta(days=700)
        row.stopped_from, row.suspended = work.today - timedelta(days=400), True
        row.developed_area = row.land_area / 5
    work.add(row)
    for side in filter(None, line["sides"].split(";")):
        _SIDES[side](work, owner, company, parcels, at)
    return row


def project_values(work: Work, line: Line, parcels: list[Parcel]) -> dict[str, str]:
    """A project's form, of the size its parcels allow."""
    first = parcels[0]
    far_area = sum((one.far_area for one in parcels), Decimal(0))
    below = (far_area * Decimal("0.32")).quantize(_CENT)
    land_cost = sum((one.price_total or Decimal(0) for one in parcels), Decimal(0)).quantize(Decimal(1))
    # What is invested pays for the land and for building on it.
    invested = land_cost + (far_area * Decimal(line["invest_per"])).quantize(Decimal(1))
    start = first.start_due_on or work.today
    finish = first.finish_due_on or work.today + timedelta(days=900)
    return {
        "name": line["name"],
        "promotion_name": line["name"].removeprefix("申浦").removeprefix("江海"),
        "project_code": line["code"],
        "district": str(first.district),
        "street": first.street,
        "address": first.location,
        "plate": first.plate,
        "ring": str(first.ring),
        "housing_kind": line["housing_kind"],
        "land_area": str(sum((one.land_area for one in parcels), Decimal(0)).quantize(_CENT)),
        "total_gfa": str((far_area + below).quantize(_CENT)),
        "above_gfa": str(far_area.quantize(_CENT)),
        "below_gfa": str(below),
        "far_area": str(far_area.quantize(_CENT)),
        "total_investment": str(invested),
        "project_capital": str((invested * Decimal(line["capital"]) / 100).quantize(Decimal(1), ROUND_UP)),
        "land_cost": str(land_cost),
        "invested_to_date": str((invested * Decimal(line["invested"]) / 100).quantize(Decimal(1))),
        "planned_start_on": str(start),
        "planned_presale_on": str(start + (finish - start) / 2),
        "planned_finish_on": str(finish),
        "planned_delivery_on": str(finish + timedelta(days=90)),
        "contact_name": "夏知微",
        "contact_phone": "13800000155",
    }


def _properties(parcels: list[Parcel]) -> Iterator[dict[str, str]]:
    homes = sum((one.residential_area or Decimal(0) for one in parcels), Decimal(0))
    shops = sum((one.commercial_area or Decimal(0) for one in parcels), Decimal(0))
    yield {"property_type": "HOUSING", "gfa": str(homes.quantize(_CENT)), "sets": str(int(homes // 105))}
    yield {"property_type": "RETAIL", "gfa": str(shops.quantize(_CENT))}
    yield {"property_type": "PARKING", "sets": str(int(homes // 100))}


def _list_parcels(work: Work, owner: Owner, company: Any, parcels: list[Parcel], at: datetime) -> None:
    lines = [
        {
            "parcel_id": str(one.id),
            "used_area": str(one.land_area.quantize(_CENT)),
            "far_area_part": str(one.far_area.quantize(_CENT)),
        }
        for one in parcels
    ]
    put_kept(work, "project_parcels", {"note": "整块使用"}, owner, children={"parcels": lines}, at=at)


def _list_investors(work: Work, owner: Owner, company: Any, parcels: list[Parcel], at: datetime) -> None:
    head = work.session.get(HeadCompany, company.head_company_id)
    assert head is not None
    ratio, capital = company.holding_ratio, company.registered_capital
    shares = [(head.name, head.uscc, ratio, True)]
    if ratio < 100:
        shares.append(("上海浦汇城市更新基金（有限合伙）", "91310000MA1FL1X2AK", 100 - ratio, False))
    lines = [
        {
            "kind": "COMPANY",
            "name": name,
            "uscc": uscc,
            "country": "中国",
            "subscribed_amount": str((capital * part / 100).quantize(_CENT)),
            "paid_amount": str((capital * part / 100).quantize(_CENT)),
            "ratio": str(part),
            "is_head_group": ours,
            "source": "REGISTRY",
        }
        for name, uscc, part, ours in shares
    ]
    values = {"registered_capital": str(capital.quantize(_CENT))}
    put_kept(work, "project_investors", values, owner, children={"investors": lines}, at=at)


def _list_builders(work: Work, owner: Owner, company: Any, parcels: list[Parcel], at: datetime) -> None:
    put_kept(work, "project_builders", {"has_agent": False, "note": "由项目公司自行开发建设"}, owner, at=at)


def _relocate(work: Work, owner: Owner, company: Any, parcels: list[Parcel], at: datetime) -> None:
    values = {
        "permit_or_decision_no": f"沪房征补决({work.today.year - 3})第{int(parcels[0].land_area) % 90 + 10}号",
        "relocation_scope": parcels[0].location,
        "households_total": "186",
        "households_signed": "186",
        "households_moved": "179",
        "area_demolished": "21460.50",
        "compensation_total": "936000000.00",
        "compensation_paid": "901500000.00",
        "resettle_mode": "BOTH",
        "resettle_sets": "142",
        "resettle_area": "11928.00",
        "start_on": str(work.today - timedelta(days=1000)),
    }
    put_kept(work, "relocation", values, owner, at=at)


def _permit_land(work: Work, owner: Owner, company: Any, parcels: list[Parcel], at: datetime) -> None:
    area = sum((parcel.land_area for parcel in parcels), Decimal(0)).quantize(_CENT)
    place = district(owner.district_code)
    values = {
        "permit_no": f"地字第{owner.district_code}00{at.year}YG{int(area) % 10_000_000:07d}号",
        "project_name": f"{parcels[0].parcel_name.removesuffix('地块')}项目",
        "land_user": company.name,
        "land_user_uscc": company.uscc,
        "location": parcels[0].location,
        "land_use": "居住用地",
        "land_area_text": f"{area}平方米",
        "land_area_total": str(area),
        "scale_text": f"计容建筑面积{parcels[0].far_area:.2f}平方米",
        "contract_no": parcels[0].contract_no,
        "issuer": f"上海市{place.name if place else ''}规划和自然资源局",
        "issued_on": str(at.date()),
    }
    put_kept(work, "land_planning_permit", values, owner, at=at)


_SIDES = {
    "parcels": _list_parcels,
    "investors": _list_investors,
    "builders": _list_builders,
    "relocation": _relocate,
    "land_permit": _permit_land,
}
