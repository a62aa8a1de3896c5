"""A forest inventory as a table, stratum by stratum: area, stock, how biomass follows, and the other pools; and the carbon in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.carbon.factors import list_classes, look_up_class, read_equations, read_pools
from gep.carbon.formulas import (
    AREA,
    BCEF,
    BIOMASS,
    DENSITY,
    FRACTION,
    LAND_USE,
    PER_HECTARE,
    POOLS,
    ROOTS,
    STOCK_VOLUME,
    STRATA,
    TOTAL,
    TOTAL_CO2,
    VOLUME,
    A,
    B,
    make_biomass,
    make_live,
    make_pool,
)
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.units.registry import UnitError, parse_unit
from gep.worked.calculation import Calculation, Figure, Given, describe, give_members, give_one, list_marks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.formula.nodes import Node, Rule
    from gep.worked.written import Reader, WrittenRow

COLUMNS = ("year", "stratum", "species", "area", "volume", "biomass", "roots", "carbon_fraction", "source")
OPTIONAL = ("age_class", "area_unit", "volume_unit", "dead_wood", "litter", "soil", "land_use")
LIVE = "live"
EQUATION, EXPANSION, CLASS, INCLUDED = "equation:", "bcef:", "class:", "included"
MOST_VOLUME, MOST_BIOMASS, MOST_DENSITY = 3000.0, 2500.0, 1500.0
"""Above this no stand, no biomass and no soil is known; a unit is wrong."""


@dataclass(frozen=True)
class Stratum:
    """One stratum of an inventory in a year: species and age class, area in hm2, and the carbon of its pools in t.

    Attributes
    ----------
    calculation : computes the rules named like the pools; a pool that is not among `pools` was not surveyed
    classes     : classes that factors were taken by, as printed
    """

    year: int
    name: str
    species: str
    age_class: str
    area: Figure
    pools: tuple[str, ...]
    calculation: Calculation
    at: str

    def stock(self, pool: str) -> float | None:
        """Return the carbon of a pool in t; None: it was not surveyed."""
        return self.calculation.value(pool) if pool in self.pools else None

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that factors were taken by: a stand that crosses an edge jumps."""
        origins = [one for part in self.calculation.explain(LIVE) for one in part.origins]
        return tuple(f"{one.symbol} {one.as_given}" for one in origins if "[" in one.as_given)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values; carbon in t, area in hm2."""
        parts = [part for pool in self.pools for part in self.calculation.explain(pool)]
        return {
            "year": self.year,
            "stratum": self.name,
            "species": self.species,
            "age_class": self.age_class or None,
            "area": self.area.value,
            "pools": {pool: self.stock(pool) for pool in (LIVE, *POOLS)},
            "live_density": self.calculation.value("live_density"),
            "classes": list(self.classes),
            "marks": list_marks(parts),
            "row": self.at,
            "explained": describe(parts),
        }


@dataclass(frozen=True)
class Stock:
    """The carbon of all strata of a year; `total` is of the pools that were surveyed."""

    year: int
    strata: tuple[Stratum, ...]

    def pool(self, pool: str) -> tuple[float, list[str]]:
        """Return the carbon of a pool in t over the strata that surveyed it, and the strata that did not."""
        known = [(one, one.stock(pool)) for one in self.strata]
        return sum(value for _, value in known if value is not None), [one.name for one, value in known if value is None]

    @property
    def total(self) -> Calculation:
        """The sum over strata, in carbon and carbon dioxide; rules `stock` and `stock_co2`."""
        figures = []
        for one in self.strata:
            whole = sum(one.stock(pool) or 0.0 for pool in one.pools)
            figures.append(Figure(whole, f"{'+'.join(one.pools)} {one.name}", one.at))
        names = tuple(one.name for one in self.strata)
        return Calculation((TOTAL, TOTAL_CO2), (give_members(STRATA, figures),), (str(self.year),), names)

    def by(self, attribute: str) -> dict[str, float]:
        """Return the carbon of all surveyed pools by `species` or `age_class`, t."""
        found: dict[str, float] = {}
        for one in self.strata:
            key = getattr(one, attribute) or "-"
            found[key] = found.get(key, 0.0) + sum(one.stock(pool) or 0.0 for pool in one.pools)
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values; t of carbon and of carbon dioxide."""
        total = self.total
        pools = {pool: self.pool(pool) for pool in (LIVE, *POOLS)}
        return {
            "year": self.year,
            "area": sum(one.area.value for one in self.strata),
            "stock_t_C": total.value("stock"),
            "stock_t_CO2": total.value("stock_co2"),
            "pools": {
                name: {"t_C": None if len(lacking) == len(self.strata) else value, "not_surveyed": lacking}
                for name, (value, lacking) in pools.items()
            },
            "by_species": self.by("species"),
            "by_age_class": self.by("age_class"),
            "kind": "carbon stock; not the carbon of a year in GEP, not project credits",
            "strata": [one.as_dict() for one in self.strata],
            "explained": describe(total.explain("stock_co2")),
        }


