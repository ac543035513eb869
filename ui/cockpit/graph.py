"""The drawing of what needs what: places for boxes and lines; nothing is decided here."""

from collections.abc import Callable

from nicegui import events
from nicegui.element import Element

from services.engine.dependencies import Graph, Node, NodeState

WIDTH, HEIGHT, APART, BELOW, EDGE = 156, 46, 58, 16, 12
_LONGEST_NAME = 10


class Needs(Element, component="graph.js"):
    """A graph drawn; `opened(kind)` is called for a box that was chosen and leads somewhere."""

    def __init__(self, graph: Graph, *, leads: Callable[[Node], bool], opened: Callable[[str], object]) -> None:
        super().__init__()
        ranks: dict[int, list[Node]] = {}
        for node in graph.nodes:
            ranks.setdefault(node.rank, []).append(node)
        columns = _uncrossed([ranks[rank] for rank in sorted(ranks)], graph)
        tallest = max((len(column) for column in columns), default=1)
        height = 2 * EDGE + tallest * HEIGHT + (tallest - 1) * BELOW
        places = {}
        for at, column in enumerate(columns):
            used = len(column) * HEIGHT + (len(column) - 1) * BELOW
            for row, node in enumerate(column):
                x = EDGE + at * (WIDTH + APART)
                places[node.kind] = (x, (height - used) // 2 + row * (HEIGHT + BELOW))
        known = {node.kind for node in graph.nodes if leads(node)}
        self._props["width"] = 2 * EDGE + len(columns) * WIDTH + max(0, len(columns) - 1) * APART
        self._props["height"] = height
        self._props["label"] = "前后置关系"
        self._props["nodes"] = tuple(_box(node, places[node.kind], node.kind in known) for node in graph.nodes)
        self._props["edges"] = tuple(
            {
                "key": f"{edge.before}>{edge.after}",
                "path": _line(places[edge.before], places[edge.after]),
                "met": edge.met,
                "title": f"{edge.label}：{'已满足' if edge.met else '未满足'}",
            }
            for edge in graph.edges
            if edge.before in places and edge.after in places
        )
        self.mark("needs")

        def chosen(event: events.GenericEventArguments) -> object:
            return opened(str(event.args)) if isinstance(event.args, str) and event.args in known else None

        self.on("open", chosen)


def _uncrossed(columns: list[list[Node]], graph: Graph) -> list[list[Node]]:
    """Each box beside what it needs, so that few lines cross."""
    before: dict[str, list[str]] = {}
    for edge in graph.edges:
        before.setdefault(edge.after, []).append(edge.before)
    places: dict[str, float] = {}

    def height(node: Node) -> float:
        needs = [places[one] for one in before.get(node.kind, ()) if one in places]
        return sum(needs) / len(needs) if needs else len(columns) / 2

    ordered = []
    for column in columns:
        ordered.append(sorted(column, key=height))
        places |= {node.kind: float(place) for place, node in enumerate(ordered[-1])}
    return ordered


def words_of(node: Node) -> str:
    """Return the state of a node and its reason."""
    if node.state is NodeState.BLOCKED and node.because:
        return f"等待：{'、'.join(node.because)}"
    return node.state.label


def _box(node: Node, place: tuple[int, int], opens: bool) -> dict[str, object]:
    words = words_of(node)
    return {
        "kind": node.kind,
        "label": _short(node.label, _LONGEST_NAME),
        "state": _short(words, _LONGEST_NAME + 1),
        "title": f"{node.label}：{words}",
        "tone": node.state.tone,
        "x": place[0],
        "y": place[1],
        "width": WIDTH,
        "height": HEIGHT,
        "opens": opens,
    }


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    x, y = start[0] + WIDTH, start[1] + HEIGHT // 2
    to_x, to_y = end[0] - 2, end[1] + HEIGHT // 2
    bend = max(24, (to_x - x) // 2)
    return f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"
