"""制证异常: failed licence messages; the filing is valid, the city sends them again (row 7)."""

from services.tenancy.licence_failures import FAILURES
from ui.shell.list_view import list_module
from ui.tenancy.filing_list import open_lease

LICENCE_FAILURES = list_module(FAILURES, "licence_failures", "sms_failed", "exchange", on_enter=open_lease)
