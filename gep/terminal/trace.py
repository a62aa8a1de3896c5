"""Prints the trace of a service on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.explain.conversions import say_conversion
from gep.explain.trace import describe_choice, explain_unread
from gep.messages.citing import cite
from gep.messages.layout import wrap_text
from gep.messages.texts import say_in
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.explain.explain import Explained
    from gep.explain.trace import Trace


def print_trace(parts: Sequence[Explained], lang: str) -> Iterator[str]:
    """Yield rules one after the other: formula, the formula in numbers, the origin of each number with its unit and cell.

    Parameters
    ----------
    parts : `steps` of a trace
    lang  : zh or en
    """
    from gep.formula.show import show_number

    for part in parts:
        title = getattr(part, f"title_{lang}")
        members = f"  [{part.members}]" if part.members else ""
        yield from wrap_text(f"{title}  {part.rule} ({part.variant}){members}", "", "  ")
        yield from wrap_text(part.formula, "  ", "      ")
        yield from wrap_text(f"= {part.numbers}", "    ", "      ")
        yield f"    = {show_number(part.value)} {print_unit_in(part.unit, lang)}".rstrip()
        yield from wrap_text(f"{say_in(cite(part.source, part.clause), lang)} [{part.mark}]", "    ", "    ")
        for origin in part.origins:
            name = getattr(origin, f"title_{lang}")
            yield from wrap_text(
                f"{origin.symbol} {origin.members + ' ' if origin.members else ''}= {show_number(origin.value)} {print_unit_in(origin.unit, lang)}"
                f" ← {print_unit_in(origin.as_given, lang)} {say_conversion(origin.steps, lang)}".rstrip()
                + f"  {name}",
                "      ",
                "        ",
            )
            mark = f" [{origin.mark}]" if origin.mark else ""
            yield from wrap_text(f"{origin.address}  {say_in(origin.source, lang)}{mark}", "        ", "        ")
            if origin.beaten or origin.level:
                yield from wrap_text(describe_choice(origin, lang), "        ", "        ")
        yield ""


def print_unread(trace: Trace, lang: str) -> Iterator[str]:
    """Yield the figures that nothing reads, and an empty line after them; nothing where there are none."""
    found = explain_unread(trace, lang)
    for text in found:
        yield from wrap_text(text, "", "  ")
    if found:
        yield ""
