"""Splits the change of amounts from one year to the next by switching one group of facts at a time; additive to the fen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from gep.compensation.carried import CARRY_IN
from gep.compensation.compute import compute
from gep.compensation.facts import Fact, Facts
from gep.compensation.scheme import FUND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gep.compensation.binding import ReadAccountFigures
    from gep.compensation.checked import CheckedScheme
    from gep.compensation.compute import Result
    from gep.compensation.scheme import Input
    from gep.messages.problems import Problem

PARTS = ("pool", "rule", "own inputs", "others' inputs", "events", "rounding")
"""The published order in which groups are switched."""
TOGETHER = "own and others' inputs"
"""Stands for both where telling them apart needs a run for each of too many members."""


@dataclass(frozen=True)
class Bridge:
    """The change of one party, in fen: the parts sum to `after - before` exactly."""

    party: str
    before: int
    after: int
    parts: dict[str, int]


def compute_bridge(
    before: tuple[Result, Facts],
    after: Result,
    facts: Facts,
    figures: ReadAccountFigures | None = None,
    parties: list[str] | None = None,
    most: int | None = None,
    booked: Callable[[str, int], dict[str, int] | None] | None = None,
) -> list[Bridge]:
    """Return what changed from one year to the next for every member, or those named, part by part, in fen.

    The year before is taken as it was; then the pool, the rule (text, constants and inputs of the group `rule`), the party's own
    inputs, all others' inputs and events are switched to the new year, each kept on; what rounding moved is the last part.
    A party whose own inputs are those of the year before needs no run of its own. If more than `most` would need one, own
    and others' inputs are switched together; a single party can still be asked for by itself.

    Parameters
    ----------
    before  : result and facts of the year before
    facts   : of the year after
    figures : reads figures of approved accounts, for inputs that name one
    parties : ids of members; None: all
    booked  : what earlier years are booked with, as in `compute`; None: read as it was for the result
    most    : how many runs of their own parties may have; None: any number

    Source: order as published here; every stage is a whole run in exact rationals with its own one rounding, so
    that the parts are differences of amounts that would have been paid and add up; what is left, if anything, is rounding.
    """
    old, old_facts = before
    moved = _moved(old_facts, after.year - old.year)
    stages = _Stages(after, facts, moved, figures, booked or after.values.booked)
    members = [member for member in after.places.codes if member in old.places.codes]
    pool_constants = {
        name: one
        for name, one in after.ready.scheme.constants.items()
        if one.group == "pool" and name in old.ready.scheme.constants
    }
    old_rule = replace(
        old.ready, scheme=old.ready.scheme.model_copy(update={"constants": {**old.ready.scheme.constants, **pool_constants}})
    )
    start, end = old.net(), after.net()
    pool = stages.net(old_rule, {"pool"})
    rule = stages.net(after.ready, {"pool", "rule"})
    states = stages.net(after.ready, {"pool", "rule", "state"})
    found = []
    wanted = [party for party in parties or members if party in members]
    moving = stages.with_changes(old, wanted)
    together = most is not None and len(moving) > most
    names = (*PARTS[:2], TOGETHER, *PARTS[4:]) if together else PARTS
    for party in wanted:
        own = [] if together else [stages.net(after.ready, {"pool", "rule"}, party) if party in moving else rule]
        numbers = [stage.get(party, 0) for stage in (start, pool, rule, *own, states, end)]
        changes = [later - earlier for earlier, later in pairwise(numbers)]
        whole = end.get(party, 0) - start.get(party, 0)
        parts = dict(zip(names, (*changes, whole - sum(changes)), strict=True))
        found.append(Bridge(party, start.get(party, 0), end.get(party, 0), parts))
    return found


@dataclass(frozen=True)
class _Stages:
    """Runs with some groups of the new year and the others of the year before."""

    after: Result
    facts: Facts
    moved: Facts
    figures: ReadAccountFigures | None
    booked: Callable[[str, int], dict[str, int] | None] | None

    def net(self, ready: CheckedScheme, switched: set[str], own: str = "") -> dict[str, int]:
        """Return what parties would have had, in fen, with the groups switched on, and the state of one party if it is named."""
        held = {
            step.place.removeprefix(FUND): int(step.value * 100)
            for step in self.after.steps
            if step.stage == "fund" and step.name == "carried in from last year"
        }
        mixed = self._figures(switched, own) if self.figures is not None else None
        found = compute(
            ready,
            self._facts(switched, own),
            self.after.year,
            figures=mixed,
            carried=lambda fund: held.get(fund, 0),
            span=self.after.span,
            booked=self.booked,
        )
        return found.net()

    def with_changes(self, before: Result, members: list[str]) -> set[str]:
        """Return the members whose own inputs are not those of the year before."""
        inputs = self.after.ready.scheme.inputs
        if any(one.account is not None and one.group == "state" for one in inputs.values()):
            return set(members)  # figures of accounts are read when they are asked for
        states = {one.indicator or name for name, one in inputs.items() if one.group == "state"}
        years, sections = self.after.year - before.year, self.after.ready.scheme.sections
        new, old = (
            {
                (fact.indicator, self._party(fact.place), fact.place in sections and fact.place, fact.year + shift, fact.part): (
                    fact.value,
                    fact.unit,
                )
                for fact in result.used
                if fact.indicator in states
            }
            for result, shift in ((self.after, 0), (before, years))
        )
        changed = {key[1] for key in {*new, *old} if new.get(key) != old.get(key)}
        return {member for member in members if member in changed}

    def _party(self, place: str) -> str | None:
        """Return the member that a place, or the section standing there, belongs to."""
        section = self.after.ready.scheme.sections.get(place)
        return self.after.places.called.get(section.member if section else place)

    def _facts(self, switched: set[str], own: str) -> Facts:
        scheme = self.after.ready.scheme
        group = {one.indicator or name: one.group for name, one in scheme.inputs.items()}
        rows: dict[str, dict[tuple[str, int, str], Fact]] = {}
        for name in {*self.facts.rows, *self.moved.rows} - {CARRY_IN}:
            kind = group.get(name, "state")
            new, old = self.facts.of(name), self.moved.of(name)
            if kind in switched or not old:
                rows[name] = new
            elif kind == "state" and own:
                mine = {key for key in {*new, *old} if self._party(key[0]) == own}
                rows[name] = {key: fact for key, fact in old.items() if key not in mine} | {
                    key: fact for key, fact in new.items() if key in mine
                }
            else:
                rows[name] = old
        return Facts(rows, "")

    def _figures(self, switched: set[str], own: str) -> ReadAccountFigures:
        back = 1

        def read(name: str, one: Input, codes: Mapping[str, str], year: int, now: int) -> dict[str, Fact] | list[Problem]:
            new = {member: code for member, code in codes.items() if "state" in switched or member == own}
            old = {member: code for member, code in codes.items() if member not in new}
            found: dict[str, Fact] = {}
            for chosen, shift in ((new, 0), (old, back)):
                if not chosen or self.figures is None:
                    continue
                part = self.figures(name, one, chosen, year - shift, now - shift)
                if isinstance(part, list):
                    return part
                found |= part
            return found

        return read


def _moved(facts: Facts, years: int) -> Facts:
    """Return facts with every year moved on, so that last year's stand where this year's would."""
    return Facts(
        {
            name: {(place, year + years, part): fact._replace(year=year + years) for (place, year, part), fact in rows.items()}
            for name, rows in facts.rows.items()
        },
        facts.sha256,
    )
