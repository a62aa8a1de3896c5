"""Problems in somebody's file: where, what was found, what was expected, what to do."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NoReturn

from gep.messages.texts import Joined, mark_word, say, say_fields_in_chinese, say_in

if TYPE_CHECKING:
    from collections.abc import Iterable

ARGUMENT = re.compile(r"[A-Z]+")
"""The name of an argument of a command, such as COUNTY; the catalogue has what it is called in Chinese."""
SHOWN = 200
"""How many problems are printed in full; the count of all of them is always said."""


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in somebody's file, as a value that sorts by file and line.

    Attributes
    ----------
    file  : the path as people see it, or the argument or option the mistake is in
    line  : from 1; 0 where there is none
    found : what was found, a whole sentence
    expected, hint : what was expected, and what to do; may be empty
    """

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
        return self.text("en")

    def text(self, lang: str) -> str:
        """Return the problem as printed, one to three lines.

        Parameters
        ----------
        lang : `zh` or `en`
        """
        where = getattr(self.where, "zh", self.where) if lang == "zh" else self.where
        colon = ": "
        if lang == "zh" and ARGUMENT.fullmatch(where):
            where, colon = say_in(where, lang), "："
        lines = [f"{where}{colon}{say_in(self.found, lang)}"]
        if self.expected:
            lines.append(f"  {say_in('expected', lang):<{_HEAD[lang]}}  {say_in(self.expected, lang)}")
        if self.hint:
            lines.append(f"  {say_in('hint', lang):<{_HEAD[lang]}}  {say_in(self.hint, lang)}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Return the problem as plain values for JSON; texts in English, and in Chinese under names that end in `_zh`."""
        return {"where": self.where, **asdict(self), **say_fields_in_chinese(self, ("found", "expected", "hint"))}


_HEAD = {"en": 8, "zh": 2}
"""Letters of the heads of a problem's lines."""


class Problems(Exception):
    """All problems of all files at once; raised before anything is stored.

    `problems` holds them sorted by file, sheet and line, each once.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda one: (one.file, one.cell.partition("!")[0], one)))
        super().__init__(f"{len(self.problems)} problems")

    def __reduce__(self) -> tuple[type[Problems], tuple[tuple[Problem, ...]]]:
        """Return how a copy is made in another process: of the problems, not of the sentence that counts them."""
        return type(self), (self.problems,)

    def __str__(self) -> str:
        return self.text("en")

    def as_dict(self) -> dict[str, list[dict[str, object]]]:
        """Return all problems as plain values, under the key `problems`."""
        return {"problems": [one.as_dict() for one in self.problems]}

    def text(self, lang: str, outcome: str = "") -> str:
        """Return all problems as printed, and how many there are; beyond 200 only their number is said.

        Parameters
        ----------
        lang    : `zh` or `en`
        outcome : what came of it, said after the number, such as "nothing was stored"
        """
        count = len(self.problems)
        shown = [problem.text(lang) for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            shown.append(say_in(say("... and {count:,} more; --format json lists all of them", count=count - SHOWN), lang))
        total = say("{count:,} problems", count=count) if count != 1 else say("1 problem")
        ending = Joined([total, mark_word(outcome)], "; ", "，") if outcome else total
        return "\n".join([*shown, say_in(ending, lang)])


class RuleError(Exception):
    """A rule of ours, or of a standard file, that cannot be right; raised before any number is read."""


def refuse_one(where: str, found: str, expected: str = "", hint: str = "", *, line: int = 0, cell: str = "") -> NoReturn:
    """Raise a single problem; never returns.

    Parameters
    ----------
    where : the file as people see it, or the argument or option
    found, expected, hint : as in `Problem`
    line, cell : where in the file; 0 and empty where that cannot be said

    Raises
    ------
    Problems : always, with this one problem
    """
    raise Problems([Problem(where, line, found, expected, hint, cell)])


def refuse(problems: Iterable[Problem]) -> None:
    """Raise all problems together; returns where there are none.

    Raises
    ------
    Problems : there is at least one problem
    """
    found = list(problems)
    if found:
        raise Problems(found)
