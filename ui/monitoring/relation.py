"""The drawing of a group with its head and project companies: places for boxes and lines; nothing is decided here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from nicegui import events
from nicegui.element import Element

from models.monitoring import CompanyType, Refreshed
from services.monitoring.graph import RelationNode, Relations

WIDTH, HEIGHT, APART, BELOW, EDGE = 232, 88, 96, 14, 12
#: On a narrow screen: how far each generation is indented.
_NARROW, _INDENT = 300, 22
#: Letters of a name in a line of a box, and lines.
_LETTERS, _LINES = 15, 2


@dataclass(frozen=True)
class _Spot:
    x: int
    y: int
    width: int


class RelationGraph(Element, component="relation.js"):
    """A tree of companies drawn. `opened(node)` and `alerts(node)` are called for the box and for its count of alerts."""

    def __init__(
        self,
        relations: Relations,
        *,
        here: UUID | None = None,
        opened: Callable[[RelationNode], object],
        alerts: Callable[[RelationNode], object],
    ) -> None:
        super().__init__()
        nodes = relations.nodes
        known = {str(node.id): node for node in nodes}
        self._props["label"] = f"{relations.name}的企业关系图"
        self._props["views"] = (
            _view("wide", nodes, _wide(nodes), here),
            _view("narrow", nodes, _narrow(nodes), here),
        )
        self.mark("relations")

        def listen(name: str, then: Callable[[RelationNode], object]) -> None:
            def chosen(event: events.GenericEventArguments) -> object:
                node = known.get(str(event.args))
                return then(node) if node is not None else None

            self.on(name, chosen)

        listen("open", opened)
        listen("alerts", alerts)


def _children(nodes: Sequence[RelationNode]) -> Mapping[UUID | None, list[RelationNode]]:
    found: dict[UUID | None, list[RelationNode]] = {}
    ids = {node.id for node in nodes}
    for node in nodes:
        found.setdefault(node.parent if node.parent in ids else None, []).append(node)
    return found


def _wide(nodes: Sequence[RelationNode]) -> Mapping[UUID, _Spot]:
    """Place a column for each generation, with a parent in the middle of its children."""
    children, spots, bottom = _children(nodes), {}, [EDGE]

    def place(node: RelationNode, depth: int) -> int:
        mine = children.get(node.id, [])
        x = EDGE + depth * (WIDTH + APART)
        if mine:
            heights = [place(child, depth + 1) for child in mine]
            y = (heights[0] + heights[-1]) // 2
        else:
            y, bottom[0] = bottom[0], bottom[0] + HEIGHT + BELOW
        spots[node.id] = _Spot(x, y, WIDTH)
        return y

    for root in children.get(None, []):
        place(root, 0)
    return spots


def _narrow(nodes: Sequence[RelationNode]) -> Mapping[UUID, _Spot]:
    """Return a below another, children a little to the right."""
    children, spots, bottom = _children(nodes), {}, [EDGE]

    def place(node: RelationNode, depth: int) -> None:
        spots[node.id] = _Spot(EDGE + depth * _INDENT, bottom[0], _NARROW - depth * _INDENT)
        bottom[0] += HEIGHT + BELOW
        for child in children.get(node.id, []):
            place(child, depth + 1)

    for root in children.get(None, []):
        place(root, 0)
    return spots


def _view(
    name: str, nodes: Sequence[RelationNode], spots: Mapping[UUID, _Spot], here: UUID | None
) -> Mapping[str, Any]:
    return {
        "name": name,
        "width": EDGE + max((spot.x + spot.width for spot in spots.values()), default=0),
        "height": EDGE + max((spot.y + HEIGHT for spot in spots.values()), default=0),
        "nodes": tuple(_box(node, spots[node.id], node.id == here) for node in nodes),
        "edges": tuple(
            _edge(node, spots[node.parent], spots[node.id], narrow=name == "narrow")
            for node in nodes
            if node.parent is not None and node.parent in spots
        ),
    }


def _box(node: RelationNode, spot: _Spot, here: bool) -> Mapping[str, Any]:
    state = node.status
    if node.type is not CompanyType.GROUP and node.share is not None:
        state += f"，总公司持股{node.share.normalize():f}%"
    if node.outcome in (Refreshed.SILENT, Refreshed.MISS):
        state += f"，{node.outcome.label}"
    alerts = f"{node.grade.label}预警等{node.alerts}条" if node.grade else ""
    return {
        "id": str(node.id),
        "kind": node.type.label,
        "name": _lines(node.name, _LETTERS + (spot.width - WIDTH) // 14),
        "state": state,
        "title": f"{node.type.label} {node.name}，{state}" + (f"，{alerts}" if alerts else ""),
        "alertTitle": f"{node.name}的预警：{alerts}",
        "alerts": f"{node.grade.label} {node.alerts}" if node.grade else "",
        "tone": node.grade.tone if node.grade else "good",
        "here": here,
        "x": spot.x,
        "y": spot.y,
        "width": spot.width,
        "height": HEIGHT,
    }


def _lines(name: str, letters: int) -> tuple[str, ...]:
    """A name in lines that fit the box; what is too long for it ends in dots, and is whole in the title."""
    parts = [name[at : at + letters] for at in range(0, len(name), letters)]
    if len(parts) <= _LINES:
        return tuple(parts)
    return (*parts[: _LINES - 1], parts[_LINES - 1][:-1] + "…")


def _edge(node: RelationNode, parent: _Spot, child: _Spot, *, narrow: bool) -> Mapping[str, Any]:
    share = f"{node.share.normalize():f}%" if node.share is not None else ""
    if narrow:
        x, y, to_y = parent.x + 10, parent.y + HEIGHT, child.y + HEIGHT // 2
        return {"key": str(node.id), "path": f"M{x} {y}V{to_y}H{child.x}", "share": "", "x": 0, "y": 0}
    x, y = parent.x + parent.width, parent.y + HEIGHT // 2
    to_y, middle = child.y + HEIGHT // 2, parent.x + parent.width + APART // 2
    path = f"M{x} {y}C{middle} {y} {middle} {to_y} {child.x} {to_y}"
    return {"key": str(node.id), "path": path, "share": share, "x": child.x - 26, "y": to_y - 6}
