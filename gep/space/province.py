"""A page of maps and zonal sums: one HTML file beside its pictures."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from gep.files.writing import written
from gep.messages.texts import in_language
from gep.reference.regions import regions
from gep.space.layers import named_leaf
from gep.units.registry import printed_unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.space.accounts import ZoneResult
    from gep.space.layers import Layers
    from gep.space.picture import Picture
    from gep.standards.standard import Standard

STYLE = """body{font:15px/1.5 "Noto Sans SC",sans-serif;max-width:72em;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;margin:1em 0}td,th{border-bottom:1px solid #ccc;padding:.2em .8em;text-align:right}
td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:0 1em 1em 0}img{max-width:34em;border:1px solid #ddd}
.note,figcaption{color:#555;font-size:13px}"""


WHAT = "逐像元按核算规则计算，分县汇总。本页只含已成图的服务，不是 GEP 总值。公开地图须有审图号。"


def write_page(
    path: Path,
    results: Sequence[ZoneResult],
    pictures: Sequence[Picture],
    standard: Standard,
    layers: Layers,
    sources: Sequence[str],
    told: Sequence[str],
) -> None:
    """Write the page: sums of all zones, pictures, each zone, what it was made of.

    Parameters
    ----------
    sources : files beside land cover and drivers that the results depend on
    """
    zones = sorted({one.county for one in results})
    year = results[0].year
    parts = [
        "<!doctype html><html lang=zh><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>生态产品 {year}</title><style>{STYLE}</style>",
        f"<h1>{escape(_place(zones))} {year} 年生态产品空间分布</h1>",
        f"<p class=note>{escape(standard.title.zh)} [{standard.mark}]；{len(zones)} 个县级单元。{WHAT}</p>",
        "<h2>合计</h2>",
        _totals(results),
        "<h2>图</h2>",
        *(
            f"<figure><img src='{escape(one.path.name)}' alt='{escape(one.layer.title.zh)} {escape(one.band)}'>"
            f"<figcaption><a href='{escape(one.layer.id)}.tif'>{escape(one.layer.id)}.tif</a></figcaption></figure>"
            for one in pictures
        ),
        "<h2>分县</h2>",
        f"<p class=note>{MARKS}</p>",
        _by_zone(results, zones),
        "<h2>数据来源</h2><ul class=note>",
        f"<li>{escape(layers.land.cited)}；{escape(layers.crosswalk.file)}</li>",
        *(f"<li>{escape(one)}</li>" for one in sources),
        *(
            f"<li>{escape(in_language(named_leaf(one.id), 'zh'))}：{escape(one.raster.cited)}；{escape(in_language(one.about, 'zh'))}</li>"
            for one in layers.drivers
        ),
        *(f"<li>{escape(in_language(one, 'zh'))}</li>" for one in told),
        "</ul></html>",
    ]
    with written(path, "page") as temporary:
        temporary.write_text("\n".join(parts), "utf-8")


MARKS = (
    "* 该县部分像元缺数据，合计只含有数据的像元；“无数据”：计入的像元全部缺数据；0：该县没有计入该项服务的土地。"
    "未取整的数字与县级核算结果对照见 <a href='zonal_sums.csv'>zonal_sums.csv</a>。"
)


def _place(zones: Sequence[str]) -> str:
    """Return the narrowest division that all zones lie in."""
    known = regions()
    for digits in (6, 4, 2):
        heads = {code[:digits] for code in zones}
        code = next(iter(heads)).ljust(6, "0")
        if len(heads) == 1 and code in known:
            return known[code].name_zh
    return "全国"


def _totals(results: Sequence[ZoneResult]) -> str:
    rows = []
    for key in dict.fromkeys((one.layer.id, one.band) for one in results):
        of = [one for one in results if (one.layer.id, one.band) == key]
        known = [one for one in of if not np.isnan(one.account)]
        whole, gap = sum(one.account for one in known), sum(one.difference for one in known)
        share = f"{gap / whole:+.3%}" if whole else "—"
        total = sum(one.pixels for one in of)
        scale, word = _scale(total)
        rows.append(
            f"<tr><td>{escape(of[0].layer.title.zh)} {escape(key[1])}<td>{total / scale:,.2f}"
            f"<td>{word}{escape(_unit(of[0].layer.unit))}<td>{sum(one.counted for one in of):,.0f}"
            f"<td>{sum(one.lacking for one in of):,.0f}<td>{share}<td>{len(of) - len(known)}"
        )
    head = "<tr><th>项目<th>像元合计<th>单位<th>计入面积 km²<th>其中缺数据 km²<th>与县级核算结果之差<th>县级核算结果缺数据的县"
    return f"<table>{head}{''.join(rows)}</table>"


def _by_zone(results: Sequence[ZoneResult], zones: Sequence[str]) -> str:
    known = regions()
    keys = list(dict.fromkeys((one.layer.id, one.band) for one in results))
    cells = {(one.county, one.layer.id, one.band): one for one in results}
    titles = [cells[zones[0], *key] for key in keys]
    scales = [_scale(max(cells[code, *key].pixels for code in zones)) for key in keys]
    head = "".join(
        f"<th>{escape(one.layer.title.zh)} {escape(one.band)}<br>{word}{escape(_unit(one.layer.unit))}"
        for one, (_, word) in zip(titles, scales, strict=True)
    )
    rows = "".join(
        f"<tr><td>{code} {escape(known[code].name_zh)}"
        + "".join(f"<td>{_number(cells[code, *key], scale)}" for key, (scale, _) in zip(keys, scales, strict=True))
        for code in zones
    )
    return f"<table><tr><th>县{head}{rows}</table>"


def _scale(largest: float) -> tuple[float, str]:
    """Return what numbers up to a size are divided by, and the word for it."""
    return next(((scale, word) for scale, word in ((1e8, "亿 "), (1e4, "万 ")) if abs(largest) >= 10 * scale), (1.0, ""))


def _unit(text: str) -> str:
    return printed_unit(text).replace("CNY", "元").replace("/yr", "/年")


def _number(one: ZoneResult, scale: float) -> str:
    if one.counted > 0 and one.lacking >= one.counted:
        return "无数据"
    shown = one.pixels / scale
    decimals = 2 if shown == 0 or abs(shown) >= TWO_DECIMALS else 4
    return f"{shown:,.{decimals}f}{'*' if one.lacking > 0 else ''}"


TWO_DECIMALS = 0.1