def read_inventory(path: Path, reader: Reader) -> list[Stratum]:
    """Return the strata of an inventory; what is wrong with its rows is kept by the reader.

    Parameters
    ----------
    path : table with the columns of `COLUMNS` and, as far as surveyed, `OPTIONAL`
    """
    rows = reader.rows(path, COLUMNS, OPTIONAL)
    reader.once(rows, ("year", "stratum", "species", "age_class"))
    return [one for row in rows if (one := _read_stratum(row, reader)) is not None]


def _read_stratum(row: WrittenRow, reader: Reader) -> Stratum | None:
    before = len(reader.problems)
    year = reader.whole(row, "year", 1950, 2100)
    for column in ("stratum", "species", "source"):
        reader.text(row, column)
    area = reader.number(row, "area", row["area_unit"], AREA.unit, above=0)
    givens: list[Given] = []
    rules: list[Rule] = []
    volume = _read_volume(row, reader, area, givens, rules)
    roots = _read_live(row, reader, volume, givens, rules)
    fraction = reader.number(row, "carbon_fraction", "", "1", least=0.3, most=0.6)
    pools = [pool for pool in POOLS if row[pool] and _read_pool(row, reader, pool, givens, rules)]
    if len(reader.problems) > before or year is None or area is None or fraction is None or roots is None:
        return None
    givens += [give_one(AREA, area.from_(row["source"])), give_one(FRACTION, fraction.from_(row["source"]))]
    name = " ".join(filter(None, (row["stratum"], row["species"], row["age_class"])))
    found = Calculation(tuple(rules), tuple(givens), (name,))
    density = found.value("live_density")
    if density > MOST_DENSITY:
        told = say("{name} has {density} t of carbon a hectare", name=name, density=f"{density:,.4g}")
        reader.tell(row.file, row.line, told, say("at most {most}; look at the units", most=f"{MOST_DENSITY:g}"))
        return None
    return Stratum(year, row["stratum"], row["species"], row["age_class"], area, (LIVE, *pools), found, row.at)


def _read_volume(
    row: WrittenRow, reader: Reader, area: Figure | None, givens: list[Given], rules: list[Rule]
) -> tuple[Node, float] | None:
    """Return stock a hectare as a node and in m3/hm2; a total is divided by the area."""
    unit = row["volume_unit"] or row["volume"].lstrip("0123456789.+- ")
    try:
        whole = bool(unit) and parse_unit(unit).measure.dimensions == parse_unit("m^3").measure.dimensions
    except UnitError:
        whole = False
    figure = reader.number(row, "volume", row["volume_unit"], "m^3" if whole else "m^3/hm^2")
    if figure is None or area is None:
        return None
    figure = figure.from_(row["source"])
    a_hectare = figure.value / area.value if whole else figure.value
    if a_hectare > MOST_VOLUME:
        found = say("the stock is {volume} m3 a hectare", volume=f"{a_hectare:,.4g}")
        reader.tell(row.file, row.line, found, say("at most {most}; look at the units", most=f"{MOST_VOLUME:g}"))
        return None
    if whole:
        rules.append(PER_HECTARE)
        givens.append(give_one(STOCK_VOLUME, figure))
        return PER_HECTARE, a_hectare
    givens.append(give_one(VOLUME, figure))
    return VOLUME, a_hectare


