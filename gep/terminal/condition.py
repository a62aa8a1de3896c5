"""Prints condition accounts on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.assets.condition import GRADES, name_quality
from gep.messages.layout import lay_out_table, wrap_text
from gep.messages.numbers import MISSING, format_fixed
from gep.messages.texts import translate
from gep.messages.title import Title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.assets.condition import Condition, Index, Section

STEPS = {1: Title("变好", "better"), 0: Title("不变", "as before"), -1: Title("变差", "worse")}
"""Whether a section's grade got better, word for word."""


def print_condition(found: Condition, lang: str) -> Iterator[str]:
    """Yield the indices of HJ 1172, the water sections by grade, and the own indicators, as far as they were given."""
    if found.quality:
        yield translate(lang, "ecosystem quality index of HJ 1172, 0 to 100")
        yield from _print_indices(found.quality, lang, 1)
        for one in found.quality:
            grades = [name_quality(value)[lang] for value in one.ends]
            yield f"  {one.type}: {grades[0]} → {grades[1]}"
    if found.water:
        yield translate(lang, "surface water by grade, sections")
        yield from _print_grades(found, lang)
        good = [found.share_good(end) for end in (0, 1)]
        known = sum(one.step is not None for one in found.water)
        if good[0] is not None and good[1] is not None:
            text = "grades I to III: {one:.1%} → {other:.1%} of the {count} sections with a grade at both ends"
            yield from wrap_text(translate(lang, text, one=good[0], other=good[1], count=known), "", "  ")
        for section in found.water:
            yield from wrap_text(_tell_section(section, lang), "  ", "    ")
    if found.own:
        yield translate(lang, "own indicators, 0 is the poorest level and 1 the reference")
        yield from _print_indices(found.own, lang, 3)


def _print_indices(several: Sequence[Index], lang: str, decimals: int) -> Iterator[str]:
    heads = [translate(lang, one) for one in ("type", "opening", "change", "closing")]
    rows = []
    for one in several:
        rows.append([one.type, *_print_ends(one.ends, decimals)])
        rows += [[f"  {name}", *_print_ends(pair, 3)] for name, pair in one.parts.items()]
    yield from lay_out_table(heads, rows)


def _print_ends(pair: tuple[float, float], decimals: int) -> list[str]:
    return [format_fixed(value, decimals) for value in (pair[0], pair[1] - pair[0], pair[1])]


def _print_grades(found: Condition, lang: str) -> Iterator[str]:
    heads = [translate(lang, one) for one in ("grade", "opening", "change", "closing")]
    before, after = found.count(0), found.count(1)
    names = [name for name in before if name or before[name] or after[name]]
    yield from lay_out_table(
        heads,
        [[_name_grade(name, lang), str(before[name]), f"{after[name] - before[name]:+d}", str(after[name])] for name in names],
    )


def _name_grade(name: str, lang: str) -> str:
    if not name:
        return translate(lang, "not stated")
    return GRADES[name] if lang == "zh" else translate(lang, "worse than V") if name == "worse" else name


def _tell_section(one: Section, lang: str) -> str:
    ends = " → ".join(_name_grade(end, lang) if end else MISSING for end in one.ends)
    step = one.step
    told = "" if step is None else STEPS[(step > 0) - (step < 0)][lang]
    return f"{one.name}  {ends}  {told}  {one.address}  {one.source}"
