"""The charts of a report for pages: the same drawings, without a style sheet inside, letters drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gep.messages.numbers import YI, scale_of
from gep.reports.forms.drawing import draw_svg
from gep.reports.pictures import make_figures
from gep.reports.stored import read_stored
from gep.reports.tables import Tables
from gep.reports.words import read_words

if TYPE_CHECKING:
    from gep.reports.model import Figure
    from gep.store.keys import AccountKey
    from gep.store.store import Store

WATERFALL = "waterfall"
CHARTS = ("shares", "ecosystems", "map", "series", WATERFALL)
_STYLE = re.compile(r"<style[^>]*>.*?</style>\s*", re.DOTALL)


def draw_chart(store: Store, key: AccountKey, name: str, lang: str) -> Figure | None:
    """Return a figure of an account's report with its drawing; None where the store has no numbers for it.

    Parameters
    ----------
    name : one of CHARTS
    lang : zh or en
    """
    compare = name == WATERFALL
    with store:
        stored = store.remember(
            ("stored", key, compare), lambda: read_stored(store, key.run, key.account, compare=compare), large=True
        )
    words = read_words(lang)
    scale = scale_of(stored.head.gep)
    unit = words["yi" if scale == YI else "wan"]
    tables = Tables(stored, words, scale, unit)
    made = {"value": tables.values(), "extent": tables.extent(), "series": tables.series(), "change": tables.change()}
    county = (stored.head.name_zh if lang == "zh" else stored.head.name_en) or stored.head.county
    figure = make_figures(stored, made, words, county).get(name)
    return None if figure is None else draw_for_page(figure, lang)


def draw_for_page(figure: Figure, lang: str) -> Figure:
    """Return a figure with a drawing that a page may show: what its style sheet says stands in its first tag.

    Parameters
    ----------
    lang : zh or en
    """
    svg = _STYLE.sub("", draw_svg(figure, read_words(lang), outlined=True))
    return replace(figure, svg=svg.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1))
