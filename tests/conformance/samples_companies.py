"""Samples of the kinds of rows 51-53: groups, head and project companies, and their exits."""

from typing import Any
from uuid import UUID

from sqlmodel import select

from models.companies import HeadCompany, ProjectCompany, SubjectApplication, SubjectKind
from models.records import PactState, Revision
from services.engine.work import Work
from tests.conformance.samples import Sample, sample
from tests.market import Market, credit_code

_KNOWN = {"SUB-02": "法人库尚未收录，已核对营业执照原件"}


def company_values(name: str, uscc: str) -> dict[str, Any]:
    return {
        "name": name,
        "uscc": uscc,
        "reg_place": "上海市浦东新区世纪大道100号",
        "legal_representative": "赵立言",
        "established_on": "2020-05-06",
        "registry_status": "EXISTING",
        "ownership_type": "PRIVATE",
        "registered_capital": "50000000.00",
        "currency": "CNY",
        "paid_in_capital": "40000000.00",
        "listed_codes": "600001",
    }


def managed_values(name: str, uscc: str) -> dict[str, Any]:
    return {
        **company_values(name, uscc),
        "qualification_grade": "SECOND",
        "qualification_no": "沪房开证字第00001号",
        "qualification_valid_to": "2029-12-31",
        "contact_name": "钱多多",
        "contact_phone": "13800000188",
        "reg_district": "310115",
    }


def company_lists() -> dict[str, list[dict[str, Any]]]:
    return {
        "shareholders": [
            {
                "holder_kind": "COMPANY",
                "name": "上海远帆投资有限公司",
                "uscc": "91310000MA1FL1X2AK",
                "subscribed_amount": "30000000.00",
                "ratio": "60.0000",
            },
            {
                "holder_kind": "PERSON",
                "name": "孙小舟",
                "id_type": "居民身份证",
                "id_no": "31010119900101980X",
                "subscribed_amount": "20000000.00",
                "ratio": "40.0000",
            },
        ],
        "financings": [
            {
                "financing_kind": "BANK_LOAN",
                "counterparty": "交通银行股份有限公司上海市分行",
                "contract_no": "JH-2026-01",
                "amount": "10000000.00",
                "rate": "3.8500",
                "start_on": "2026-01-05",
                "due_on": "2029-01-04",
                "financing_state": "ACTIVE",
            }
        ],
        "indicators": [{"year": "2025", "total_assets": "200000000.00", "liabilities": "120000000.00"}],
    }


@sample("group_company")
def group_company(market: Market, number: int) -> Sample:
    return Sample(
        drafter="shichu01",
        submitter="shichu01",
        reviewers=(),
        stranger="jianghai_admin",
        values={
            **company_values(f"样例{number}控股集团有限公司", credit_code(1000 + number, "310000")),
            "in_city_list": True,
        },
        children=company_lists(),
        change={"reg_place": "上海市黄浦区中山东一路1号", "in_city_list": False},
        reasons=_KNOWN,
    )


@sample("head_company")
def head_company(market: Market, number: int) -> Sample:
    return Sample(
        drafter="shichu01",
        submitter="shichu01",
        reviewers=("pdshen01", "shishen01"),
        stranger="jianghai_admin",
        values={
            **managed_values(f"样例{number}开发集团有限公司", credit_code(2000 + number)),
            "independent": True,
        },
        children=company_lists(),
        change={"reg_place": "上海市黄浦区中山东一路1号"},
        reasons=_KNOWN,
    )


@sample("project_company")
def project_company(market: Market, number: int) -> Sample:
    return Sample(
        drafter="shenpu_admin",
        submitter="shenpu_admin",
        reviewers=("pdshen01",),
        stranger="jianghai_admin",
        values={
            **managed_values(f"上海测试样例{number}置业有限公司", credit_code(3000 + number)),
            "holding_ratio": "60.0000",
            "intended_parcel": "浦东新区测试单元A1地块",
            "licensed_on": "2020-05-10",
            "filing_no": "沪房开备00001",
            "filed_on": "2020-05-20",
            "tech_staff_count": "6",
            "accountant_count": "3",
            "escrow_bank": "示例银行上海分行",
            "escrow_account": "3100661234560001",
        },
        children=company_lists(),
        change={"reg_place": "上海市黄浦区中山东一路1号"},
        about=market.shenpu,
        agreed=agreed,
        reasons=_KNOWN,
    )


@sample("head_exit")
def head_exit(market: Market, number: int) -> Sample:
    about = market.head_company()
    return Sample(
        drafter="shichu01",
        submitter="shichu01",
        reviewers=("pdshen01", "shishen01"),
        stranger="jianghai_admin",
        values={
            "company_name": market.row(HeadCompany, about).name,
            "exit_reason": "DELIVERED",
            "statement": "项目均已交付，债权债务已结清",
        },
        change={"statement": "项目均已交付，无未了事项"},
        about=about,
    )


@sample("project_exit")
def project_exit(market: Market, number: int) -> Sample:
    about = market.project_company("H-1")
    return Sample(
        drafter="shenpu_admin",
        submitter="shenpu_admin",
        reviewers=("pdshen01",),
        stranger="jianghai_admin",
        values={
            "company_name": market.row(ProjectCompany, about).name,
            "exit_reason": "DELIVERED",
            "statement": "项目均已交付，债权债务已结清",
        },
        change={"statement": "项目均已交付，无未了事项"},
        about=about,
        agreed=agreed,
    )


def agreed(market: Market, record_id: UUID) -> None:
    """The other side has agreed to this record; how it comes to that is told in tests/services/companies/test_joint.py."""

    def agree(work: Work) -> None:
        row = work.session.exec(select(Revision).where(Revision.record_id == record_id)).first()
        assert row is not None
        assert row.head_company_id is not None
        known = select(SubjectApplication).where(SubjectApplication.record_id == record_id)
        if work.session.exec(known).first() is None:
            work.add(
                SubjectApplication(
                    kind=SubjectKind.ADMISSION if row.kind == "project_company" else SubjectKind.EXIT,
                    uscc="",
                    company_name="",
                    open_key=str(record_id),
                    state=PactState.CONFIRMED,
                    offered_side="AUTHORITY",
                    offered_at=work.now,
                    district_code=row.district_code,
                    head_company_id=row.head_company_id,
                    record_id=record_id,
                    revision_id=row.id,
                    content_digest=row.digest,
                )
            )

    market.world.act(agree)
