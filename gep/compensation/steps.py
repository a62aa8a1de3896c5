"""The steps of a computation in their order: one by one, or as lines that are written only when somebody reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction


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


class Steps:
    """All steps of a computation, in order.

    What an operation does for a million parties is kept as what it came to, and written as lines when it is read: a line
    takes more memory than the number that it tells.
    """

    def __init__(self) -> None:
        self._parts: list[Step | Callable[[], Iterator[Step]]] = []
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
        self._parts.append(write)
        self._count += count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Step]:
        for part in self._parts:
            if isinstance(part, Step):
                yield part
            else:
                yield from part()
