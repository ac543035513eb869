"""Choosing a file by a button of our own, in the browser itself."""

from nicegui.elements.upload import Upload

# The library takes its input away while a file is on its way; a key right after waits for it.
_CHOOSE = """() => { let tries = 20; const choose = () => {
  const input = getHtmlElement(%d)?.querySelector("input[type=file]");
  if (input) input.click(); else if (tries--) setTimeout(choose, 100);
}; choose(); }"""


def choose_file(upload: Upload) -> str:
    """The click handler that opens the browser's own file dialog for an upload."""
    return _CHOOSE % upload.id
