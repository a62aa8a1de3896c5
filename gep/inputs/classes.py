"""Finds classes of somebody's own that the standard does not declare: a slip of the pen would else be a type of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.inputs.row_problems import find_cell
from gep.messages.problems import Problem
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.reference.members import UNDER

if TYPE_CHECKING:
    from collections.abc import Collection

    from gep.inputs.rows import Inputs


def list_undeclared_classes(inputs: Inputs, declared: Collection[str], standard: str) -> list[Problem]:
    """Return a problem for each class under a type that a standard does not declare, at the first row that names it.

    Parameters
    ----------
    declared : classes of the standard, such as `forest/杉木林`
    standard : its id
    """
    column = inputs.rows["ecosystem"]
    used = [str(name) for name in column.cat.categories if UNDER in str(name) and str(name) not in declared]
    problems = []
    for name in used:
        rows = inputs.rows[column == name]
        if rows.empty:
            continue
        row = rows.iloc[0]
        hint = suggest_nearest(name, declared) or say("declare it in a standard of your own: classes: [{name}]", name=name)
        expected = (
            say("one of {names}", names=join_list(declared))
            if declared
            else say("types of the list; {standard} has no classes of its own", standard=standard)
        )
        found = say("the standard {standard} does not declare the class {name}", standard=standard, name=name)
        problems.append(Problem(str(row["file"]), int(row["line"]), found, expected, hint, find_cell(row)))
    return problems
