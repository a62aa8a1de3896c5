"""Products taken from ecosystems: four branches of farming alike, energy, fresh water and hydropower."""

from dataclasses import dataclass

from gep.formula.nodes import Observed
from gep.variables.declare import AGRICULTURE, FORESTRY, PRICES, STATISTICS, WATER, observed


@dataclass(frozen=True, eq=False)
class Branch:
    """What is observed of one branch of products; a product is weighed, measured or counted."""

    id: str
    axis: str
    mass: Observed
    volume: Observed
    count: Observed
    product_value: Observed
    output_value: Observed
    production_cost: Observed
    value_from_outside: Observed

    @property
    def all(self) -> tuple[Observed, ...]:
        """The variables, in the order of the report."""
        return (
            self.output_value, self.mass, self.volume, self.count,
            self.product_value, self.production_cost, self.value_from_outside,
        )  # fmt: skip


def _branch(stem: str, letter: str, zh: str, en: str, department: str) -> Branch:
    axis = f"{stem}_product"
    return Branch(
        stem,
        axis,
        mass=observed(
            f"{stem}_output", f"E_{letter}", "t/yr", (axis,), f"{zh}产量(重量)", f"{en} output, weighed", department,
            "按产品填写全年产量,计重的产品(粮食、蔬菜、肉类、鱼类等)。", extent=True,
        ),
        volume=observed(
            f"{stem}_output_volume", f"Ev_{letter}", "m^3/yr", (axis,), f"{zh}产量(体积)",
            f"{en} output, measured by volume", department,
            "按产品填写全年产量,计体积的产品(如木材采伐量,不是蓄积量)。", extent=True,
        ),
        count=observed(
            f"{stem}_output_count", f"En_{letter}", "piece/yr", (axis,), f"{zh}产量(数量)",
            f"{en} output, counted", department,
            "按产品填写全年产量,计数的产品(如竹材根数、出栏头数);同一产品已按重量填报的不再计数。", extent=True,
        ),
        product_value=observed(
            f"{stem}_product_value", f"v_{letter}", "CNY/yr", (axis,), f"{zh}分产品产值",
            f"Output value of a {en.lower()} product", STATISTICS,
            "某产品的当年价产值;产量或单价不全时直接填产值。", extent=True,
        ),
        output_value=observed(
            f"{stem}_output_value", f"VO_{letter}", "CNY/yr", (), f"{zh}产值合计", f"{en} output value, whole branch",
            STATISTICS, "统计公报中该业总产值(当年价),不含农林牧渔专业及辅助性活动;填写后不再按产品加总。",
        ),
        production_cost=observed(
            f"{stem}_production_cost", f"C_{letter}", "CNY/yr", (axis,), f"{zh}生产成本", f"{en} production cost",
            AGRICULTURE, "中间投入、人工和资本成本,只在按生态系统贡献计价时需要。",
        ),
        value_from_outside=observed(
            f"{stem}_value_from_outside", f"VX_{letter}", "CNY/yr", (axis,), f"{zh}中来自区外的产品价值",
            f"Value from outside the region in {en.lower()}", AGRICULTURE,
            "由区外输入(如外购饲料)形成的价值,只在标准要求扣除时需要;没有的填 0。",
        ),
    )  # fmt: skip


agricultural = _branch("agricultural", "a", "农业产品", "Agricultural", AGRICULTURE)
forestry = _branch("forestry", "f", "林业产品", "Forestry", FORESTRY)
livestock = _branch("livestock", "l", "畜牧业产品", "Livestock", AGRICULTURE)
fishery = _branch("fishery", "y", "渔业产品", "Fishery", AGRICULTURE)
BRANCHES = (agricultural, forestry, livestock, fishery)

sown_area = observed(
    "sown_area", "A_sown", "km^2/yr", ("agricultural_product",), "播种面积", "Sown area", AGRICULTURE,
    "农作物全年播种面积(复种计多次),只用来核对产量。", extent=True,
)  # fmt: skip
bioenergy_mass = observed(
    "bioenergy_output", "E_b", "t/yr", ("energy_source",), "生物质能源产量(重量)", "Bioenergy, weighed", AGRICULTURE,
    "作能源利用的秸秆、薪柴等;已计入农产品的秸秆不再填。", extent=True,
)  # fmt: skip
bioenergy_volume = observed(
    "bioenergy_output_volume", "Ev_b", "m^3/yr", ("energy_source",), "生物质能源产量(体积)",
    "Bioenergy, measured by volume", AGRICULTURE, "沼气等按体积计量的生物质能源。", extent=True,
)  # fmt: skip
bioenergy_value = observed(
    "bioenergy_product_value", "v_b", "CNY/yr", ("energy_source",), "生物质能源产值", "Output value of bioenergy", STATISTICS,
    "某种生物质能源的当年价产值;产量或单价不全时直接填。", extent=True,
)  # fmt: skip
water_use = observed(
    "water_use", "Q_w", "m^3/yr", ("water_use",), "用水量", "Water use", WATER,
    "水资源公报的分用途用水量:domestic 生活、industrial 工业、agricultural 农业等。", extent=True,
)  # fmt: skip
hydropower_generation = observed(
    "hydropower_generation", "G", "kWh/yr", (), "水力发电量", "Hydropower generation", PRICES,
    "县域内水电站全年发电量。",
)  # fmt: skip
leased_area = observed(
    "farmed_area_by_class", "A_r", "ha", ("land_class",), "分地类经营面积", "Farmed area by class of land", AGRICULTURE,
    "按地类填写的经营面积,只在按地租计价时需要。", extent=True,
)  # fmt: skip

ALL = (
    *(variable for branch in BRANCHES for variable in branch.all),
    leased_area, sown_area, bioenergy_mass, bioenergy_volume, bioenergy_value, water_use, hydropower_generation,
)  # fmt: skip
