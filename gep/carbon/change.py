"""Change of carbon: between two inventories, also with changing area, and by gains and losses of a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.carbon.formulas import (
    AREA_1,
    AREA_2,
    AREA_CHANGE,
    CHANGE,
    CHANGE_CO2,
    CLOSING,
    GAIN_LOSS,
    GAIN_LOSS_CO2,
    GAINS,
    LOSSES,
    OPENING,
    RATE,
    YEARS,
)
from gep.messages.texts import join_list, mark_word, say
from gep.units.registry import UnitError, parse_unit
from gep.worked.calculation import Calculation, Figure, describe, give_cases, give_members, give_one

if TYPE_CHECKING:
    from pathlib import Path

    from gep.carbon.inventory import Stock
    from gep.worked.written import Reader, WrittenRow

FLOW_COLUMNS = ("year", "kind", "item", "amount", "unit", "source")
GAIN, LOSS = "gain", "loss"
CO2_PER_C = 44 / 12
BARE = ("Gg", "Tg", "Pg")
"""Prefixes of inventories without the element behind them."""


@dataclass(frozen=True)
class Difference:
    """The change between two inventories, stratum by stratum and in all; cases are the strata, the last one their sum."""

    opening: Stock
    closing: Stock
    calculation: Calculation

    def row(self, case: int) -> dict[str, Any]:
        """Return a stratum's change as plain values; the rate a hectare stands beside the change of the area."""
        found = self.calculation
        return {
            "stratum": found.cases[case],
            "area_change_hm2_a": found.known("area_change", case),
            "change_t_C_a": found.known("change", case),
            "change_t_CO2_a": found.known("change_co2", case),
            "rate_t_C_hm2_a": found.known("rate", case),
        }

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values; t of carbon a year."""
        count = len(self.calculation.cases)
        return {
            "method": "stock-difference",
            "years": [self.opening.year, self.closing.year],
            "strata": [self.row(case) for case in range(count - 1)],
            "total": self.row(count - 1),
            "explained": [
                part
                for case in range(count)
                for rule in ("change_co2", "rate")
                for part in describe(self.calculation.explain(rule, case))
            ],
        }


def make_difference(opening: Stock, closing: Stock, where: str, reader: Reader) -> Difference:
    """Return the change from one inventory to another.

    Raises
    ------
    Problems : a stratum that only one of them has, or whose pools differ
    """
    sides = [{(one.name, one.species, one.age_class): one for one in stock.strata} for stock in (opening, closing)]
    for key in {**sides[0], **sides[1]}:
        name = " ".join(filter(None, key))
        lacking = [stock.year for stock, side in zip((opening, closing), sides, strict=True) if key not in side]
        if lacking:
            found = say("{name} is not in the inventory of {year}", name=name, year=lacking[0])
            reader.tell(where, 0, found, say("the same strata in both years; what came or went is put together with what it was"))
        elif sides[0][key].pools != sides[1][key].pools:
            found = say(
                "{name}: the pools are {one} and {other}",
                name=name,
                one=join_list(map(mark_word, sides[0][key].pools)),
                other=join_list(map(mark_word, sides[1][key].pools)),
            )
            reader.tell(where, 0, found, say("the same pools in both years"))
    reader.refuse()
    keys = list(sides[0])
    stocks: list[list[Figure]] = []
    areas: list[list[Figure]] = []
    for side in sides:
        figures = [
            Figure(sum(side[key].stock(pool) or 0.0 for pool in side[key].pools), "+".join(side[key].pools), side[key].at)
            for key in keys
        ]
        own = [side[key].area for key in keys]
        at = "; ".join(side[key].at for key in keys)
        stocks.append([*figures, Figure(sum(one.value for one in figures), "Σ", at)])
        areas.append([*own, Figure(sum(one.value for one in own), "Σ", at)])
    span = Figure(float(closing.year - opening.year), f"{closing.year} - {opening.year}", where)
    calculation = Calculation(
        (CHANGE, CHANGE_CO2, AREA_CHANGE, RATE),
        (
            give_cases(OPENING, stocks[0]),
            give_cases(CLOSING, stocks[1]),
            give_cases(AREA_1, areas[0]),
            give_cases(AREA_2, areas[1]),
            give_one(YEARS, span),
        ),
        (*(" ".join(filter(None, key)) for key in keys), "all strata"),
    )
    return Difference(opening, closing, calculation)


@dataclass(frozen=True)
class Flows:
    """Gains and losses of a year and what is left of them."""

    year: int
    gains: tuple[tuple[str, Figure], ...]
    losses: tuple[tuple[str, Figure], ...]
    calculation: Calculation

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values; t of carbon a year."""
        return {
            "method": "gain-loss",
            "year": self.year,
            "gains": [{"item": name, "t_C": one.value, "given": one.given, "address": one.address} for name, one in self.gains],
            "losses": [{"item": name, "t_C": one.value, "given": one.given, "address": one.address} for name, one in self.losses],
            "change_t_C": self.calculation.value("gain_loss"),
            "change_t_CO2": self.calculation.value("gain_loss_co2"),
            "explained": describe(self.calculation.explain("gain_loss_co2")),
        }


