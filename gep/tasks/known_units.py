"""Makes accounting units of somebody's own known to a call: those of a table that is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.inputs.read import list_input_files
from gep.inputs.unit_tables import take_units
from gep.messages.problems import refuse, refuse_one
from gep.messages.texts import say

if TYPE_CHECKING:
    from pathlib import Path


def know_unit_tables(units: Path | None) -> None:
    """Make the units of a table, or of the tables in a folder, known to this call.

    Raises
    ------
    Problems : everything that is wrong in the tables; or there is no table of units
    """
    if units is None:
        return
    _, tables, problems, _ = take_units(list_input_files([units]))
    if not tables and not problems:
        refuse_one(str(units), "there is no table of units", say("a table with the columns {columns}", columns="unit, kind"))
    refuse(problems)
