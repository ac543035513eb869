"""Answers of the legal-person library about companies, and the changes between answers (market 2.4, rows 51-54)."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Row, Stamped
from models.codes import Code
from models.columns import code, day, district, loose_ref, moment, ref, sealed_json, text
from models.sealed import Sealed


class CompanyType(Code):
    """Type of a company; the value is the name of its table."""

    GROUP = "group_company", "集团公司"
    HEAD = "head_company", "总公司"
    PROJECT = "project_company", "项目公司"


class Refreshed(Code):
    """Outcome of the last question to the registry about a company."""

    NEVER = "NEVER", "尚未查询", "muted"
    HIT = "HIT", "已更新", "good"
    MISS = "MISS", "登记库查无", "bad"
    SILENT = "SILENT", "未取得（待核验）", "warn"
    ABSENT = "ABSENT", "无登记号，不查询", "muted"


class CompanyWatch(Stamped, table=True):
    """A watched company: when the registry was asked, when it last answered, and the newest stored answer."""

    __table_args__ = (UniqueConstraint("company_id"), {"info": {"no_ledger": "written every night, binds nobody"}})

    company_type: CompanyType = code(CompanyType, "企业类别", index=True)
    company_id: UUID = loose_ref("企业", index=False)
    outcome: Refreshed = code(Refreshed, "更新情况", Refreshed.NEVER)
    asked_at: datetime | None = moment("最近查询", None)
    #: The day its rules last ran, and that on which the registry last answered; the night goes by them.
    judged_on: date | None = day("最近监测日期", None, index=True)
    answered_at: datetime | None = moment("最近更新", None, index=True)
    snapshot_id: UUID | None = loose_ref("最新快照", None, index=False)
    district_code: str = district("所属区", "", index=True)
    head_company_id: UUID | None = loose_ref("总公司", None)
    project_company_id: UUID | None = loose_ref("项目公司", None)


class CompanySnapshot(Row, table=True):
    """An answer of the registry, stored when it differs from the one before; personal names in it are sealed."""

    company_type: CompanyType = code(CompanyType, "企业类别")
    company_id: UUID = loose_ref("企业")
    taken_at: datetime = moment("取得时间", index=True)
    as_of: datetime | None = moment("数据时间", None)
    source: str = text("来源", max=20)
    payload: Sealed = sealed_json("内容")
    digest: str = text("内容摘要", max=64)
    district_code: str = district("所属区", "", index=True)
    head_company_id: UUID | None = loose_ref("总公司", None)
    project_company_id: UUID | None = loose_ref("项目公司", None)


class CompanyChange(Stamped, table=True):
    """A difference between two snapshots; `undone_on` is the day it was reversed."""

    company_type: CompanyType = code(CompanyType, "企业类别")
    company_id: UUID = loose_ref("企业")
    snapshot_id: UUID = ref("company_snapshot", "快照")
    field_path: str = text("变更项", max=120, index=True)
    label: str = text("变更事项", max=80)
    before: Sealed = sealed_json("变更前")
    after: Sealed = sealed_json("变更后")
    detected_at: datetime = moment("发现时间", index=True)
    effective_on: date | None = day("登记变更日期", None)
    rule_code: str = text("规则", "", max=20)
    alert_id: UUID | None = loose_ref("预警", None)
    undone_on: date | None = day("撤回日期", None)
    district_code: str = district("所属区", "", index=True)
    head_company_id: UUID | None = loose_ref("总公司", None)
    project_company_id: UUID | None = loose_ref("项目公司", None)
