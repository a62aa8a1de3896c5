"""What is wrong in somebody's file: where, what was found, what was expected, what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 200
"""How many problems are printed in full; the count of all of them is always said."""


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake, as a value; `file` and `line` sort it, `found` is a whole sentence."""

    file: str
    line: int
    found: str
    expected: str = ""
    hint: str = ""
    cell: str = ""
    """Sheet and cell of a workbook, `统计局!E7`; it stands for the line."""

    @property
    def where(self) -> str:
        """`file:line`, `file!sheet!cell`, or the file alone where neither applies."""
        if self.cell:
            return f"{self.file}!{self.cell}"
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.found}"]
        if self.expected:
            lines.append(f"  expected  {self.expected}")
        if self.hint:
            lines.append(f"  hint      {self.hint}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The same as plain values, for `--format json`."""
        return {"where": self.where, **asdict(self)}


class Problems(Exception):
    """All problems of all files at once; nothing was stored."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda one: (one.file, one.cell.partition("!")[0], one)))
        super().__init__(f"{len(self.problems)} problems")

    def __str__(self) -> str:
        count = len(self.problems)
        shown = [str(problem) for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            shown.append(f"... and {count - SHOWN:,} more; --format json lists all of them")
        shown.append(f"{count:,} problem{'s' if count != 1 else ''}; nothing was stored")
        return "\n".join(shown)


class RuleError(Exception):
    """A rule of ours, or of a standard file, that cannot be right; raised before any number is read."""


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `Problems` if there are any."""
    found = list(problems)
    if found:
        raise Problems(found)
