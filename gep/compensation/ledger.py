"""The ledger of one computation: who pays whom how much, why, and the steps that lead there."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gep.compensation.builtin_names import BUILTINS
from gep.compensation.flows import Flow, Totals
from gep.compensation.formulas import list_names_in
from gep.compensation.scheme import DOWNSTREAM, FUND, NEXT_YEAR, SELF, UNITS, UPSTREAM, Deduct
from gep.compensation.steps import Step, Steps
from gep.formula.exact import Column
from gep.formula.nodes import PARTY, RESULT, TIMES
from gep.messages.problems import Problem, Problems
from gep.messages.texts import say
from gep.units.money import FEN_PER_YUAN, LARGEST, format_yuan, round_to_unit_fen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.compensation.checked import CheckedScheme
    from gep.compensation.members import Places
    from gep.compensation.scheme import Accounts
    from gep.compensation.values import Values
    from gep.formula.nodes import Node


OF_THE_YEAR = frozenset({"amount", "base", "floor", "cap"})
"""Fields whose money is of the whole year unless their formula says otherwise."""


@dataclass(frozen=True)
class Future:
    """An instalment of a later year, in whole fen, that a contract already fixes."""

    operation: str
    source: str
    target: str
    year: int
    fen: int


@dataclass
class Ledger:
    """What the operations of one computation enter, in their order; money in fen.

    Attributes
    ----------
    balance : fund → fen it holds now
    put_in  : fund → fen it was given in all
    totals  : what was given and taken back, as far as deductions have asked
    future  : instalments of later years
    """

    ready: CheckedScheme
    values: Values
    places: Places
    year: int
    flows: list[Flow] = field(default_factory=list)
    steps: Steps = field(default_factory=Steps)
    future: list[Future] = field(default_factory=list)
    balance: dict[str, int] = field(default_factory=dict)
    put_in: dict[str, int] = field(default_factory=dict)
    totals: Totals = field(init=False)

    def __post_init__(self) -> None:
        self.totals = Totals({one.name: one.taken_from for one in self.ready.scheme.rule if isinstance(one, Deduct)})

    @property
    def unit(self) -> int:
        """The rounding unit in fen."""
        return UNITS[self.ready.scheme.rounding.unit]

    @property
    def ties(self) -> tuple[str, ...]:
        """The order of equal claims."""
        return self.ready.scheme.rounding.tie_break

    @property
    def codes(self) -> dict[str, str]:
        """Party → the code by which equal claims are ordered: that of its division where it has one."""
        named = {name: one.code for name, one in self.ready.scheme.parties.items() if one.code}
        return {**named, **self.places.codes}

    def column(self, *path: str) -> Column | None:
        """Return the value of the formula at a path of the document, in its base unit; None where none is stated.

        Money of the whole year counts in part where only a part of the year is computed.

        Raises
        ------
        Problems : only a part is in force, and the scheme does not say how it counts
        """
        tree = self.ready.tree(*path)
        if tree is None:
            return None
        found = self.values.of(tree)
        if path[-1] in OF_THE_YEAR and not set(TIMES) & set(found.axes) and self._is_yearly(tree):
            share = self.find_share("", path)
            return found if share == 1 else Column(found.axes, {key: cell * share for key, cell in found.cells.items()})
        return found

    def find_share(self, key: str, path: tuple[str, ...]) -> Fraction:
        """Return what part of the money of a month, a quarter or (empty) the year counts.

        Parameters
        ----------
        path : of the formula in the document

        Raises
        ------
        Problems : only a part is in force, and the scheme does not say how it counts
        """
        span = self.values.span
        share = span.find_share(key)
        if share is None:
            scheme = self.ready.scheme
            period = span.name_part(key) if not span.is_calendar else f"{self.year}{'-' if key.isdigit() else ''}{key}"
            raise self.refused(
                path,
                say(
                    "{id} {version} is in force from {first} to {last}, a part of {period}",
                    id=scheme.id,
                    version=scheme.version,
                    first=span.first,
                    last=span.last,
                    period=period,
                ),
                "effective.part: days, months or whole",
                "it says how money of a period counts of which only some days are in force",
            )
        return share

    def _is_yearly(self, tree: Node) -> bool:
        """Return whether a formula uses no figure of a month or quarter, and no day or month in force."""
        scheme = self.ready.scheme
        waiting, seen = [tree], set()
        while waiting:
            for name in list_names_in(waiting.pop()):
                if name in seen:
                    continue
                seen.add(name)
                if name in scheme.values:
                    waiting.append(self.ready.trees["values", name])
                elif (
                    name.startswith(RESULT)
                    or (name in scheme.inputs and scheme.inputs[name].every != "year")
                    or (name in BUILTINS and name not in scheme.constants and BUILTINS[name].periodic)
                ):
                    return False
        return True

    def by_member(self, *path: str) -> dict[str, Fraction] | None:
        """Return member → value of the formula at a path; one without axes counts for all; None where none is stated."""
        column = self.column(*path)
        if column is None:
            return None
        if not column.axes:
            return dict.fromkeys(self.places.codes, column.scalar)
        return {key[0]: cell for key, cell in column.cells.items()}

    def move(
        self,
        one: Any,
        kind: str,
        source: str,
        target: str,
        fen: int,
        raw: Fraction,
        *,
        period: str = "",
        part: str = "",
        reason: str = "",
        notice: str = "",
        accounts: Accounts | None = None,
    ) -> None:
        """Enter money that moves from one end to another; an amount of zero is not entered.

        Parameters
        ----------
        one    : the operation that moves it
        source : who pays: a member, a party, or `fund:NAME`
        target : who receives, written likewise
        fen    : amount, rounded
        raw    : the same before rounding, in exact fen
        period : what it is of within the year, such as a section and a month; empty: the whole year
        part   : the month or quarter in it

        Raises
        ------
        Problems : an amount below zero, or larger than any transfer can be
        """
        if not 0 <= fen <= LARGEST:
            would = say(
                "{name} would move {fen} yuan from {source} to {target}",
                name=one.name,
                fen=format_yuan(fen),
                source=source,
                target=target,
            )
            if fen < 0:
                hint = "who pays whom is said by from and to, never by a minus sign"
                raise self.refused(("rule",), would, "an amount above 0", hint)
            most = say("at most {largest} yuan", largest=format_yuan(LARGEST))
            raise self.refused(("rule",), would, most, "is a unit wrong?")
        for end, sign in ((source, -1), (target, 1)):
            if end.startswith(FUND) and not end.endswith(NEXT_YEAR):
                name = end.removeprefix(FUND)
                self.balance[name] = self.balance.get(name, 0) + sign * fen
                if sign > 0:
                    self.put_in[name] = self.put_in.get(name, 0) + fen
        if fen == 0:
            return
        used = accounts or one.accounts or self.ready.scheme.accounts
        subject_from = "fund" if source.startswith(FUND) else used.from_
        subject_to = "fund" if target.startswith(FUND) else used.to
        self.flows.append(
            Flow(
                one.name,
                kind,
                source,
                target,
                fen,
                raw,
                period,
                reason or one.title or one.name,
                one.clause,
                subject_from,
                subject_to,
                notice,
                part,
            )
        )

    def step(
        self, one: Any, stage: str, place: str, name: str, value: Fraction | int, unit: str, note: str = "", period: str = ""
    ) -> None:
        """Enter a number on the way from inputs to money, exact, in the unit named."""
        self.steps.append(
            Step(stage, one.name, place, period, name, value if isinstance(value, Fraction) else Fraction(value), unit, note)
        )

    def rounded(self, amount: Fraction) -> int:
        """Return yuan as fen, rounded once to the scheme's rounding unit."""
        return round_to_unit_fen(amount, self.unit)

    def received(self, operations: tuple[str, ...]) -> dict[str, tuple[int, Fraction]]:
        """Return member → what operations gave it so far, in fen: rounded, and exact."""
        return self.totals.sum_received(self.flows, operations)

    def deducted(self, operations: tuple[str, ...]) -> dict[str, int]:
        """Return member → fen that deductions took back so far of what the operations gave it.

        A deduction takes from its operations in their order, each down to nothing; so are the vouchers withheld (`gep.store.settled`).
        """
        return self.totals.sum_taken(self.flows, operations)

    def refused(self, path: tuple[str, ...], found: str, expected: str = "", hint: str = "") -> Problems:
        """Return, to be raised, the problem of a place in the document."""
        document = self.ready.document
        return Problems([Problem(document.file, document.line(path), found, expected, hint)])

    def end(self, text: str, member: str, section: str = "") -> str:
        """Return an endpoint with self replaced by the member, upstream and downstream by the parties of the section."""
        if text == SELF:
            return member
        if text in {UPSTREAM, DOWNSTREAM} and section:
            of = self.ready.scheme.sections[section]
            return of.upstream if text == UPSTREAM else of.downstream
        return text

    def sum_up(self, operation: str) -> Column:
        """Return what an operation gave each member less what it took from it, in yuan."""
        found = dict.fromkeys(self.places.codes, 0)
        for flow in self.flows:
            if flow.operation == operation:
                for end, sign in ((flow.target, 1), (flow.source, -1)):
                    if end in found:
                        found[end] += sign * flow.fen
        return Column((PARTY,), {(member,): Fraction(fen, FEN_PER_YUAN) for member, fen in found.items()})


def list_contributions(flows: Sequence[Flow]) -> tuple[tuple[str, str, str, int], ...]:
    """Return what parties pay into funds: payer, fund, notice and fen."""
    return tuple(
        (one.source, one.target, one.notice, one.fen)
        for one in flows
        if one.kind == "contribution" and one.target.startswith(FUND) and not one.source.startswith(FUND)
    )


def convert_to_raw_fen(amount: Fraction) -> Fraction:
    """Return exact yuan as exact fen."""
    return amount * FEN_PER_YUAN
