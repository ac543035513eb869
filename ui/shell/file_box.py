"""Files of a user: dropped into a box, or chosen by a button of ours in the browser's own dialog."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import events
from nicegui import ui as web

from ui.shell.buttons import plain_button
from ui.shell.desk import desk_of

# The library takes its input away while a file is on its way; a key right after waits for it, as long as the browser
# still lets the key open a dialog (five seconds).
_CHOOSE = """() => { let tries = 45; const choose = () => {
  const input = getHtmlElement(%d)?.querySelector("input[type=file]");
  if (input) input.click(); else if (tries--) setTimeout(choose, 100);
}; choose(); }"""


@dataclass(frozen=True)
class Accepted:
    """The files a box takes, in words and by their endings, each of so many megabytes at most."""

    words: str
    endings: str
    most: int = 20


TABLE = Accepted("表格（.xlsx、.csv）", ".xlsx,.csv")
SCAN = Accepted("PDF、JPG、PNG、OFD", ".pdf,.jpg,.jpeg,.png,.ofd")
PAPERS = Accepted("PDF、图片和Office文件", f"{SCAN.endings},.doc,.docx,.xls,.xlsx")
PLAIN_SCAN = Accepted("PDF、JPG、PNG", ".pdf,.jpg,.jpeg,.png")


class FileBox:
    """A box that hands each file to `take` by its name and content; of another file it says what it accepts.

    With `several` files at once its owner resets it: to do so between two would call off the one still on its way.
    """

    def __init__(
        self,
        label: str,
        take: Callable[[str, bytes], Awaitable[object]],
        accepted: Accepted = TABLE,
        *,
        say: Callable[[str, str], object] | None = None,
        several: bool = False,
        classes: str = "sf-upload-box",
    ) -> None:
        self._taken = take
        # Not seen by its style alone: the library takes no file for an element that was set invisible.
        self.upload = web.upload(
            on_upload=self._take, auto_upload=True, multiple=several, max_file_size=accepted.most << 20
        )
        self.upload.props(f"accept={accepted.endings} flat bordered hide-upload-btn").classes(classes)
        self.upload.props["label"] = label
        words = f"只接受不超过{accepted.most}MB的{accepted.words}" + ("" if several else "，每次一份")
        self.upload.on("rejected", lambda: (say or desk_of(self.upload.client).say)(words, "bad"))
        self._several = several

    async def _take(self, event: events.UploadEventArguments) -> None:
        await self._taken(event.file.name, await event.file.read())
        if not self._several:
            self.reset()

    def reset(self) -> None:
        """Make room for the next file, if the page is still there."""
        if not self.upload.is_deleted:
            self.upload.reset()

    def button(self, label: str, icon: str = "upload_file") -> web.button:
        """A button that opens the dialog."""
        button = plain_button(label, icon=icon)
        button.on("click", js_handler=_CHOOSE % self.upload.id)
        return button

    def choose(self) -> None:
        """Open the dialog for a key or a command."""
        web.run_javascript(f"({_CHOOSE % self.upload.id})()")
