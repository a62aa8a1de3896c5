"""Products taken from ecosystems: four branches of farming alike, energy, fresh water and hydropower."""

from gep.formula.nodes import Observed
from gep.records import dataclass
from gep.variables.declare import AGRICULTURE, FORESTRY, PRICES, STATISTICS, WATER, declare_variable


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
        """Return the variables, in the order of the report."""
        return (
            self.output_value,
            self.mass,
            self.volume,
            self.count,
            self.product_value,
            self.production_cost,
            self.value_from_outside,
        )


def _branch(stem: str, letter: str, zh: str, en: str, department: str) -> Branch:
    axis = f"{stem}_product"
    return Branch(
        stem,
        axis,
        mass=declare_variable(
            f"{stem}_output",
            symbol=f"E_{letter}",
            unit="t/yr",
            axes=(axis,),
            zh=f"{zh}产量(重量)",
            en=f"{en} output, weighed",
            department=department,
            about="按产品填写全年产量,计重的产品(粮食、蔬菜、肉类、鱼类等)。",
            extent=True,
        ),
        volume=declare_variable(
            f"{stem}_output_volume",
            symbol=f"Ev_{letter}",
            unit="m^3/yr",
            axes=(axis,),
            zh=f"{zh}产量(体积)",
            en=f"{en} output, measured by volume",
            department=department,
            about="按产品填写全年产量,计体积的产品(如木材采伐量,不是蓄积量)。",
            extent=True,
        ),
        count=declare_variable(
            f"{stem}_output_count",
            symbol=f"En_{letter}",
            unit="piece/yr",
            axes=(axis,),
            zh=f"{zh}产量(数量)",
            en=f"{en} output, counted",
            department=department,
            about="按产品填写全年产量,计数的产品(如竹材根数、出栏头数);同一产品已按重量填报的不再计数。",
            extent=True,
        ),
        product_value=declare_variable(
            f"{stem}_product_value",
            symbol=f"v_{letter}",
            unit="CNY/yr",
            axes=(axis,),
            zh=f"{zh}分产品产值",
            en=f"Output value of {'an' if en[0] in 'AEIOU' else 'a'} {en.lower()} product",
            department=STATISTICS,
            about="某产品的当年价产值;产量或单价不全时直接填产值。",
            extent=True,
        ),
        output_value=declare_variable(
            f"{stem}_output_value",
            symbol=f"VO_{letter}",
            unit="CNY/yr",
            axes=(),
            zh=f"{zh}产值合计",
            en=f"{en} output value, whole branch",
            department=STATISTICS,
            about="统计公报中该业总产值(当年价),不含农林牧渔专业及辅助性活动;填写后不再按产品加总。",
        ),
        production_cost=declare_variable(
            f"{stem}_production_cost",
            symbol=f"C_{letter}",
            unit="CNY/yr",
            axes=(axis,),
            zh=f"{zh}生产成本",
            en=f"{en} production cost",
            department=AGRICULTURE,
            about="中间投入、人工和资本成本,只在按生态系统贡献计价时需要。",
        ),
        value_from_outside=declare_variable(
            f"{stem}_value_from_outside",
            symbol=f"VX_{letter}",
            unit="CNY/yr",
            axes=(axis,),
            zh=f"{zh}中来自区外的产品价值",
            en=f"Value from outside the region in {en.lower()}",
            department=AGRICULTURE,
            about="由区外输入(如外购饲料)形成的价值,只在标准要求扣除时需要;没有的填 0。",
        ),
    )


agricultural = _branch("agricultural", "a", "农业产品", "Agricultural", AGRICULTURE)
forestry = _branch("forestry", "f", "林业产品", "Forestry", FORESTRY)
livestock = _branch("livestock", "l", "畜牧业产品", "Livestock", AGRICULTURE)
fishery = _branch("fishery", "y", "渔业产品", "Fishery", AGRICULTURE)
BRANCHES = (agricultural, forestry, livestock, fishery)

sown_area = declare_variable(
    "sown_area",
    symbol="A_sown",
    unit="km^2/yr",
    axes=("agricultural_product",),
    zh="播种面积",
    en="Sown area",
    department=AGRICULTURE,
    about="农作物全年播种面积(复种计多次),只用来核对产量。",
    extent=True,
)
bioenergy_mass = declare_variable(
    "bioenergy_output",
    symbol="E_b",
    unit="t/yr",
    axes=("energy_source",),
    zh="生物质能源产量(重量)",
    en="Bioenergy, weighed",
    department=AGRICULTURE,
    about="作能源利用的秸秆、薪柴等;已计入农产品的秸秆不再填。",
    extent=True,
)
bioenergy_volume = declare_variable(
    "bioenergy_output_volume",
    symbol="Ev_b",
    unit="m^3/yr",
    axes=("energy_source",),
    zh="生物质能源产量(体积)",
    en="Bioenergy, measured by volume",
    department=AGRICULTURE,
    about="沼气等按体积计量的生物质能源。",
    extent=True,
)
bioenergy_value = declare_variable(
    "bioenergy_product_value",
    symbol="v_b",
    unit="CNY/yr",
    axes=("energy_source",),
    zh="生物质能源产值",
    en="Output value of bioenergy",
    department=STATISTICS,
    about="某种生物质能源的当年价产值;产量或单价不全时直接填。",
    extent=True,
)
water_use = declare_variable(
    "water_use",
    symbol="Q_w",
    unit="m^3/yr",
    axes=("water_use",),
    zh="用水量",
    en="Water use",
    department=WATER,
    about="水资源公报的分用途用水量:domestic 生活、industrial 工业、agricultural 农业等。",
    extent=True,
)
hydropower_generation = declare_variable(
    "hydropower_generation",
    symbol="G",
    unit="kWh/yr",
    axes=(),
    zh="水力发电量",
    en="Hydropower generation",
    department=PRICES,
    about="县域内水电站全年发电量。",
)
renewable_generation = declare_variable(
    "renewable_generation",
    symbol="G_k",
    unit="kWh/yr",
    axes=("renewable_source",),
    zh="风能、太阳能、地热能供能量",
    en="Energy of wind, sun and the heat of the earth",
    department=PRICES,
    about="按种类(风能、太阳能、地热能)填写县域内全年发电或供热量。",
    extent=True,
)
leased_area = declare_variable(
    "farmed_area_by_class",
    symbol="A_r",
    unit="ha",
    axes=("land_class",),
    zh="分地类经营面积",
    en="Farmed area by class of land",
    department=AGRICULTURE,
    about="按地类填写的经营面积,只在按地租计价时需要。",
    extent=True,
)

ALL = (
    *(variable for branch in BRANCHES for variable in branch.all),
    leased_area,
    sown_area,
    bioenergy_mass,
    bioenergy_volume,
    bioenergy_value,
    water_use,
    hydropower_generation,
    renewable_generation,
)
