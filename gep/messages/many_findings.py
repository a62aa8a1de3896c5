"""Findings by the hundred thousand: kept as columns, put in order as numbers, made one by one for whoever looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from gep.messages.findings import Finding
from gep.messages.many_texts import write_all
from gep.messages.problems import Problem
from gep.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class FindingColumns:
    """Findings of one grade and code: a column for what each has of its own; a text stands for all, or there is one for each.

    Attributes
    ----------
    files, lines, cells : where they are; no cells: of tables, which have none
    counties, years     : of which accounts
    found, expected, hint : as in `Problem`
    """

    grade: str
    code: str
    files: Sequence[str]
    lines: NDArray[np.int64]
    cells: Sequence[str]
    counties: Sequence[str]
    years: Sequence[int]
    found: str | Sequence[str]
    expected: str | Sequence[str] = ""
    hint: str | Sequence[str] = ""

    def __len__(self) -> int:
        return len(self.lines)

    def make(self, at: int) -> Finding:
        """Return one of the findings."""
        found, expected, hint = (one if isinstance(one, str) else one[at] for one in (self.found, self.expected, self.hint))
        cell = self.cells[at] if self.cells else ""
        problem = Problem(self.files[at], int(self.lines[at]), found, expected, hint, cell)
        return Finding(self.grade, self.code, problem, self.counties[at], self.years[at])

    def list_places(self) -> list[str]:
        """Return where each is, as `Finding.where` says it."""
        cells = self.cells or [""] * len(self)
        return [
            f"{file}!{cell}" if cell else f"{file}:{line}" if line else file
            for file, line, cell in zip(self.files, self.lines.tolist(), cells, strict=True)
        ]


class Findings(Sequence[Finding]):
    """Findings in an order, those of columns made when they are asked for.

    Attributes
    ----------
    parts : findings that are there, and columns of findings
    part, row : of each finding in order its part, and its place in it
    """

    def __init__(self, parts: Iterable[Finding | FindingColumns], order: NDArray[np.int64] | None = None) -> None:
        self.parts = tuple(_gather(parts))
        lengths = np.array([len(one) for one in self.parts], dtype=np.int64)
        self._part = np.repeat(np.arange(len(self.parts)), lengths)
        self._row = np.arange(len(self._part)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        self.order = np.arange(len(self._part)) if order is None else order

    def __len__(self) -> int:
        return len(self.order)

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> list[Finding]: ...
    def __getitem__(self, at: int | slice) -> Finding | list[Finding]:
        return [self._make(one) for one in self.order[at]] if isinstance(at, slice) else self._make(self.order[at])

    def __iter__(self) -> Iterator[Finding]:
        return map(self._make, self.order)

    def _make(self, number: int) -> Finding:
        part, row = self.parts[self._part[number]], int(self._row[number])
        return part.make(row) if isinstance(part, FindingColumns) else part[row]

    def sort(self) -> Findings:
        """Return them worst first, then by kind and place, each once; of equal ones the first."""
        ranks, lines = self._list_ranks()
        order = np.lexsort((lines, ranks))
        ranks, lines = ranks[order], lines[order]
        same = np.flatnonzero((ranks[1:] == ranks[:-1]) & (lines[1:] == lines[:-1]))
        kept = np.ones(len(order), dtype=bool)
        for first, last in _find_stretches(same):  # what lines do not decide: texts are made only here
            alike = sorted(order[first : last + 2].tolist(), key=lambda one: self._make(one).order)
            order[first : last + 2] = alike
            orders = [self._make(one).order for one in alike]
            kept[first + 1 : last + 2] = [one != before for before, one in pairwise(orders)]
        return Findings(self.parts_given(), order[kept])

    def parts_given(self) -> list[Finding | FindingColumns]:
        """Return the parts as they were given."""
        given: list[Finding | FindingColumns] = []
        for one in self.parts:
            given += [one] if isinstance(one, FindingColumns) else one
        return given

    def _list_ranks(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the place of each one's grade, code and file among all that there are, and its line."""
        keys: list[tuple[str, str, str]] = []
        lines: list[Any] = [np.zeros(0, dtype=np.int64)]
        for one in self.parts:
            if isinstance(one, FindingColumns):
                keys += [(one.grade, one.code, file) for file in one.files]
                lines.append(one.lines)
            else:
                keys += [(each.grade, each.code, each.problem.file) for each in one]
                lines.append(np.array([each.problem.line for each in one], dtype=np.int64))
        rank = {key: at for at, key in enumerate(sorted(set(keys)))}
        return np.array([rank[key] for key in keys], dtype=np.int64), np.concatenate(lines)

    def count_open(self) -> dict[str, int]:
        """Return how many there are of each grade that nobody has explained."""
        counts: dict[str, int] = {}
        present = np.bincount(self._part[self.order], minlength=len(self.parts))
        for part, count in zip(self.parts, present.tolist(), strict=True):
            if isinstance(part, FindingColumns):
                counts[part.grade] = counts.get(part.grade, 0) + count
        for one in self._list_made():
            if not one.explanation:
                counts[one.grade] = counts.get(one.grade, 0) + 1
        return counts

    def list_of(self, code: str) -> list[Finding]:
        """Return those of a kind, in order."""
        wanted = np.array([isinstance(one, list) or one.code == code for one in self.parts], dtype=bool)
        numbers = self.order[wanted[self._part[self.order]]] if len(self.parts) else self.order
        return [one for one in map(self._make, numbers) if one.code == code]

    def _list_made(self) -> list[Finding]:
        made = np.array([isinstance(one, list) for one in self.parts], dtype=bool)
        return [self._make(one) for one in self.order[made[self._part[self.order]]]] if len(self.parts) else []

    def write(self) -> dict[str, list[Any]]:
        """Return what is kept of them, by name of column, in order: grade, code, place, texts in both languages, county, year."""
        names = ("grade", "code", "where", "found", "found_zh", "explanation", "county", "year")
        columns: dict[str, list[Any]] = {name: [] for name in names}
        for one in self.parts:
            written = _write_columns(one) if isinstance(one, FindingColumns) else _write_made(one)
            for name, values in zip(names, written, strict=True):
                columns[name] += values
        places = self.order.tolist()
        return {name: [values[at] for at in places] for name, values in columns.items()}


