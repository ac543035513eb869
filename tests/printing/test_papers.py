"""All papers: the same bytes, A4, embedded fonts, literal text, a code that scans."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdf
import pytest
from PIL import Image

from printing import (
    cancellation_notice,
    filing_notice,
    forced_review,
    kept_record,
    lease_contract,
    query_result,
    receipts,
    reprint_slip,
)
from printing.page import BODY, Issue, Paper, Preview
from printing.table import field, form
from tests.printing.alert_samples import ALERT
from tests.printing.reading import drawing_of, fonts_of, page_sizes, pages_of, text_of
from tests.printing.review_samples import AGREED, REFUSED
from tests.printing.samples import (
    CANCELLATION,
    CONTRACT,
    EMPTY_QUERY,
    FILING,
    GUIDANCE,
    PAPERS,
    REASONS,
    RECEIPTS,
    REPRINT,
    SEAL,
    UNIT,
    issue,
    query,
)

MARKUP = '<img src="file:///etc/passwd">'
LINK = '<a href="javascript:alert(1)">点此'


@pytest.mark.parametrize("name", PAPERS)
def test_the_same_page_gives_the_same_bytes(name: str) -> None:
    assert PAPERS[name]() == PAPERS[name]()


@pytest.mark.parametrize("name", PAPERS)
def test_every_page_is_a4_with_all_fonts_inside(name: str) -> None:
    pdf = PAPERS[name]()
    assert page_sizes(pdf) == {(595.3, 841.9)}
    assert fonts_of(pdf)
    assert [font for font, inside in fonts_of(pdf).items() if not inside] == []


@pytest.mark.parametrize("name", PAPERS)
def test_every_page_says_which_of_how_many(name: str) -> None:
    pages = pages_of(PAPERS[name]())
    for number, text in enumerate(pages, 1):
        assert f"第{number}页，共{len(pages)}页" in text


@pytest.mark.parametrize("name", PAPERS)
def test_no_text_stands_outside_the_margins(name: str) -> None:
    reader = pypdf.PdfReader(BytesIO(PAPERS[name]()))
    found: list[tuple[float, float]] = []
    for page in reader.pages:
        page.extract_text(
            visitor_text=lambda text, _cm, tm, _font, _size: found.append((tm[4], tm[5])) if text.strip() else None
        )
    assert all(50 <= x <= 545 and 15 <= y <= 830 for x, y in found)


def test_metadata_comes_from_the_page() -> None:
    reader = pypdf.PdfReader(BytesIO(filing_notice.render(FILING)))
    assert reader.metadata is not None
    assert reader.metadata.title == "住房租赁合同备案通知书"
    assert reader.metadata.author == UNIT
    assert str(reader.metadata["/CreationDate"]) == "D:20261125000000+08'00'"
    assert str(reader.root_object["/Lang"]) == "zh-CN"


def test_another_day_gives_other_bytes() -> None:
    later = replace(FILING, issue=replace(FILING.issue, issued_on=date(2026, 11, 26)))
    assert filing_notice.render(later) != filing_notice.render(FILING)


@pytest.mark.proves("H27", "H46")
@pytest.mark.parametrize("text", [MARKUP, LINK, "A & B &lt; <b>粗", "张</para>三", "{{7*7}}"])
def test_markup_is_printed_literally(text: str) -> None:
    shown = re.sub(r"\s+", "", text)
    assert shown in text_of(reprint_slip.render(replace(REPRINT, requester="", purpose=text)))
    assert shown in text_of(lease_contract.render(replace(CONTRACT, other_terms=text)))


def test_filing_notice_shows_every_field() -> None:
    text = text_of(filing_notice.render(FILING))
    for value in (
        FILING.filing_no, FILING.contract_no, "叶霞鿍（居民身份证：310104********1234）", "共2人：张䶮、王𫓧", FILING.address,
        FILING.proof_no, "86.52㎡", "2026-12-01至2029-11-30（短于租赁期限", "8,500.00元", FILING.firm, FILING.card_no,
        FILING.way, FILING.channel, "经办人王小明", "2026年11月25日", "内容摘要（SM3）：8f3a1c9d22e07b45",
    ):  # fmt: skip
        assert value in text


@pytest.mark.row(11)
def test_an_opinion_says_what_was_let_go_or_the_grounds() -> None:
    agreed, refused = text_of(forced_review.render(AGREED)), text_of(forced_review.render(REFUSED))
    assert "豁免" in agreed
    assert AGREED.filing_no in agreed
    assert "所提交的材料不能证明出租人与登记权利人为同一人" in refused
    assert "须提交新的材料" in refused


@pytest.mark.row(11)
def test_the_slip_of_an_intercept_says_whether_a_review_is_open() -> None:
    slip = RECEIPTS["intercept"]
    assert isinstance(slip, receipts.Intercept)
    assert "强制核验材料" not in text_of(receipts.render(slip))
    open_ = replace(
        slip, review="上列原因均可申请强制核验", reasons=tuple(replace(one, review="户籍证明") for one in REASONS)
    )
    text = text_of(receipts.render(open_))
    assert "上列原因均可申请强制核验" in text
    assert "强制核验材料户籍证明" in text


def test_filing_notice_usually_fits_one_page() -> None:
    assert len(pages_of(filing_notice.render(FILING))) == 1


def test_closing_never_stands_on_a_page_without_text() -> None:
    for count in range(1, 40):
        pages = pages_of(filing_notice.render(replace(FILING, lessees=FILING.lessees * count)))
        assert "不作为房屋权属" in pages[-1]
        assert "2026年11月25日" in pages[-1]


def test_one_sided_cancellation_says_when_the_other_side_was_told() -> None:
    told = "已于2027-04-02"
    assert told in text_of(cancellation_notice.render(CANCELLATION))
    assert "告知另一方" not in text_of(cancellation_notice.render(replace(CANCELLATION, other_side_told="")))


def test_guidance_tells_every_reason_with_all_its_parts() -> None:
    text = text_of(receipts.render(GUIDANCE))
    for reason in REASONS:
        for part in (reason.code, reason.message, reason.basis, reason.found, reason.bring, reason.where):
            assert re.sub(r"\s+", "", part) in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("acceptance", ["受理回执", "承诺办结时间", "K7M2Q9", "核原件收复印件"]),
        ("handed_in", ["收件清单", "户籍证明（H02）3已核对，当场退还扫描件", "共5页", "申请人（代理人）签名"]),
        ("correction", ["补正告知书", "租期与所附合同不一致", "补正期限2026年12月25日", "申请人（代理人）签名"]),
        ("refusal", ["不予受理决定书", "第三十二条第一款第（二）项", "行政复议", "投诉"]),
        ("finished", ["办结通知", "BA3101042611250000170", "下载方式"]),
        ("not_filed", ["不予备案（退件）告知书", "租赁期限超过二十年", "请按所列要求处理后重新申请"]),
        ("intercept", ["系统拦截告知书", "解除查封的法律文书原件", "应携带的材料", "021-00000001"]),
    ],
)
def test_receipts_say_what_they_are_for(name: str, words: list[str]) -> None:
    text = text_of(receipts.render(RECEIPTS[name]))
    assert [word for word in words if word not in text] == []


def test_query_without_result_is_a_negative_certificate() -> None:
    assert text_of(query_result.render(EMPTY_QUERY)).count("未查询到有效备案信息") == 2


def test_sixty_filings_run_over_pages_with_the_head_repeated() -> None:
    pages = pages_of(query_result.render(query(60)))
    assert len(pages) > 2
    assert all("备案编号坐落／部位" in page for page in pages)
    joined = "".join(pages)
    assert [entry.filing_no for entry in query(60).entries if entry.filing_no not in joined] == []


def test_reprint_slip_counts_and_names() -> None:
    text = text_of(reprint_slip.render(REPRINT))
    assert "补打：第2次" in text
    assert "打印人王小明" in text


def test_preview_carries_a_watermark_and_neither_seal_nor_code() -> None:
    seen = replace(FILING, issue=replace(FILING.issue, preview=Preview("王小明", "2026-11-25 10:31")))
    pdf = filing_notice.render(seen)
    assert "不作为凭证" in text_of(pdf)
    assert "扫描二维码" not in text_of(pdf)
    assert "0.82 0.09 0.11" not in drawing_of(pdf).replace(" .", " 0.")
    assert "不作为凭证" not in text_of(filing_notice.render(FILING))


def test_a_demo_seal_differs_from_a_real_one() -> None:
    real = replace(FILING, issue=issue(seal=replace(SEAL, demo=False)))
    assert filing_notice.render(real) != filing_notice.render(FILING)


def test_text_goes_over_pages_without_loss() -> None:
    paper = Paper("长文", Issue("A1", "单位", date(2026, 1, 1)))
    long = "，".join(f"第{number}项约定" for number in range(1, 1500))
    paper.write(long)
    pages = pages_of(paper.pdf())
    body = [re.sub(r"(长文A1)?第\d+页，共\d+页$", "", page) for page in pages]
    assert len(pages) > 3
    assert "".join(body).endswith(long)


def signed_by(**how: str) -> str:
    """The text of a contract whose first lessor signed in this way."""
    first, *others = CONTRACT.signatures
    return text_of(lease_contract.render(replace(CONTRACT, signatures=(replace(first, **how), *others))))


def test_a_contract_carries_the_stroke_of_the_pad() -> None:
    pixels = io.BytesIO()
    Image.new("L", (420, 140), 90).save(pixels, "PNG")
    stroke = lease_contract.STROKE + base64.b64encode(pixels.getvalue()).decode()
    first, *others = CONTRACT.signatures
    signed = replace(CONTRACT, signatures=(replace(first, stroke=stroke), *others))
    images = [image for page in pypdf.PdfReader(BytesIO(lease_contract.render(signed))).pages for image in page.images]
    assert [image.image.size for image in images if image.image] == [(420, 140)]


@pytest.mark.parametrize("stroke", [lease_contract.STROKE + "AAAA", lease_contract.STROKE + "§"])
def test_a_stroke_nobody_can_read_leaves_a_line_to_sign(stroke: str) -> None:
    assert signed_by(stroke=stroke).count("签名（盖章）：") == len(CONTRACT.signatures)


def test_a_contract_names_the_page_that_was_signed_on_paper() -> None:
    assert "签字页：编号QZ0001签名（盖章）：" in signed_by(page="编号QZ0001")


@pytest.mark.row(3)
def test_a_contract_of_an_online_application_says_where_its_fees_stand() -> None:
    told = text_of(lease_contract.render(replace(CONTRACT, fees=())))
    assert "各项费用的承担方式以双方签订的合同原件为准" in told


def test_the_clause_on_rent_reads_as_a_sentence() -> None:
    text = text_of(lease_contract.render(replace(CONTRACT, rent=replace(CONTRACT.rent, cycle="按月", account=""))))
    assert "租金按月支付" in text
    assert "收款账户为双方另行确认" in text


def test_the_last_row_of_a_table_stands_on_no_page_alone() -> None:
    for filled in range(20, 46):
        paper = Paper("通知书", issue("A"))
        for _ in range(filled):
            paper.write("行", BODY)
        form(paper, [field(f"甲{number}", "值") for number in range(6)])
        pages = pages_of(paper.pdf())
        assert all(page.count("值") != 1 for page in pages[1:])


def test_a_number_of_a_wide_list_is_never_broken() -> None:
    amounts = tuple(f"{place}18,200,000,000.00" for place in range(1, 6))
    heads = ("年度", "总资产（元）", "总负债（元）", "预收款（元）", "有息负债（元）", "货币资金（元）", "说明")
    lines = kept_record.Lines("财务指标", heads, (("2025", *amounts, "按年度报告填报"),), numbers=(0, 1, 2, 3, 4, 5))
    sheet = kept_record.KeptRecordSheet(issue("XM1"), "总公司", "生效", "2026-11-20", "申浦置业", (), (lines,))
    content = kept_record.render(sheet)
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)
    assert [amount for amount in amounts if amount not in text] == []
    assert "（1/2）" in text


@pytest.mark.row(54)
def test_an_alert_just_raised_takes_a_page_and_no_page_has_remarks_alone() -> None:
    assert len(ALERT.laid_out().sheets) == 1
    for often in range(2, 12):
        last = replace(ALERT, steps=tuple(ALERT.steps) * often).laid_out().sheets[-1]
        assert any("办理人" in mark.text for mark in last.marks), often
