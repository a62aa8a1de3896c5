"""Products of a branch of farming: what the four branches have in common, written once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import Coefficient, Rule, Title, first_known, total
from gep.reference.services import MATERIAL, SERVICE_TITLES
from gep.rules.service import Line, Service, published
from gep.variables.material import leased_area

if TYPE_CHECKING:
    from gep.variables.material import Branch

SOURCE, CLAUSE = "garze-2017", "section 2.3 (1) and table 3, market value (the paper enters net output)"

land_rent = Coefficient(
    "land_rent", "r", "CNY/ha/yr", ("land_class",), Title("地租", "Rent of farmed land"), least=0
)  # fmt: skip


def products(service_id: str, branch: Branch, seea: str) -> Service:
    """Return the service of one branch: its product rules and the ways its value may be reckoned."""
    code, title = SERVICE_TITLES[service_id]
    axes = (branch.axis,)

    def price(stem: str, unit: str, what: str, zh: str) -> Coefficient:
        return Coefficient(
            f"{branch.id}_{stem}", f"P_{code},{unit.rsplit('/', maxsplit=1)[-1][0]}", unit, axes,
            Title(f"{title.zh}{zh}", f"{title.en}, price {what}"), least=0,
        )  # fmt: skip

    by_mass = price("price", "CNY/t", "by weight", "单价(重量)")
    by_volume = price("volume_price", "CNY/m^3", "by volume", "单价(体积)")
    by_piece = price("piece_price", "CNY/piece", "by number", "单价(数量)")

    def quantity(stem: str, unit: str, of: object, zh: str, en: str) -> Rule:
        formula = published(of, SOURCE, CLAUSE, "V", "统计产量", "output as reported")  # type: ignore[arg-type]
        return Rule(
            f"{service_id}.{stem}", f"Q_{code},{stem[0]}", unit, axes, Title(f"{title.zh}{zh}", f"{title.en}{en}"),
            {"reported": formula},
        )  # fmt: skip

    mass = quantity("mass", "t/yr", branch.mass, "产量", ", weight")
    volume = quantity("volume", "m^3/yr", branch.volume, "产量(体积)", ", volume")
    count = quantity("count", "piece/yr", branch.count, "产量(数量)", ", number")
    product_value = Rule(
        f"{service_id}.product_value", f"v_{code}", "CNY/yr", axes,
        Title(f"{title.zh}分产品产值", f"{title.en}, value of a product"),
        {
            "market": published(
                first_known(branch.product_value, mass * by_mass, volume * by_volume, count * by_piece),
                SOURCE, CLAUSE, "V", "填报产值,没有时用产量乘单价", "stated output value, else output times price",
            ),
        },
    )  # fmt: skip
    contribution = (
        "P17:舍饲畜禽、投饵养殖和外购投入全额计入 | P17: housed livestock, fed fish and bought-in inputs are counted in full"
    )
    of_products = {
        "gross_output": published(
            first_known(branch.output_value, total(product_value, over=branch.axis)),
            SOURCE, CLAUSE, "V", "总产值(市场价值)", "gross output at market value", contribution,
        ),
        "ecosystem_contribution": published(
            total(product_value - branch.production_cost, over=branch.axis),
            "ndrc-2022", "residual (clause not seen)", "K-", "生态系统贡献(产值减成本)", "ecosystem contribution, residual",
        ),
        "land_rent": published(
            total(leased_area * land_rent, over="land_class"),
            "ndrc-2022", "land rent (clause not seen)", "K-", "生态系统贡献(地租)", "ecosystem contribution, land rent",
        ),
        "gross_less_outside": published(
            total(product_value - branch.value_from_outside, over=branch.axis),
            "gbt46869-2025", "definition of GEP, less products from outside (clause not seen)", "K-",
            "总产值扣除区外产品", "gross output less products from outside the region",
        ),
        "contribution_less_outside": published(
            total(product_value - branch.production_cost - branch.value_from_outside, over=branch.axis),
            "gbt46869-2025", "definition of GEP, less products from outside (clause not seen)", "K-",
            "生态系统贡献扣除区外产品", "ecosystem contribution less products from outside",
        ),
    }  # fmt: skip
    value = Rule(
        f"{service_id}.output_value", f"V_{code}0", "CNY/yr", (), Title(f"{title.zh}价值", f"Value of {title.en.lower()}"),
        of_products,
    )  # fmt: skip
    line = Line(f"{service_id}.products", title, (mass, volume, count), (by_mass, by_volume, by_piece), value, product_value)
    return Service(service_id, MATERIAL, (line,), seea)
