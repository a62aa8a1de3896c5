"""The trace of a service on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import wrapped
from gep.messages.texts import translate
from gep.units.registry import printed_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.explain.explain import Explained


def trace_lines(parts: Sequence[Explained], lang: str) -> Iterator[str]:
    """Yield rules one after the other: formula, the formula in numbers, the origin of each number."""
    from gep.formula.show import number

    for part in parts:
        title = getattr(part, f"title_{lang}")
        members = f"  [{part.members}]" if part.members else ""
        yield from wrapped(f"{title}  {part.rule} ({part.variant}){members}", "", "  ")
        yield from wrapped(part.formula, "  ", "      ")
        yield from wrapped(f"= {part.numbers}", "    ", "      ")
        yield f"    = {number(part.value)} {printed_unit(part.unit)}".rstrip()
        yield from wrapped(f"{part.source}, {part.clause} [{part.mark}]", "    ", "    ")
        for origin in part.origins:
            name = getattr(origin, f"title_{lang}")
            yield from wrapped(
                f"{origin.symbol} {origin.members + ' ' if origin.members else ''}= {number(origin.value)} {printed_unit(origin.unit)}"
                f" ← {origin.as_given} {origin.steps}".rstrip()
                + f"  {name}",
                "      ",
                "        ",
            )
            mark = f" [{origin.mark}]" if origin.mark else ""
            yield from wrapped(f"{origin.address}  {origin.source}{mark}", "        ", "        ")
            if origin.beaten:
                yield from wrapped(f"{translate(lang, 'preferred to')} {origin.beaten}", "        ", "        ")
        yield ""
