"""Makes the shipped fonts from Noto Sans SC: GB 2312, the names of all divisions, and the signs of formulas; the regular weight has all of GBK.

People's names need GBK (喆, 旻, 玥, 昇 are not in GB 2312). They are never set in bold; a bold character that the bold file lacks is taken from the regular one.

Usage: python make_subset.py FOLDER_OF_npm_@expo-google-fonts/noto-sans-sc REGIONS_CSV
"""

import csv
import sys
from pathlib import Path

from fontTools import subset


def coded(codec: str, first: int, last: int) -> set[int]:
    """Return the code points of a two-byte coding."""
    kept = set()
    for high in range(first, last + 1):
        for low in range(0x40, 0xFF):
            try:
                kept.add(ord(bytes((high, low)).decode(codec)))
            except UnicodeDecodeError:
                continue
    return kept


def characters(regions: Path) -> set[int]:
    """Return the code points to keep in both weights."""
    ranges = (
        (0x20, 0x7E),
        (0xA0, 0xFF),
        (0x370, 0x3FF),
        (0x2010, 0x2027),
        (0x2030, 0x205E),
        (0x2070, 0x209C),
        (0x2100, 0x214F),
        (0x2190, 0x21FF),
        (0x2200, 0x22FF),
        (0x2460, 0x24FF),
        (0x2500, 0x257F),
        (0x25A0, 0x25FF),
        (0x3000, 0x303F),
        (0xFF00, 0xFFEF),
    )
    kept = {code for first, last in ranges for code in range(first, last + 1)} | coded("gb2312", 0xA1, 0xF7)
    with regions.open(encoding="utf-8") as file:
        kept |= {ord(letter) for row in csv.DictReader(file) for letter in row["name_zh"]}
    return kept | {ord(letter) for letter in "婺峡鄱濂犇㵲浉瀍〔〕"}


def main() -> None:
    """Write the two weights beside this file."""
    folder, regions = Path(sys.argv[1]), Path(sys.argv[2])
    both = characters(regions)
    for weight, kept in (("400Regular", both | coded("gbk", 0x81, 0xFE)), ("700Bold", both)):
        options = subset.Options(layout_features=["kern", "liga", "locl"], name_IDs=["*"], notdef_outline=True, hinting=False)
        font = subset.load_font(str(folder / weight / f"NotoSansSC_{weight}.ttf"), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=kept)
        cutter.subset(font)
        subset.save_font(font, str(Path(__file__).parent / f"NotoSansSC-{weight[3:]}.ttf"), options)


if __name__ == "__main__":
    main()
