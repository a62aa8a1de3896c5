"""Reads inputs and the standard they are for together, so that what is wrong in either is told at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gep.inputs.rates import Money, list_rates
from gep.inputs.read import gather, list_input_files
from gep.inputs.row_members import NO_VARIABLE
from gep.inputs.unit_tables import take_units
from gep.inputs.workbook.book import NO_TITLE
from gep.inputs.workbook.layout import list_titles_of
from gep.messages.problems import Problem, Problems
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.standards.standard import load_standard, names_standard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.inputs.rows import Inputs
    from gep.inputs.workbook.book import Book
    from gep.standards.model import Standard


def gather_with_standard(
    paths: Iterable[Path], name: str | None, typed: Iterable[Book] = ()
) -> tuple[Inputs, Standard | None, list[Problem]]:
    """Return what is right in input files, the standard they are for, and everything that is wrong in files and standard.

    Where the standard is wrong, figures that its file may declare are not doubted: nobody can know.

    Parameters
    ----------
    name  : id or file of the standard; None: the program's figures only
    typed : figures that stand in no file, as books

    Returns
    -------
    Inputs; the standard, None where none is named or it is wrong; problems sorted by file and line
    """
    paths = list(paths)
    standard, wrong = load_or_say(name) if name is not None else (None, [])
    if name is not None and wrong and name.lower().endswith((".yaml", ".yml")):
        take_units(list_input_files(paths))  # values of the standard may be those of a unit of the inputs
        standard, wrong = load_or_say(name)
    leaves, applicable = (COEFFICIENTS, APPLICABLE) if standard is None else (standard.known_leaves, standard.applicable)
    titles = None if standard is None else list_titles_of(standard)
    inputs, problems = gather(paths, leaves, applicable, typed, money=None if wrong else make_money(standard), titles=titles)
    if name is None and not all(map(names_standard, inputs.standards.values())):
        problems = [one for one in problems if one.expected not in {NO_VARIABLE, NO_TITLE}]
    if wrong:
        text = _read_text(str(name))
        problems = [one for one in problems if one.expected != NO_VARIABLE or not _may_declare(text, one.found)]
    return inputs, standard, sorted({*problems, *wrong})


def make_money(standard: Standard | None) -> Money:
    """Return the currency of accounts under a standard, and the rates it states."""
    return Money() if standard is None else Money(standard.currency, list_rates(standard.exchange_rates))


def load_or_say(name: str) -> tuple[Standard | None, list[Problem]]:
    """Return a standard by its id or file, or what is wrong with it."""
    try:
        return load_standard(name), []
    except Problems as error:
        return None, list(error.problems)


def _read_text(name: str) -> str:
    path = Path(name)
    try:
        return path.read_text("utf-8", errors="replace") if path.suffix.lower() in {".yaml", ".yml"} and path.is_file() else ""
    except OSError:
        return ""


def _may_declare(text: str, found: str) -> bool:
    """Whether a name that a problem quotes stands in the text of a standard."""
    _, _, quoted = found.partition("'")
    name = quoted.rpartition("'")[0]
    return bool(name) and name in text
