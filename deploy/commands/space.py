"""`main.py space extent|drawing|model FILE… --json`: check red lines, read a site plan, build a model (rows 80, 81).

No database is opened. Exit codes: 0 answered, also for a file that is refused; 2 a file is missing.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.commands import OpenHouse, Settings, refuse
from models.own_data import read_rows

HELP = "空间数据：核对用地范围坐标、读取总平面图、生成分层分户模型，不影响本系统的数据"


def arguments(parser: argparse.ArgumentParser) -> None:
    from services.space.planes import SYSTEMS

    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    extent = parts.add_parser("extent", help="核对用地范围：坐标系、闭合、自相交、重叠、面积、行政区")
    extent.add_argument("files", nargs="+", type=Path, metavar="FILE", help="坐标文件：txt、csv、xlsx、GeoJSON、DXF")
    extent.add_argument(
        "--system", default="", choices=("", *SYSTEMS), metavar="KEY", help="坐标系：" + "、".join(SYSTEMS)
    )
    extent.add_argument("--declared", type=float, metavar="AREA", help="申报面积（平方米）")
    extent.add_argument("--index", type=Path, metavar="CSV", help="文件清单：带号、面积、行政区")
    extent.set_defaults(lines=extent_lines)
    drawing = parts.add_parser("drawing", help="读取总平面图：楼号、层数、高度、轮廓")
    drawing.add_argument("files", nargs="+", type=Path, metavar="FILE.dxf", help="文本格式的DXF图纸")
    drawing.set_defaults(lines=drawing_lines)
    model = parts.add_parser("model", help="由总平面图和户表生成分层分户模型：匹配结果、各户楼层和体积")
    model.add_argument("files", nargs=1, type=Path, metavar="FILE.dxf", help="文本格式的DXF图纸")
    model.add_argument("--units", type=Path, metavar="U.csv", help="户表；不给则只按楼层生成，不分户")
    model.set_defaults(lines=model_lines)
    for one in (drawing, model):
        for option, what in (("outline", "建筑轮廓"), ("label", "楼号标注"), ("red-line", "用地红线")):
            words = f"{what}所在的图层，不给则按常用名称查找"
            one.add_argument(f"--{option}-layer", default="", metavar="NAME", help=words)
    for one in parts.choices.values():
        one.add_argument("--json", action="store_true", help="每行一个 JSON 对象（默认也是）")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    for path in (*arguments.files, *filter(None, (getattr(arguments, name, None) for name in ("index", "units")))):
        if not path.is_file():
            return refuse(f"没有找到文件：{path}")
    for line in arguments.lines(arguments):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0


def extent_lines(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Check each file against the accepted ones before it."""
    from services.space.extent import Declared
    from services.space.extent_report import answer_file
    from services.space.overlaps import Neighbour

    known = _index(arguments.index) if arguments.index else {}
    accepted: list[Neighbour] = []
    for path in arguments.files:
        row = known.get(path.name, {})
        zone = row.get("declared_zone", "")
        declared = Declared(
            system=arguments.system,
            zone=int(zone) if zone.isdigit() else None,
            area=arguments.declared if arguments.declared is not None else _number(row.get("declared_area_m2", "")),
            district=row.get("district_code", ""),
        )
        line, neighbour = answer_file(path.name, path.read_bytes(), declared, accepted)
        yield line
        if neighbour is not None:
            accepted.append(neighbour)


def drawing_lines(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Read each drawing."""
    from services.space.drawing_report import answer_drawing

    for path in arguments.files:
        yield answer_drawing(path.name, path.read_bytes(), _layers(arguments))


def model_lines(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Build the models of the buildings on a drawing."""
    from services.space.model_report import answer_model

    [path] = arguments.files
    units = arguments.units.read_bytes() if arguments.units else None
    yield from answer_model(path.name, path.read_bytes(), units, _layers(arguments))


def _layers(arguments: argparse.Namespace) -> Any:
    from services.space.drawing_layers import Wanted

    return Wanted(arguments.outline_layer, arguments.label_layer, arguments.red_line_layer)


def _index(path: Path) -> dict[str, dict[str, str]]:
    """The declarations about each file: zone, area and district, and nothing else of the index."""
    return {
        row["file"]: {name: row.get(name) or "" for name in ("declared_zone", "declared_area_m2", "district_code")}
        for row in read_rows(path)
        if row.get("file")
    }


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