def _read_live(
    row: WrittenRow, reader: Reader, volume: tuple[Node, float] | None, givens: list[Given], rules: list[Rule]
) -> Figure | None:
    """Add the rules of live trees; return their biomass a hectare, None where something is wrong."""
    text = row["biomass"]
    how = "measured"
    known: list[str] = []
    if text.startswith(EQUATION):
        how, known = "equation", list(read_equations())
    elif text.startswith(EXPANSION):
        how, known = "bcef", list_classes("bcef")
    name = text.partition(":")[2]
    if how != "measured" and name not in known:
        found = say("{name} is {text!r}", name="biomass", text=text)
        reader.tell(row.file, row.line, found, say("one of {names}", names=join_list(known)), suggest_nearest(name, known))
        return None
    measured = None
    if how == "measured":
        measured = reader.amount(row.file, row.line, "biomass", text, BIOMASS.unit, most=MOST_BIOMASS)
        if measured is None:
            return None
    if volume is None:
        return None
    node, stock = volume
    if how == "equation":
        slope, constant = read_equations()[name]
        givens += [give_one(A, slope), give_one(B, constant)]
    elif how == "bcef":
        givens.append(give_one(BCEF, look_up_class("bcef", name, stock)))
    elif measured is not None:
        givens.append(give_one(BIOMASS, measured.from_(row["source"])))
    biomass = make_biomass(node, how)
    rules.append(biomass)
    area = Figure(1.0, "", "")
    above = Calculation(
        tuple(rules),
        (*givens, give_one(AREA, area if STOCK_VOLUME.id not in {one.leaf.id for one in givens} else _area_of(givens, stock))),
    )
    value = above.value("biomass_density")
    ratio = _read_roots(row, reader, value)
    if ratio is None:
        return None
    if ratio.address:
        givens.append(give_one(ROOTS, ratio))
    rules += make_live(biomass, roots=bool(ratio.address))
    return ratio


def _area_of(givens: list[Given], stock: float) -> Figure:
    """Return the area at which a total stock is the stock a hectare that was found."""
    whole = next(one for one in givens if one.leaf.id == STOCK_VOLUME.id).rows[0][0]
    return Figure((whole.value if whole else 0.0) / stock if stock else 1.0, "", "")


def _read_roots(row: WrittenRow, reader: Reader, above: float) -> Figure | None:
    """Return the ratio of roots; without an address where the biomass has them; None where it is wrong."""
    text = row["roots"]
    if text == INCLUDED:
        return Figure(0.0, INCLUDED, "")
    if text.startswith(CLASS):
        name, known = text.removeprefix(CLASS), list_classes("root_shoot")
        if name in known:
            return look_up_class("root_shoot", name, above)
        hint = say("IPCC's ratio of the humid subtropics was not seen; a ratio of your own goes with its source")
        reader.tell(
            row.file,
            row.line,
            say("{name} is {text!r}", name="roots", text=text),
            say("one of {names}", names=join_list(known)),
            hint,
        )
        return None
    if not text:
        reader.tell(row.file, row.line, say("{key} is missing", key="roots"), say("included, class:NAME or a ratio"))
        return None
    figure = reader.number(row, "roots", "", "1", most=3)
    return None if figure is None else figure.from_(row["source"])


def _read_pool(row: WrittenRow, reader: Reader, pool: str, givens: list[Given], rules: list[Rule]) -> bool:
    shipped = read_pools()
    text = row[pool]
    by_land_use = False
    figure: Figure | None
    if (pool, text) in shipped:
        figure = shipped[pool, text]
        if text == "reference":
            factor = shipped.get(("land_use", row["land_use"]))
            by_land_use = factor is not None
            if row["land_use"] and factor is None:
                reader.word(row, "land_use", [name for kind, name in shipped if kind == "land_use"])
            if factor is not None:
                givens.append(give_one(LAND_USE, factor))
    else:
        figure = reader.amount(row.file, row.line, pool, text, DENSITY[pool].unit, most=MOST_DENSITY)
        figure = None if figure is None else figure.from_(row["source"])
    if figure is None:
        return False
    givens.append(give_one(DENSITY[pool], figure))
    rules.append(make_pool(pool, by_land_use=by_land_use))
    return True


def make_stocks(strata: Sequence[Stratum]) -> list[Stock]:
    """Return the stocks by year, the earliest first."""
    years = sorted({one.year for one in strata})
    return [Stock(year, tuple(one for one in strata if one.year == year)) for year in years]
