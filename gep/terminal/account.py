"""An account, or a list of accounts, on a terminal."""

from __future__ import annotations

import math
from operator import attrgetter
from typing import TYPE_CHECKING

from gep.messages.layout import money, money_unit, pad, wrapped
from gep.messages.words import CATEGORY_ORDER, STATE, STATUS, said
from gep.units.registry import printed_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gep.store.accounts import AccountHead, StoredAccount


def quantity(value: float | None, unit: str | None) -> str:
    """Return a quantity with its unit."""
    if value is None or math.isnan(value):
        return ""
    shown = f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4g}"
    return f"{shown} {printed_unit(unit or '')}".strip()


def account_lines(found: StoredAccount, lang: str) -> Iterator[str]:
    """Yield the summary of one account."""
    from gep.account.missing import explain_missing
    from gep.reference.services import CATEGORIES, SERVICE_TITLES

    zh = lang == "zh"
    head = found.head
    name = head.name_zh if zh else head.name_en
    yield f"{name} {head.county}  {head.year}  {head.standard}  run {head.run}"
    yield from wrapped(head.state_zh if zh else head.state_en, "", "  ")
    yield ""
    heads = ("服务", "状态", "价值") if zh else ("service", "status", "value")
    yield f"{pad(heads[0], 28)}{pad(heads[1], 16)}{pad(f'{heads[2]} ({money_unit(lang)})', 18, right=True)}"
    for category in CATEGORY_ORDER:
        services = [one for one in found.results if one.category == category and one.status != "excluded"]
        if not services:
            continue
        yield f"{pad(CATEGORIES[category][lang], 44)}{pad(money(getattr(head, category)), 18, right=True)}"
        for one in services:
            status = STATUS[one.status][0 if zh else 1]
            yield f"  {pad(SERVICE_TITLES[one.service][1][lang], 26)}{pad(status, 16)}{pad(money(one.value), 18, right=True)}"
        for part in found.roll_ups:
            if part.category == category:
                covered = f"{part.accounted}/{part.counted}"
                label = f"  其中{part.title_zh}({covered} 项)" if zh else f"  of which {part.title_en} ({covered})"
                yield f"{pad(label, 44)}{pad(money(part.value), 18, right=True)}"
    yield f"{pad('生态产品总值 GEP' if zh else 'GEP', 44)}{pad(money(head.gep), 18, right=True)}"
    covered = f"{head.services_accounted}/{head.services_counted}"
    yield f"  只含已核算的 {covered} 项服务" if zh else f"  covers {covered} services; the rest is missing, not zero"
    if head.constant_year is not None:
        label = f"  {head.constant_year} 年不变价" if zh else f"  in prices of {head.constant_year}"
        yield f"{pad(label, 44)}{pad(money(head.gep_constant), 18, right=True)}"
    ratios = (
        ("gep_per_km2", "单位面积", "per km²", 1e4, "万元/km²", "1e4 CNY"),
        ("gep_per_head", "人均", "per head", 1.0, "元", "CNY"),
        ("gep_per_gdp", "GEP/GDP", "GEP/GDP", 1.0, "", ""),
    )
    for key, in_zh, in_en, scale, unit_zh, unit_en in ratios:
        if getattr(head, key) is not None:
            yield f"{pad('  ' + (in_zh if zh else in_en), 44)}{pad(f'{getattr(head, key) / scale:,.2f} {unit_zh if zh else unit_en}'.strip(), 18, right=True)}"
    lacking = [one for one in found.results if one.status == "no data"]
    if lacking:
        yield ""
        yield "缺数据的服务和所缺内容:" if zh else "services without data, and what they lack:"
        for one in lacking:
            text = f"{SERVICE_TITLES[one.service][1][lang]}: {explain_missing(one.missing or '', lang, head.year)}"
            yield from wrapped(text, "  ", "    ")
    apart = [one for one in found.results if one.status == "not applicable"]
    if apart:
        yield ""
        yield "不适用的服务:" if zh else "services that do not apply:"
        for one in apart:
            yield from wrapped(f"{SERVICE_TITLES[one.service][1][lang]}: {said(one.reason or '', lang)}", "  ", "    ")
    notices = [one for one in found.notices if one.code not in {"unverified", "review"}]
    text_of = attrgetter(f"text_{lang}")
    unverified = sum(1 for one in found.notices if one.code == "unverified")
    if notices:
        yield ""
        yield "注意:" if zh else "notices:"
        for text in sorted({text_of(one) for one in notices}):
            concerned = ", ".join(
                SERVICE_TITLES[one.service][1][lang] for one in notices if text_of(one) == text and one.service in SERVICE_TITLES
            )
            yield from wrapped(f"{text} ({concerned})" if concerned else text, "  ", "    ")
    if unverified:
        yield ""
        text = (
            f"有 {unverified} 条未核实的方法说明,见报告和 gep query"
            if zh
            else f"{unverified} statements on method are unverified; the report lists them"
        )
        yield from wrapped(text, "", "  ")


def list_lines(found: Iterable[AccountHead], lang: str) -> Iterator[str]:
    """Yield one line an account."""
    zh = lang == "zh"
    heads = ("代码", "县", "年", "标准", f"GEP ({money_unit(lang)})", "项", "状态")
    heads = heads if zh else ("code", "county", "year", "standard", f"GEP ({money_unit(lang)})", "of", "state")
    yield (
        f"{pad(heads[0], 7)}{pad(heads[1], 16)}{pad(heads[2], 5)}{pad(heads[3], 14)}{pad(heads[4], 14, right=True)}"
        f"{pad(heads[5], 6, right=True)}  {heads[6]}"
    )
    for one in found:
        name = (one.name_zh if zh else one.name_en) or ""
        covered = f"{one.services_accounted}/{one.services_counted}"
        yield (
            f"{pad(one.county, 7)}{pad(name, 16)}{one.year:<5}{pad(one.standard, 14)}{pad(money(one.gep), 14, right=True)}"
            f"{pad(covered, 6, right=True)}  {_state(one, lang)}"
        )


def _state(one: AccountHead, lang: str) -> str:
    """Return the state of review in a word or two: `draft, 3→5` is an approval of run 3 that run 5 voided."""
    zh = lang == "zh"
    if one.hash_matches is False:
        return "哈希不符" if zh else "hash differs"
    text = STATE[one.state][0 if zh else 1]
    if one.state != "approved" and one.voided_run is not None:
        return f"{text},{one.voided_by} 作废 {one.voided_run}" if zh else f"{text}, {one.voided_by} voids {one.voided_run}"
    return text
