"""新增备案: one form in eight steps, filled in by keyboard, saved by itself, from house to filing number (row 6)."""

from uuid import UUID

from services.engine.drafts import OpenedDraft, open_draft
from services.tenancy.contracts import draw_up_contract
from ui.shell.call import call
from ui.shell.modules import Module
from ui.shell.parts import empty
from ui.shell.place import Place
from ui.tenancy.confirmation import ConfirmStep
from ui.tenancy.decision import DecisionStep
from ui.tenancy.filing_form import FilingForm, Step
from ui.tenancy.filing_steps.check import CheckStep
from ui.tenancy.filing_steps.house import HouseStep
from ui.tenancy.filing_steps.materials import MaterialsStep
from ui.tenancy.filing_steps.parties import PartiesStep
from ui.tenancy.filing_steps.rooms import RoomsStep
from ui.tenancy.filing_steps.terms import TermsStep

STEPS: tuple[type[Step], ...] = (
    HouseStep,
    PartiesStep,
    RoomsStep,
    TermsStep,
    MaterialsStep,
    CheckStep,
    ConfirmStep,
    DecisionStep,
)


async def build(place: Place) -> None:
    draft: OpenedDraft | None = None
    if wanted := place.params.get("id"):
        try:
            answer = await call(open_draft, UUID(wanted))
        except ValueError:
            answer = None
        if answer is None or not answer.ok:
            place.keep(id="")
            empty("没有找到这份草稿，可能已提交或已删除。请从“窗口受理”重新开始。")
            return
        draft = answer.value
    form = FilingForm(place, draft, STEPS)
    form.name_tab()
    await form.draw()


FILING = Module("filing_form", "新增备案", "post_add", "counter", draw_up_contract.roles, build, several=True)
