"""Names totals by equivalent factors for what they are: in lines about accounts that are no GEP, nothing is called GEP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gep.account.totals_said import NOT_GEP
from gep.messages.layout import measure_width
from gep.messages.texts import translate
from gep.statements.equivalents import name_totals, say_equivalents
from gep.store.county_figures import list_runs_with_notice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from gep.store.rows import Connection

_CALLED = re.compile(
    r"(?P<lead> *)(?<!非)(?<!是)(?<!not )(?<!with )(?<!与 )(?<![(（])(?:生态产品总值 GEP|生态产品总值|\bGEP\b)(?P<trail> *)"
)


def find_equivalents(store: Connection) -> frozenset[int]:
    """Return the runs whose totals are values by equivalent factors."""
    return list_runs_with_notice(store, NOT_GEP)


def show_equivalents(lines: Iterable[str], lang: str, runs: Collection[object], not_gep: Collection[object]) -> Iterator[str]:
    """Yield lines about accounts of some runs without calling GEP what are values by equivalent factors.

    Where only some of them are, the common name is "value". Lines that do not say what the totals are get one that does. What stands
    in columns stays there: the longer name takes the spaces beside it.

    Parameters
    ----------
    runs    : that the lines are about, by number; of many by the id of their standard
    not_gep : as of `find_equivalents`
    """
    if not any(run in not_gep for run in runs):
        yield from lines
        return
    name, said = name_totals(lang, runs, not_gep), False
    full = [translate(lang, text) for text in ("equivalent value", "value by equivalent factors (not GEP)")]
    for line in lines:
        renamed = _rename(line, name)
        said = said or any(text in renamed for text in full)
        yield renamed
    if said:
        return
    yield say_equivalents(lang, runs, not_gep)


def _rename(line: str, name: str) -> str:
    def put(found: re.Match[str]) -> str:
        lead, trail = found["lead"], found["trail"]
        more = measure_width(name) - measure_width(found[0].strip())
        if more <= 0:
            return f"{lead}{name}{trail}{' ' * -more if trail else ''}"
        if len(trail) > more:
            return f"{lead}{name}{trail[more:]}"
        return f"{lead[more:] if len(lead) > more else lead}{name}{trail}"

    return _CALLED.sub(put, line)
