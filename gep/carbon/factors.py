"""Factors of carbon stocks that come with the program: volume to biomass, expansion and roots by class, other pools; each with its mark."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gep.files.lists import read_list
from gep.messages.citing import cite
from gep.paths import COEFFICIENTS, print_path
from gep.worked.calculation import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = COEFFICIENTS / "carbon"


@cache
def read_equations() -> Mapping[str, tuple[Figure, Figure]]:
    """Return a (t dry matter a m3) and b (t dry matter a hm2) of `B = aV + b` by species."""
    found = {}
    for row, address in _rows("volume_biomass.csv"):
        origin = (address, cite(row["source"], row["locator"]), row["mark"])
        found[row["id"]] = (
            Figure(float(row["a"]), f"{row['a']} t_DM/m^3", *origin),
            Figure(float(row["b"]), f"{row['b']} t_DM/hm^2", *origin),
        )
    return found


def list_classes(name: str) -> list[str]:
    """Return the ids of a table of classes, `bcef` or `root_shoot`."""
    return list(dict.fromkeys(row["id"] for row, _ in _rows(f"{name}.csv")))


def look_up_class(name: str, identity: str, measured: float) -> Figure:
    """Return the factor of the class that a measure falls in, the class printed with it.

    Parameters
    ----------
    name     : `bcef`, by stock in m3/hm2, or `root_shoot`, by aboveground biomass in t/hm2
    identity : id in that table
    measured : what the class goes by
    """
    low = "0"
    for row, address in _rows(f"{name}.csv"):
        if row["id"] != identity:
            continue
        if not row["upto"] or measured <= float(row["upto"]):
            band = f"{low}-{row['upto']}" if row["upto"] else f">{low}"
            return Figure(
                float(row["value"]), f"{row['value']} [{band}]", address, cite(row["source"], row["locator"]), row["mark"]
            )
        low = row["upto"]
    raise KeyError(identity)


@cache
def read_pools() -> Mapping[tuple[str, str], Figure]:
    """Return densities of pools and factors of land use by pool and id."""
    return {
        (row["pool"], row["id"]): Figure(
            float(row["value"]), f"{row['value']} {row['unit']}", address, cite(row["source"], row["locator"]), row["mark"]
        )
        for row, address in _rows("pools.csv")
    }


@cache
def _rows(name: str) -> list[tuple[dict[str, str], str]]:
    path = FOLDER / name
    shown = print_path(path)
    return [(row, f"{shown}:{line}") for line, row in enumerate(read_list(path), start=2)]
