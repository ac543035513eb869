"""The signature pad: an image of a signature made at the counter (decision 28)."""

from collections.abc import Callable
from typing import Any

from nicegui import events
from nicegui.element import Element

_PNG = "data:image/png;base64,"
_LARGEST = 400_000


class SignaturePad(Element, component="signature.js"):
    """`on_signed` gets the drawing as a PNG data URL after each stroke; anything else sent is ignored."""

    def __init__(self, name: str, on_signed: Callable[[str], Any]) -> None:
        super().__init__()
        self._props["name"] = name

        def signed(event: events.GenericEventArguments) -> None:
            image = event.args
            if isinstance(image, str) and image.startswith(_PNG) and len(image) <= _LARGEST:
                on_signed(image)

        self.on("signed", signed)

    def clear_pad(self) -> None:
        """An empty pad."""
        self.run_method("clear")
