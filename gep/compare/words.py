"""Says in words which input moved a value, and from what to what; the same on a terminal, on a page and in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.account.missing import explain_missing
from gep.account.status import NO_DATA
from gep.compare.inputs import PRICE
from gep.messages.layout import put_in_brackets
from gep.messages.numbers import MISSING, YI, format_amount, format_digits
from gep.messages.punctuation import widen_punctuation
from gep.messages.texts import translate
from gep.messages.words import STATUS
from gep.reference.members import find_member_title
from gep.units.registry import print_unit_in
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.compare.inputs import InputPart

MOST_NAMED = 8
"""Inputs of one cause that are shown; the others stand together in one line."""


def name_input(one: InputPart, lang: str) -> str:
    """Return what an input is called, with its type, pollutant or product."""
    members = [
        find_member_title(axis, getattr(one, axis))[lang] for axis in ("ecosystem", "pollutant", "product") if getattr(one, axis)
    ]
    title = one.title[lang] if one.title else ""
    if one.cause == PRICE and one.id in VARIABLES:
        title = translate(lang, "{title}, price index", title=title)
    joined = " ".join(members)
    text = put_in_brackets(title, joined, lang) if title else joined
    return widen_punctuation(text) if lang == "zh" else text


def say_ends(one: InputPart, lang: str, years: tuple[int, int]) -> str:
    """Return from what to what an input went, or which year alone knows it; empty where there is nothing to say.

    Parameters
    ----------
    years : the two that are compared
    """
    if one.service:
        lacking = years[1] if one.only == years[0] else years[0]
        why = explain_missing(";".join(one.lacks), lang, lacking)
        status = STATUS[one.status][lang]
        if one.status == NO_DATA and why:
            return translate(lang, "only in {year}; {other} lacks {missing}", year=one.only, other=lacking, missing=why)
        return translate(lang, "only in {year}; {other}: {status}", year=one.only, other=lacking, status=status)
    if one.only:
        return translate(lang, "only in {year}", year=one.only)
    if one.before is None and one.after is None:
        return ""
    unit = print_unit_in(one.unit, lang)
    large = any(value is not None and abs(value) >= YI for value in (one.before, one.after))
    if large:
        return " → ".join(MISSING if value is None else format_amount(value, unit, lang) for value in (one.before, one.after))
    shown = [MISSING if value is None else format_digits(value) for value in (one.before, one.after)]
    return f"{' → '.join(shown)} {unit}".strip()


def shorten_inputs(inputs: Sequence[InputPart]) -> tuple[list[InputPart], list[InputPart]]:
    """Return the inputs of one cause that are named, and those that stand together in one line; whole causes are neither."""
    named = [one for one in inputs if one.id or one.service or one.ecosystem or one.pollutant or one.product]
    return (named, []) if len(named) <= MOST_NAMED + 1 else (named[:MOST_NAMED], named[MOST_NAMED:])
