"""The modules of parcels, in the order of their menu (rows 55-57)."""

from ui.parcels.assignment_page import ASSIGN
from ui.parcels.calendar_page import CALENDAR
from ui.parcels.claim_page import CLAIM
from ui.parcels.links_page import ASSIGNMENTS, LINKS
from ui.parcels.offer_page import UNLINKED
from ui.shell.modules import Module

PARCEL_MODULES: tuple[Module, ...] = (LINKS, UNLINKED, CLAIM, ASSIGNMENTS, ASSIGN, CALENDAR)
