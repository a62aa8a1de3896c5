"""The steps of a computation in their order: one by one, or as lines and columns that are written only when somebody reads them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Step(NamedTuple):
    """One line of the step table: an exact number in `unit` on the way from inputs to money."""

    stage: str
    operation: str
    place: str
    period: str
    name: str
    value: Fraction
    unit: str
    note: str


Columns = tuple[
    Sequence[str], Sequence[str], Sequence[str], Sequence[str], Sequence[str], Sequence[Fraction], Sequence[str], Sequence[str]
]
"""The fields of many steps, each as one sequence."""
AT_ONCE = 50_000
"""Lines that are gathered at a time: they take more memory than what they are written from."""


class Steps:
    """All steps of a computation, in order.

    What an operation does for a million parties is kept as what it came to, and written as lines when it is read: a line
    takes more memory than the number that it tells.
    """

    def __init__(self) -> None:
        self._parts: list[Step | _Later] = []
        self._count = 0

    def append(self, step: Step) -> None:
        """Add one line."""
        self._parts.append(step)
        self._count += 1

    def add_lines(self, count: int, write: Callable[[], Iterator[Step]]) -> None:
        """Add lines that are written when they are read.

        Parameters
        ----------
        count : how many lines there are
        write : yields them, the same each time: what it reads may not change any more
        """
        self._parts.append(_Later(lines=write))
        self._count += count

    def add_columns(self, count: int, write: Callable[[], Columns]) -> None:
        """Add lines that are written all at once, as columns.

        Parameters
        ----------
        count, write : as in `add_lines`
        """
        self._parts.append(_Later(columns=write))
        self._count += count

    def add_steps(self, others: Steps) -> None:
        """Add the lines of other steps, to which nothing is added any more."""
        self._parts += others._parts
        self._count += len(others)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Step]:
        for part in self._parts:
            if isinstance(part, Step):
                yield part
            elif part.columns is not None:
                yield from map(Step, *part.columns())
            elif part.lines is not None:
                yield from part.lines()

    def list_columns(self) -> Iterator[Columns]:
        """Yield all lines in order as columns, many at a time."""
        waiting: list[Step] = []
        for part in self._parts:
            if isinstance(part, Step):
                waiting.append(part)
                continue
            if part.columns is not None:
                if waiting:
                    yield _turn(waiting)
                    waiting = []
                yield part.columns()
                continue
            lines = part.lines() if part.lines is not None else iter(())
            while some := list(islice(lines, AT_ONCE)):
                waiting += some
                if len(waiting) >= AT_ONCE:
                    yield _turn(waiting)
                    waiting = []
        if waiting:
            yield _turn(waiting)


class _Later(NamedTuple):
    """Lines that are not written yet, in one of the two ways."""

    lines: Callable[[], Iterator[Step]] | None = None
    columns: Callable[[], Columns] | None = None


def _turn(lines: list[Step]) -> Columns:
    stage, operation, place, period, name, value, unit, note = zip(*lines, strict=True)
    return stage, operation, place, period, name, value, unit, note
