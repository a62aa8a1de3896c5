"""The ledger of one computation: who pays whom how much, why, and the steps that lead there."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gep.compensation.scheme import FUND, NEXT_YEAR, SELF, UNITS, Deduct
from gep.messages.problems import Problem, Problems
from gep.messages.texts import say
from gep.units.money import FEN_PER_YUAN, LARGEST, format_yuan, round_to_unit_fen

if TYPE_CHECKING:
    from gep.compensation.checked import CheckedScheme
    from gep.compensation.members import Places
    from gep.compensation.scheme import Accounts
    from gep.compensation.values import Values
    from gep.formula.exact import Column


@dataclass(frozen=True)
class Flow:
    """Money from one to another in whole fen, always above zero; `raw` is the exact amount in fen before the one rounding."""

    operation: str
    kind: str
    source: str
    target: str
    fen: int
    raw: Fraction
    period: str
    reason: str
    clause: str
    subject_from: str
    subject_to: str
    notice: str


@dataclass(frozen=True)
class Step:
    """One line of the step table: an exact number in `unit` on the way from inputs to money."""

    stage: str
    operation: str
    place: str
    period: str
    name: str
    value: Fraction
    unit: str
    note: str


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
    future  : instalments of later years
    """

    ready: CheckedScheme
    values: Values
    places: Places
    year: int
    flows: list[Flow] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    future: list[Future] = field(default_factory=list)
    balance: dict[str, int] = field(default_factory=dict)
    put_in: dict[str, int] = field(default_factory=dict)

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
        """Return the value of the formula at a path of the document, in its base unit; None where none is stated."""
        tree = self.ready.tree(*path)
        return None if tree is None else self.values.of(tree)

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
        period : part of the year; empty: the whole year

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
        found: dict[str, tuple[int, Fraction]] = {}
        for flow in self.flows:
            if flow.operation in operations:
                fen, raw = found.get(flow.target, (0, Fraction(0)))
                found[flow.target] = (fen + flow.fen, raw + flow.raw)
        return found

    def deducted(self, operations: tuple[str, ...]) -> dict[str, int]:
        """Return member → fen that deductions took back so far of what any of the operations gave it."""
        same = {one.name for one in self.ready.scheme.rule if isinstance(one, Deduct) and set(one.taken_from) & set(operations)}
        found: dict[str, int] = {}
        for flow in self.flows:
            if flow.operation in same:
                found[flow.source] = found.get(flow.source, 0) + flow.fen
        return found

    def refused(self, path: tuple[str, ...], found: str, expected: str = "", hint: str = "") -> Problems:
        """Return, to be raised, the problem of a place in the document."""
        document = self.ready.document
        return Problems([Problem(document.file, document.line(path), found, expected, hint)])

    @staticmethod
    def end(text: str, member: str) -> str:
        """Return an endpoint with self replaced by the member."""
        return member if text == SELF else text


def convert_to_raw_fen(amount: Fraction) -> Fraction:
    """Return exact yuan as exact fen."""
    return amount * FEN_PER_YUAN
