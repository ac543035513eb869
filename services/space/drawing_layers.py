"""Chooses the layers of a drawing that are read, and cuts everything else out of it (row 81).

Layers are found by configured names; the same name after a prefix such as `总图-` counts too.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

from services.engine.thresholds import Thresholds
from services.files.file_refusals import FileRefused
from services.space.drawing_guard import Entity, Scan
from services.space.outline_heaps import refuse_heap_unread
from services.space.space_findings import SpaceFinding

#: Entities that a drawing may have on the chosen layers, blocks opened (SPA-16).
MOST_ENTITIES = 200_000
_MOST_COPIES, _DEEPEST = 1_000, 8
_SEPARATORS = ("$", "|", "-", "_")
#: Versions from this one on are UTF-8; before it text is bytes of the code page.
_UTF8_SINCE = b"AC1021"
_SURE = 0.95


@dataclass(frozen=True)
class LayerNames:
    """The names by which layers are found, the likelier first."""

    outline: tuple[str, ...]
    label: tuple[str, ...]
    red_line: tuple[str, ...]
    homes: tuple[str, ...]
    rooms: tuple[str, ...]

    @classmethod
    def of(cls, thresholds: Thresholds) -> "LayerNames":
        """The names in force."""
        return cls(*(tuple(thresholds.text(f"space.layers_{one.name}").split("、")) for one in fields(cls)))


#: The names with which the product comes.
DELIVERED = LayerNames.of(Thresholds(date.min))


@dataclass(frozen=True)
class Wanted:
    """Layers named by the user; an empty name is found by the configured ones."""

    outline: str = ""
    label: str = ""
    red_line: str = ""


@dataclass(frozen=True)
class Layers:
    """The layers that are read, by their use; the same layer may serve two."""

    outline: frozenset[str]
    label: frozenset[str]
    red_line: frozenset[str]
    homes: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.outline | self.label | self.red_line | self.homes | self.rooms


def normal_layer(name: str) -> str:
    """A layer's name as layers are compared."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def encoding_of(scan: Scan) -> tuple[str, list[SpaceFinding]]:
    """The encoding of a drawing's texts, with a note where the header says another one."""
    words = scan.foreign_words
    page = scan.variables.get(b"$DWGCODEPAGE", b"").upper()
    stated = "utf-8" if scan.variables.get(b"$ACADVER", b"") >= _UTF8_SINCE else "gbk" if b"936" in page else "cp1252"
    if not words or (_share(words, stated) == 1 and stated != "cp1252"):
        return stated, []
    for encoding in ("utf-8", "gbk"):
        if _share(words, encoding) >= (1 if encoding == "utf-8" else _SURE):
            note = SpaceFinding(
                "ENCODING_GUESSED", f"图纸头部的代码页与文字不符，已按{encoding.upper()}读取", note=True
            )
            return encoding, [] if encoding == stated else [note]
    raise FileRefused("ENCODING", "图纸文字的编码无法识别，请在CAD中另存为DXF（R2010及以上）后上传")


def _share(words: Sequence[bytes], encoding: str) -> float:
    good = 0
    for word in words:
        try:
            word.decode(encoding)
        except UnicodeDecodeError:
            continue
        good += 1
    return good / len(words)


