"""Computes a scheme for a year: inputs, values, funds, operations, settlement and the invariants, all exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from gep.compensation.binding import list_required
from gep.compensation.carried import find_carried, read_carried_rows
from gep.compensation.closing import Named, close_funds
from gep.compensation.formulas import CONDITIONS, TRUE_OR_FALSE, list_later, sort_axes
from gep.compensation.ledger import Future, Ledger, convert_to_raw_fen, list_contributions
from gep.compensation.members import find_members, name_party
from gep.compensation.operations.catalogue import OPERATIONS
from gep.compensation.own_texts import read_locator, read_own
from gep.compensation.periods import find_span
from gep.compensation.scheme import FUND, SELF
from gep.compensation.settling import Posting, hash_postings, settle
from gep.compensation.step_notes import make_code
from gep.compensation.steps import Columns, Step, Steps
from gep.compensation.stored_words import say_unit
from gep.compensation.titles import name_in_both
from gep.compensation.unread import list_unread
from gep.compensation.values import Values
from gep.formula.nodes import PARTY, SECTION, TIMES, Rule, Total
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import Joined, Name, join_list, mark_word, say, say_in
from gep.units.exact import NUMBER, convert_to_base, find_dimension
from gep.units.money import format_exact, format_yuan, write_decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from gep.compensation.binding import InputColumns, ReadAccountFigures
    from gep.compensation.checked import CheckedScheme
    from gep.compensation.facts import Fact, Facts
    from gep.compensation.flows import Flow
    from gep.compensation.members import Places
    from gep.compensation.periods import Span
    from gep.compensation.scheme import Scheme
    from gep.formula.exact import Column


ZERO = Fraction(0)


@dataclass(frozen=True)
class Result:
    """A computed scheme and year, money in whole fen; a simulation if anything was supposed."""

    ready: CheckedScheme
    year: int
    places: Places
    flows: tuple[Flow, ...]
    postings: tuple[Posting, ...]
    steps: Steps
    future: tuple[Future, ...]
    used: tuple[Fact, ...]
    marks: tuple[str, ...]
    what_if: dict[str, str]
    sha256: str
    span: Span
    """The days it settles."""
    values: Values = field(compare=False, repr=False)
    """What the names of the scheme came to, for formulas in numbers."""

    @property
    def unread(self) -> tuple[str, ...]:
        """Sentences about rows of facts that were given and that nothing reads."""
        return list_unread(self.ready, self.values.facts, self.year, self.places)

    @property
    def contributions(self) -> tuple[tuple[str, str, str, int], ...]:
        """What parties pay into funds: payer, fund, notice and fen."""
        return list_contributions(self.flows)

    def net(self) -> dict[str, int]:
        """Return what every party has at the end, received less paid, in whole fen; funds are not parties."""
        found: dict[str, int] = {}
        for flow in self.flows:
            for end, sign in ((flow.source, -1), (flow.target, 1)):
                if not end.startswith(FUND):
                    found[end] = found.get(end, 0) + sign * flow.fen
        return dict(sorted(found.items()))

    def raw(self) -> dict[str, Fraction]:
        """Return what every party has at the end before rounding, in exact fen."""
        found: dict[str, Fraction] = {}
        for flow in self.flows:
            for end, sign in ((flow.source, -1), (flow.target, 1)):
                if not end.startswith(FUND):
                    found[end] = found.get(end, Fraction(0)) + sign * flow.raw
        return found


def compute(
    ready: CheckedScheme,
    facts: Facts,
    year: int,
    *,
    what_if: Mapping[str, Fraction] | None = None,
    figures: ReadAccountFigures | None = None,
    carried: Callable[[str], int | None] | None = None,
    through: date | None = None,
    span: Span | None = None,
    booked: Callable[[str, int], dict[str, int] | None] | None = None,
) -> Result:
    """Return a scheme computed for a year, to the fen.

    Parameters
    ----------
    what_if  : what-if: constant or input (name, name@place, name@place@period) → number in its own unit
    figures  : reads figures of approved accounts, for inputs that name one
    carried  : fund → fen that last year put aside for it, None if that is not known
    through  : last day of an in-year run; None: to the end of the year, or of the days in force
    booked   : operation and earlier year → party code → fen it was given as booked, None if that year is not booked
    span     : days to compute whatever the version says of its own; None: those on which it is in force

    Raises
    ------
    Problems : the version is not in force, something is REQUIRED, missing, not final or out of range, or an invariant fails
    """
    what_if = dict(what_if or {})
    span = span or _find_days_in_force(ready, year, through)
    _check_names(ready, what_if)
    left_open = [
        problem for problem in list_required(ready) if not any(f"constant {name} of" in problem.found for name in what_if)
    ]
    refuse(left_open)
    indicators = {one.indicator or name for name, one in ready.scheme.inputs.items() if one.by == PARTY}
    named = {place for one in indicators for place, of_year, _ in facts.of(one) if of_year == year}
    places = find_members(ready.scheme, year, named)
    values = Values(ready, facts, span, places, what_if, figures)
    ledger = Ledger(ready, values, places, year)
    values.outcome, values.booked = ledger.sum_up, booked
    later = list_later(ready.trees, ready.order)
    for name in ready.order:
        if name not in later:
            _write_value(ledger, name, values.named(name, year))
    _pay_in(ledger, facts, carried)
    for at, operation in enumerate(ready.scheme.rule):
        OPERATIONS[operation.op](operation, ("rule", str(at)), ledger)
    for name in (name for name in ready.order if name in later):
        _write_value(ledger, name, values.named(name, year))
    close_funds(ledger)
    _check_invariants(ledger)
    postings = settle(ledger)
    used = (*(fact for bound in values.bound.values() for fact in bound.used), *_list_rests(values))
    shown = {name: write_decimal(number) for name, number in what_if.items()}
    return Result(
        ready,
        year,
        places,
        tuple(ledger.flows),
        postings,
        _gather_steps(ledger),
        tuple(ledger.future),
        used,
        _marks(ready, values),
        shown,
        hash_postings(postings),
        span,
        values,
    )


def _find_days_in_force(ready: CheckedScheme, year: int, through: date | None) -> Span:
    effective = ready.scheme.effective
    whole = find_span(ready.scheme, year)
    if whole is None:
        day = f"{year}-{effective.on}" if effective.on else str(year)
        refuse_one(
            ready.document.file,
            say("{id} {version} is not in force on {day}", id=ready.scheme.id, version=ready.scheme.version, day=day)
            if effective.on
            else say("{id} {version} is not in force in {year}", id=ready.scheme.id, version=ready.scheme.version, year=year),
            say("a year in which it is: from {first} to {last}", first=effective.from_, last=effective.to)
            if effective.to
            else say("a year in which it is: from {first} on", first=effective.from_),
            line=ready.document.line(("effective",)),
        )
    span = find_span(ready.scheme, year, through)
    if span is None or (through is not None and through > whole.ends):
        refuse_one(
            "--through",
            say(
                "{day} lies outside {first} to {last}, the days that are settled", day=through, first=whole.first, last=whole.last
            ),
            "the last day of a month in it",
        )
    return span


def _check_names(ready: CheckedScheme, what_if: Mapping[str, Fraction]) -> None:
    known = {**ready.scheme.constants, **ready.scheme.inputs}
    problems = []
    for change in what_if:
        name = change.split("@")[0]
        if name not in known:
            problems.append(
                Problem(
                    "--what-if",
                    0,
                    say("{id} has no constant or input {name!r}", id=ready.scheme.id, name=name),
                    say("one of {names}", names=join_list(known)),
                    suggest_nearest(name, known),
                )
            )
    refuse(problems)


def _pay_in(ledger: Ledger, facts: Facts, carried: Callable[[str], int | None] | None) -> None:
    scheme = ledger.ready.scheme
    stated = read_carried_rows(ledger, facts)
    for name, fund in scheme.funds.items():
        one = Named(f"fund_{name}", fund.title or name, None)
        for at, source in enumerate(fund.sources):
            path = ("funds", name, "sources", str(at))
            if source.carry_in:
                fen = find_carried(ledger, name, stated.get(name), carried, path)
                ledger.balance[name] = ledger.balance.get(name, 0) + fen
                ledger.put_in[name] = ledger.put_in.get(name, 0) + fen
                ledger.step(one, "fund", f"{FUND}{name}", "carried in from last year", Fraction(fen, 100), "元")
                continue
            amounts = (ledger.by_member(*path, "amount") if source.from_ == SELF else None) or {}
            if source.from_ != SELF:
                column = ledger.column(*path, "amount")
                amounts = {source.from_: column.scalar if column is not None else Fraction(0)}
            for payer, amount in sorted(amounts.items()):
                if amount < 0:
                    raise ledger.refused(
                        (*path, "amount"),
                        say(
                            "the fund {name} of {year} is given a negative amount by {payer}: {amount} yuan",
                            name=name,
                            year=ledger.year,
                            payer=payer,
                            amount=format_exact(amount),
                        ),
                        "an amount from 0 up",
                    )
                ledger.step(one, "fund", f"{FUND}{name}", say("paid in by {payer}", payer=payer), amount, "元", source.notice)
                ledger.move(
                    one,
                    "contribution",
                    payer,
                    f"{FUND}{name}",
                    ledger.rounded(amount) if ledger.unit == 1 else round(amount * 100),
                    convert_to_raw_fen(amount),
                    notice=source.notice,
                    accounts=source.accounts,
                )


def _check_invariants(ledger: Ledger) -> None:
    for name, left in ledger.balance.items():
        if left:
            raise ledger.refused(
                ("funds", name),
                say("the postings of the fund {name} do not sum to it: {left} yuan are left", name=name, left=format_yuan(left)),
                "0.00",
            )
    for at, invariant in enumerate(ledger.ready.scheme.invariants):
        path = ("invariants", str(at))
        if invariant.equal:
            sides = [ledger.column(*path, "equal", str(side)) for side in range(len(invariant.equal))]
            numbers, places = _find_unequal(ledger, [side for side in sides if side is not None])
            if len(numbers) > 1:
                found = (
                    read_own(invariant.text)
                    if invariant.text
                    else say(
                        "what must be equal is {numbers}",
                        numbers=Joined((format_exact(number) for number in numbers), " and ", " 与 "),
                    )
                )
                counted = [name for side in range(len(sides)) for name in _counted(ledger, (*path, "equal", str(side)))]
                whose = "、".join([*places, *counted])
                raise ledger.refused(
                    path, Joined((found, whose), ": ", "：") if whose else found, "the same number" if not invariant.text else ""
                )
        if invariant.fund_is_spent:
            name = invariant.fund_is_spent
            rest = sum(flow.fen for flow in ledger.flows if flow.source == f"{FUND}{name}" and flow.kind == "rest")
            if rest:
                raise ledger.refused(
                    path,
                    say("{rest} yuan of the fund {name} were not spent", rest=format_yuan(rest), name=name),
                    "a fund that is spent to the fen",
                )


def _find_unequal(ledger: Ledger, sides: list[Column]) -> tuple[list[Fraction], list[str]]:
    """Return the first numbers that must be equal and are not, and every place and period where they are not.

    What varies is compared place by place; a figure that was skipped is compared with nothing.
    """
    axes = sort_axes(frozenset(axis for side in sides for axis in side.axes))
    if not axes:
        return list(dict.fromkeys(side.scalar for side in sides)), []
    numbers: list[Fraction] = []
    places: list[str] = []
    members = [sorted({key[side.axes.index(axis)] for side in sides if axis in side.axes for key in side.cells}) for axis in axes]
    for key in product(*members):
        at = dict(zip(axes, key, strict=True))
        cells = dict.fromkeys(cell for cell in (side.at(**at) for side in sides) if cell is not None)
        if len(cells) > 1:
            numbers = numbers or list(cells)
            places.append(" ".join(_name_member(ledger.ready.scheme, axis, member) for axis, member in at.items()))
    return numbers, places


def _counted(ledger: Ledger, path: tuple[str, ...]) -> list[str]:
    """Return the members that a condition holds for, where the expression at a path counts them; with their codes."""
    tree = ledger.ready.tree(*path)
    if isinstance(tree, Rule):
        tree = ledger.ready.tree("values", tree.id)
    if not (isinstance(tree, Total) and isinstance(tree.argument, CONDITIONS)):
        return []
    column = ledger.values.of(tree.argument)
    holds = [key[0] for key, cell in column.cells.items() if column.axes == (PARTY,) and cell]
    return [_name_member(ledger.ready.scheme, PARTY, one) for one in holds]


def _name_member(scheme: Scheme, axis: str, member: str) -> str:
    """Return the id of a member of an axis, and the name of a party or section where that is another."""
    name = name_party(scheme, member) if axis == PARTY else scheme.sections[member].name if axis == SECTION else member
    return " ".join(dict.fromkeys((member, name)))


def _write_value(ledger: Ledger, name: str, column: Column) -> None:
    unit = ledger.ready.units[name]
    factor = convert_to_base(unit) if unit not in {"", TRUE_OR_FALSE} else Fraction(1)
    at_place = next((column.axes.index(axis) for axis in (PARTY, SECTION) if axis in column.axes), None)
    at_time = next((column.axes.index(axis) for axis in TIMES if axis in column.axes), None)

    def write() -> Columns:
        keys = sorted(column.cells)
        count = len(keys)
        cells = [column.cells[key] for key in keys]
        places = [""] * count if at_place is None else [key[at_place] for key in keys]
        periods = [""] * count if at_time is None else [key[at_time] for key in keys]
        values = cells if factor == 1 else [cell / factor for cell in cells]
        return ["value"] * count, ["values"] * count, places, periods, [name] * count, values, [unit] * count, [""] * count

    ledger.steps.add_columns(len(column.cells), write)


def _list_rests(values: Values) -> tuple[Fact, ...]:
    """Return the figures of accounts that facts were computed from, each once."""
    return tuple(dict.fromkeys(fact for bound in values.bound.values() for fact in bound.rests))


def _gather_steps(ledger: Ledger) -> Steps:
    """Return what was read, then what was made of it."""
    steps = Steps()
    called = ledger.places.called
    for bound in ledger.values.bound.values():
        _add_inputs(steps, bound, called)
    for name, column in ledger.values.constants.items():
        one = ledger.ready.scheme.constants[name]
        unit = "" if find_dimension(one.unit) == NUMBER and one.unit == "1" else one.unit
        note = make_code("supposed") if name in ledger.values.changes else f"[{one.mark}] {one.note}".strip()
        for key, cell in sorted(column.cells.items()):
            steps.append(Step("constant", "constants", "".join(key), "", name, cell / convert_to_base(one.unit), unit, note))
    steps.add_steps(ledger.steps)
    return steps


def _add_inputs(steps: Steps, bound: InputColumns, called: Mapping[str, str]) -> None:
    def write() -> Columns:
        count = len(bound.used)
        places = [called.get(one.place, one.place) for one in bound.used]
        notes = [f"{one.status}; {one.source}; {one.address}" for one in bound.used]
        periods, names = [one.period for one in bound.used], [one.indicator for one in bound.used]
        values, units = [one.value for one in bound.used], [one.unit for one in bound.used]
        return ["input"] * count, ["inputs"] * count, places, periods, names, values, units, notes

    steps.add_columns(len(bound.used), write)
    for one in dict.fromkeys(bound.rests):
        place = called.get(one.place, one.place)
        note = f"{one.source}; {one.address}"
        steps.append(Step("input", "inputs", place, one.period, one.indicator, one.value, one.unit, note))
    for name, place, part, note in bound.notes:
        steps.append(Step("input", "inputs", place, part, name, ZERO, "", note))


def _marks(ready: CheckedScheme, values: Values) -> tuple[str, ...]:
    """Return every statement of the scheme that is not verified, and what its texts leave open."""
    scheme = ready.scheme
    found: list[str] = []
    for legal in scheme.legal:
        if legal.mark != "V":
            named = f"[{legal.mark}] {legal.title} {legal.number}"
            zh = say_in(read_locator(legal.locator), "zh")
            found.append(Name(f"{named}: {legal.locator}", f"{named.rstrip()}：{zh}"))
    found += [values.places.note] if values.places.note else []
    if scheme.mark != "V":
        found.append(say("[{mark}] scheme {id} {version} as a whole", mark=scheme.mark, id=scheme.id, version=scheme.version))
    for name in values.constants:
        one = scheme.constants[name]
        if one.mark != "V":
            stands = (
                Name(*(f"{one.value} {say_unit(one.unit, lang)}".strip() for lang in ("en", "zh")))
                if isinstance(one.value, str)
                else mark_word("a table")
            )
            stated = say("[{mark}] {name} = {number}", mark=one.mark, name=name_in_both(scheme, name), number=stands)
            found.append(Joined((stated, read_own(one.note)), ": ", "：") if one.note else stated)
    parts = (
        say("[{mark}] settlement", mark=scheme.settlement.mark),
        say("[{mark}] rounding", mark=scheme.rounding.mark),
        say("[{mark}] accounts", mark=scheme.accounts.mark),
    )
    found += [part for part in parts if part.values["mark"] != "V"]
    for name, text in scheme.notes.items():
        number = values.named(name, values.year).scalar
        unit = ready.units[name].replace(TRUE_OR_FALSE, "")
        if number:
            shown = f"{format_exact(number / (convert_to_base(unit) if unit else 1))} {unit}".strip()
            found.append(
                say("note: {name} = {number}: {text}", name=name_in_both(scheme, name), number=shown, text=read_own(text))
            )
    return (*found, *(say("open: {text}", text=read_own(text)) for text in scheme.unknown))
