"""The table of units read before: what pint makes of a text is kept beside this file, so that a run need not load pint."""

from __future__ import annotations

import json
import re
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gep.paths import COEFFICIENTS
from gep.units.measure import Measure, read_measure

if TYPE_CHECKING:
    from gep.units.measure import Powers

TABLE = Path(__file__).with_name("table.json")
DEFINITIONS = COEFFICIENTS / "units.txt"
_OF_PINT = ("default_en.txt", "constants_en.txt")
_DATED = re.compile(r"(?<=CNY)_(\d{4})(?![A-Za-z0-9_])|(?<=元)_(\d{4})(?![A-Za-z0-9_])")


def look_up_measure(written: str, year: int | None) -> Measure | None:
    """Return what a unit in pint's spelling means, None where the table does not have it.

    Parameters
    ----------
    year : price year where the unit holds money of one year, named once; else None
    """
    if written in _table():
        return _measure(written)
    of_basis_text = remove_year(written)
    if year is None or of_basis_text not in _table():
        return None
    of_basis = _measure(of_basis_text)
    return Measure(
        of_basis.size, _dated(of_basis.names, "yuan", f"CNY_{year}"), _dated(of_basis.dimensions, "money]", f"money_{year}]")
    )


def remove_year(written: str) -> str:
    """Return a unit with the price year of its money taken off; the yuan of every year is as large as that of any other."""
    return _DATED.sub("", written)


def hash_definitions(definitions: Path = DEFINITIONS) -> str:
    """Return the SHA-256 of the definitions that the table of units was made from, ours and pint's.

    pint need not be imported for it.
    """
    pint = find_spec("pint")
    if pint is None or pint.origin is None:
        return ""
    files = [definitions, *(Path(pint.origin).with_name(name) for name in _OF_PINT)]
    try:
        return sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
    except OSError:
        return ""


def read_table(table: Path = TABLE, definitions: Path = DEFINITIONS) -> dict[str, Any]:
    """Return the known units, text → measure as JSON; empty where the file is absent, damaged or made from other definitions."""
    try:
        kept = json.loads(table.read_text("utf-8"))
        return dict(kept["units"]) if kept["derived_from"] == hash_definitions(definitions) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


@cache
def _table() -> dict[str, Any]:
    return read_table()


@cache
def _measure(written: str) -> Measure:
    return read_measure(_table()[written])


def _dated(powers: Powers, money: str, of_year: str) -> Powers:
    return tuple(sorted((name.removesuffix(money) + of_year if name.endswith(money) else name, power) for name, power in powers))
