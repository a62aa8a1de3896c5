"""What a call says of a driver, `ID=FILE`, `ID[UNIT]=FILE` or `ID=FILE*FACTOR[UNIT]`, and which leaf it means."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.units.registry import UnitError, find_factor, remove_price_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.formula.nodes import Leaf

LETTERS = {"NPP": ("npp_carbon", "npp_dry_matter"), "R": ("rainfall_erosivity", "surface_runoff"), "K": ("soil_erodibility",)}
"""What people write in the place of an id beside the symbols of leaves; of several the unit tells which is meant."""
_TEXT = re.compile(r"(?P<id>[^=\[\]]+)(\[(?P<unit>[^\]]*)\])?=(?P<rest>.+)")
_END = re.compile(r"(?P<file>.+?)(?:\*(?P<factor>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))?(?:\[(?P<unit>[^\]]*)\])?")


@dataclass(frozen=True)
class DriverText:
    """A driver as somebody wrote it; `factor` is None, `unit` empty, where nothing is said of them."""

    name: str
    file: str
    factor: float | None
    unit: str


def read_driver_text(text: str) -> DriverText:
    """Return what a text says.

    Raises
    ------
    Problems : it says no driver, two units, or a factor that is none
    """
    written = _TEXT.fullmatch(text)
    if written is None:
        refuse_one(
            "--driver",
            say("a driver is {text!r}", text=text),
            "ID=FILE, ID[UNIT]=FILE or ID=FILE*FACTOR[UNIT]",
            "precipitation[mm/yr]=rain.tif",
        )
    name, before, rest = written["id"].strip(), (written["unit"] or "").strip(), written["rest"]
    if Path(rest).exists():
        return DriverText(name, rest, None, before)
    end = _END.fullmatch(rest)
    assert end is not None  # noqa: S101 - every text matches
    unit = (end["unit"] or "").strip()
    if unit and before and unit != before:
        refuse_one("--driver", say("{name} is given in two units: {one} and {two}", name=name, one=before, two=unit), "one unit")
    factor = None if end["factor"] is None else float(end["factor"])
    if factor is not None and (factor == 0 or not math.isfinite(factor)):
        refuse_one(
            "--driver",
            say("the factor of {name} is {factor}", name=name, factor=end["factor"]),
            "a number other than 0",
            "MOD17: npp_carbon=npp.tif*0.0001[kg C/m2/yr]",
        )
    return DriverText(name, end["file"], factor, unit or before)


def find_driver_leaf(name: str, unit: str, leaves: Mapping[str, Leaf]) -> Leaf:
    """Return the leaf that an id, a symbol or a usual letter means.

    Parameters
    ----------
    unit   : as stated; it tells which of several leaves a letter means
    leaves : variables and coefficients by id

    Raises
    ------
    Problems : no leaf, or several
    """
    found = list_candidates(name, leaves)
    fitting = [leaf for leaf in found if not unit or _fits(unit, leaf.unit)] or found
    if len(fitting) == 1:
        return fitting[0]
    several = join_list(f"{leaf.id} [{leaf.unit}]" for leaf in fitting)
    refuse_one("--driver", say("{name} may be {several}", name=name, several=several), "the id of one of them")


def list_candidates(name: str, leaves: Mapping[str, Leaf]) -> list[Leaf]:
    """Return the leaves that an id, a symbol or a usual letter may mean.

    Raises
    ------
    Problems : there is none
    """
    if name in leaves and name != "area":
        return [leaves[name]]
    wanted = name.casefold()
    others = [leaf for leaf in leaves.values() if leaf.id != "area"]
    found = [leaf for leaf in others if leaf.symbol == name]
    found = found or [leaves[one] for one in LETTERS.get(name, ()) if one in leaves]
    found = found or [leaf for leaf in others if leaf.symbol.casefold() == wanted]
    if not found and len(name) > 1:  # a single letter means other things small
        found = [leaves[one] for one in LETTERS.get(name.upper(), ()) if one in leaves]
    if found:
        return found
    near = suggest_nearest(name, leaves) or "gep variables and gep coefficients list them"
    refuse_one(
        "--driver",
        say("a driver is named {id!r}", id=name),
        "the id of a variable or coefficient",
        "areas come from the land cover" if name == "area" else near,
    )


def _fits(unit: str, wanted: str) -> bool:
    try:
        find_factor(remove_price_year(unit), wanted)
    except UnitError:
        return False
    return True