class LayerBook:
    """The layers of a drawing with what is on them, blocks included."""

    def __init__(self, scan: Scan, encoding: str) -> None:
        self.scan, self.encoding = scan, encoding
        self._names: dict[bytes, str] = {}
        self.frozen = {self.name(layer) for layer, frozen in scan.frozen.items() if frozen}
        self.counts: Counter[str] = Counter()
        alone: Counter[bytes] = Counter()
        for entity in scan.entities:
            if entity.paper:
                continue
            if entity.kind != b"INSERT" and not entity.followers:
                alone[entity.layer] += 1
            else:
                self.counts.update({self.name(layer) for layer in self.reach(entity)})
        for layer, count in alone.items():
            self.counts[self.name(layer)] += count
        self.known = {*map(self.name, scan.frozen), *self.counts}

    def name(self, layer: bytes) -> str:
        """A layer's name as it is compared; a drawing has few layers and many entities."""
        found = self._names.get(layer)
        if found is None:
            found = self._names[layer] = normal_layer(layer.decode(self.encoding, errors="replace"))
        return found

    def reach(self, entity: Entity) -> set[bytes]:
        """Every layer on which an entity draws: its own, those of its followers and of the blocks it inserts."""
        layers = {entity.layer, *entity.followers}
        if entity.kind == b"INSERT":
            layers |= self._of_block(entity.block)
        return layers

    def _of_block(self, name: bytes) -> set[bytes]:
        found: set[bytes] = set()
        ahead, seen = [name], {name}
        while ahead:
            block = self.scan.blocks.get(ahead.pop())
            if block is not None:
                found |= block.layers
                fresh = {insert.block for insert in block.inserts} - seen
                seen |= fresh
                ahead.extend(fresh)
        return found

    def choose(self, wanted: Wanted, names: LayerNames = DELIVERED) -> Layers:
        """The layers to read; frozen ones are never among them."""
        return Layers(
            self._find(wanted.outline, names.outline),
            self._find(wanted.label, names.label),
            self._find(wanted.red_line, names.red_line),
            self._find("", names.homes),
            self._find("", names.rooms),
        )

    def _find(self, wanted: str, configured: Sequence[str]) -> frozenset[str]:
        usable = self.known - self.frozen
        if wanted:
            return frozenset({normal_layer(wanted)} & usable)
        for name in map(normal_layer, configured):
            found = frozenset(layer for layer in usable if layer == name or _tail(layer) == name)
            if any(self.counts[layer] for layer in found):
                return found
        return frozenset()

    def misspelt(self, layers: frozenset[str], chosen: frozenset[str]) -> Iterator[SpaceFinding]:
        """Say which other layers with entities have nearly the name of these."""
        for layer in sorted(layers):
            for other in sorted(set(self.counts) - chosen - self.frozen):
                if _one_sign_apart(layer, other):
                    message = f"图层“{other}”疑为“{layer}”的错字，其中{self.counts[other]}个图形未计入"
                    yield SpaceFinding("LAYER_NAME", message, other, note=True)


def thin_copy(book: LayerBook, chosen: frozenset[str]) -> bytes:
    """The drawing with the entities of the chosen layers only; too many of them, or endless blocks, are refused."""
    scan = book.scan
    kept = [
        entity
        for entity in scan.entities
        if not entity.paper
        and book.name(entity.layer) not in book.frozen
        and (
            book.name(entity.layer) in chosen
            or (
                (entity.followers or entity.kind == b"INSERT")
                and any(map(chosen.__contains__, map(book.name, book.reach(entity))))
            )
        )
    ]
    _refuse_bombs(kept, scan)
    refuse_heap_unread(kept, scan)
    if not scan.entities:
        return scan.content
    parts = [scan.content[: scan.entities[0].start]]
    parts += [scan.content[entity.start : entity.end] for entity in kept]
    parts.append(scan.content[scan.entities[-1].end :])
    return b"".join(parts)


def _refuse_bombs(kept: Sequence[Entity], scan: Scan) -> None:
    sizes: dict[bytes, tuple[int, int]] = {}
    total = 0
    for entity in kept:
        total += 1 + len(entity.followers)
        if entity.kind == b"INSERT":
            size, depth = _size(entity.block, scan, sizes, ())
            if depth > _DEEPEST or entity.copies > _MOST_COPIES or size == _ENDLESS:
                raise _bomb(entity)
            total += entity.copies * (1 + size)
        if total > MOST_ENTITIES:
            raise _bomb(entity)


_ENDLESS = -1


def _size(name: bytes, scan: Scan, known: dict[bytes, tuple[int, int]], above: tuple[bytes, ...]) -> tuple[int, int]:
    """The number of entities in a block, blocks opened, and how deep they nest; endless for one that holds itself."""
    if name in above:
        return _ENDLESS, 0
    if name in known:
        return known[name]
    block = scan.blocks.get(name)
    if block is None:
        return 0, 1
    if len(above) > 2 * _DEEPEST:
        return 0, len(above)
    size, depth = block.count, 1
    for insert in block.inserts:
        inner, deeper = _size(insert.block, scan, known, (*above, name))
        if inner == _ENDLESS or insert.copies > _MOST_COPIES:
            size = _ENDLESS
            break
        size, depth = min(size + insert.copies * inner, 10**9), max(depth, 1 + deeper)
    known[name] = size, depth
    return size, depth


def _bomb(entity: Entity) -> FileRefused:
    handle = entity.handle.decode("ascii", errors="replace")[:16]
    why = "引用了自身、嵌套过深或展开后图形过多" if entity.kind == b"INSERT" else "所在图层的图形过多"
    return FileRefused(
        "TOO_MANY_ENTITIES", f"图块或图形（句柄{handle}）{why}（上限{MOST_ENTITIES:,}个），请炸开或精简后上传"
    )


def _tail(layer: str) -> str:
    """A layer's name without what a drawing set puts before it."""
    place = max(layer.rfind(separator) for separator in _SEPARATORS)
    return layer[place + 1 :]


def _one_sign_apart(one: str, other: str) -> bool:
    if len(one) != len(other) or len(one) < 4:
        return False
    apart = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(apart) == 1 and not any(sign.isdigit() for sign in apart[0])
