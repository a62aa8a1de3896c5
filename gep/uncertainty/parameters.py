"""The uncertain numbers of an account: each input and each coefficient row once, however many cells it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.explain.rebuild import MEMBERS
from gep.files.no_source import names_no_source
from gep.messages.problems import Problem, refuse
from gep.messages.texts import say
from gep.uncertainty.spread import KINDS, Spread
from gep.units.registry import UnitError, find_factor, parse_unit, remove_price_year

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.explain.rebuild import RecomputedAccount

COLUMNS = ("id", "kind", "source")
OPTIONAL = ("member", "low", "high", "sd", "unit")


@dataclass(frozen=True)
class Parameter:
    """A number of an account that is not certain.

    Attributes
    ----------
    key    : tells it from all others; the same for all accounts that used the same coefficient row
    leaf   : id of the variable or coefficient
    member : members it is of, as ids
    row    : its number among the rows of the account
    spread : in the leaf's own unit
    """

    key: str
    leaf: str
    member: str
    row: int
    spread: Spread


@dataclass(frozen=True)
class Stated:
    """A line of a table of spreads: for an id, and a member of it or all; money and other units as given."""

    place: str
    line: int
    id: str
    member: str
    kind: str
    low: str
    high: str
    sd: str
    unit: str


def read_spreads(path: Path) -> list[Stated]:
    """Return the lines of a table of spreads.

    Parameters
    ----------
    path : CSV or Parquet with the columns id, kind, source and, as the kind needs, member, low, high, sd, unit

    Raises
    ------
    Problems : what is no table, an unknown kind, a line without a source
    """
    from gep.files.table import read_table

    table, problems = read_table(path, COLUMNS, OPTIONAL)
    found: list[Stated] = []
    if table is not None:
        columns = {name: [str(one or "").strip() for one in table.columns[name].to_pylist()] for name in (*COLUMNS, *OPTIONAL)}
        for at, line in enumerate(table.lines.to_pylist()):
            row = {name: columns[name][at] for name in columns}
            if row["kind"] not in KINDS:
                problems.append(Problem(table.file, line, say("the kind is {kind!r}", kind=row["kind"]), ", ".join(KINDS)))
            if (row["id"], row["member"]) in {(one.id, one.member) for one in found}:
                what = " ".join(filter(None, (row["id"], row["member"])))
                problems.append(Problem(table.file, line, say("{what} stands twice", what=what), "one spread of a number"))
            if names_no_source(row["source"]):
                problems.append(Problem(table.file, line, "there is no source", "where the spread is from"))
            found.append(Stated(table.file, line, *(row[name] for name in ("id", "member", "kind", "low", "high", "sd", "unit"))))
    refuse(problems)
    return found


def list_parameters(
    account: RecomputedAccount, stated: list[Stated], by_mark: Mapping[str, float], spare: set[int]
) -> list[Parameter]:
    """Return the uncertain numbers of an account that its rules use.

    Parameters
    ----------
    stated  : spreads of a table; they go before all others
    by_mark : mark → relative standard deviation of every coefficient with this mark that nothing else is known of
    spare   : is given the places of lines that no number answers to

    Returns
    -------
    in the order of the account's rows: with a stated spread, with the range of its sources (triangular), or by its mark

    Raises
    ------
    Problems : a line of the table that cannot be meant of the value it is of
    """
    problems: list[Problem] = []
    taken: set[int] = set()
    found = []
    own = len(account.inputs)
    members = [" ".join(filter(None, map(str, row))) for row in zip(*(account.rows[name] for name in MEMBERS), strict=True)]
    for row, leaf, value in account.numbers:
        member = members[row]
        lines = [(at, one) for at, one in enumerate(stated) if one.id == leaf and one.member in {"", member}]
        spread: Spread | None = None
        if lines:
            _, line = max(lines, key=lambda pair: (bool(pair[1].member), pair[0]))
            taken |= {number for number, _ in lines}
            if line.unit == "%" and not value:
                continue  # a share of nothing is nothing
            spread = _read_stated(account, line, leaf, value, problems)
        elif row >= own:
            used = account.used[row - own]
            if used["low"] is not None and used["high"] is not None and used["low"] < used["high"] and used["value"]:
                factor = value / used["value"]
                low, high = sorted((used["low"] * factor, used["high"] * factor))
                low, high = min(low, value), max(high, value)  # a bound that is the value itself stays so after its factor
                spread = Spread("triangular", value, low, high, origin="table")
            elif used["mark"] in by_mark and value:
                spread = Spread("normal", value, sd=abs(value) * by_mark[used["mark"]], origin="mark")
        if spread is not None:
            found.append(Parameter(_name_row(account, row, leaf, member), leaf, member, row, spread))
    spare |= set(range(len(stated))) - taken
    refuse(problems)
    return found


def list_unanswered(stated: list[Stated], spare: set[int]) -> list[Problem]:
    """Return a problem for each line of a table of spreads, by its place, that no number of any account answers to."""
    problems = []
    for at, line in enumerate(stated):
        if at in spare:
            what = " ".join(filter(None, (line.id, line.member)))
            expected = "an id and member of the account, as gep trace shows them"
            problems.append(Problem(line.place, line.line, say("the account uses no number {name!r}", name=what), expected))
    return problems


def count_numbers(account: RecomputedAccount) -> int:
    """Return how many numbers have an effect on the account, certain or not."""
    return len(account.numbers)


def find_cells(account: RecomputedAccount, parameter: Parameter) -> NDArray[np.bool_]:
    """Return the cells of the leaf that have their value from the parameter's row, flags of the leaf's shape."""
    return np.asarray(account.winners[parameter.leaf] == parameter.row)


def _name_row(account: RecomputedAccount, row: int, leaf: str, member: str) -> str:
    own = len(account.inputs)
    if row < own:
        return f"{account.record.head['county']} {account.year} {leaf} {member}"
    used = account.used[row - own]
    return " ".join(
        [leaf, *(str(used[name]) for name in ("set", "region", "year", "source") if used.get(name) is not None), member]
    )


def _read_stated(account: RecomputedAccount, line: Stated, leaf: str, value: float, problems: list[Problem]) -> Spread | None:
    """Return the spread of a line in the leaf's unit; what is wrong is added to the problems."""
    unit = account.leaf[leaf].unit
    try:
        given = parse_unit(line.unit).price_year if line.unit and line.unit != "%" else None
        if given not in {None, account.prices}:
            found = say("the spread is at prices of {year}", year=given)
            problems.append(Problem(line.place, line.line, found, say("prices of {year}, or a share in %", year=account.prices)))
            return None
        numbers = {name: float(getattr(line, name)) if getattr(line, name) else 0.0 for name in ("low", "high", "sd")}
        if line.kind == "lognormal":
            factors = {"sd": find_factor(line.unit or "1", "1")}
        elif line.kind == "normal" and line.unit == "%":
            factors = {"sd": abs(value) / 100}
        else:
            factor = find_factor(remove_price_year(line.unit or unit), unit.removesuffix("/yr")) if line.unit else 1.0
            factors = dict.fromkeys(numbers, factor)
    except UnitError as error:
        problems.append(Problem(line.place, line.line, str(error), unit))
        return None
    except ValueError:
        problems.append(
            Problem(
                line.place,
                line.line,
                say("the numbers are {low!r}, {high!r}, {sd!r}", low=line.low, high=line.high, sd=line.sd),
                "plain numbers",
            )
        )
        return None
    low, high, sd = (numbers[name] * factors.get(name, 1.0) for name in ("low", "high", "sd"))
    spread = Spread(line.kind, value, low, high, sd)
    fault = spread.find_fault()
    if fault is not None:
        expected = "normal and lognormal with sd; triangular, uniform and beta with low and high round the value used"
        problems.append(Problem(line.place, line.line, fault, expected))
        return None
    return spread
