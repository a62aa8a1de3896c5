"""Prints why two accounts differ on a terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gep.compare.words import name_input, say_ends, shorten_inputs
from gep.messages.layout import get_comma, measure_width, pad, wrap_head, wrap_text
from gep.messages.numbers import format_amount
from gep.messages.texts import say_in, translate
from gep.messages.words import CAUSE_WORDS, STATUS, pick_language
from gep.reference.regions import describe_change
from gep.units.money import format_yuan
from gep.units.readable import format_digits, print_unit_readable
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.compare.inputs import InputPart
    from gep.compare.standards import Contrasts
    from gep.compare.years import Comparison, Decomposition


def print_comparison(found: Comparison, name: str, lang: str) -> Iterator[str]:
    """Yield what moved an account from one year to another, service by service, in two price bases side by side.

    Parameters
    ----------
    name : of the county, in the language
    lang : zh or en
    """
    from gep.reference.services import SERVICE_TITLES

    one, other = found.years
    runs = f"({_run(found.runs[0], lang)} → {_run(found.runs[1], lang)})"
    yield from wrap_head(f"{found.county} {name}  {one} → {other}  {found.standard}  {runs}")
    if change := describe_change(filter(None, (found.county_before, found.county))):
        yield from wrap_text(say_in(change, lang), "", "  ")
    heads = [translate(lang, "current prices (CNY)")]
    if found.constant:
        heads.append(translate(lang, "prices of {constant_year} (CNY)", constant_year=found.constant_year))
    valued = [split for split in found.current if split.one is not None or split.other is not None]
    if valued or not found.quantities:
        yield pad("", 26) + "".join(pad(head, 26, right=True) for head in heads)
    constant = {split.name: split for split in found.constant}
    for split in valued if found.quantities else found.current:
        pair = [split, constant[split.name]] if split.name in constant else [split]
        title = (translate(lang, "GEP")) if split.name == "gep" else SERVICE_TITLES[split.name][1][lang]
        yield title
        yield pad(f"  {one}", 26) + "".join(pad(format_yuan(part.one), 26, right=True) for part in pair)
        for cause, words in CAUSE_WORDS.items():
            if any(part.parts.get(cause) for part in pair):
                yield pad(f"    {words[lang]}", 26) + "".join(
                    pad(format_yuan(part.parts.get(cause, 0), signed=True), 26, right=True) for part in pair
                )
                yield from _input_lines(cause, pair, found.years, lang)
        yield pad(f"  {other}", 26) + "".join(pad(format_yuan(part.other), 26, right=True) for part in pair)
    if not found.constant and (valued or not found.quantities):
        yield translate(lang, "no constant prices: there is no price index for them")
    yield from _quantities(found, lang)
    yield from _shown(found, lang)
    without = [service for service in found.neither if service not in {one.service for one in found.quantities}]
    if without:
        names = get_comma(lang).join(SERVICE_TITLES[service][1][lang] for service in without)
        yield ""
        yield from wrap_text(translate(lang, "accounted for in neither year: {names}", names=names), "", "  ")


def _input_lines(cause: str, pair: Sequence[Decomposition], years: tuple[int, int], lang: str) -> Iterator[str]:
    """Yield what a part comes from, input by input, in each price basis; the smallest together in one line."""
    told = [[one for one in part.inputs if one.cause == cause] for part in pair]
    known = {_key(one): one for of in reversed(told) for one in of}
    order = {_key(one): None for of in told for one in of}
    named, others = shorten_inputs([known[key] for key in order])
    sums = [{_key(one): one.part for one in of} for of in told]
    for one in named:
        text = " ".join(filter(None, (name_input(one, lang), say_ends(one, lang, years))))
        yield from _spread(text, [parts.get(_key(one), 0) for parts in sums])
    if others:
        text = translate(lang, "{count} others", count=len(others))
        yield from _spread(text, [sum(parts.get(_key(one), 0) for one in others) for parts in sums])


def _spread(text: str, parts: Sequence[int]) -> Iterator[str]:
    """Yield a text and its money in columns: in one line where the text is short enough."""
    money = "".join(pad(format_yuan(part, signed=True), 26, right=True) for part in parts)
    room = 26 + len(money) - len(money.lstrip()) - 1
    lines = wrap_text(text, "      ", "        ")
    if measure_width(lines[-1]) > room:
        lines.append("")
    yield from lines[:-1]
    yield pad(lines[-1], 26) + money[max(measure_width(lines[-1]) - 26, 0) :]


def _key(one: InputPart) -> InputPart:
    """Return what is the same of an input in either price basis."""
    return replace(one, part=0, before=None, after=None)


def _quantities(found: Comparison, lang: str) -> Iterator[str]:
    """Yield the quantities of services that have no values, year by year, with their change in percent."""
    from gep.reference.services import SERVICE_TITLES

    if not found.quantities:
        return
    yield ""
    yield translate(lang, "quantities of services without values")
    for one in found.quantities:
        unit = print_unit_in(one.unit, lang)
        shown = ["—" if value is None else format_amount(value, unit, lang) for value in (one.one, one.other)]
        share = "" if one.one in {None, 0} or one.other is None else f"{(one.other - one.one) / abs(one.one):+.1%}"
        yield f"  {pad(SERVICE_TITLES[one.service][1][lang], 22)}{pad(shown[0], 22, right=True)}{pad(shown[1], 22, right=True)}{pad(share, 10, right=True)}"


def _shown(found: Comparison, lang: str) -> Iterator[str]:
    """Yield the figures that the standard only shows, year by year."""
    if not found.shown:
        return
    yield ""
    yield translate(lang, "  only shown, in no total:").strip()
    for pair in found.shown:
        unit = print_unit_readable(pair.unit, lang)
        values = ["—" if value is None else f"{format_digits(value)} {unit}".strip() for value in (pair.one, pair.other)]
        yield f"  {pad(pair.title[lang], 30)}{pad(values[0], 24, right=True)}{pad(values[1], 24, right=True)}"


def print_contrast(found: Contrasts, name: str, lang: str) -> Iterator[str]:
    """Yield an account under two standards, service by service, with what each difference comes from.

    Parameters
    ----------
    name : of the county, in the language
    lang : zh or en
    """
    from gep.account.missing import explain_missing
    from gep.reference.services import SERVICE_TITLES

    runs = get_comma(lang).join(_run(run, lang) for run in found.runs)
    yield f"{found.county} {name}  {found.year}  {translate(lang, '({runs}; CNY)', runs=runs)}"
    yield pad("", 32) + "".join(pad(standard, 24, right=True) for standard in found.standards)
    for one in found.services:
        yield pad(SERVICE_TITLES[one.service][1][lang], 32) + "".join(
            pad(format_yuan(value) if value is not None else STATUS[status][lang], 24, right=True)
            for value, status in zip((one.one, one.other), one.status, strict=True)
        )
        for line, before, after in one.lines:
            if before is None and after is None:
                continue
            yield pad(f"  {line}", 32) + pad(format_yuan(before), 24, right=True) + pad(format_yuan(after), 24, right=True)
        yield from _cause_lines(one.parts, lang)
        if (one.status[0], one.missing[0]) != (one.status[1], one.missing[1]):
            for standard, status, reason, missing in zip(found.standards, one.status, one.reasons, one.missing, strict=True):
                why = pick_language(reason, lang) or explain_missing(missing, lang, found.year)
                if why:
                    yield from wrap_text(
                        translate(lang, "{standard}: {status}, {why}", standard=standard, status=STATUS[status][lang], why=why),
                        "    · ",
                        "      ",
                    )
        for text in one.because:
            yield from wrap_text(say_in(text, lang), "    · ", "      ")
    yield pad(translate(lang, "GEP"), 32) + "".join(pad(format_yuan(value), 24, right=True) for value in (found.one, found.other))
    yield from _cause_lines(found.parts, lang)


def _run(run: int, lang: str) -> str:
    return translate(lang, "run {run}", run=run)


def _cause_lines(parts: dict[str, int], lang: str) -> Iterator[str]:
    for cause, words in CAUSE_WORDS.items():
        if parts.get(cause):
            yield pad(f"    {words[lang]}", 56) + pad(format_yuan(parts[cause], signed=True), 24, right=True)
