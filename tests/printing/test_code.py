"""The verification code: scanned again from what a printer would put on paper."""

from __future__ import annotations

import pytest
import qrcode
import zxingcpp

from printing import filing_notice, lease_contract
from printing.qr import modules
from tests.printing.reading import rastered
from tests.printing.samples import CONTRACT, FILING, URL


@pytest.mark.parametrize(
    ("pdf", "page"),
    [(filing_notice.render(FILING), 1), (lease_contract.render(CONTRACT), 1), (lease_contract.render(CONTRACT), 6)],
    ids=["notice", "contract, first page", "contract, last page"],
)
@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_code_is_read_from_the_rastered_page(pdf: bytes, page: int, dpi: int) -> None:
    assert [code.text for code in zxingcpp.read_barcodes(rastered(pdf, page, dpi))] == [URL]


def test_runs_cover_the_symbol_exactly() -> None:
    side, runs = modules(URL)
    drawn = {(column + step, row) for column, row, length in runs for step in range(length)}
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=2)
    code.add_data(URL)
    code.make(fit=True)
    dark = {(column, row) for row, cells in enumerate(code.get_matrix()) for column, cell in enumerate(cells) if cell}
    assert side == code.modules_count
    assert drawn == dark
