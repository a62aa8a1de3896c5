"""Stated correlations between uncertain numbers, of one account or of several that are drawn together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.problems import Problem, refuse
from gep.messages.texts import say
from gep.uncertainty.groups import bind, find_root
from gep.worked.written import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from gep.uncertainty.parameters import Parameter

COLUMNS, OPTIONAL = ("id", "with_id", "correlation", "source"), ("member", "with_member")


@dataclass(frozen=True)
class Correlation:
    """A line of a table of correlations: two ids, each with a member of it or all; between -1 and 1."""

    file: str
    line: int
    one: tuple[str, str]
    other: tuple[str, str]
    value: float


def read_correlations(path: Path) -> list[Correlation]:
    """Return the lines of a table of correlations.

    Parameters
    ----------
    path : table with the columns id, with_id, correlation, source and, as need be, member, with_member

    Raises
    ------
    Problems : what is no table, no number between -1 and 1, a line without a source or that stands twice
    """
    reader = Reader()
    rows = reader.rows(path, COLUMNS, OPTIONAL)
    reader.once(rows, ("id", "member", "with_id", "with_member"))
    found = []
    for row in rows:
        value = reader.number(row, "correlation", "1", "1", least=-1.0, most=1.0)
        reader.text(row, "source")
        if value is not None:
            ends = ((row["id"], row["member"]), (row["with_id"], row["with_member"]))
            found.append(Correlation(*row.where("id"), *ends, value.value))
    reader.refuse()
    return found


def bind_parameters(
    accounts: Sequence[Sequence[Parameter]], stated: Sequence[Correlation]
) -> list[tuple[tuple[str, ...], NDArray[np.float64]]]:
    """Return the numbers that stated correlations bind, as keys and the root of their correlation matrix.

    A line binds numbers of one account. Where both its ends are the same number or group of numbers, it also binds those of one
    account to those of the others: the rain of two years, measured by one station.

    Parameters
    ----------
    accounts : the uncertain numbers of each account

    Raises
    ------
    Problems : a line that no two uncertain numbers answer to, two lines that differ on a pair, correlations that contradict each other
    """
    pairs: dict[tuple[str, str], float] = {}
    said: dict[tuple[str, str], Correlation] = {}
    problems = []
    everywhere = [one for account in accounts for one in account]
    for line in stated:
        groups = [everywhere] if line.one == line.other else accounts
        answering = {
            (min(one.key, other.key), max(one.key, other.key))
            for account in groups
            for one in account
            if _answers(one, line.one)
            for other in account
            if _answers(other, line.other) and other.key != one.key
        }
        if not answering:
            names = [" ".join(filter(None, end)) for end in (line.one, line.other)]
            found = say("there are no two uncertain numbers {one!r} and {other!r}", one=names[0], other=names[1])
            expected = "ids and members of numbers that have a spread"
            problems.append(Problem(line.file, line.line, found, expected))
        for pair in sorted(answering):
            if pair in pairs and pairs[pair] != line.value:
                found = say("{one} and {other} have two correlations", one=pair[0], other=pair[1])
                problems.append(
                    Problem(line.file, line.line, found, say("one; the other is on line {line}", line=said[pair].line))
                )
                break
            pairs[pair], said[pair] = line.value, line
    refuse(problems)
    bound = []
    for keys, matrix in bind(pairs):
        root = find_root(matrix)
        if root is None:
            lines = sorted({one.line for pair, one in said.items() if pair[0] in keys})
            found = say("the correlations contradict each other: no numbers can have all of them at once")
            hint = say("pairs that are not named have the correlation 0; see lines {lines}", lines=", ".join(map(str, lines)))
            problems.append(Problem(stated[0].file, lines[0], found, say("a matrix that is positive semidefinite"), hint))
        else:
            bound.append((keys, root))
    refuse(problems)
    return bound


def _answers(parameter: Parameter, end: tuple[str, str]) -> bool:
    return parameter.leaf == end[0] and end[1] in {"", parameter.member}
