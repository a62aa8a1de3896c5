"""The shipped font cut down to the characters of one page and put inside it, so that one HTML file works anywhere."""

from __future__ import annotations

import base64
import io
from functools import lru_cache

from gep.paths import TEMPLATES
from gep.reports.forms.pdf import FONT_FILES


def make_inline_faces(page: str) -> str:
    """Return `@font-face` rules that hold the glyphs of a page's characters, both weights."""
    wanted = "".join(sorted({letter for letter in page if letter.isprintable()} | set("0123456789.,%—()")))
    return "".join(
        f'@font-face {{ font-family: "Report"; src: url(data:font/woff;base64,{_subset(name, wanted)}) format("woff"); font-weight: {weight}; }}\n'
        for weight, name in FONT_FILES.items()
    )


@lru_cache(maxsize=4)
def _subset(name: str, wanted: str) -> str:
    """Return a font with nothing but some characters, as WOFF in base64; HarfBuzz cuts it in a thousandth of a second."""
    import uharfbuzz
    from fontTools.ttLib import TTFont

    cut = uharfbuzz.SubsetInput()
    cut.unicode_set.update(map(ord, wanted))
    cut.drop_table_tag_set.update(int.from_bytes(table, "big") for table in (b"GPOS", b"GSUB", b"GDEF"))
    cut.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    whole = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(TEMPLATES / "fonts" / name)))
    target = io.BytesIO()
    with TTFont(io.BytesIO(uharfbuzz.subset(whole, cut).blob.data), recalcTimestamp=False, recalcBBoxes=False) as font:
        font.flavor = "woff"
        font.save(target, reorderTables=False)
    return base64.b64encode(target.getvalue()).decode()
