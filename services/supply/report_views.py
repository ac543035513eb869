"""The reports R1 to R9 as pages, workbooks and papers show them: one function makes the figures of each (5.5)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlmodel import col

from models.land_codes import Ring
from models.places_data import district, districts_by_code
from models.supply import SupplyClosing
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.supply import construction, indicators, report_pictures, reports, stock
from services.supply.figures import PRICES, SIZES, Sum, as_told
from services.supply.forecast import forecast
from services.supply.kept_book import EVERYTHING, Asked, KeptBook
from services.supply.lean import coverage_facts, group_names, lives_of, project_lines, visible_projects
from services.supply.months import Series, last_day, name_of
from services.supply.report_forms import SERIES, TITLES, UNITS, AskReport, Drawn, Report, ReportColumn
from services.supply.reports import CITY
from services.supply.stages import POTENTIAL, STOCK, UNSOLD, Stage
from services.supply.sums import SHORT
from services.supply.visibility import READERS, sees_city

_WAN, _SQM = "万㎡", "㎡"
Lines = list[dict[str, Any]]


def number(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


class Maker:
    """Makes one report for a caller."""

    def __init__(self, work: Work, order: AskReport) -> None:
        self.work, self.order = work, order
        self.asked = order.asked(work.today)
        self.month = self.asked.month

    def book(self, *by: str) -> KeptBook:
        """The figures of the book by some columns only."""
        asked = self.asked
        return KeptBook(self.work, Asked(asked.month, asked.series, asked.day, asked.narrow, by or EVERYTHING))

    def report(
        self, columns: Sequence[ReportColumn], lines: Lines, unit: str, pictures: Iterable[Drawn] = (), **more: Any
    ) -> Report:
        """A report with its head; lines carry their filters under `narrow`."""
        code = self.order.report
        narrow = tuple(line.pop("narrow", {}) for line in lines)
        day = self.asked.day or last_day(self.month)
        return Report(
            code,
            TITLES[code],
            unit,
            f"{day.year}年{day.month}月{day.day}日",
            self.order.told(),
            self.version(),
            tuple(columns),
            tuple(lines),
            narrow=narrow,
            pictures=tuple(pictures),
            age=self.work.read_age,
            **more,
        )

    def version(self) -> str:
        """The series, and of a closed month when it was closed."""
        if self.asked.day is not None:
            return "截至当日，含目前已知的全部数据"
        if self.asked.series is Series.RESTATED:
            return f"{SERIES[self.asked.series.value]}，含目前已知的全部数据"
        closed = self.work.first(SupplyClosing, SupplyClosing.month == self.month)
        if closed is not None:
            return f"公布版，已关账，版本 {closed.version_no}"
        later = self.work.first(SupplyClosing, col(SupplyClosing.month) > self.month, by=col(SupplyClosing.month))
        if later is None:
            return "公布版，尚未关账"
        # The first closing of a house closes all months before it.
        return f"公布版，已随{name_of(later.month)}一并关账，版本 {later.version_no}"

    # The reports

    def r1(self) -> Report:
        book = self.book("district_code", "item")
        every = self.asked.narrow.districts or (districts_by_code() if sees_city(self.work) else ())
        found = reports.by_district(book, self.month, every)
        lines = [self._stages(line, self._district(line["district"])) for line in found]
        total = lines.pop()
        months = [f"last_{name}" for name in self._lasting(book, [*lines, total])]
        if not sees_city(self.work) and self.work.caller.district_code:
            lines.append(self._whole_city())
        columns = [
            ReportColumn("name", "区", number=False),
            *(ReportColumn(one.value, SHORT[one], stages=(one.value,)) for one in (*POTENTIAL,)),
            ReportColumn("potential", "潜在供应", stages=tuple(POTENTIAL)),
            ReportColumn("S3", SHORT[Stage.READY], stages=("S3",)),
            *(ReportColumn(one.value, SHORT[one], stages=(one.value,)) for one in STOCK),
            ReportColumn("stock", "库存", stages=tuple(STOCK)),
            ReportColumn("S4r", SHORT[Stage.RESTRICTED], stages=("S4r",)),
            ReportColumn("total", "可供应量", stages=tuple(UNSOLD)),
            ReportColumn("sets", "套数", places=0, stages=tuple(UNSOLD)),
            ReportColumn("share", "占比%"),
        ]
        if self._in_sets:
            columns = [replace(one, places=0) if one.stages else one for one in columns if one.key != "sets"]
        columns += [ReportColumn(key, f"去化 {key[-5:]}", places=1, lasts=True) for key in months]
        pictures = [
            report_pictures.stages_by_month(book, self.month),
            report_pictures.moves(self.book("item"), self.month),
        ]
        unit = UNITS[self.order.unit]
        return self.report(columns, lines, unit, pictures, total=total, notes=(_ESTIMATED, _LASTS))

    @property
    def _in_sets(self) -> bool:
        if self.order.unit not in UNITS:
            raise Rejected("没有这样的单位")
        return self.order.unit == "sets"

    def _lasting(self, book: KeptBook, lines: Lines) -> Sequence[str]:
        """Put into the lines of districts and city how long their stock lasted; return the names of the months."""
        heat, nothing = report_pictures.depletion(book, self.month), (None,) * reports.MONTHS
        values = {**dict(heat.series), "合计": report_pictures.lasting(book, book.flows_of()[""], self.month)}
        for line in lines:
            line |= {
                f"last_{name}": one
                for name, one in zip(heat.categories, values.get(line["name"], nothing), strict=True)
            }
        return heat.categories

    def _stages(self, line: Mapping[str, Any], head: dict[str, Any]) -> dict[str, Any]:
        told = (*_TOLD, "potential", "stock", "total")
        areas = {name: line[name]["sets"] if self._in_sets else number(line[name]["wan"]) for name in told}
        return {**head, **areas, "sets": line["total"]["sets"], "share": number(line["share"])}

    def _district(self, code: str) -> dict[str, Any]:
        if code == CITY:
            return {"name": "合计"}
        place = district(code)
        return {"name": place.name if place is not None else code, "narrow": {"district": code}}

    def _whole_city(self) -> dict[str, Any]:
        """The city's sums as a total: a district sees no other district's."""
        asked = self.asked
        book = KeptBook(self.work, Asked(asked.month, asked.series, asked.day, by=("item",)), whole=True)
        line = reports.by_district(book, self.month, ())[-1]
        return self._stages(line, {"name": "全市（仅合计）", "narrow": {"closed": "1"}})

    def r2(self) -> Report:
        book = self.book("ring", "property_type", "item")
        found = reports.by_ring(book, self.month)
        shown = ("potential", "S3", "stock", "S4r", "total")
        lines: Lines = [
            {
                "ring": Ring.of(line["ring"]).label,
                "type": line["type"],
                **{name: number(line[name]["wan"]) for name in shown},
                "sets": line["total"]["sets"],
                "narrow": {"ring": line["ring"], "type": line["type"]},
            }
            for line in found
        ]
        columns = [
            ReportColumn("ring", "环线", number=False),
            ReportColumn("type", "物业类型", number=False),
            *_SHORTENED,
        ]
        everything = {stage: book.total(self.month, [stage]) for stage in Stage}
        total = {"ring": "合计", "type": "", **_shortened(everything)}
        return self.report(columns, lines, _WAN, [report_pictures.by_ring(lines)], total=total, notes=(_ESTIMATED,))

    def r3(self) -> Report:
        book = self.book("item")
        found = reports.monthly(book, self.month, districts=False)[CITY]
        lines: Lines = [
            {
                "month": line["month"],
                **{name: number(line[name]["wan"]) for name in ("listed", "opened", "gross", "cancelled", "net")},
                "net_sets": line["net"]["sets"],
                "price": number(line["avg_price"]),
                "ratio": number(line["ratio"]),
                "stock": number(line["stock"]["wan"]),
                "depletion": number(line["depletion_6"]),
                "short": "*" if line["short_6"] else "",
                "depletion_12": number(line["depletion_12"]),
                **{f"{one}_{span}": number(line[f"{one}_{span}"]) for one in _CHANGED for span in ("mom", "yoy")},
                "narrow": {"month": line["month"]},
            }
            for line in found
        ]
        columns = [
            ReportColumn("month", "月份", number=False),
            ReportColumn("listed", "上市"),
            ReportColumn("opened", "开盘"),
            ReportColumn("gross", "签约"),
            ReportColumn("cancelled", "撤销"),
            ReportColumn("net", "成交"),
            ReportColumn("net_sets", "成交套数", places=0),
            ReportColumn("price", "均价 元/㎡"),
            ReportColumn("ratio", "供求比"),
            ReportColumn("stock", "月末库存", stages=tuple(STOCK)),
            ReportColumn("depletion", "去化6月"),
            ReportColumn("short", "", number=False),
            ReportColumn("depletion_12", "去化12月"),
            *(
                ReportColumn(f"{one}_{span}", f"{label}{word}%")
                for one, label in _CHANGED.items()
                for span, word in (("mom", "环比"), ("yoy", "同比"))
            ),
        ]
        notes = ("去化周期为库存除以近6个月、12个月平均成交；带*的不足该月数，按已有月份计算。",)
        return self.report(columns, lines, _WAN, [report_pictures.monthly(lines)], notes=notes)

    def r4(self) -> Report:
        lines: Lines = []
        for row in forecast(self.book("project_id", "item"), self.month, self.work.thresholds):
            areas = {name: number(value) if name != "month" else value for name, value in row.items()}
            lines.append(areas)
        columns = [
            ReportColumn("month", "月份", number=False),
            ReportColumn("ready", "S3 待取证"),
            ReportColumn("building", "S2 按计划预售"),
            ReportColumn("planned", "S1 按计划预售"),
            ReportColumn("sum", "当月合计"),
            ReportColumn("so_far", "累计"),
            ReportColumn("likely", "按概率"),
            ReportColumn("likely_so_far", "按概率累计"),
        ]
        notes = (
            "S3计入第一个月，逾期未预售的计入第一个月，没有计划预售日期的不计入。",
            "概率为参数：S3、S2、S1各按其概率折算。",
        )
        return self.report(columns, lines, _WAN, [report_pictures.forecast(lines)], notes=notes)

    def r5(self) -> Report:
        found = reports.by_plate(self.book("district_code", "plate", "item"), self.month)
        lines: Lines = [
            {
                "name": self._district(line["district"])["name"],
                "plate": line["plate"] or "（缺板块）",
                "stock": number(line["stock"]["wan"]),
                "sets": line["stock"]["sets"],
                "mean_6": number(line["mean_6"]),
                "depletion_6": number(line["depletion_6"]),
                "mean_12": number(line["mean_12"]),
                "depletion_12": number(line["depletion_12"]),
                "band": _BANDS.get(line["colour"] or "", "—"),
                "short": "*" if line["short_6"] else "",
                "narrow": {"district": line["district"], "plate": line["plate"]},
            }
            for line in found
        ]
        columns = [
            ReportColumn("name", "区", number=False),
            ReportColumn("plate", "板块", number=False),
            ReportColumn("stock", "库存 万㎡", stages=tuple(STOCK)),
            ReportColumn("sets", "库存 套", places=0, stages=tuple(STOCK)),
            ReportColumn("mean_6", "月均成交(6) ㎡"),
            ReportColumn("depletion_6", "去化6月"),
            ReportColumn("mean_12", "月均成交(12) ㎡"),
            ReportColumn("depletion_12", "去化12月"),
            ReportColumn("band", "区间", number=False),
            ReportColumn("short", "", number=False),
        ]
        picture = report_pictures.depletion(self.book("district_code", "item"), self.month)
        return self.report(columns, lines, "月", [picture], notes=("成交为零或为负的，去化周期记“—”。",))

    def r6(self) -> Report:
        lives = lives_of(self.work, self._projects(), self.month, self.asked.series)
        found = construction.lines_of(*lives, self.month)
        lines: Lines = [
            {
                "item": _ITEMS[line["item"]],
                "use": "合计" if line["use"] == "ALL" else line["use"],
                **{
                    f"{span}_{part}": _of_wan(line[span][part]) if part != "percent" else number(line[span][part])
                    for span in _SPANS
                    for part in ("actual", "plan", "percent")
                },
                "next_1": _of_wan(line["next_1"]),
                "next_3": _of_wan(line["next_3"]),
            }
            for line in found
        ]
        columns = [
            ReportColumn("item", "项目", number=False),
            ReportColumn("use", "用途", number=False),
            *(
                ReportColumn(f"{span}_{part}", f"{label}{word}")
                for span, label in _SPANS.items()
                for part, word in (("actual", "实际"), ("plan", "计划"), ("percent", "完成%"))
            ),
            ReportColumn("next_1", "下月计划"),
            ReportColumn("next_3", "后三月计划"),
        ]
        notes = ("按单位工程整体面积；停工的不计入停工以后的施工面积。本年为本年累计，累计为项目开工以来。",)
        return self.report(columns, lines, _WAN, [report_pictures.construction(lines)], notes=notes)

    def _projects(self) -> Any:
        return visible_projects(self.work, *self.book("item").of_projects())

    def r7(self) -> Report:
        book = self.book("project_id", "item")
        about = project_lines(self.work, self._projects())
        net = book.net_by_project()
        lines: Lines = []
        for found in reports.by_project(book, self.month):
            one = about.get(found["project"])
            areas = {stage.value: _of_wan(found[stage.value]) for stage in _STAGES}
            sold, amount, priced = net.get(found["project"], (0, 0, 0))
            line = {
                "name": one.name if one is not None else "未建项目的土地",
                "district": self._district(one.district)["name"] if one is not None else "",
                **{name: getattr(one, name, None) for name in _ABOUT},
                **areas,
                "total": _of_wan(found["total"]),
                "sold_sets": sold,
                "price": number(str(round(Decimal(amount) * 100 / priced, 2))) if priced else None,
                "narrow": {"project": found["project"]} if one is not None else {"closed": "1"},
            }
            if one is not None or (any(areas.values()) and not found["project"]):
                lines.append(line)
        columns = [
            ReportColumn("name", "项目", number=False),
            ReportColumn("district", "区", number=False),
            ReportColumn("total", "可供应量", stages=tuple(UNSOLD)),
            *(ReportColumn(one.value, one.value, stages=(one.value,)) for one in _STAGES),
            ReportColumn("sold_sets", "累计成交套数", places=0),
            ReportColumn("price", "累计均价 元/㎡"),
            *(
                ReportColumn(name, label, number=name in ("far_area", "permits", "alerts"), places=0)
                for name, label in _ABOUT.items()
            ),
        ]
        pictures = [report_pictures.cohorts(self.work, book, self.month, self._projects())]
        # From unrounded areas, as R1 has them.
        everything = {stage: book.total(self.month, [stage]) for stage in Stage}
        sums = {one.value: Decimal(str(everything[one].told()["wan"])) for one in _STAGES}
        total = {"name": "合计", **sums, "total": Decimal(str(_all(everything, UNSOLD).told()["wan"]))}
        total["sold_sets"] = sum(line["sold_sets"] for line in lines)
        return self.report(columns, lines, _WAN, pictures, total=total)

    def r8(self) -> Report:
        found = stock.structure(self.book("item"), self.month)
        lines: Lines = [
            {
                "size": as_told(f"{line['size']}㎡" if line["size"][-1].isdigit() else line["size"]),
                "price": as_told(line["price"]),
                "sets": line["sets"],
                "area": _of_wan(line["area"]),
                "share": number(line["share"]),
                "narrow": {"closed": "1"},
            }
            for line in found["grid"]
        ]
        lines += [
            {
                "size": "库存时间",
                "price": as_told(f"{line['age']}个月"),
                "sets": line["sets"],
                "area": _of_wan(line["area"]),
                "share": number(line["share"]),
                "narrow": {"closed": "1"},
            }
            for line in found["age"]
        ]
        columns = [
            ReportColumn("size", "面积段", number=False),
            ReportColumn("price", "备案单价段（元/㎡）", number=False),
            ReportColumn("sets", "套数", places=0, stages=tuple(STOCK)),
            ReportColumn("area", "面积", stages=tuple(STOCK)),
            ReportColumn("share", "占比%"),
        ]
        whole = found["total"]
        total = {"size": "合计", "price": "", "sets": whole["sets"], "area": number(whole["wan"])}
        picture = report_pictures.structure(found, SIZES, PRICES)
        return self.report(columns, lines, _WAN, [picture], total=total, notes=("只统计已取证的住宅库存。",))

    def r9(self) -> Report:
        found = indicators.coverage(coverage_facts(self.work, self._projects()), self.month, self.asked.series)
        names = group_names(self.work)
        lines: Lines = [
            {
                "name": line["month"],
                "projects": line["projects"],
                "with_handbook": line["with_handbook"],
                "covered": line["groups_covered"],
                "listed": line["groups_in_list"],
                "coverage": number(line["coverage"]),
            }
            for line in found["months"]
        ]
        lines += [
            {
                "name": names.get(line["group"], "未归集团"),
                "projects": line["projects"],
                "with_handbook": line["with_handbook"],
            }
            for line in found["groups"]
        ]
        columns = [
            ReportColumn("name", "月份、集团", number=False),
            ReportColumn("projects", "项目", places=0),
            ReportColumn("with_handbook", "有手册的项目", places=0),
            ReportColumn("covered", "已覆盖集团", places=0),
            ReportColumn("listed", "名录内集团", places=0),
            ReportColumn("coverage", "集团覆盖率%"),
        ]
        return self.report(columns, lines, "个", [report_pictures.coverage(lines)])


_ESTIMATED = "S0按合同可售面积估算，每套按100㎡折算。"
_LASTS = "去化周期（月）为库存除以近6个月平均成交：<6偏紧，6-12正常，12-18偏长，≥18过长。"
_TOLD = tuple(stage.value for stage in Stage if stage not in (Stage.SOLD, Stage.OFF_SALE))
_STAGES = tuple(stage for stage in Stage if stage is not Stage.OFF_SALE)
_SHORTENED = (
    ReportColumn("potential", "潜在供应", stages=tuple(POTENTIAL)),
    ReportColumn("S3", SHORT[Stage.READY], stages=("S3",)),
    ReportColumn("stock", "库存", stages=tuple(STOCK)),
    ReportColumn("S4r", SHORT[Stage.RESTRICTED], stages=("S4r",)),
    ReportColumn("total", "可供应量", stages=tuple(UNSOLD)),
    ReportColumn("sets", "套数", places=0, stages=tuple(UNSOLD)),
)
_CHANGED = {"listed": "上市", "net": "成交", "price": "均价"}
_BANDS = {"red": "<6 偏紧", "normal": "6-12 正常", "yellow": "12-18 偏长", "orange": ">18 过长"}
_ITEMS = {"started": "新开工", "under": "施工", "completed": "竣工"}
_SPANS = {"month": "本月", "year": "本年", "all": "累计"}
_ABOUT = {
    "plate": "板块",
    "ring": "环线",
    "company": "项目公司",
    "group": "集团",
    "land_on": "拿地日期",
    "far_area": "计容面积 ㎡",
    "stage": "阶段",
    "start_on": "计划开工",
    "presale_on": "计划预售",
    "finish_on": "计划竣工",
    "permits": "预售证",
    "alerts": "未了结预警",
}


def _of_wan(area: str) -> Decimal:
    return round(Decimal(area) / 10_000, 2)


def _shortened(sums: Mapping[Stage, Sum]) -> dict[str, Any]:
    def wan(*stages: Stage) -> Decimal:
        return Decimal(str(_all(sums, stages).told()["wan"]))

    return {
        "potential": wan(*POTENTIAL),
        "S3": wan(Stage.READY),
        "stock": wan(*STOCK),
        "S4r": wan(Stage.RESTRICTED),
        "total": wan(*UNSOLD),
        "sets": _all(sums, UNSOLD).told()["sets"],
    }


def _all(sums: Mapping[Stage, Sum], stages: Iterable[Stage]) -> Sum:
    found = Sum()
    for stage in stages:
        found = found.plus(sums[stage])
    return found


MAKERS: Mapping[str, Callable[[Maker], Report]] = {
    "R1": Maker.r1,
    "R2": Maker.r2,
    "R3": Maker.r3,
    "R4": Maker.r4,
    "R5": Maker.r5,
    "R6": Maker.r6,
    "R7": Maker.r7,
    "R8": Maker.r8,
    "R9": Maker.r9,
}


def made(work: Work, order: AskReport) -> Report:
    """Make a report of what the caller sees."""
    if order.report not in MAKERS:
        raise Rejected("没有这样的报表")
    return MAKERS[order.report](Maker(work, order))


@query("supply.report", "可供应量统计", roles=set(READERS), may_lag=True)
def report(work: Work, order: AskReport) -> Report:
    """Return a report of a month end or a day, of what the caller may see."""
    return made(work, order)
