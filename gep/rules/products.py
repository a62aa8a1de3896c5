"""Products of a branch of farming: what the four branches have in common, written once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import Coefficient, Rule, first_known, total
from gep.messages.title import Title
from gep.reference.services import MATERIAL, SERVICE_TITLES
from gep.rules.service import Line, Service, declare_variant
from gep.variables.material import leased_area

if TYPE_CHECKING:
    from gep.variables.material import Branch

SOURCE, CLAUSE = "garze-2017", "section 2.3 (1) and table 3, market value (the paper enters net output)"

land_rent = Coefficient(
    "land_rent", symbol="r", unit="CNY/ha/yr", axes=("land_class",), title=Title("地租", "Rent of farmed land"), least=0
)


def make_product_service(service_id: str, branch: Branch, seea: str) -> Service:
    """Return the service of one branch of products: its product rules, and the ways in which its value may be reckoned.

    Parameters
    ----------
    branch : its observed variables
    seea   : what the service is called in SEEA EA
    """
    code, title = SERVICE_TITLES[service_id]
    axes = (branch.axis,)

    def price(stem: str, unit: str, what: str, zh: str) -> Coefficient:
        return Coefficient(
            f"{branch.id}_{stem}",
            symbol=f"P_{code},{unit.rsplit('/', maxsplit=1)[-1][0]}",
            unit=unit,
            axes=axes,
            title=Title(f"{title.zh}{zh}", f"{title.en}, price {what}"),
            least=0,
        )

    by_mass = price("price", "CNY/t", "by weight", "单价(重量)")
    by_volume = price("volume_price", "CNY/m^3", "by volume", "单价(体积)")
    by_piece = price("piece_price", "CNY/piece", "by number", "单价(数量)")

    def quantity(stem: str, unit: str, of: object, zh: str, en: str) -> Rule:
        formula = declare_variant(of, source=SOURCE, clause=CLAUSE, mark="V", zh="统计产量", en="output as reported")  # type: ignore[arg-type]
        return Rule(
            f"{service_id}.{stem}",
            symbol=f"Q_{code},{stem[0]}",
            unit=unit,
            axes=axes,
            title=Title(f"{title.zh}{zh}", f"{title.en}{en}"),
            variants={"reported": formula},
        )

    rent_share = Coefficient(
        f"{branch.id}_rent_share",
        symbol="s_r",
        unit="1",
        axes=axes,
        title=Title(f"{title.zh}资源租金占比", f"{title.en}, share of resource rent"),
        least=-1,
        most=1,
    )
    mass = quantity("mass", "t/yr", branch.mass, "产量", ", weight")
    volume = quantity("volume", "m^3/yr", branch.volume, "产量(体积)", ", volume")
    count = quantity("count", "piece/yr", branch.count, "产量(数量)", ", number")
    product_value = Rule(
        f"{service_id}.product_value",
        symbol=f"v_{code}",
        unit="CNY/yr",
        axes=axes,
        title=Title(f"{title.zh}分产品产值", f"{title.en}, value of a product"),
        variants={
            "market": declare_variant(
                first_known(branch.product_value, mass * by_mass, volume * by_volume, count * by_piece),
                source=SOURCE,
                clause=CLAUSE,
                mark="V",
                zh="填报产值,没有时用产量乘单价",
                en="stated output value, else output times price",
            )
        },
    )
    contribution = (
        "P17:舍饲畜禽、投饵养殖和外购投入全额计入 | P17: housed livestock, fed fish and bought-in inputs are counted in full"
    )
    of_products = {
        "gross_output": declare_variant(
            first_known(branch.output_value, total(product_value, over=branch.axis)),
            source=SOURCE,
            clause=CLAUSE,
            mark="V",
            zh="总产值(市场价值)",
            en="gross output at market value",
            caution=contribution,
        ),
        "ecosystem_contribution": declare_variant(
            total(product_value - branch.production_cost, over=branch.axis),
            source="ndrc-2022",
            clause="residual (clause not seen)",
            mark="K-",
            zh="生态系统贡献(产值减成本)",
            en="ecosystem contribution, residual",
        ),
        "land_rent": declare_variant(
            total(leased_area * land_rent, over="land_class"),
            source="ndrc-2022",
            clause="land rent (clause not seen)",
            mark="K-",
            zh="生态系统贡献(地租)",
            en="ecosystem contribution, land rent",
        ),
        "resource_rent_share": declare_variant(
            total(product_value * rent_share, over=branch.axis),
            source="standards-family",
            clause="resource rent, share of the value of output",
            mark="K",
            zh="生态系统贡献(资源租金占比)",
            en="ecosystem contribution, share of resource rent",
        ),
        "gross_less_outside": declare_variant(
            total(product_value - branch.value_from_outside, over=branch.axis),
            source="gbt46869-2025",
            clause="definition of GEP, less products from outside (clause not seen)",
            mark="K-",
            zh="总产值扣除区外产品",
            en="gross output less products from outside the region",
        ),
        "contribution_less_outside": declare_variant(
            total(product_value - branch.production_cost - branch.value_from_outside, over=branch.axis),
            source="gbt46869-2025",
            clause="definition of GEP, less products from outside (clause not seen)",
            mark="K-",
            zh="生态系统贡献扣除区外产品",
            en="ecosystem contribution less products from outside",
        ),
    }
    value = Rule(
        f"{service_id}.output_value",
        symbol=f"V_{code}0",
        unit="CNY/yr",
        axes=(),
        title=Title(f"{title.zh}价值", f"Value of {title.en.lower()}"),
        variants=of_products,
    )
    line = Line(
        f"{service_id}.products",
        title=title,
        quantities=(mass, volume, count),
        prices=(by_mass, by_volume, by_piece),
        value=value,
        detail=product_value,
        negative=True,
    )
    return Service(service_id, category=MATERIAL, lines=(line,), seea=seea)
