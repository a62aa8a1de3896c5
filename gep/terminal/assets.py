"""Prints asset accounts on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.assets.present_value import VALUE
from gep.messages.layout import format_money, name_money_unit, pad, wrap_text
from gep.messages.texts import translate
from gep.reference.marks import UNVERIFIED
from gep.reference.services import SERVICE_TITLES
from gep.terminal.trace import print_trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.assets.valuation import Valuation
    from gep.tasks.assets import ValuedAssets

NAME, NUMBER = 40, 16


def print_valued(found: ValuedAssets, lang: str) -> Iterator[str]:
    """Yield the convention, the value of each flow, what has none, and how it was computed."""
    if found.key is not None:
        yield translate(
            lang,
            "asset value of {county} {year} {standard} run {run}",
            county=found.key.county,
            year=found.key.year,
            standard=found.key.standard,
            run=found.key.run,
        )
    yield from print_convention(found.valuation, found.factor, lang)
    yield ""
    yield f"{translate(lang, 'unit')} {name_money_unit(lang)}"
    yield pad("", NAME) + "".join(pad(translate(lang, one), NUMBER, right=True) for one in ("yearly flow", "asset value"))
    for flow, value in zip(found.flows, found.values, strict=True):
        weak = UNVERIFIED.intersection(flow.marks)
        name = f"{flow.zh if lang == 'zh' else flow.en}{' *' if weak else ''}"
        yield _print_line(name, flow.rent.value, value)
    yield _print_line(translate(lang, "total"), sum(one.rent.value for one in found.flows), sum(found.values))
    if any(UNVERIFIED.intersection(flow.marks) for flow in found.flows):
        yield from wrap_text(translate(lang, "* rests on figures or statements that are not verified"), "", "  ")
    if found.lacking:
        names = [SERVICE_TITLES[one][1][lang] if one in SERVICE_TITLES else one for one in found.lacking]
        yield from wrap_text(
            translate(lang, "no data, not in the total: {names}", names=("、" if lang == "zh" else ", ").join(names)), "", "  "
        )
    yield ""
    yield from print_trace(found.calculation.explain(VALUE), lang)


def print_convention(how: Valuation, factor: float, lang: str) -> Iterator[str]:
    """Yield by which convention, rates and growth a flow was valued, who chose them, and what a yuan a year is worth."""
    one = how.convention
    yield from wrap_text(
        translate(
            lang,
            "convention: {title} ({id}), {source} [{mark}]",
            title=one.title[lang],
            id=one.id,
            source=one.source,
            mark=one.mark,
        ),
        "",
        "  ",
    )
    first = 1
    for block in how.blocks:
        last = None if block.years is None else first + int(block.years.value) - 1
        text = (
            translate(lang, "rate {rate} from year {first} on", rate=block.rate.given, first=first)
            if last is None
            else translate(lang, "rate {rate} in years {first} to {last}", rate=block.rate.given, first=first, last=last)
        )
        yield f"  {text}"
        first = (last or 0) + 1
    yield f"  {translate(lang, 'growth {growth} a year', growth=how.growth.given)}"
    yield from wrap_text(translate(lang, "chosen by {author}: {basis}", author=how.author, basis=how.basis), "  ", "    ")
    yield from wrap_text(
        translate(
            lang, "1 yuan a year is worth {factor:.2f} yuan by this convention; another one gives another value.", factor=factor
        ),
        "  ",
        "    ",
    )


def _print_line(name: str, yearly: float, value: float) -> str:
    return pad(name, NAME) + pad(format_money(yearly), NUMBER, right=True) + pad(format_money(value), NUMBER, right=True)
