"""A page of maps and zonal sums: one HTML file beside its pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.files.page import render_page
from gep.files.writing import write_whole
from gep.messages.texts import say_in
from gep.reference.members import find_member_title
from gep.reference.regions import list_chain, read_regions
from gep.space.drivers.reading import name_leaf
from gep.space.maps.accounts import NO_DATA, NOT_COUNTED
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.space.drivers.layers import Layers
    from gep.space.maps.accounts import ZoneResult
    from gep.space.maps.picture import Picture
    from gep.standards.model import Standard


def write_page(
    path: Path,
    results: Sequence[ZoneResult],
    pictures: Sequence[Picture],
    standard: Standard,
    layers: Layers,
    sources: Sequence[str],
    told: Sequence[str],
) -> None:
    """Write the page: sums of all zones, pictures, each zone, and what it was made of.

    Parameters
    ----------
    sources : files beside land cover and drivers that the results depend on
    told    : sentences for the user, at the end of the page

    Raises
    ------
    Problems : the file cannot be written
    """
    zones = sorted({one.county for one in results})
    year = results[0].year
    page = render_page(
        "province.html",
        place=name_place(zones),
        year=year,
        standard=standard,
        totals=_totals(results),
        pictures=pictures,
        **_by_zone(results, zones),
        sources=[
            f"{layers.land.cited}；{layers.crosswalk.file}",
            *sources,
            *(f"{say_in(name_leaf(one.id), 'zh')}：{one.raster.cited}；{say_in(one.about, 'zh')}" for one in layers.drivers),
            *(say_in(one, "zh") for one in told),
        ],
    )
    with write_whole(path, "page") as temporary:
        temporary.write_text(page, "utf-8")


def name_place(zones: Sequence[str]) -> str:
    """Return the narrowest division that all zones lie in.

    Parameters
    ----------
    zones : codes or ids of units; those of several units that lie in no division are named one by one
    """
    known = read_regions()
    if len(zones) == 1 and zones[0] in known:
        return known[zones[0]].name_zh
    if not all(re.match(r"\d{6}", code) for code in zones):
        return _name_units(zones)
    for digits in (6, 4, 2):
        heads = {code[:digits] for code in zones}
        code = next(iter(heads)).ljust(6, "0")
        if len(heads) == 1 and code in known:
            return known[code].name_zh
    return "全国"


def _name_units(zones: Sequence[str]) -> str:
    known = read_regions()
    chains = [list_chain(code)[1:-1] for code in zones]
    common = [one for one in chains[0] if all(one in chain for chain in chains)]
    if common:
        return known[common[-1].ljust(6, "0") if common[-1].isdigit() else common[-1]].name_zh
    names = "、".join(known[code].name_zh if code in known else code for code in zones[:NAMED])
    return names if len(zones) <= NAMED else f"{names}等 {len(zones)} 个核算单元"


NAMED = 3


def _totals(results: Sequence[ZoneResult]) -> list[tuple[str, ...]]:
    """Return the rows of the table of sums, a layer and band each."""
    rows: list[tuple[str, ...]] = []
    for key in dict.fromkeys((one.layer.id, one.band) for one in results):
        of = [one for one in results if (one.layer.id, one.band) == key]
        known = [one for one in of if not np.isnan(one.account)]
        whole, gap = sum(one.account for one in known), sum(one.difference for one in known)
        total = sum(one.pixels for one in of)
        scale, word = _scale(total)
        rows.append(
            (
                f"{of[0].layer.title.zh} {find_member_title('pollutant', key[1]).zh}",
                f"{total / scale:,.2f}",
                word + _unit(of[0].layer.unit),
                f"{sum(one.counted for one in of):,.0f}",
                f"{sum(one.lacking for one in of):,.0f}",
                f"{gap / whole:+.3%}" if whole else "—",
                str(len(of) - len(known)),
            )
        )
    return rows


def _by_zone(results: Sequence[ZoneResult], zones: Sequence[str]) -> dict[str, Any]:
    """Return the columns of the table of zones, and its rows: name and numbers."""
    known = read_regions()
    keys = list(dict.fromkeys((one.layer.id, one.band) for one in results))
    cells = {(one.county, one.layer.id, one.band): one for one in results}
    scales = [_scale(max(cells[code, *key].pixels for code in zones)) for key in keys]
    layers = [cells[zones[0], *key].layer for key in keys]
    return {
        "columns": [
            {"title": f"{layer.title.zh} {find_member_title('pollutant', band).zh}", "unit": word + _unit(layer.unit)}
            for layer, (_, band), (_, word) in zip(layers, keys, scales, strict=True)
        ],
        "zones": [
            (
                f"{code} {known[code].name_zh}",
                [_number(cells[code, *key], scale) for key, (scale, _) in zip(keys, scales, strict=True)],
            )
            for code in zones
        ],
    }


def _scale(largest: float) -> tuple[float, str]:
    """Return what numbers up to a size are divided by, and the word for it."""
    return next(((scale, word) for scale, word in ((1e8, "亿 "), (1e4, "万 ")) if abs(largest) >= 10 * scale), (1.0, ""))


def _unit(text: str) -> str:
    return print_unit_in(text, "zh")


def _number(one: ZoneResult, scale: float) -> str:
    if one.state in WORDS:
        return WORDS[one.state]
    shown = one.pixels / scale
    decimals = 2 if shown == 0 or abs(shown) >= TWO_DECIMALS else 4
    return f"{shown:,.{decimals}f}{'*' if one.lacking > 0 else ''}"


TWO_DECIMALS = 0.1
WORDS = {NO_DATA: "无数据", NOT_COUNTED: "不计"}
