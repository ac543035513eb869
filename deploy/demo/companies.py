"""Companies of the market in the demo: groups, two competing heads, their project companies, and people of every market role."""

import csv
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import select

from deploy.demo.offices import Person, add_account
from models.access import Account, OrgUnit, Role, ScopeKind, login_key
from models.columns import new_id
from models.companies import (
    AdmissionState,
    District,
    FinancingKind,
    GroupCompany,
    GroupFinancing,
    GroupIndicator,
    GroupShareholder,
    HeadCompany,
    HeadFinancing,
    HeadIndicator,
    HeadShareholder,
    HolderKind,
    Ownership,
    ProjectCompany,
    ProjectFinancing,
    ProjectIndicator,
    ProjectShareholder,
    QualificationGrade,
    RegistryStatus,
)
from models.identity import id_check_character
from models.records import Revision, RevisionState, RevisionStep, SourceMode, StepVerdict
from models.rights import DelegationPolicy
from models.sealed import Sealed
from models.sealing import sm3_hex
from services.access.acl import change
from services.access.holders import Holder, put_holder
from services.companies.admission import company_unit
from services.companies.names import name_key
from services.engine.numbering import number_later
from services.engine.proposals import raw_row
from services.engine.registry import action
from services.engine.work import Work

#: Who works for the authority; the offices are those of `offices.py`.
AUTHORITY_PEOPLE = (
    Person("shichu01", "蒋知行", "CB310000", Role.CITY_HANDLER, ScopeKind.CITY, ""),
    Person("shishen01", "冯守正", "CB310000", Role.CITY_REVIEWER, ScopeKind.CITY, ""),
    Person("shishen02", "范明理", "CB310000", Role.CITY_REVIEWER, ScopeKind.CITY, ""),
    Person("pdchu01", "夏初", "DB310115", Role.DIST_HANDLER, ScopeKind.DISTRICT, "310115"),
    Person("pdshen01", "秦审言", "DB310115", Role.DIST_REVIEWER, ScopeKind.DISTRICT, "310115"),
    Person("pdshen02", "尹思齐", "DB310115", Role.DIST_REVIEWER, ScopeKind.DISTRICT, "310115"),
    Person("xhchu01", "俞晚晴", "DB310104", Role.DIST_HANDLER, ScopeKind.DISTRICT, "310104"),
    Person("xhshen01", "任敬之", "DB310104", Role.DIST_REVIEWER, ScopeKind.DISTRICT, "310104"),
)
#: Fixture id of the company, login, name, role.
COMPANY_PEOPLE = (
    ("H-1", "shenpu_admin", "程一诺", Role.HEAD_ADMIN),
    ("H-1", "shenpu01", "章可心", Role.HEAD_USER),
    ("H-2", "jianghai_admin", "苏念慈", Role.HEAD_ADMIN),
    ("H-2", "jianghai01", "路远", Role.HEAD_USER),
    ("P-1", "binjiang_admin", "何若谷", Role.PROJ_ADMIN),
    ("P-1", "binjiang01", "吕小满", Role.PROJ_USER),
    ("P-2", "xian_admin", "丁知夏", Role.PROJ_ADMIN),
    ("P-2", "xian01", "石榴", Role.PROJ_USER),
    ("P-3", "xincheng_admin", "叶清和", Role.PROJ_ADMIN),
    ("P-3", "xincheng01", "简宁", Role.PROJ_USER),
    ("P-4", "lingang_admin", "温以宁", Role.PROJ_ADMIN),
    ("P-4", "lingang01", "梅雨生", Role.PROJ_USER),
)
POLICIES = (
    (Role.CITY_HANDLER, Role.HEAD_ADMIN, 5),
    (Role.HEAD_ADMIN, Role.PROJ_ADMIN, 10),
    (Role.HEAD_ADMIN, Role.PROJ_USER, 40),
)
_GROUP_LISTS = {"shareholders": GroupShareholder, "financings": GroupFinancing, "indicators": GroupIndicator}
_HEAD_LISTS = {"shareholders": HeadShareholder, "financings": HeadFinancing, "indicators": HeadIndicator}
_PROJECT_LISTS = {"shareholders": ProjectShareholder, "financings": ProjectFinancing, "indicators": ProjectIndicator}


