"""Twenty-two drawings that must be refused: bombs of blocks, impossible numbers, broken and foreign files."""

import math
import random
from collections.abc import Iterator

from ezdxf.document import Drawing

from tests.services.space.drawings import EAST, NORTH, OUTLINE, box, building, content_of, drawing, outline


def hostile_drawings() -> Iterator[tuple[str, bytes]]:
    """Every drawing with its name."""
    good = drawing()
    building(good.modelspace(), box(30, 14), "1#", "6F", "H=18")
    content = content_of(good)
    yield from _blocks()
    yield from _numbers(content)
    yield from _broken(content)
    yield "many_entities", _many(content)


def _blocks() -> Iterator[tuple[str, bytes]]:
    bomb = drawing()
    below = ""
    for depth in range(7):
        block = bomb.blocks.new(f"B{depth}")
        if below:
            for place in range(100):
                block.add_blockref(below, (place, 0))
        else:
            outline(block, [(0, 0), (1, 0), (1, 1)], "0")
        below = f"B{depth}"
    yield "nested_blocks", _inserted(bomb, below)
    deep = drawing()
    outline(deep.blocks.new("D0"), [(0, 0), (1, 0), (1, 1)], "0")
    for depth in range(1, 30):
        deep.blocks.new(f"D{depth}").add_blockref(f"D{depth - 1}", (0, 0))
    yield "deep_blocks", _inserted(deep, "D29")
    self_holding = drawing()
    self_holding.blocks.new("S").add_blockref("S", (1, 1))
    yield "block_in_itself", _inserted(self_holding, "S")
    circle = drawing()
    circle.blocks.new("T").add_blockref("U", (0, 0))
    circle.blocks.new("U").add_blockref("T", (0, 0))
    yield "cyclic_blocks", _inserted(circle, "T")
    grid = drawing()
    outline(grid.blocks.new("A"), [(0, 0), (1, 0), (1, 1)], "0")
    yield "insert_grid", _inserted(grid, "A", row_count=30_000, column_count=30_000, row_spacing=2, column_spacing=2)


def _inserted(made: Drawing, name: str, **more: int) -> bytes:
    made.modelspace().add_blockref(name, (EAST, NORTH), dxfattribs={"layer": OUTLINE, **more})
    return content_of(made)


def _numbers(content: bytes) -> Iterator[tuple[str, bytes]]:
    for name, bulge in (("bulge_1e9", 1e9), ("bulge_minus_1e12", -1e12)):
        made = drawing()
        points = [(EAST, NORTH, bulge), (EAST + 9, NORTH, 0), (EAST + 9, NORTH + 9, 0)]
        made.modelspace().add_lwpolyline(points, format="xyb", close=True, dxfattribs={"layer": OUTLINE})
        yield name, content_of(made)
    first = b"\n" + str(EAST).encode() + b"\n"
    assert first in content
    for name, word in (
        ("nan", b"nan"),
        ("infinite", b"inf"),
        ("too_large", b"1e400"),
        ("far_away", b"1e300"),
        ("no_number", b"oops"),
    ):
        yield name, content.replace(first, b"\n" + word + b"\n", 1)
    huge = drawing()
    huge.modelspace().add_circle((EAST, NORTH), 1e300, dxfattribs={"layer": OUTLINE})
    yield "huge_circle", content_of(huge)
    scaled = drawing()
    outline(scaled.blocks.new("X"), [(0, 0), (1, 0), (1, 1)], "0")
    scaled.modelspace().add_blockref("X", (EAST, NORTH), dxfattribs={"layer": OUTLINE, "xscale": math.inf})
    yield "infinite_scale", content_of(scaled)


def _broken(content: bytes) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(81)
    yield "truncated", content[: content.rindex(b"LWPOLYLINE") + 120]
    yield "renamed_dwg", b"AC1032\0\0\0\0\0" + chance.randbytes(200_000)
    yield "binary_dxf", b"AutoCAD Binary DXF\r\n\x1a\0" + chance.randbytes(10_000)
    yield "random_bytes", chance.randbytes(2_000_000)
    yield "text_for_a_code", content.replace(b"\n 10\n", b"\n ten\n", 1)
    yield "nul_bytes", content[:20_000] + b"\0" * 1_000 + content[20_000:]
    yield (
        "long_line",
        b"  0\nSECTION\n  2\nENTITIES\n  0\nTEXT\n  1\n" + b"A" * 20_000_000 + b"\n  0\nENDSEC\n  0\nEOF\n",
    )


def _many(content: bytes) -> bytes:
    """A drawing with more entities on the outline layer than a drawing may have."""
    line = f"  0\nLINE\n  8\n{OUTLINE}\n 10\n{EAST}\n 20\n{NORTH}\n 11\n{EAST}\n 21\n{NORTH + 1}\n".encode()
    place = content.rindex(b"  0\nLWPOLYLINE")
    return content[:place] + line * 200_001 + content[place:]
