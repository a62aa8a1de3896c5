"""How ranks, neighbours and the matrix of accounts are printed on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import money, money_unit, pad, wrapped
from gep.messages.words import STATE
from gep.reference.services import SERVICE_TITLES
from gep.regional.matrix import STATES
from gep.terminal.regional import left_out, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.regional.matrix import Matrix, Row
    from gep.regional.ranking import CountyFigures, Neighbours, Ranking

BLOCK = 12
"""Years side by side in the matrix; more stand in a second block below."""

MARKS = {"approved": ("准", "A"), "submitted": ("送", "S"), "returned": ("退", "R"), "draft": ("稿", "D")}
NONE = "·"
TITLES = {
    "gep": ("生态产品总值", "GEP"),
    "gep_per_km2": ("单位面积 GEP", "GEP per km²"),
    "gep_per_head": ("人均 GEP", "GEP per head"),
    "gep_per_gdp": ("GEP/GDP", "GEP/GDP"),
}


def ranking_lines(found: Ranking, lang: str) -> Iterator[str]:
    """Yield a ranking; counties without a value and without an account stand below it by name."""
    zh = lang == "zh"
    title = TITLES[found.by][0 if zh else 1] if found.by in TITLES else SERVICE_TITLES[found.by][1][lang]
    yield f"{found.name_zh if zh else found.name_en} {found.place}  {found.year}  {found.standard}  {title}"
    yield ""
    head = ("名次", "代码", "县", "数值", "服务数", "状态") if zh else ("rank", "code", "county", "value", "services", "state")
    label = f"{head[3]} ({_unit(found.by, lang)})" if _unit(found.by, lang) else head[3]
    yield f"{pad(head[0], 6, right=True)}  {pad(head[1], 8)}{pad(head[2], 22)}{pad(label, 22, right=True)}{pad(head[4], 10, right=True)}  {head[5]}"
    for one in found.counties:
        if one.rank is not None:
            yield (
                f"{one.rank:>6}  {pad(one.county, 8)}{pad(one.name_zh if zh else one.name_en, 22)}{pad(_figure(one.value, found.by), 22, right=True)}"
                f"{pad(_covered(one), 10, right=True)}  {STATE[one.state][0 if zh else 1]}"
            )
    without = [one.county for one in found.counties if one.rank is None]
    if without:
        yield from wrapped(
            f"有账户而无此数值({len(without)}):{names(without, zh=zh)}"
            if zh
            else f"accounts without this figure ({len(without)}): {names(without, zh=zh)}",
            "",
            "  ",
        )
    if found.unapproved:
        yield from left_out(found.unapproved, zh=zh)
    if found.missing:
        yield from wrapped(
            f"没有账户({len(found.missing)}):{names(found.missing, zh=zh)}"
            if zh
            else f"no account ({len(found.missing)}): {names(found.missing, zh=zh)}",
            "",
            "  ",
        )
    if not found.comparable:
        yield from _caution(zh)


def neighbour_lines(found: Neighbours, lang: str) -> Iterator[str]:
    """Yield a county and its neighbours with the length of the common border."""
    zh = lang == "zh"
    own = found.county
    yield f"{own.name_zh if zh else own.name_en} {own.county}  {found.year}  {found.standard}"
    yield ""
    head = ("县", "共同边界", "单位面积", "人均", "服务数") if zh else ("county", "border", "per km²", "per head", "services")
    units = ("", "km", money_unit(lang), _unit("gep_per_km2", lang), _unit("gep_per_head", lang))
    yield f"{pad(head[0], 24)}{pad(head[1], 9, right=True)}{pad('GEP', 13, right=True)}{pad(head[2], 13, right=True)}{pad(head[3], 12, right=True)}{pad(head[4], 9, right=True)}"
    yield f"{pad('', 24)}{pad(units[1], 9, right=True)}{pad(units[2], 13, right=True)}{pad(units[3], 13, right=True)}{pad(units[4], 12, right=True)}"
    for one in (own, *found.neighbours):
        name = f"{'' if one is own else '  '}{one.county} {one.name_zh if zh else one.name_en}"
        border = "" if one.border_km is None else f"{one.border_km:,.1f}"
        if not one.state:
            yield f"{pad(name, 24)}{pad(border, 9, right=True)}{pad('没有账户' if zh else 'no account', 13, right=True)}"
            continue
        yield (
            f"{pad(name, 24)}{pad(border, 9, right=True)}{pad(money(one.gep), 13, right=True)}"
            f"{pad(_figure(one.gep_per_km2, 'gep_per_km2'), 13, right=True)}{pad(_figure(one.gep_per_head, 'gep_per_head'), 12, right=True)}{pad(_covered(one), 9, right=True)}"
        )
    yield ""
    if not found.known:
        text = (
            "邻县表没有该县(目前只含江西省),邻县未知"
            if zh
            else "the table of borders does not have this county (it covers Jiangxi): its neighbours are unknown"
        )
        yield from wrapped(text, "", "  ")
        return
    if found.outside_km:
        text = (
            f"另有 {found.outside_km:,.1f} km 边界在邻县表之外(外省或海岸),那里的邻县未知"
            if zh
            else f"another {found.outside_km:,.1f} km of its border lie outside the table (other provinces or a coast): neighbours there are unknown"
        )
        yield from wrapped(text, "", "  ")
    yield from wrapped(f"边界长度来源:{found.source}" if zh else f"lengths of borders: {found.source} in sources.yaml", "", "  ")
    if not found.comparable:
        yield from _caution(zh)


def matrix_lines(found: Matrix, lang: str) -> Iterator[str]:
    """Yield one line a county, one mark a year, and how many there are of each."""
    zh = lang == "zh"
    at = 0 if zh else 1
    marks = "  ".join(f"{MARKS[state][at]} {STATE[state][at]}" for state in STATES)
    legend = f"{marks}  {NONE} {'无' if zh else 'none'}  ! {'原批准因新结果失效' if zh else 'approval void by a new result'}"
    yield from wrapped(f"{found.standard}   {legend}", "", "  ")
    for begin in range(0, len(found.years), BLOCK):
        years = found.years[begin : begin + BLOCK]
        yield ""
        yield f"{pad('代码' if zh else 'code', 7)}{pad('县' if zh else 'county', 13)}" + "".join(
            pad(str(year), 5) for year in years
        )
        for row in found.rows:
            cells = "".join(pad(_mark(row, year, at), 5) for year in years)
            yield f"{pad(row.county, 7)}{pad(_cut(row.name_zh if zh else row.name_en, 12), 13)}{cells}".rstrip()
        for state in STATES:
            counts = [sum(1 for row in found.rows if row.states.get(year) == state) for year in years]
            if any(counts):
                yield f"{pad('', 7)}{pad(STATE[state][at], 13)}" + "".join(f"{count:<5}" for count in counts).rstrip()
        none = [sum(1 for row in found.rows if year not in row.states) for year in years]
        yield f"{pad('', 7)}{pad('无' if zh else 'none', 13)}" + "".join(f"{count:<5}" for count in none).rstrip()
    if found.absent:
        text = (
            f"同省另有 {found.absent} 个县任何年份都没有账户;--place 代码 列出"
            if zh
            else f"{found.absent} more counties of these provinces have no account in any year; --place CODE lists them"
        )
        yield ""
        yield from wrapped(text, "", "  ")


def _mark(row: Row, year: int, at: int) -> str:
    state = row.states.get(year)
    return NONE if state is None else MARKS[state][at] + ("!" if year in row.voided and state != "approved" else "")


def _cut(text: str, columns: int) -> str:
    from gep.messages.layout import width

    while width(text) > columns:
        text = text[:-1]
    return text


def _covered(one: CountyFigures) -> str:
    return f"{one.services_accounted}/{one.services_counted}"


def _unit(by: str, lang: str) -> str:
    units = {"gep_per_km2": ("万元/km²", "1e4 CNY"), "gep_per_head": ("元", "CNY"), "gep_per_gdp": ("", "")}
    return units[by][0 if lang == "zh" else 1] if by in units else money_unit(lang)


def _figure(value: float | None, by: str) -> str:
    scales = {"gep_per_km2": 1e4, "gep_per_head": 1.0, "gep_per_gdp": 1.0}
    if value is None:
        return "—"
    shown = value / scales.get(by, 1e8)
    return f"{shown:,.2f}" if by in {"gep_per_km2", "gep_per_head"} else f"{shown:,.4f}"


def _caution(zh: bool) -> Iterator[str]:  # noqa: FBT001 - a language, not a switch
    yield ""
    text = (
        "注意:各县合计所含的服务不同,不宜直接比较;--by 服务 可比较同一服务"
        if zh
        else "caution: the totals cover different services, so they do not compare; --by SERVICE compares one service"
    )
    yield from wrapped(text, "", "  ")