Company = TypeVar("Company", GroupCompany, HeadCompany, ProjectCompany)


@dataclass(frozen=True)
class LoadCompanies:
    """The table of the market's companies."""

    path: Path


@action("demo.companies", "装载开发企业与账号", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_companies(work: Work, order: LoadCompanies) -> int:
    """Companies, accounts and delegation policies that are not there yet; a second run changes nothing."""
    lines = {line["fixture_id"]: line for line in company_lines(order.path)}
    made: dict[str, Any] = {}
    known: dict[str, Any] = {}
    for table in (GroupCompany, HeadCompany, ProjectCompany):
        known |= {row.uscc: row for row in work.session.exec(select(table)).all()}
    fresh = 0
    for name, line in lines.items():
        if (row := known.get(line["uscc"])) is None:
            make = {"group": _group, "head": _head, "project": _project}.get(line["level"])
            if make is None:
                continue
            row = make(work, line, made)
            fresh += 1
        made[name] = row
    _accounts(work, made)
    _policies(work)
    return fresh


def company_lines(path: Path) -> list[dict[str, str]]:
    """The table as it stands; lines of level `candidate` are known to the registry only."""
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def _registered(line: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": line["name"],
        "name_key": name_key(line["name"]),
        "uscc": line["uscc"],
        "live_key": line["uscc"],
        "reg_place": "上海市" if line["uscc"].startswith("9131") else "山东省济南市",
        "legal_representative": Sealed.of(line["legal_rep"]),
        "established_on": date.fromisoformat(line["established_on"]),
        "registry_status": RegistryStatus.EXISTING,
        "ownership_type": Ownership.of(line["ownership"]),
        "registered_capital": Decimal(line["capital"]),
        "paid_in_capital": Decimal(line["paid"]),
        "listed_codes": line["listed"],
    }


def _managed(work: Work, line: Mapping[str, str]) -> dict[str, Any]:
    return {
        **_registered(line),
        "qualification_grade": QualificationGrade.of(line["grade"]),
        "qualification_no": f"沪房开证字第{line['uscc'][9:15]}号" if line["grade"] != "NONE" else "",
        "qualification_valid_to": work.today + timedelta(days=700),
        "contact_name": Sealed.of(line["contact"]),
        "contact_phone": Sealed.of(line["phone"]),
        "admission_state": AdmissionState.ADMITTED,
        "admitted_on": work.today - timedelta(days=200),
        "reg_district": District.of(line["district_code"]),
        "district_code": line["district_code"],
    }


def _group(work: Work, line: Mapping[str, str], _: Mapping[str, Any]) -> GroupCompany:
    row = GroupCompany(**_registered(line), in_city_list=line["in_city_list"] == "是", **_header(work))
    capital = Decimal(line["capital"])
    lists: dict[str, list[dict[str, Any]]] = {
        "shareholders": [
            _holder("上海市国有资产监督管理委员会", HolderKind.STATE, capital, "60"),
            _holder("沪新产业投资基金（有限合伙）", HolderKind.COMPANY, capital, "40"),
        ],
        "indicators": list(_years(work, capital)),
        "financings": [
            _loan(work, "交通银行股份有限公司上海市分行", "JT", capital / 10, 400),
            _loan(work, "申城信托有限公司", "XT", capital / 20, 300, FinancingKind.TRUST),
        ],
    }
    return put_in_force(work, "group_company", "GRP", row, lists, _GROUP_LISTS)


def admitted_head_company(work: Work, name: str, uscc: str, *, district: str) -> HeadCompany:
    """A head company without group, admitted some time ago."""
    header = _header(work)
    line = _plain_line(name, uscc, district)
    row = HeadCompany(**_managed(work, line), independent=True, head_company_id=header["id"], **header)
    lists = {"shareholders": [_holder("上海远帆投资有限公司", HolderKind.COMPANY, row.registered_capital, "100")]}
    return put_in_force(work, "head_company", "HCO", row, lists, _HEAD_LISTS)


def _plain_line(name: str, uscc: str, district: str) -> dict[str, str]:
    return {
        "name": name,
        "uscc": uscc,
        "legal_rep": "方仲谋",
        "established_on": "2024-01-08",
        "ownership": "PRIVATE",
        "capital": "50000000",
        "paid": "50000000",
        "listed": "",
        "grade": "SECOND",
        "contact": "陶然",
        "phone": "13800000131",
        "district_code": district,
    }


def _head(work: Work, line: Mapping[str, str], made: Mapping[str, Any]) -> HeadCompany:
    header = _header(work)
    group = made[line["parent"]]
    row = HeadCompany(
        **_managed(work, line), group_company_id=group.id, head_company_id=header["id"], account_quota=30, **header
    )
    capital = Decimal(line["capital"])
    lists = {
        "shareholders": [_holder(group.name, HolderKind.COMPANY, capital, "100", group.uscc)],
        "indicators": list(_years(work, capital)),
        "financings": [_loan(work, "中国建设银行股份有限公司上海市分行", "JH", capital / 4, 500)],
    }
    return put_in_force(work, "head_company", "HCO", row, lists, _HEAD_LISTS)


def _project(work: Work, line: Mapping[str, str], made: Mapping[str, Any]) -> ProjectCompany:
    head: HeadCompany = made[line["parent"]]
    return admitted_project_company(
        work,
        head,
        line["name"],
        line["uscc"],
        district=line["district_code"],
        ratio=Decimal(line["holding_ratio"]),
        more=_managed(work, line)
        | {"intended_parcel": line["parcel"], "established_on": date.fromisoformat(line["established_on"])},
    )


def admitted_project_company(
    work: Work,
    head: HeadCompany,
    name: str,
    uscc: str,
    *,
    district: str,
    ratio: Decimal = Decimal(100),
    more: Mapping[str, Any] | None = None,
) -> ProjectCompany:
    """A project company of a head, admitted some time ago."""
    header = _header(work)
    line = _plain_line(name, uscc, district)
    row = ProjectCompany(
        **(dict(more) if more else _managed(work, line)),
        holding_ratio=ratio,
        ratio_at_award=ratio,
        filing_no=f"沪房开备{uscc[9:15]}",
        head_company_id=head.id,
        project_company_id=header["id"],
        tech_staff_count=6,
        accountant_count=3,
        escrow_bank="示例银行上海分行",
        escrow_account=Sealed.of(f"310066{int(uscc[2:8]):06d}0000{secrets.randbelow(900) + 100}"),
        **header,
    )
    row.licensed_on, row.filed_on = row.established_on, row.established_on + timedelta(days=20)
    lists = {"shareholders": [_holder(head.name, HolderKind.COMPANY, row.registered_capital, str(ratio), head.uscc)]}
    if ratio < 100:
        rest = Decimal(100) - ratio
        lists["shareholders"].append(
            _holder("上海浦汇城市更新基金（有限合伙）", HolderKind.COMPANY, row.registered_capital, str(rest))
        )
    return put_in_force(work, "project_company", "PCO", row, lists, _PROJECT_LISTS)


def _header(work: Work) -> dict[str, Any]:
    """Return the columns the engine would fill; a unique placeholder holds the place of the number until it is drawn."""
    row_id = new_id()
    return {"id": row_id, "record_no": row_id.hex, "revision_id": new_id(), "effective_from": work.now}


def _holder(name: str, kind: HolderKind, capital: Decimal, ratio: str, uscc: str = "") -> dict[str, Any]:
    share = capital * Decimal(ratio) / 100
    return {
        "holder_kind": kind,
        "name": Sealed.of(name),
        "uscc": uscc,
        "subscribed_amount": share,
        "paid_amount": share,
        "ratio": Decimal(ratio),
    }


def _loan(
    work: Work, lender: str, mark: str, amount: Decimal, days: int, kind: FinancingKind = FinancingKind.BANK_LOAN
) -> dict[str, Any]:
    return {
        "financing_kind": kind,
        "counterparty": Sealed.of(lender),
        "contract_no": f"{mark}{work.today:%Y}0{days}",
        "amount": amount,
        "rate": Decimal("3.85"),
        "start_on": work.today - timedelta(days=300),
        "due_on": work.today + timedelta(days=days),
        "source": "企业填报",
    }


def _years(work: Work, capital: Decimal) -> Iterator[dict[str, Any]]:
    for back in (3, 2, 1):
        assets = capital * (6 - back)
        yield {
            "year": work.today.year - back,
            "total_assets": assets,
            "liabilities": assets * Decimal("0.68"),
            "advance_receipts": assets * Decimal("0.12"),
            "interest_debt": assets * Decimal("0.25"),
            "cash": assets * Decimal("0.09"),
            "short_debt": assets * Decimal("0.07"),
            "equity": assets * Decimal("0.32"),
        }


def put_in_force(
    work: Work,
    kind: str,
    prefix: str,
    row: Company,
    lists: Mapping[str, list[dict[str, Any]]],
    tables: Mapping[str, Any],
) -> Company:
    """A record in force with its lines, and the version it came by, as if it had been reviewed long ago."""
    work.add(row)
    children: dict[str, list[dict[str, Any]]] = {}
    for name, lines in lists.items():
        for place, values in enumerate(lines, 1):
            line = work.add(tables[name](record_id=row.id, place=place, **values))
            children.setdefault(name, []).append(raw_row(line))
    payload = {"values": raw_row(row), "children": children, "files": {}}
    sealed = Sealed.of_json(payload)
    revision = Revision(
        id=row.revision_id,
        kind=kind,
        record_id=row.id,
        state=RevisionState.EFFECTIVE,
        title=Sealed.of_json(row.name),
        source_mode=SourceMode.SYSTEM,
        district_code=row.district_code,
        head_company_id=row.head_company_id,
        project_company_id=row.project_company_id,
        payload=sealed,
        digest=sm3_hex(sealed.plain.encode()),
        submitted_at=work.now,
        reviewed_at=work.now,
        effective_from=work.now,
    )
    work.add(revision)
    work.add(RevisionStep(revision_id=revision.id, level="", verdict=StepVerdict.APPROVED, at=work.now))

    def take(number: str) -> None:
        row.record_no = revision.record_no = number

    number_later(work, prefix, row.district_code or "310000", work.today, take)
    return row


# ------------------------------------------------------------------ people


def _accounts(work: Work, made: Mapping[str, Any]) -> None:
    known = set(work.session.exec(select(Account.login_key)).all())
    unknown = work.sealer.hash_password(secrets.token_urlsafe(32))
    offices = {unit.unit_code: unit for unit in work.session.exec(select(OrgUnit)).all()}
    for person in AUTHORITY_PEOPLE:
        if login_key(person.login) not in known:
            add_account(work, person, offices[person.office], unknown)
    for place, (company, login, name, role) in enumerate(COMPANY_PEOPLE):
        if login_key(login) not in known:
            unit = company_unit(work, made[company])
            person = Person(login, name, unit.unit_code, role, ScopeKind.ORGANISATION, str(made[company].id))
            account = add_account(work, person, unit, unknown)
            put_holder(account, Holder(name, _number(place), f"138000002{place:02d}"))


def _number(place: int) -> str:
    """A sound number of nobody."""
    first = f"310101{1976 + place % 20}0{1 + place % 9}1{place % 10}09{place % 10}"
    return first + id_check_character(first)


def _policies(work: Work) -> None:
    known = {(row.grantor_role, row.grantee_role) for row in work.session.exec(select(DelegationPolicy)).all()}
    for grantor, grantee, quota in POLICIES:
        if (grantor, grantee) in known:
            continue
        row = DelegationPolicy(
            grantor_role=grantor,
            grantee_role=grantee,
            quota=quota,
            valid_from=date(2020, 1, 1),
            note="市场子系统委托开户（演示）",
        )
        change(work, "policy", row.id, "demo.companies")
        work.add(row)
