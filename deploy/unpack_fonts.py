"""Unpack the WOFF2 fonts of deploy/fonts into TrueType files: `python deploy/unpack_fonts.py [folder]`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from printing.fonts import PACKED, unpack  # noqa: E402


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "fonts"
    for path in unpack(PACKED, folder):
        print(f"{path.name}  {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
