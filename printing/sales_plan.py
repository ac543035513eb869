"""商品房预售方案、商品房现售方案 (row 76, market 6.2): fourteen sections, the price of every unit as appendix, code on each page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from printing.fonts import Face
from printing.kept_record import field_rows
from printing.page import BODY, CLAUSE, NOTE, Issue, Paper
from printing.table import DENSE, VALUE, Cell, form, grid, table
from printing.text import Align

_SOLD = (
    *(("楼幢", 44.0), ("坐落", 74.0), ("层数", 32.0), ("总套数", 36.0), ("可售套数", 36.0), ("可售面积", 56.0)),
    *(("自持", 50.0), ("保障、安置", 50.0), ("公共设施", 50.0), ("业主共有", 50.0)),
)
_STEPS = (("楼幢", 60.0), ("现形象进度", 150.0), ("节点", 110.0), ("计划日期", 80.0), ("实际日期", 80.0))
_UNITS = (
    *(("楼幢", 38.0), ("单元", 28.0), ("层", 26.0), ("室号", 42.0), ("用途", 44.0), ("户型", 44.0)),
    *(
        ("属性", 44.0),
        ("建筑面积", 52.0),
        ("套内", 46.0),
        ("分摊", 46.0),
        ("单价（元/㎡）", 62.0),
        ("总价（元）", 74.0),
    ),
)
_FACILITIES = (("配套设施", 150.0), ("性质", 70.0), ("归属", 130.0), ("面积（㎡）", 70.0), ("交付日期", 80.0))
_FILES = (("附件", 120.0), ("文件名", 210.0), ("SM3 摘要", 150.0))
_OPINIONS = (("环节", 70.0), ("单位", 130.0), ("意见", 190.0), ("日期", 90.0))

Fields = Sequence[tuple[str, str]]
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class SalesPlanSheet:
    """A version of a sales plan; every text is ready to print. Its preview is the watermark of one that is not in force."""

    TITLE: ClassVar[str] = "商品房销售方案"

    issue: Issue
    presale: bool
    basics: Fields
    permits: Fields
    buildings: Rows
    steps: Rows
    delivery: Fields
    decoration: str
    area_note: str
    prices: Fields
    kept: Fields
    facilities: Rows
    estate: Fields
    escrow: Fields
    mortgage: str
    quality: Fields
    files: Rows
    opinions: Rows
    units: Rows
    company: str

    @property
    def title(self) -> str:
        return "商品房预售方案" if self.presale else "商品房现售方案"

    def laid_out(self) -> Paper:
        """The plan with everything in its place: the sections, the closing, then the price list on pages of its own."""
        return _laid_out(self)


def render(sheet: SalesPlanSheet) -> bytes:
    """The plan as PDF."""
    return sheet.laid_out().pdf()


def _laid_out(sheet: SalesPlanSheet) -> Paper:
    paper = Paper(sheet.title, sheet.issue, code_in_foot=True, number_label="方案编号")
    head = iter(
        f"{number}、"
        for number in (
            *("一", "二", "三", "四", "五", "六", "七", "八", "九", "十"),
            *("十一", "十二", "十三", "十四"),
        )
    )

    def fields(title: str, values: Fields) -> None:
        paper.heading(next(head) + title, follows=70)
        form(paper, list(field_rows(values)))

    def words(title: str, text: str) -> None:
        paper.heading(next(head) + title)
        paper.write(text or "无。", CLAUSE.but(align=Align.JUSTIFY))

    def rows(title: str, columns: Sequence[tuple[str, float]], lines: Rows, centred: Sequence[int]) -> None:
        paper.heading(next(head) + title, follows=70)
        if lines:
            grid(paper, columns, lines, centred=centred, style=DENSE, pad=3.0)
        else:
            paper.write("无。", CLAUSE)

    fields("项目及企业", sheet.basics)
    fields("土地与规划施工许可", sheet.permits)
    rows("销售范围（面积单位：㎡）", _SOLD, sheet.buildings, range(2, len(_SOLD)))
    rows("建设进度与交付", _STEPS, sheet.steps, (3, 4))
    paper.gap(4)
    form(paper, list(field_rows(sheet.delivery)))
    words("装修标准", sheet.decoration)
    words("面积预测说明", sheet.area_note)
    fields("价格（逐户价格见附表）", sheet.prices)
    fields("自留、公共部位与物业管理用房", sheet.kept)
    rows("配套设施及交付时间", _FACILITIES, sheet.facilities, (1, 3, 4))
    fields("前期物业", sheet.estate)
    if sheet.presale:
        fields("资金监管", sheet.escrow)
    words("抵押及权利限制", sheet.mortgage)
    fields("质量责任", sheet.quality)
    rows("附件目录", _FILES, sheet.files, ())
    _close(paper, sheet)
    if sheet.units:
        paper.turn()
        paper.write(
            "附表　一房一价表", BODY.but(face=Face.SERIF_BOLD, size=14, leading=24, align=Align.CENTER, after=4)
        )
        paper.write(f"方案编号：{sheet.issue.number}　共 {len(sheet.units)} 户", NOTE.but(align=Align.CENTER, after=4))
        grid(paper, _UNITS, sheet.units, centred=range(len(_UNITS)), style=DENSE, pad=2.0)
    return paper


def _close(paper: Paper, sheet: SalesPlanSheet) -> None:
    """Write what the company declares and signs, then what the authority said."""
    paper.keep(150)
    paper.gap(8)
    paper.write(
        "本企业承诺：以上内容和所附材料真实、完整，按本方案销售，一房一价，明码标价，不在标价之外收取费用。", CLAUSE
    )
    table(
        paper,
        (0.5, 0.5),
        [
            (
                Cell(f"开发企业（盖章）：\n{sheet.company}\n\n", style=VALUE),
                Cell("法定代表人（签章）：\n\n\n日期：　　　年　　月　　日", style=VALUE),
            )
        ],
    )
    paper.gap(8)
    if sheet.opinions:
        paper.heading("主管部门意见", follows=70)
        grid(paper, _OPINIONS, sheet.opinions, centred=(0, 3), style=DENSE)
    if sheet.issue.seal is not None:
        paper.closing()
