"""短信: short messages to the telephones of parties, off by default (decision 28)."""

from typing import Protocol

from services.ports.answers import PushReceipt
from services.ports.port import Port


class ShortMessages(Protocol):
    """短信平台: takes a text for one telephone."""

    def send(self, phone: str, text: str, request_id: str) -> PushReceipt:
        """Send a text; raises `Unavailable` when it is not accepted. A repetition has no second effect."""
        ...


SHORT_MESSAGES: Port[ShortMessages] = Port("short_messages", "短信平台")
