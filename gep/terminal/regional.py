"""How sums, ranks, neighbours and the matrix of accounts are printed on a terminal of 80 columns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gep.messages.layout import money, money_unit, pad, wrapped
from gep.messages.words import CATEGORY_ORDER, STATE, STATUS, said
from gep.reference.regions import regions
from gep.reference.services import CATEGORIES, SERVICE_TITLES
from gep.regional.overlaps import WATER_LINES
from gep.units.registry import printed_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.regional.rollup import Member, RollUp, ServiceSum

SHOWN = 12
"""How many counties are named in a list on the terminal; JSON has all."""

PARTIAL = ("部分县", "partial")
RATIOS = {
    "gep_per_km2": ("单位面积", "per km²", 1e4, "万元/km²", "1e4 CNY"),
    "gep_per_head": ("人均", "per head", 1.0, "元", "CNY"),
    "gep_per_gdp": ("GEP/GDP", "GEP/GDP", 1.0, "", ""),
}


def rollup_lines(found: RollUp, lang: str) -> Iterator[str]:
    """Yield the summary of a place: services, what they cover, ratios, and everything that is missing or in doubt."""
    zh = lang == "zh"
    name = found.name_zh if zh else found.name_en
    yield f"{name} {found.code}  {found.year}  {found.standard}"
    yield from wrapped(_coverage(found, zh), "", "  ")
    yield ""
    head = ("服务", "状态", "账户数", "实物量") if zh else ("service", "status", "accounts", "quantity")
    yield (
        f"{pad(head[0], 26)}{pad(head[1], 14)}{pad(head[2], 9, right=True)}"
        f"{pad(head[3], 19, right=True)}{pad(money_unit(lang), 12, right=True)}"
    )
    for category in CATEGORY_ORDER:
        services = [one for one in found.services if one.category == category and one.status != "excluded"]
        if services:
            yield f"{pad(CATEGORIES[category][lang], 64)}{pad(money(found.categories[category]), 16, right=True)}"
        for one in services:
            yield _service(one, lang)
    yield f"{pad('生态产品总值 GEP' if zh else 'GEP', 64)}{pad(money(found.gep), 16, right=True)}"
    if found.gep_constant is not None:
        label = f"  {found.constant_year} 年不变价" if zh else f"  in prices of {found.constant_year}"
        yield f"{pad(label, 64)}{pad(money(found.gep_constant), 16, right=True)}"
    for ratio in found.ratios:
        in_zh, in_en, scale, unit_zh, unit_en = RATIOS[ratio.name]
        if ratio.value is None:
            continue
        over = f"{ratio.over}/{len(found.accounts)} 县" if zh else f"over {ratio.over} of {len(found.accounts)} accounts"
        label = f"  {in_zh if zh else in_en} ({over})"
        shown = f"{ratio.value / scale:,.4g}" if abs(ratio.value / scale) < 1 else f"{ratio.value / scale:,.2f}"
        yield f"{pad(label, 60)}{pad(f'{shown} {unit_zh if zh else unit_en}'.strip(), 20, right=True)}"
    yield from _lacking(found, zh)
    yield from _doubts(found, lang)


def names(codes: Sequence[str], *, zh: bool, shown: int = SHOWN) -> str:
    """Return the names of counties, the first of them if they are many, and how many more there are."""
    known = regions()
    first = [f"{known[code].name_zh if zh else known[code].name_en}" for code in codes[:shown]]
    more = len(codes) - len(first)
    text = ("、" if zh else ", ").join(first)
    if more:
        text += f" 等 {len(codes)} 个(--format json 列出全部)" if zh else f" and {more} more (--format json has all)"
    return text


def left_out(codes: Sequence[str], *, zh: bool) -> Iterator[str]:
    """Yield that accounts which are not approved were left out, and whose."""
    yield from wrapped(
        f"有账户而未批准、不计入({len(codes)}):{names(codes, zh=zh)}"
        if zh
        else f"accounts that are not approved and left out ({len(codes)}): {names(codes, zh=zh)}",
        "",
        "  ",
    )


def _coverage(found: RollUp, zh: bool) -> str:  # noqa: FBT001 - a language, not a switch
    states = ", ".join(f"{STATE[state][0 if zh else 1]} {count}" for state, count in found.states.items())
    part = "" if not found.missing else ("(不完整)" if zh else " (incomplete)")
    if zh:
        return f"覆盖 {found.covered}/{found.counties} 个县级单位{part};账户状态:{states}"
    return f"covers {found.covered} of {found.counties} counties{part}; accounts: {states}"


def _service(one: ServiceSum, lang: str) -> str:
    zh = lang == "zh"
    status = (PARTIAL if one.status == "partial" else STATUS[one.status])[0 if zh else 1]
    counts = f"{one.accounted}/{one.applies}" if one.applies else ""
    amount = "" if one.quantity is None else f" {one.quantity:,.5g} {printed_unit(one.quantity_unit)}"
    return (
        f"  {pad(SERVICE_TITLES[one.service][1][lang], 24)}{pad(status, 14)}{pad(counts, 9, right=True)}"
        f"{pad(amount, 19, right=True)}{pad(money(one.value), 12, right=True)}"
    )


def _lacking(found: RollUp, zh: bool) -> Iterator[str]:  # noqa: FBT001 - a language, not a switch
    absent = [code for code in found.missing if code not in found.unapproved]
    if found.missing:
        yield ""
    if found.unapproved:
        yield from left_out(found.unapproved, zh=zh)
    if absent:
        yield from wrapped(
            f"没有账户的县({len(absent)}):{names(absent, zh=zh)}"
            if zh
            else f"counties without an account ({len(absent)}): {names(absent, zh=zh)}",
            "",
            "  ",
        )
    for code, others in found.elsewhere.items():
        text = f"{names([code], zh=zh)} {code}: "
        yield from wrapped(
            text
            + (
                f"只有 {', '.join(others)} 的账户,不同标准不加总"
                if zh
                else f"has accounts under {', '.join(others)} only, which are never added"
            ),
            "  ",
            "    ",
        )
    empty = [one.code for one in found.accounts if one.gep is None]
    if empty:
        yield from wrapped(
            f"有账户而没有任何已核算服务({len(empty)}):{names(empty, zh=zh)}"
            if zh
            else f"accounts without any service accounted ({len(empty)}): {names(empty, zh=zh)}",
            "",
            "  ",
        )
    lacking = [one for one in found.services if one.lacking]
    if lacking:
        yield ""
        yield "有账户而缺该服务数据的县:" if zh else "accounts that lack a service:"
        everywhere = [one for one in lacking if len(one.lacking) == len(found.accounts)]
        if everywhere:
            titles = ("、" if zh else ", ").join(SERVICE_TITLES[one.service][1]["zh" if zh else "en"] for one in everywhere)
            yield from wrapped(
                f"全部 {len(found.accounts)} 个账户: {titles}" if zh else f"all {len(found.accounts)} of them: {titles}",
                "  ",
                "    ",
            )
        for one in lacking:
            if one not in everywhere:
                title = SERVICE_TITLES[one.service][1]["zh" if zh else "en"]
                yield from wrapped(f"{title} ({len(one.lacking)}): {names(one.lacking, zh=zh)}", "  ", "    ")
    for ratio in found.ratios:
        if ratio.value is not None and ratio.lacking:
            label = RATIOS[ratio.name][0 if zh else 1]
            yield from wrapped(
                f"{label} 不含: {names(ratio.lacking, zh=zh)}" if zh else f"{label} leaves out: {names(ratio.lacking, zh=zh)}",
                "  ",
                "    ",
            )
    unsummed = [one for one in found.services if one.quantity_note]
    for one in unsummed:
        yield from wrapped(
            f"{SERVICE_TITLES[one.service][1]['zh' if zh else 'en']}: {said(one.quantity_note, 'zh' if zh else 'en')}",
            "  ",
            "    ",
        )


def _doubts(found: RollUp, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    if found.taken:
        yield ""
        yield "共有水体和跨界区域,按申报份额只计一次:" if zh else "shared waters and areas, counted once by declared shares:"
        for one in found.taken:
            county = names([one.county], zh=zh)
            yield from wrapped(
                f"{one.water}, {county} {one.share:.2%}: −{money(one.value)} {money_unit(lang)} ({one.declared_in})", "  ", "    "
            )
    if found.overlaps:
        yield ""
        yield (
            "可能重复计算(未申报份额,合计中未扣除;见 coefficients/lists/shared_waters.csv):"
            if zh
            else "possibly counted twice (no shares declared, nothing taken off; shared_waters.csv):"
        )
        for overlap in found.overlaps:
            where = SERVICE_TITLES[overlap.line.partition(".")[0]][1][lang] if overlap.line in WATER_LINES else overlap.line
            stake = (
                ""
                if overlap.at_stake is None or math.isnan(overlap.at_stake)
                else (
                    f",最多多计 {money(overlap.at_stake)} 亿元"
                    if zh
                    else f", up to {money(overlap.at_stake)} {money_unit(lang)} too much"
                )
            )
            yield from wrapped(
                f"{overlap.water} ({where}): {names(overlap.counties, zh=zh)}{stake}; {said(overlap.why, lang)}", "  ", "    "
            )
    if found.beside:
        yield ""
        for own in found.beside:
            yield from wrapped(_beside(own, lang), "", "  ")
    for notice in found.notices:
        yield from wrapped(said(notice, lang), "", "  ")


def _beside(own: Member, lang: str) -> str:
    if lang == "zh":
        return f"{own.name_zh} {own.code} 自有账户 {money(own.gep)} 亿元(run {own.run}),不加入各县之和"
    return f"{own.name_en} {own.code} has an account of its own, {money(own.gep)} {money_unit(lang)} (run {own.run}), not added to its counties'"
