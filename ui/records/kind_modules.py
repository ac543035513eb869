"""The modules made of the kinds that are registered: a list for each, and one queue of reviews for all."""

import services.everything  # noqa: F401 - every kind is registered before its list is made
from ui.records.list_page import list_modules
from ui.records.review import record_review
from ui.shell.modules import Module

LISTS: tuple[Module, ...] = list_modules()
REVIEW: Module = record_review()
