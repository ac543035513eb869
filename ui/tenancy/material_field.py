"""A material handed in: a scanned file kept with its digest, or the number of the paper sheet kept in the file."""

from ui.shell.fields import text_field
from ui.shell.form import Form
from ui.tenancy.scan_upload import ScanUpload

_PAPER = "纸质件："


class MaterialField:
    """A sheet number typed, or a file uploaded; `reference` is what the record cites."""

    def __init__(self, form: Form, key: str, label: str) -> None:
        self.field = form.add(text_field(key, label, longest=40, help="填写纸质件编号，或上传扫描件（PDF、JPG、PNG）"))
        with self.field.box:
            self.scan = ScanUpload(label, self.field.mark)

    @property
    def reference(self) -> str:
        """The digest of the file, or the sheet's number; empty when nothing was handed in."""
        number = str(self.field.value or "").strip()
        return self.scan.digest or (f"{_PAPER}{number}" if number else "")

    def set_visibility(self, visible: bool) -> None:
        self.field.set_visibility(visible)
