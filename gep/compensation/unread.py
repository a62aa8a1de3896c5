"""Finds rows of facts that a scheme does not read: what was given and has no effect is said, with its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.compensation.carried import CARRY_IN
from gep.compensation.facts import ACCOUNT
from gep.formula.nodes import PARTY, RESULT
from gep.messages.texts import join_list, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.compensation.checked import CheckedScheme
    from gep.compensation.facts import Facts
    from gep.compensation.members import Places

SHOWN = 6


def list_unread(ready: CheckedScheme, facts: Facts, year: int, places: Places) -> tuple[str, ...]:
    """Return a sentence for each indicator and each input of which rows of the year are read by nothing.

    Rows of other years belong to other runs, and those of a place that looks like one of the scheme's were refused.
    """
    scheme = ready.scheme
    wanted = {one.indicator or name: one for name, one in scheme.inputs.items()}
    carries = any(source.carry_in for fund in scheme.funds.values() for source in fund.sources)
    results = {f"{RESULT}{one.name}" for one in scheme.rule}
    told: list[str] = []
    for indicator, rows in sorted(facts.rows.items()):
        of_year = [fact for fact in rows.values() if fact.year == year or indicator.startswith(RESULT)]
        if (carries and indicator == CARRY_IN) or indicator in results or indicator.startswith(ACCOUNT) or not of_year:
            continue
        if indicator not in wanted:
            text = "{count} rows of {indicator} are read by nothing in {id}: {where}"
            told.append(
                say(text, count=len(of_year), indicator=indicator, id=scheme.id, where=_shorten(fact.address for fact in of_year))
            )
            continue
        by = wanted[indicator].by
        known = places.called if by == PARTY else scheme.sections if by else {"": None, scheme.id: None}
        strange = [fact for fact in of_year if fact.place not in known]
        if strange:
            text = "{count} rows of {indicator} are left out, as this scheme does not know {places}"
            names = _shorten(dict.fromkeys(fact.place for fact in strange))
            told.append(say(text, count=len(strange), indicator=indicator, places=names))
    return tuple(told)


def _shorten(names: Iterable[str]) -> str:
    every = list(names)
    shown: str = join_list(every[:SHOWN])
    return say("{names} and {count} more", names=shown, count=len(every) - SHOWN) if len(every) > SHOWN else shown
