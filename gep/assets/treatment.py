"""Virtual treatment cost of a discharge: `D = E C gamma`, gamma of danger, exceedance and use of the water, pollutant by pollutant.

Source: GB/T 39793.2-2020 as coded in two public programs. Its tables of alpha and omega were not seen: they are the user's, with a source.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from gep.files.lists import read_list
from gep.formula.nodes import Bands
from gep.messages.citing import cite
from gep.messages.texts import say
from gep.paths import COEFFICIENTS, print_path
from gep.units.money import round_to_fen
from gep.units.registry import UnitError, parse_unit
from gep.worked.calculation import Calculation, Figure, describe, give_one, list_marks, make_leaf, make_rule

if TYPE_CHECKING:
    from pathlib import Path

    from gep.worked.written import Reader, WrittenRow

TAU = COEFFICIENTS / "damage" / "tau.csv"
COLUMNS = ("pollutant", "amount", "unit_cost", "measured", "baseline", "alpha", "alpha_source", "omega", "omega_source", "source")
OPTIONAL = ("amount_unit", "cost_unit", "concentration_unit")
_make = partial(make_rule, source="gbt39793-program", clause="D = E C gamma, gamma = alpha tau omega", mark="V-c")
_ALPHA = make_leaf("alpha", "alpha", "1", "危害系数", "danger of the substance")
_OMEGA = make_leaf("omega", "omega", "1", "环境功能系数", "use of the water")


@dataclass(frozen=True)
class Treated:
    """The virtual treatment cost of one pollutant; rules `exceedance`, `tau`, `gamma` and `cost` (yuan)."""

    pollutant: str
    at: str
    calculation: Calculation

    @property
    def fen(self) -> int:
        """The cost in whole fen."""
        return round_to_fen(self.calculation.value("cost"))

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        parts = self.calculation.explain("cost")
        values = {rule: self.calculation.value(rule) for rule in ("exceedance", "tau", "gamma")}
        return {
            "pollutant": self.pollutant,
            **values,
            "cost_fen": self.fen,
            "marks": list_marks(parts),
            "row": self.at,
            "explained": describe(parts),
        }


@cache
def read_tau() -> tuple[tuple[str, Figure], ...]:
    """Return the upper end of exceedance and the value of each band; the last end is empty."""
    shown = print_path(TAU)
    return tuple(
        (
            row["upto"],
            Figure(float(row["value"]), row["value"], f"{shown}:{line}", cite(row["source"], row["locator"]), row["mark"]),
        )
        for line, row in enumerate(read_list(TAU), start=2)
    )


def read_treated(path: Path, reader: Reader) -> list[Treated]:
    """Return the pollutants of a table, computed; what is wrong is refused.

    Parameters
    ----------
    path : table with the columns of `COLUMNS`; amount in t or m3, unit_cost in yuan for it, measured and baseline in one unit

    Raises
    ------
    Problems : everything that is wrong in the rows
    """
    rows = reader.rows(path, COLUMNS, OPTIONAL)
    reader.once(rows, ("pollutant",))
    found = [one for row in rows if (one := _read_row(row, reader)) is not None]
    reader.refuse()
    return found


def _read_row(row: WrittenRow, reader: Reader) -> Treated | None:
    before = len(reader.problems)
    for column in ("pollutant", "alpha_source", "omega_source", "source"):
        reader.text(row, column)
    unit = row["amount_unit"] or row["amount"].lstrip("0123456789.+- ")
    try:
        unit = "" if parse_unit(unit or "1").is_money else unit
    except UnitError:
        unit = ""
    if not unit:
        reader.tell(
            row.file,
            row.line,
            say("{name} is {text!r}", name="amount", text=row["amount"]),
            say("an amount with its unit, such as 12 t or 300 m3"),
        )
        return None
    amount = reader.number(row, "amount", row["amount_unit"], unit, above=0, least=None)
    cost = reader.number(row, "unit_cost", row["cost_unit"], f"CNY/{unit}", above=0, least=None)
    measured = reader.number(row, "measured", row["concentration_unit"], "mg/L")
    baseline = reader.number(row, "baseline", row["concentration_unit"], "mg/L", above=0, least=None)
    alpha = reader.number(row, "alpha", "", "1", above=0, least=None, most=10)
    omega = reader.number(row, "omega", "", "1", above=0, least=None, most=10)
    if len(reader.problems) > before or None in (amount, cost, measured, baseline, alpha, omega):
        return None
    leaves = (
        make_leaf("amount", "E", unit, "排放数量", "discharged"),
        make_leaf("unit_cost", "C", f"CNY/{unit}", "单位治理成本", "treatment cost a unit"),
        make_leaf("measured", "Z", "mg/L", "监测浓度", "concentration measured"),
        make_leaf("baseline", "B", "mg/L", "基线浓度", "baseline concentration"),
    )
    bands = read_tau()
    steps = tuple(
        make_leaf(f"tau_{at}", f"tau_{at}", "1", f"超标档 {at}", f"band {at} of exceedance") for at in range(1, len(bands) + 1)
    )
    exceedance = _make("exceedance", "kappa", "1", "超标倍数", "exceedance", (leaves[2] - leaves[3]) / leaves[3])
    tau = _make(
        "tau", "tau", "1", "超标系数", "factor of exceedance", Bands(exceedance, tuple(upto for upto, _ in bands if upto), steps)
    )
    gamma = _make("gamma", "gamma", "1", "调整系数", "adjustment", _ALPHA * tau * _OMEGA)
    whole = _make("cost", "D", "CNY", "虚拟治理成本法损害数额", "virtual treatment cost", leaves[0] * leaves[1] * gamma)
    figures = [
        (leaf, one.from_(row["source"])) for leaf, one in zip(leaves, (amount, cost, measured, baseline), strict=True) if one
    ]
    figures += [(_ALPHA, alpha.from_(row["alpha_source"]))] if alpha else []
    figures += [(_OMEGA, omega.from_(row["omega_source"]))] if omega else []
    figures += list(zip(steps, (one for _, one in bands), strict=True))
    givens = tuple(give_one(leaf, one) for leaf, one in figures)
    return Treated(row["pollutant"], row.at, Calculation((exceedance, tau, gamma, whole), givens, (row["pollutant"],)))
