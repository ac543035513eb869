"""可供应量存疑数据: records to be put right, each with its project (row 83)."""

from services.supply.doubt_list import DOUBTS
from ui.shell.list_view import list_module

DOUBT_LIST = list_module(DOUBTS, "supply_doubts", "report_problem", "report")
