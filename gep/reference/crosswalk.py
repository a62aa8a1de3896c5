"""Crosswalks: the ecosystem type of each class of a land-cover product or land survey, and how sure that is."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, cached_property
from pathlib import Path

from gep.files.table import read_table
from gep.files.written_numbers import NUMBER, THOUSANDS, find_false_digits, narrow_digits
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, name_id, say
from gep.paths import COEFFICIENTS, print_path
from gep.records import dataclass
from gep.reference.members import is_ecosystem, list_types_above, read_ecosystems

FOLDER = COEFFICIENTS / "crosswalks"
COLUMNS = ("code", "ecosystem")
OPTIONAL = ("scheme", "name", "mark", "ambiguous", "source", "note")
_YES = {"yes", "1", "true", "是"}
_LEVELS = re.compile(r"((?:[0-9]{2})+)[A-Za-z]?")
"""A code of a survey: two digits a level, and a letter where a class is told apart further."""


@dataclass(frozen=True)
class LandClass:
    """A class and the ecosystem type it is taken as; `note` says why, `ambiguous` that others take it otherwise."""

    code: str
    name: str
    ecosystem: str
    mark: str
    ambiguous: bool
    note: str
    line: int


@dataclass(frozen=True)
class Crosswalk:
    """The classes of one scheme."""

    scheme: str
    file: str
    classes: tuple[LandClass, ...]

    @property
    def is_shipped(self) -> bool:
        """Whether it comes with the program."""
        return self.file == print_path(FOLDER / f"{self.scheme}.csv")

    @cached_property
    def by_code(self) -> dict[str, LandClass]:
        """Class by its code."""
        return {one.code: one for one in self.classes}

    @cached_property
    def numbers(self) -> dict[int, LandClass]:
        """Class by its number in a raster; codes that are no numbers do not occur in one."""
        return {number: one for one in self.classes if (number := read_class_number(one.code)) is not None}

    def find(self, code: str) -> LandClass | None:
        """Return the class of a survey code: the code itself, or the nearest code above it (0307 for 0307K, 03 for 0307).

        Only codes of two digits a level have others above them: 101 is no kind of 10, it is 0101 whose zero got lost.
        """
        if code in self.by_code:
            return self.by_code[code]
        if (levels := _LEVELS.fullmatch(code)) is None:
            return None
        digits = levels[1]
        return next((self.by_code[above] for end in range(len(digits), 0, -2) if (above := digits[:end]) in self.by_code), None)


def read_class_number(code: str) -> int | None:
    """Return the number that the code of a class is in a raster; None for codes that are no numbers. 05 and 5 are one number."""
    return int(code) if re.fullmatch(r"-?[0-9]{1,9}", code) else None


def list_shipped_crosswalks() -> list[str]:
    """Return the schemes that come with the program."""
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


def _describe_wrong_code(code: str) -> tuple[str, str, str] | None:
    """Return what is wrong with the code of a class: found, expected, what to do; None where nothing is.

    A number in another form, 5.0 or ５, is the number of no pixel, and would stand there without effect.
    """
    expected = say("whole numbers in plain digits, as the raster has them, or codes of a survey")
    if not code:
        return say("a class has no code"), expected, ""
    if read_class_number(code) is not None:
        return None
    found = say("the code of a class is {code!r}", code=code)
    written = narrow_digits(code)
    plain = written.replace(",", "") if THOUSANDS.fullmatch(written) else written
    if not find_false_digits(plain) and NUMBER.fullmatch(plain) and float(plain).is_integer():
        return found, expected, say("write {text}", text=f"{float(plain):.0f}")
    looks = re.sub(r"[\u200b-\u200f\ufeff\s',]", "", unicodedata.normalize("NFKC", code))
    return (found, expected, "") if NUMBER.fullmatch(looks) else None


def _suggest_type(text: str) -> str:
    """Return which id of an ecosystem type a text means that is none."""
    folded = text.casefold().replace(" ", "_")
    found = next(
        (
            key
            for key, one in read_ecosystems().items()
            if folded in {key, one.title.zh, one.title.en.casefold().replace(" ", "_")}
        ),
        "",
    )
    return say("write {text}", text=found) if found else suggest_nearest(folded, read_ecosystems())


@cache
def read_shipped_crosswalk(scheme: str) -> Crosswalk:
    """Return a crosswalk that comes with the program, read once."""
    return read_crosswalk(scheme)


def read_crosswalk(name: str) -> Crosswalk:
    """Return a shipped crosswalk by its scheme, or the one in a CSV file.

    Parameters
    ----------
    name : id of a shipped scheme, or path of a file

    Raises
    ------
    Problems : no such scheme or file, an ecosystem type nobody knows, a class that appears twice
    """
    path = FOLDER / f"{name}.csv" if name in list_shipped_crosswalks() else Path(name)
    if not path.exists():
        refuse_one(
            "--classes",
            say("there is no crosswalk {name!r}", name=name),
            say("one of {crosswalks}, or a CSV file", crosswalks=join_list(list_shipped_crosswalks())),
        )
    table, problems = read_table(path, COLUMNS, OPTIONAL)
    refuse(problems if table is None or problems else [])
    assert table is not None  # noqa: S101 - refuse has raised otherwise
    shown = print_path(path)
    classes: list[LandClass] = []
    seen: dict[str, int] = {}
    numbers: dict[int, str] = {}
    for row, line in zip(table.columns.to_pylist(), table.lines.to_pylist(), strict=True):
        code, ecosystem = row["code"].strip(), row["ecosystem"].strip()
        if not is_ecosystem(ecosystem):
            problems.append(
                Problem(
                    shown,
                    line,
                    say("the ecosystem of class {code} is {ecosystem!r}", code=code, ecosystem=ecosystem),
                    "an id of coefficients/lists/ecosystems.csv",
                    _suggest_type(ecosystem),
                )
            )
        if (wrong := _describe_wrong_code(code)) is not None:
            problems.append(Problem(shown, line, *wrong))
        number = read_class_number(code)
        if code in seen:
            problems.append(
                Problem(
                    shown, line, say("class {code} stands already in line {line}", code=code, line=seen[code]), "each class once"
                )
            )
        elif number is not None and number in numbers:
            other = numbers[number]
            found = say(
                "class {code} is the same number as class {other} in line {line}", code=code, other=other, line=seen[other]
            )
            problems.append(Problem(shown, line, found, "each class once"))
        seen[code] = line
        if number is not None:
            numbers.setdefault(number, code)
        ambiguous = row["ambiguous"].strip().lower() in _YES
        classes.append(LandClass(code, row["name"].strip(), ecosystem, row["mark"].strip(), ambiguous, row["note"].strip(), line))
    used = {one.ecosystem for one in classes}
    problems += [
        Problem(
            shown,
            one.line,
            say(
                "class {code} is {ecosystem}, another class is {parent}, which holds it",
                code=one.code,
                ecosystem=name_id(one.ecosystem, read_ecosystems()),
                parent=name_id(above, read_ecosystems()),
            ),
            "types of one level beside each other",
            "an account cannot list a type beside the one that holds it",
        )
        for one in classes
        for above in list_types_above(one.ecosystem)[1:]
        if above in used
    ]
    refuse(problems)
    return Crosswalk(path.stem, shown, tuple(classes))
