"""The forms papers are printed on: page data and the function that draws it, by a name that is stored with the data."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from types import ModuleType
from typing import Any

from models.sealed import Sealed
from printing import (
    cancellation_notice,
    direct_pay_sheet,
    filing_notice,
    forced_review,
    lease_contract,
    opening_sheet,
    query_result,
    receipts,
    record_sheet,
    reprint_slip,
    room_opinion,
    sales_plan,
    sublet_notice,
    verification_notice,
)
from printing.page import Paper, Preview, bound
from services.engine.adapters import adapter
from services.engine.clock import shanghai_text


@dataclass(frozen=True)
class Form:
    """A form: `page` is its frozen dataclass of `printing/`."""

    name: str
    page: type[Any]
    render: Callable[[Any], bytes]

    def laid_out(self, page: Any) -> Paper:
        """Page data with everything in its place, to be bound with other papers."""
        laid: Paper = (
            lease_contract.laid_out(page) if isinstance(page, lease_contract.LeaseContract) else page.laid_out()
        )
        return laid


def _form(module: ModuleType, page: type[Any]) -> Form:
    return Form(f"{module.__name__.rpartition('.')[2]}.{page.__name__}", page, module.render)


# A name is stored with every paper that waits for its bytes, so it may be added to, never changed.
FORMS = {
    form.name: form
    for form in (
        _form(lease_contract, lease_contract.LeaseContract),
        _form(filing_notice, filing_notice.FilingNotice),
        _form(cancellation_notice, cancellation_notice.CancellationNotice),
        _form(receipts, receipts.Acceptance),
        _form(receipts, receipts.HandedIn),
        _form(receipts, receipts.Correction),
        _form(receipts, receipts.Refusal),
        _form(receipts, receipts.Finished),
        _form(receipts, receipts.NotFiled),
        _form(receipts, receipts.Intercept),
        _form(receipts, receipts.Guidance),
        _form(forced_review, forced_review.ForcedApplication),
        _form(forced_review, forced_review.ForcedOpinion),
        _form(query_result, query_result.QueryResult),
        _form(record_sheet, record_sheet.RecordSheet),
        _form(reprint_slip, reprint_slip.ReprintSlip),
        _form(sublet_notice, sublet_notice.SubletNotice),
        _form(room_opinion, room_opinion.RoomOpinion),
        _form(opening_sheet, opening_sheet.OpeningSheet),
        _form(sales_plan, sales_plan.SalesPlanSheet),
        _form(direct_pay_sheet, direct_pay_sheet.DirectPaySheet),
        _form(verification_notice, verification_notice.VerificationNotice),
    )
}
_BY_PAGE = {form.page: form for form in FORMS.values()}


def freeze(page: Any) -> Sealed:
    """Page data as it is kept: the form's name and every value on the page."""
    form = _BY_PAGE[type(page)]
    values = adapter(form.page).dump_python(page, mode="json")
    return Sealed.of_json({"form": form.name, "page": values})


def thaw(frozen: Sealed) -> tuple[Form, Any]:
    """The form and the page data that were frozen."""
    kept = frozen.json()
    form = FORMS[kept["form"]]
    return form, adapter(form.page).validate_python(kept["page"])


def preview(*pages: Any, clerk: str, at: datetime) -> bytes:
    """Return a preview of papers: watermarked with viewer and time, without code and seal, never stored."""
    marked = Preview(clerk, shanghai_text(at))
    shown = [replace(page, issue=replace(page.issue, check_url="", seal=None, preview=marked)) for page in pages]
    return bound([_BY_PAGE[type(page)].laid_out(page) for page in shown])
