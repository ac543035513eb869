"""Visibility of issued papers (decision 7): office, exact match until tonight, district, city, firm."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import RecordGrant
from models.direct_pay import Entrustment
from models.documents import IssuedDocument, PaperKind, PrintLog
from models.rooms import ProjectOpening, RoomApply
from models.tenancy import GovCase, LeaseContract, LeaseFiling
from models.verification import ListingVerification
from services.access.visibility import granted_ids, rows_by_role
from services.engine.work import Work, visible_rows


@visible_rows(IssuedDocument)
def papers(work: Work, table: Any) -> Any:
    """An exact match on the lease or its filing opens their papers too."""

    def to_clerks() -> list[Any]:
        leases = granted_ids(work, "lease_contract")
        return [
            col(table.id).in_(granted_ids(work, "issued_document")),
            col(table.filing_id).in_(granted_ids(work, "lease_filing")),
            col(table.filing_id).in_(select(LeaseFiling.id).where(col(LeaseFiling.contract_id).in_(leases))),
            col(table.object_id).in_(select(GovCase.id).where(col(GovCase.contract_id).in_(leases))),
            _granted_object(work, table),
        ]

    return rows_by_role(work, table, clerks=to_clerks, firm=lambda firm_id: _of_enterprise(firm_id, table))


@visible_rows(PrintLog)
def prints(work: Work, table: Any) -> Any:
    """Prints go with their paper."""
    return col(table.document_id).in_(select(IssuedDocument.id).where(papers(work, IssuedDocument)))


def _granted_object(work: Work, table: Any) -> Any:
    return sa.exists(
        select(RecordGrant.id).where(
            RecordGrant.account_id == work.caller.account_id,
            RecordGrant.object_kind == table.object_kind,
            RecordGrant.object_id == table.object_id,
            RecordGrant.until_day >= work.today,
        )
    )


def _of_enterprise(enterprise_id: Any, table: Any) -> Any:
    """Show a firm the papers of its own filings, leases, cases and projects, never other persons' queries about them."""
    kinds: tuple[Any, ...] = (LeaseContract, GovCase, RoomApply, ProjectOpening, ListingVerification)
    own = [select(kind.id).where(kind.enterprise_id == enterprise_id) for kind in kinds]
    filings = select(LeaseFiling.id).where(LeaseFiling.enterprise_id == enterprise_id)
    mandates = select(Entrustment.id).where(Entrustment.enterprise_id == enterprise_id)
    # An office's sheet of a mandate shows failed messages and refused mandates, which a firm does not see.
    printed = sa.and_(col(table.unit_id).is_(None), col(table.object_id).in_(mandates))
    return sa.and_(
        table.kind != PaperKind.QUERY_RESULT,
        sa.or_(printed, col(table.filing_id).in_(filings), *(col(table.object_id).in_(ids) for ids in own)),
    )
