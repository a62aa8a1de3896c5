"""The trace of a service on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import wrapped
from gep.units.registry import printed_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.explain.explain import Explained


def trace_lines(parts: Sequence[Explained], lang: str) -> Iterator[str]:
    """Yield rules one after the other: formula, the formula in numbers, the origin of each number."""
    from gep.formula.show import number

    for part in parts:
        title = part.title_zh if lang == "zh" else part.title_en
        members = f"  [{part.members}]" if part.members else ""
        yield from wrapped(f"{title}  {part.rule} ({part.variant}){members}", "", "  ")
        yield from wrapped(part.formula, "  ", "      ")
        yield from wrapped(f"= {part.numbers}", "    ", "      ")
        yield f"    = {number(part.value)} {printed_unit(part.unit)}".rstrip()
        yield from wrapped(f"{part.source}, {part.clause} [{part.mark}]", "    ", "    ")
        for origin in part.origins:
            name = origin.title_zh if lang == "zh" else origin.title_en
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
                yield from wrapped(f"{'优先于' if lang == 'zh' else 'preferred to'} {origin.beaten}", "        ", "        ")
        yield ""
