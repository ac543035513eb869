"""Runs the processes that open drawings and CityJSON files of strangers, with little memory, little time and no files (row 81)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from services.files.file_refusals import FileRefused

CHILD = Path(__file__).with_name("drawing_child.py")
_SECONDS = 30
#: Beyond this a number of a drawing is no coordinate in metres.
_FARTHEST = 1e8
#: The limits of a child, taken before it reads anything: memory, processor seconds, bytes of a file written.
_LIMITED = """
import resource, runpy, sys
for limit, most in ((resource.RLIMIT_AS, 2 << 30), (resource.RLIMIT_CPU, 20), (resource.RLIMIT_FSIZE, 0)):
    resource.setrlimit(limit, (most, most))
runpy.run_path(sys.argv[1], run_name="__main__")
"""
_SENTENCES = {
    "TOO_MANY_ENTITIES": "图块或图形展开后过多，请炸开或精简后上传",
    "COORDINATE_INVALID": "图形的坐标、半径或凸度不是有效数值，请在CAD中核对后重新另存",
    "LIMITS": "图纸过于复杂，无法在限定的时间和内存内读取，请只保留总平面图后上传",
    "DXF_DAMAGED": "图纸内容已损坏，请在CAD中修复（AUDIT）后重新另存为DXF",
}


def run_limited(child: Path, data: bytes) -> dict[str, Any] | None:
    """The answer of a script to what it is given; None when it does not answer within its limits."""
    # Isolated, so that nothing beside the interpreter's own packages can be imported; one thread, as memory is counted by thread.
    command = [sys.executable, "-I", "-B", "-c", _LIMITED, str(child)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=_SECONDS, check=False, cwd=child.parent, env=environment
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        return None
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def open_drawing(
    thin: bytes, *, encoding: str, layers: Iterable[str], frozen: Iterable[str], scale: float | None
) -> dict[str, Any]:
    """Outlines and texts of a thin copy in metres; a drawing that the process cannot open within its limits is refused.

    Without a scale the numbers are taken as they are, millimetres too.
    """
    farthest = _FARTHEST if scale is not None else _FARTHEST * 1000
    named = {"encoding": encoding, "layers": sorted(layers), "frozen": sorted(frozen)}
    order = json.dumps({**named, "scale": scale or 1.0, "farthest": farthest}, ensure_ascii=True)
    answer = run_limited(CHILD, order.encode() + b"\n" + thin)
    if answer is None:
        raise FileRefused("LIMITS", _SENTENCES["LIMITS"])
    if word := answer.get("refused"):
        handle = str(answer.get("handle", ""))[:16]
        raise FileRefused(word, f"{_SENTENCES[word]}（句柄{handle}）" if handle else _SENTENCES[word])
    return answer
