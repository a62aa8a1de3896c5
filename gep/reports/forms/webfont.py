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
        f'@font-face {{ font-family: "Report"; src: url(data:font/woff2;base64,{_subset(name, wanted)}) format("woff2"); font-weight: {weight}; }}\n'
        for weight, name in FONT_FILES.items()
    )


@lru_cache(maxsize=4)
def _subset(name: str, wanted: str) -> str:
    from fontTools import subset

    options = subset.Options(
        flavor="woff2",
        layout_features=[],
        hinting=False,
        recalc_timestamp=False,
        notdef_outline=True,
        drop_tables=["GPOS", "GSUB", "GDEF"],
    )
    font = subset.load_font(str(TEMPLATES / "fonts" / name), options, dontLoadGlyphNames=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text=wanted)
    cutter.subset(font)
    target = io.BytesIO()
    subset.save_font(font, target, options)
    font.close()
    return base64.b64encode(target.getvalue()).decode()
