"""Formulas of carbon stocks and their change, in the one language: volume, biomass, roots, carbon; pools; differences; gains and losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import Constant, Total
from gep.worked.calculation import make_leaf, make_rule

if TYPE_CHECKING:
    from gep.formula.nodes import Node, Rule

ONE, TWO = Constant(1.0, "1", "1"), Constant(2.0, "1", "2")
TO_CO2 = Constant(44 / 12, "t_CO2/t_C", "44/12")
AREA = make_leaf("area", "A", "hm^2", "面积", "area")
STOCK_VOLUME = make_leaf("volume", "V", "m^3", "蓄积量", "stock")
VOLUME = make_leaf("volume_per_hm2", "v", "m^3/hm^2", "单位面积蓄积量", "stock a hectare")
A = make_leaf("a", "a", "t_DM/m^3", "方程系数 a", "slope of the equation")
B = make_leaf("b", "b", "t_DM/hm^2", "方程常数 b", "constant of the equation")
BCEF = make_leaf("bcef", "BCEF", "t_DM/m^3", "生物量转换与扩展系数", "biomass conversion and expansion factor")
BIOMASS = make_leaf("biomass", "B", "t_DM/hm^2", "单位面积生物量", "biomass a hectare, as measured")
ROOTS = make_leaf("root_ratio", "R", "1", "根茎比", "root to shoot")
FRACTION = make_leaf("carbon_fraction", "CF", "t_C/t_DM", "含碳率", "carbon fraction")
POOLS = ("dead_wood", "litter", "soil")
DENSITY = {
    "dead_wood": make_leaf("dead_wood", "c_DW", "t_C/hm^2", "枯死木碳密度", "carbon density of dead wood"),
    "litter": make_leaf("litter", "c_LI", "t_C/hm^2", "凋落物碳密度", "carbon density of litter"),
    "soil": make_leaf("soil", "c_SO", "t_C/hm^2", "土壤碳密度", "carbon density of soil"),
}
LAND_USE = make_leaf("land_use", "F_LU", "1", "土地利用系数", "factor of land use")
POOL_TITLES = {
    "live": ("活立木", "live trees"),
    "dead_wood": ("枯死木", "dead wood"),
    "litter": ("凋落物", "litter"),
    "soil": ("土壤", "soil"),
}


def _rule(
    identity: str,
    symbol: str,
    unit: str,
    zh: str,
    en: str,
    formula: Node,
    clause: str = "equations 2.1-2.6",
    source: str = "ipcc-2006",
    mark: str = "V",
) -> Rule:
    return make_rule(identity, symbol, unit, zh, en, formula, source=source, clause=clause, mark=mark)


PER_HECTARE = _rule("per_hectare", "v", "m^3/hm^2", "单位面积蓄积量", "stock a hectare", STOCK_VOLUME / AREA)


def make_biomass(volume: Node, how: str) -> Rule:
    """Return the rule of biomass a hectare.

    Parameters
    ----------
    volume : stock a hectare
    how    : `equation`, `bcef` or `measured`
    """
    formula: Node = {"equation": A * volume + B, "bcef": volume * BCEF, "measured": BIOMASS + Constant(0.0, "t_DM/hm^2", "0")}[
        how
    ]
    return _rule("biomass_density", "B", "t_DM/hm^2", "单位面积生物量", "biomass a hectare", formula)


def make_live(biomass: Rule, *, roots: bool) -> list[Rule]:
    """Return the rules of whole biomass, carbon density and stock of live trees.

    Parameters
    ----------
    roots : whether roots are added by a ratio; else the biomass has them
    """
    whole: Node = biomass * (ONE + ROOTS) if roots else biomass
    density = _rule("live_density", "c", "t_C/hm^2", "活立木碳密度", "carbon density of live trees", whole * FRACTION)
    return [density, _rule("live", "C_AB", "t_C", "活立木碳储量", "carbon of live trees", AREA * density)]


def make_pool(pool: str, *, by_land_use: bool = False) -> Rule:
    """Return the rule of the stock of a pool whose density is given."""
    zh, en = POOL_TITLES[pool]
    density: Node = DENSITY[pool] * LAND_USE if by_land_use else DENSITY[pool]
    return _rule(pool, f"C_{pool[:2].upper()}", "t_C", f"{zh}碳储量", f"carbon of {en}", AREA * density)


STRATA = make_leaf("stock", "C", "t_C", "各层碳储量", "carbon of a stratum", ("stratum",))
TOTAL = _rule("stock", "C", "t_C", "碳储量", "carbon stock", Total(STRATA, "stratum"))
TOTAL_CO2 = _rule("stock_co2", "C_CO2", "t_CO2", "折合二氧化碳", "as carbon dioxide", TOTAL * TO_CO2, clause="44/12")

OPENING = make_leaf("opening", "C_1", "t_C", "期初碳储量", "carbon at the opening")
CLOSING = make_leaf("closing", "C_2", "t_C", "期末碳储量", "carbon at the closing")
YEARS = make_leaf("years", "n", "yr", "间隔年数", "years between")
AREA_1 = make_leaf("area_opening", "A_1", "hm^2", "期初面积", "area at the opening")
AREA_2 = make_leaf("area_closing", "A_2", "hm^2", "期末面积", "area at the closing")
YEAR = Constant(1.0, "yr", "1")
CHANGE = _rule(
    "change",
    "dC",
    "t_C/yr",
    "年均碳储量变化",
    "yearly change of the stock",
    (CLOSING - OPENING) / YEARS,
    clause="equation 2.5, stock-difference",
)
CHANGE_CO2 = _rule("change_co2", "dC_CO2", "t_CO2/yr", "折合二氧化碳", "as carbon dioxide", CHANGE * TO_CO2, clause="44/12")
AREA_CHANGE = _rule(
    "area_change",
    "dA",
    "hm^2/yr",
    "年均面积变化",
    "yearly change of the area",
    (AREA_2 - AREA_1) / YEARS,
    source="jilin-forest-carbon",
    clause="dA",
)
RATE = _rule(
    "rate",
    "c_s",
    "t_C/(hm^2*yr)",
    "单位面积固碳速率（面积变化）",
    "yearly rate a hectare, with changing area",
    (CLOSING - OPENING) / (YEARS * AREA_1 + YEARS * (YEARS + YEAR) / TWO * AREA_CHANGE),
    source="jilin-forest-carbon",
    clause="Cs = (S2-S1) / ((t2-t1) A1 + (1+2+...+n) dA)",
)
GAINS = make_leaf("gains", "G", "t_C/yr", "增加项", "gains", ("item",))
LOSSES = make_leaf("losses", "L", "t_C/yr", "减少项", "losses", ("item",))
GAIN_LOSS = _rule(
    "gain_loss",
    "dC",
    "t_C/yr",
    "年碳储量变化",
    "yearly change of the stock",
    Total(GAINS, "item") - Total(LOSSES, "item"),
    clause="equation 2.4, gain-loss",
)
GAIN_LOSS_CO2 = _rule(
    "gain_loss_co2", "dC_CO2", "t_CO2/yr", "折合二氧化碳", "as carbon dioxide", GAIN_LOSS * TO_CO2, clause="44/12"
)
