"""The modules of practitioners, in the order the menus show them."""

from ui.practitioners.apply_list import FIRM_APPLIES
from ui.practitioners.apply_page import FIRM_APPLY
from ui.practitioners.association_page import ASSOCIATION_LEDGER
from ui.practitioners.brand_page import FIRM_BRAND
from ui.practitioners.brand_review import BRAND_REVIEW
from ui.practitioners.card_register import CARD_REGISTER
from ui.practitioners.inspection import INSPECTION
from ui.practitioners.people_list import FIRM_ACTIVATION, FIRM_PEOPLE
from ui.practitioners.task_queue import TASKS
from ui.practitioners.window_page import WINDOW_CANCEL
from ui.practitioners.window_queue import WINDOW_QUEUE
from ui.shell.modules import Module

PRACTITIONER_MODULES: tuple[Module, ...] = (
    FIRM_PEOPLE,
    FIRM_APPLIES,
    FIRM_APPLY,
    FIRM_ACTIVATION,
    FIRM_BRAND,
    WINDOW_CANCEL,
    INSPECTION,
    BRAND_REVIEW,
    TASKS,
    WINDOW_QUEUE,
    CARD_REGISTER,
    ASSOCIATION_LEDGER,
)