def read_flows(path: Path, reader: Reader) -> list[Flows]:
    """Return gains and losses by year; what is wrong is refused.

    Parameters
    ----------
    path : table with the columns year, kind (gain or loss), item, amount, unit and source

    Raises
    ------
    Problems : what is wrong in a row, an item twice, or a year without a gain or a loss
    """
    rows = reader.rows(path, FLOW_COLUMNS)
    reader.once(rows, ("year", "kind", "item"))
    found: dict[int, dict[str, list[tuple[str, Figure]]]] = {}
    for row in rows:
        year = reader.whole(row, "year", 1950, 2100)
        kind = reader.word(row, "kind", (GAIN, LOSS))
        reader.text(row, "item")
        reader.text(row, "source")
        amount = _read_carbon(row, reader)
        if year is not None and kind and amount is not None:
            found.setdefault(year, {GAIN: [], LOSS: []})[kind].append((row["item"], amount.from_(row["source"])))
    for year, kinds in found.items():
        for kind, items in kinds.items():
            if not items:
                reader.tell(
                    rows[0].file,
                    0,
                    say("{year} has no {kind}", year=year, kind=mark_word(kind)),
                    say("a row for it, 0 where there is none"),
                )
    reader.refuse()
    return [_make_flows(year, kinds) for year, kinds in sorted(found.items())]


def _read_carbon(row: WrittenRow, reader: Reader) -> Figure | None:
    """Return an amount in t of carbon; one in carbon dioxide is divided by 44/12, and dry matter is refused."""
    try:
        kinds = {name for name, _ in parse_unit(row["unit"] or "1").measure.dimensions}
    except UnitError:
        kinds = set()
    if "[carbon_dioxide]" in kinds:
        figure = reader.number(row, "amount", row["unit"], "t_CO2")
        return None if figure is None else Figure(figure.value / CO2_PER_C, f"{figure.given} / (44/12)", figure.address)
    if kinds & {"[mass]", "[dry_matter]"} or row["unit"] in BARE:
        found = say("unit of {name} is {unit!r}: a mass of something, not of carbon", name="amount", unit=row["unit"])
        reader.tell(
            row.file,
            row.line,
            found,
            say("t_C, Gg_C, Tg_C, Pg_C, or the same of CO2"),
            say("dry matter times its carbon fraction is carbon"),
        )
        return None
    return reader.number(row, "amount", row["unit"], "t_C")


def _make_flows(year: int, kinds: dict[str, list[tuple[str, Figure]]]) -> Flows:
    gains, losses = kinds[GAIN], kinds[LOSS]
    calculation = Calculation(
        (GAIN_LOSS, GAIN_LOSS_CO2),
        (give_members(GAINS, [one for _, one in gains]), give_members(LOSSES, [one for _, one in losses])),
        (str(year),),
    )
    return Flows(year, tuple(gains), tuple(losses), calculation)
