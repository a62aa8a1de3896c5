"""The band of a what-if run: how far its amounts move if a county's own figure of an account is off by a stated share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.units.exact import convert_to_base
from gep.units.money import write_decimal

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from gep.compensation.compute import Result

MOST = 200
"""Members up to which all get a band: two runs each. A single county can be asked for in a scheme of any size."""


@dataclass(frozen=True)
class Band:
    """Lowest and highest net amount in fen by member, when its own figures are off by `share` and all others are as they are.

    The accounts carry no probability; the share is the asker's own, and so is what confidence it stands for.
    """

    share: str
    low: dict[str, int]
    high: dict[str, int]


def compute_band(simulated: Result, share: Fraction, rerun: Callable[[dict[str, Fraction]], Result], party: str = "") -> Band:
    """Return the lowest and highest net amount of every member, or of one, when its own figures of accounts are off by a share.

    Parameters
    ----------
    simulated : the what-if run
    share     : how far a figure may be off either way, as a fraction of it
    rerun     : computes the what-if run again with further suppositions
    party     : id of a member; empty: all members

    Returns
    -------
    Band with net amounts in whole fen

    Raises
    ------
    Problems : a share outside 0 and 1, no figure of an account in the run, more members than can be run again
    """
    if not 0 < share < 1:
        refuse_one("--band", say("the share is {share}", share=write_decimal(share)), "a share between 0 and 1, such as 0.1")
    figures = _figures(simulated)
    members = [member for member in figures if party in {"", member}]
    if not members:
        refuse_one(
            "--band",
            say("the run of {scheme} uses no figure of an account of {party}", scheme=simulated.ready.scheme.id, party=party)
            if party
            else say("the run of {scheme} uses no figure of an account", scheme=simulated.ready.scheme.id),
            "a scheme that reads accounts",
            "a weight of 0 reads none: --what-if w_gep=0.05 --band 0.1",
        )
    if len(members) > MOST:
        refuse_one(
            "--band",
            say("{count} members would take {runs} runs", count=len(members), runs=2 * len(members)),
            say("at most {most} members", most=MOST),
            "--county asks for one",
        )
    low, high = {}, {}
    for member in members:
        ends = [simulated.net().get(member, 0)]
        for factor in (1 - share, 1 + share):
            changes = {f"{name}@{simulated.places.codes[member]}": number * factor for name, number in figures[member].items()}
            ends.append(rerun(changes).net().get(member, 0))
        low[member], high[member] = min(ends), max(ends)
    return Band(write_decimal(share), low, high)


def _figures(result: Result) -> dict[str, dict[str, Fraction]]:
    """Return the figures of accounts that a run used, by member and input, in the input's own unit."""
    found: dict[str, dict[str, Fraction]] = {}
    for name, one in result.ready.scheme.inputs.items():
        if one.account is None:
            continue
        for fact in result.used:
            member = result.places.called.get(fact.place)
            if fact.indicator == name and fact.year == result.year and member is not None and fact.file.startswith("store run"):
                found.setdefault(member, {})[name] = fact.value * convert_to_base(fact.unit) / convert_to_base(one.unit)
    return found
