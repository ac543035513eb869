"""The modules of companies, in the order the menu shows them."""

from ui.companies.accounts_page import COMPANY_ACCOUNTS
from ui.companies.company_page import COMPANY_PAGE
from ui.companies.directory_page import DIRECTORY
from ui.companies.joint_page import JOINT
from ui.shell.modules import Module

COMPANY_MODULES: tuple[Module, ...] = (DIRECTORY, JOINT, COMPANY_ACCOUNTS, COMPANY_PAGE)
