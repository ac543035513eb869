"""Make the WOFF2 files of this folder from the original fonts; only needed when a font is renewed (see README.md)."""

from __future__ import annotations

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
# reportlab reads outlines, widths and the character map; shaping and vertical tables would only make the files bigger.
UNUSED = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG", "FFTM", "meta"]
IDEOGRAPHS = [
    range(0x2E80, 0x2FE0),
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),
    range(0xF900, 0xFB00),
    range(0x20000, 0x32400),
]
LATIN_AND_SIGNS = [
    range(0x20, 0x180),
    range(0x2010, 0x2040),
    range(0x20A0, 0x20C0),
    range(0x2100, 0x2300),
    range(0x2460, 0x2500),
    range(0x25A0, 0x2600),
    range(0x3000, 0x3040),
    range(0x3200, 0x3400),
    range(0xFF00, 0xFFF0),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serif", type=Path, required=True, help="folder of NotoSerifSC_400Regular.ttf and _700Bold")
    parser.add_argument("--sans", type=Path, required=True, help="folder of NotoSansSC_400Regular.ttf and _700Bold")
    parser.add_argument("--babelstone", type=Path, required=True, help="BabelStoneHan.ttf")
    parser.add_argument("--hanazono", type=Path, required=True, help="HanaMinB.ttf")
    parser.add_argument("--interface", type=Path, help="where the browser's fallback font goes")
    given = parser.parse_args()
    serif, sans = given.serif / "NotoSerifSC_400Regular.ttf", given.sans / "NotoSansSC_400Regular.ttf"
    has_serif, has_babelstone = covered(serif), covered(given.babelstone)
    ideographs = {point for block in IDEOGRAPHS for point in block}
    # Bold is for headings: what it lacks is drawn in the regular weight.
    everyday = codec_characters("gbk") | {point for block in LATIN_AND_SIGNS for point in block}
    cut(serif, has_serif, "NotoSerifSC-Regular")
    cut(given.serif / "NotoSerifSC_700Bold.ttf", everyday, "NotoSerifSC-Bold")
    cut(sans, covered(sans), "NotoSansSC-Regular")
    cut(given.sans / "NotoSansSC_700Bold.ttf", everyday, "NotoSansSC-Bold")
    cut(given.babelstone, ideographs & has_babelstone - has_serif, "ShenfangRareHanA", rename="Shenfang Rare Han A")
    rest = ideographs & covered(given.hanazono) - has_serif - has_babelstone
    cut(given.hanazono, rest, "ShenfangRareHanB", rename="Shenfang Rare Han B")
    if given.interface:
        basic = codec_characters("gb2312") | {point for block in LATIN_AND_SIGNS for point in block}
        cut(sans, basic, given.interface.stem, folder=given.interface.parent, small=True)


def covered(path: Path) -> set[int]:
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())


def codec_characters(codec: str) -> set[int]:
    """The characters of a Chinese double-byte set."""
    pairs = (bytes((high, low)).decode(codec, "ignore") for high in range(0x81, 0xFF) for low in range(0x40, 0xFF))
    return {ord(text) for text in pairs if len(text) == 1}


def cut(
    source: Path,
    points: set[int],
    name: str,
    *,
    rename: str = "",
    folder: Path = HERE,
    small: bool = False,
) -> None:
    """Write the chosen characters of one font; a renamed font says in itself that and how it was changed."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.drop_tables = [*options.drop_tables, *UNUSED]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    if rename:
        tell_change(font, rename, name)
    font.flavor = "woff2"
    if not small:
        # Untransformed outlines unpack in a blink instead of minutes of Python; the price is a fifth in size.
        font.flavorData = untransformed()
    font.recalcTimestamp = False
    target = folder / f"{name}.woff2"
    folder.mkdir(parents=True, exist_ok=True)
    font.save(target)
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size / 1e6:.1f} MB")


def tell_change(font: TTFont, family: str, name: str) -> None:
    # The Arphic licence asks for a notice in the file; the names of the originals are reserved.
    notice = (
        f"Modified 2026-11-25 for Shenfang: only the ideographs that other fonts of the set lack were kept, "
        f"hinting and layout tables removed, converted to WOFF2, renamed from {font['name'].getDebugName(1)}."
    )
    copyright_line = font["name"].getDebugName(0) or ""
    licence = font["name"].getDebugName(13)
    font["name"].names = []
    names = {0: copyright_line, 1: family, 2: "Regular", 3: f"{name};2026-11-25", 4: family, 6: name, 10: notice}
    if licence:
        names[13] = licence
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)


def untransformed() -> object:
    from fontTools.ttLib.woff2 import WOFF2FlavorData

    return WOFF2FlavorData(transformedTables=[])


if __name__ == "__main__":
    main()
