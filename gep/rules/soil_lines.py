"""Other ways to value soil that is kept: its nutrients as fertiliser, the land it would have laid waste, its gain over another state.

Each counts only where a standard names it; the fertiliser of a nutrient stands instead of the cost of treating it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import ECOSYSTEM, Coefficient, Rule
from gep.messages.title import Title
from gep.rules.parts import make_value
from gep.rules.service import Line, declare_variant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.formula.nodes import Node

AXES = (ECOSYSTEM,)
_FERTILISER = ("forest-bureau-program", "lyzy, nutrients over their share of fertiliser; LY/T 1721 family", "V-c")


def _share(identity: str, symbol: str, zh: str, en: str) -> Coefficient:
    return Coefficient(identity, symbol=symbol, unit="1", axes=(), title=Title(zh, en), least=1e-4, most=1.0)


def _price(identity: str, symbol: str, zh: str, en: str) -> Coefficient:
    return Coefficient(identity, symbol=symbol, unit="CNY/t", axes=(), title=Title(zh, en), least=0)


potassium_content = Coefficient(
    "soil_potassium_content", symbol="C_K", unit="1", axes=(), title=Title("土壤钾含量", "Potassium in soil"), least=0, most=0.1
)
organic_content = Coefficient(
    "soil_organic_content",
    symbol="C_OM",
    unit="1",
    axes=(),
    title=Title("土壤有机质含量(养分)", "Organic matter in soil, kept with it"),
    least=0,
    most=0.6,
)
layer_depth = Coefficient(
    "soil_layer_depth", symbol="h_s", unit="m", axes=(), title=Title("土层厚度", "Depth of the soil layer"), least=0.05, most=5
)
land_value = Coefficient(
    "abandoned_land_value",
    symbol="B_l",
    unit="CNY/ha",
    axes=(),
    title=Title("单位面积土地年收益", "Yearly return of land, charged once for land laid waste"),
    least=0,
)
soil_value = _price("soil_unit_value", "p_s", "每吨土壤价值", "Value of a tonne of soil")


def make_fertiliser_lines(amount: Rule, nitrogen: Rule, phosphorus: Rule) -> Iterator[Line]:
    """Yield the lines of nutrients turned into fertiliser at their share of it: nitrogen, phosphorus, potassium, organic matter.

    Parameters
    ----------
    amount : soil retained, t/yr
    nitrogen, phosphorus : kept with it, t/yr
    """
    for stem, letter, zh, en, kept in (
        ("nitrogen", "N", "氮", "Nitrogen", nitrogen),
        ("phosphorus", "P", "磷", "Phosphorus", phosphorus),
        (
            "potassium",
            "K",
            "钾",
            "Potassium",
            _kept("potassium", "Q_K", "保持钾量", "Potassium kept", amount * potassium_content),
        ),
    ):
        share = _share(f"{stem}_in_fertiliser", f"R_{letter}", f"化肥含{zh}量", f"{en} in its fertiliser")
        price = _price(f"{stem}_fertiliser_price", f"p_F{letter}", f"含{zh}化肥价格", f"Price of the fertiliser of {en.lower()}")
        title = Title(f"保持{zh}养分(折化肥)", f"{en} kept, as fertiliser")
        instead = (f"soil_retention.{stem}",) if stem != "potassium" else ()
        yield _line(f"{stem}_fertiliser", f"F{letter}", title, kept / share, price, instead, "t/yr")
    organic = amount * organic_content
    title = Title("保持有机质", "Organic matter kept")
    price = _price("organic_matter_price", "p_OM", "有机质价格", "Price of organic matter")
    yield _line("organic_matter", "OM", title, organic, price, (), "t/yr")


def make_land_line(amount: Rule, bulk_density: Coefficient) -> Line:
    """Return the line of land that is not laid waste: soil over bulk density and depth, at the yearly return of that land."""
    title = Title("减少土地废弃", "Land not laid waste")
    return _line(
        "land_kept",
        "ld",
        title,
        amount / bulk_density / layer_depth,
        land_value,
        (),
        "ha/yr",
        ("lianhua-2017", "table 3, land saved: soil over bulk density and depth", "V"),
    )


def make_gain_line(gain: Rule) -> Line:
    """Return the line of the gain over another state or year, which may be below zero, at the value of a tonne of soil."""
    title = Title("土壤保持增量", "Gain of soil retained")
    value = make_value(
        "soil_retention.gain_value",
        "V_Δsr",
        (),
        Title("土壤保持增量价值", "Value of the gain"),
        gain * soil_value,
        "standards-family",
        "soil retention, gain at the value of a tonne",
        "K",
    )
    others = tuple(f"soil_retention.{stem}" for stem in ("silt", "nitrogen", "phosphorus"))
    return Line(
        "soil_retention.gain",
        title=title,
        quantities=(gain,),
        prices=(soil_value,),
        value=value,
        negative=True,
        named_only=True,
        instead_of=others,
    )


def _kept(stem: str, symbol: str, zh: str, en: str, formula: Node) -> Rule:
    way = declare_variant(
        formula, "lianhua-2017", "table 3, soil times content", "V", "保持量乘含量", "soil retained times content"
    )
    return Rule(f"soil_retention.{stem}", symbol=symbol, unit="t/yr", axes=AXES, title=Title(zh, en), variants={"content": way})


def _line(
    stem: str,
    letters: str,
    title: Title,
    formula: Node,
    price: Coefficient,
    instead_of: tuple[str, ...],
    unit: str,
    source: tuple[str, str, str] = _FERTILISER,
) -> Line:
    way = declare_variant(formula, *source, "按含量折算" if source is _FERTILISER else "按容重和厚度折算", "by its share")
    quantity = Rule(f"soil_retention.{stem}", symbol=f"Q_{letters}", unit=unit, axes=AXES, title=title, variants={"share": way})
    value = make_value(
        f"soil_retention.{stem}_value",
        f"V_{letters}",
        AXES,
        Title(f"{title.zh}价值", f"Value, {title.en[0].lower()}{title.en[1:]}"),
        quantity * price,
        *source,
    )
    return Line(
        f"soil_retention.{stem}",
        title=title,
        quantities=(quantity,),
        prices=(price,),
        value=value,
        named_only=True,
        instead_of=instead_of,
    )
