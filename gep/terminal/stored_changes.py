"""What two runs have differently, as it is stored and given in JSON, said on a terminal: words in a language, numbers no longer than they need to be."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from gep.messages.catalogue import list_keyed
from gep.messages.layout import get_comma
from gep.messages.texts import say_in, translate
from gep.messages.words import STATUS, pick_language

if TYPE_CHECKING:
    from gep.store.history import Change

_LONG = re.compile(r"(?<![\w.-])\d+\.\d+(?![\w.])")
_REASON = re.compile(r"(?<=; )([^;()]*\S) \| (.+?)(?=; constant |\)$)")
"""A reason in two languages among what is said of a result."""
_PLACES = (2, 4, 6, 9, 12, 17)
"""Decimals that are tried until two numbers differ as they do."""


def say_what(change: Change, lang: str, total_name: str = "GEP") -> str:
    """Return what has changed, in a language; ids of inputs, coefficients and rules stay.

    Parameters
    ----------
    total_name : what the total is called
    """
    if change.section == "results":
        from gep.reference.services import CATEGORIES, SERVICE_TITLES

        total = change.what.removeprefix("total of ")
        if total != change.what:
            name = CATEGORIES[total][lang] if total in CATEGORIES else translate(lang, total_name)
            return translate(lang, "total of {category}", category=name)
        name, of_it, _ = change.what.partition(" (of it)")
        title = f"{SERVICE_TITLES[name][1][lang]} {name}" if name in SERVICE_TITLES and lang == "zh" else name
        return title + (translate(lang, " (of it)") if of_it else "")
    if change.section == "run":
        found = list_keyed().get(f"run.{change.what}")
        return change.what if found is None else found[lang]
    return say_in(change.what, lang)


def say_change(change: Change, lang: str) -> Change:
    """Return a change with its two sides as they are printed."""
    if change.section == "rules":
        return change
    one, other = change.one, change.other
    if change.section in {"results", "coefficients"}:
        one, other = _shorten(one, other)
    if change.section == "results":
        one, other = _say_result(one, lang), _say_result(other, lang)
    elif lang == "zh":
        one, other = (
            re.sub(r"^(none|not applicable)(?=$| \()", lambda found: say_in(found[1], lang), text) for text in (one, other)
        )
    return replace(change, one=one, other=other)


def _shorten(one: str, other: str) -> tuple[str, str]:
    """Return two texts with their numbers in thousands and as few decimals as tell them apart."""
    for places in _PLACES:
        before, after = (_LONG.sub(partial(_round, places), text) for text in (one, other))
        if before != after:
            return before, after
    return one, other


def _round(places: int, number: re.Match[str]) -> str:
    """Return a number with so many decimals, or with so many digits and two where it is below one."""
    value = float(number[0])
    return f"{value:,.{places}f}" if value >= 1 else f"{value:.{places + 2}g}"


def _say_result(text: str, lang: str) -> str:
    """Return what is stored of a result in a language: its figure or status, and what is said of it in brackets."""
    text = _REASON.sub(lambda found: pick_language(found[0], lang), text)
    if lang != "zh":
        return text
    figure, bracket, rest = text.partition(" (")
    if not bracket:
        return _say_part(figure, lang)
    parts = [_say_part(part, lang) for part in rest.removesuffix(")").split("; ")]
    return f"{_say_part(figure, lang)}（{'；'.join(parts)}）"


def _say_part(part: str, lang: str) -> str:
    if part in STATUS:
        return STATUS[part][lang]
    if part == "nothing":
        return translate(lang, part)
    if found := re.fullmatch(r"(\d+) of (\d+) services", part):
        return translate(lang, "{accounted} of {counted} services", accounted=found[1], counted=found[2])
    if part.startswith("constant "):
        return translate(lang, "constant {value}", value=part.removeprefix("constant "))
    if part.endswith(" CNY/yr"):
        return f"{part.removesuffix(' CNY/yr')} {translate(lang, 'CNY/yr')}"
    return get_comma(lang).join(part.split(";"))
