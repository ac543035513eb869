"""未送达报文: undelivered messages of every system; the city sends them again (rows 1, 2, 23)."""

from services.partners import dead_letters
from ui.shell.list_view import list_module

LETTERS = list_module(dead_letters.LETTERS, "letters", "unsubscribe", "exchange")