def sort_findings(findings: Iterable[Finding | FindingColumns]) -> Findings:
    """Return findings worst first, then by kind and place, each once; of equal ones the first."""
    return Findings(findings).sort()


def _gather(parts: Iterable[Finding | FindingColumns]) -> Iterator[list[Finding] | FindingColumns]:
    """Yield columns as they are, and what stands between them as lists."""
    for in_columns, several in groupby(parts, key=lambda one: isinstance(one, FindingColumns)):
        if in_columns:
            yield from (one for one in several if isinstance(one, FindingColumns))
        else:
            yield [one for one in several if isinstance(one, Finding)]


def _find_stretches(same: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each stretch of numbers that follow one another."""
    if len(same):
        breaks = np.flatnonzero(np.diff(same) > 1)
        yield from zip(same[[0, *(breaks + 1)]].tolist(), same[[*breaks, -1]].tolist(), strict=True)


def _write_columns(one: FindingColumns) -> tuple[Sequence[Any], ...]:
    count = len(one)
    texts = (write_all(one.found, count, lang) for lang in ("en", "zh"))
    return ([one.grade] * count, [one.code] * count, one.list_places(), *texts, [""] * count, one.counties, one.years)


def _write_made(several: list[Finding]) -> tuple[Sequence[Any], ...]:
    found = [one.problem.found for one in several]
    return (
        [one.grade for one in several],
        [one.code for one in several],
        [one.where for one in several],
        *(write_all(found, len(found), lang) for lang in ("en", "zh")),
        [one.explanation for one in several],
        [one.county for one in several],
        [one.year for one in several],
    )
