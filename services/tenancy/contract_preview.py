"""The contract as both sides read it before they confirm: the printed text, watermarked, without number and code."""

from uuid import UUID

from sqlmodel import select

from models.house import House
from models.privacy import Shown
from models.sealed import Sealed
from models.tenancy import LeaseContract
from services.documents.forms import freeze, preview, thaw
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.registry import query
from services.engine.work import Work
from services.privacy.accesses import note_access, numbers_of_contracts
from services.tenancy.contract_page import contract_page
from services.tenancy.contract_text import form_of
from services.tenancy.contracts import FILERS
from services.tenancy.paper_words import parties_of, unit_name


@query("tenancy.preview", "预览合同", roles=FILERS, personal=True)
def drawn_contract(work: Work, contract_id: UUID) -> Sealed:
    """Return the page of a visible contract with its present text."""
    contract = work.get(LeaseContract, contract_id)
    house = work.session.exec(select(House).where(House.id == contract.house_id)).one()
    form, parties = form_of(contract.form.json()), parties_of(work, contract.id)
    # Both sides read it before they confirm it: it shows what they have just stated.
    note_access(work, numbers_of_contracts(work, [contract.id]), "tenancy.preview", Shown.FULL, about=contract)
    return freeze(contract_page(work, contract, house, form, None, parties, unit_name(work, contract.unit_id)))


def contract_preview(door: Door, caller: Caller, contract_id: UUID) -> bytes:
    """The preview as PDF, drawn with no transaction open."""
    _, page = thaw(door.ask(drawn_contract, caller, contract_id))
    return preview(page, clerk=f"{caller.unit_name} {caller.name}".strip(), at=door.clock.now())
