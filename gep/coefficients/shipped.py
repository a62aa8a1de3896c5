"""The coefficient tables that come with the program, read once for a process: they do not change while it runs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gep.coefficients.tables import read_tables
from gep.paths import COEFFICIENTS as FOLDER
from gep.rules.catalogue import COEFFICIENTS

if TYPE_CHECKING:
    from gep.coefficients.tables import Tables


@cache
def read_shipped_tables() -> Tables:
    """Return the shipped coefficient tables; do not change them.

    Raises
    ------
    Problems : as `read_tables`
    """
    return read_tables(FOLDER, COEFFICIENTS)
