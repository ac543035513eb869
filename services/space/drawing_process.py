"""Runs the process that opens drawings and takes its answer (row 81)."""

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
_SENTENCES = {
    "TOO_MANY_ENTITIES": "图块或图形展开后过多，请炸开或精简后上传",
    "COORDINATE_INVALID": "图形的坐标、半径或凸度不是有效数值，请在CAD中核对后重新另存",
    "LIMITS": "图纸过于复杂，无法在限定的时间和内存内读取，请只保留总平面图后上传",
    "DXF_DAMAGED": "图纸内容已损坏，请在CAD中修复（AUDIT）后重新另存为DXF",
}


def open_drawing(
    thin: bytes, *, encoding: str, layers: Iterable[str], frozen: Iterable[str], scale: float
) -> dict[str, Any]:
    """Outlines and texts of a thin copy in metres; a drawing that the process cannot open within its limits is refused."""
    order = json.dumps(
        {"encoding": encoding, "layers": sorted(layers), "frozen": sorted(frozen), "scale": scale}, ensure_ascii=True
    )
    # Isolated, so that nothing beside the interpreter's own packages can be imported; one thread, as memory is counted by thread.
    command = [sys.executable, "-I", "-B", str(CHILD)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            command,
            input=order.encode() + b"\n" + thin,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            cwd=CHILD.parent,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0:
        raise FileRefused("LIMITS", _SENTENCES["LIMITS"])
    answer: dict[str, Any] = json.loads(done.stdout)
    if word := answer.get("refused"):
        handle = str(answer.get("handle", ""))[:16]
        raise FileRefused(word, f"{_SENTENCES[word]}（句柄{handle}）" if handle else _SENTENCES[word])
    return answer
