"""Two years of one county to compare, and what is promised of every comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.compare.years import Comparison, Decomposition, compare_years
from gep.store.keys import find_account
from gep.store.opening import open_to_read

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note"
PARTS = ("quantity", "price", "coefficient", "coverage", "rules", "rounding")
BALANCE = [
    "{year},land_area,,,,100,km2",
    "{year},area,mixed_forest,,,{area},km2",
    "{year},area,cropland,,,{rest},km2",
    "{year},precipitation,,,,{rain},mm",
    "{year},evapotranspiration,,,,600,mm",
    "{year},surface_runoff,,,,100,mm",
]


def balance(year: int, area: float, rain: float) -> list[str]:
    return [row.format(year=year, area=area, rest=100 - area, rain=rain) for row in BALANCE]


def table(folder: Path, name: str, rows: list[str]) -> Path:
    path = folder / name
    path.write_text("\n".join([HEAD, *(f"361027,{row},test," for row in rows)]) + "\n", "utf-8")
    return path


def compared(store: Path, one: int = 2020, other: int = 2022, constant: int | None = None) -> Comparison:
    with open_to_read(store) as connection:
        places = [find_account(connection, "361027", year, None) for year in (one, other)]
        return compare_years(connection, places[0], places[1], constant)


def adds_up(found: Comparison) -> None:
    """Everything that is promised of the sums, in whole fen."""
    for splits in (found.current, found.constant):
        *services, total = splits
        for split in splits:
            assert set(split.parts) <= set(PARTS)
            assert (split.one or 0) + sum(split.parts.values()) == (split.other or 0)
            for cause in PARTS:
                assert sum(one.part for one in split.inputs if one.cause == cause) == split.parts.get(cause, 0)
        for cause in PARTS[:-1]:
            assert total.parts.get(cause, 0) == sum(split.parts.get(cause, 0) for split in services)
        assert abs(total.parts["rounding"]) <= len(services)
        assert not any("rounding" in split.parts for split in services)


def of(splits: tuple[Decomposition, ...], name: str) -> Decomposition:
    return next(split for split in splits if split.name == name)
