"""Landscape premium: floor area near green and water at the yearly premium it earns."""

from gep.formula.nodes import Coefficient, Rule, Title
from gep.reference.services import CULTURAL
from gep.rules.parts import value_of
from gep.rules.service import Line, Service, published
from gep.variables.cultural import benefiting_floor_area

AXES = ("dwelling",)
yearly_premium = Coefficient(
    "landscape_rent_premium", "p_y", "CNY/m^2/yr", AXES, Title("年租金溢价", "Yearly premium of rent"), least=0
)
price_premium = Coefficient("landscape_price_premium", "p_s", "CNY/m^2", AXES, Title("房价溢价", "Premium of the price"), least=0)
rent_ratio = Coefficient(
    "rent_to_price_ratio", "i_r", "1/yr", (), Title("租售比", "Yearly rent as a share of the price"), least=0, most=0.2
)
floor_area = Rule(
    "landscape_premium.area", "Q_lp", "m^2", AXES, Title("受益面积", "Floor area that benefits"),
    {"reported": published(benefiting_floor_area, "standards-family", "landscape, hedonic price", "K", "受益面积", "floor area")},
)  # fmt: skip
premium = Rule(
    "landscape_premium.premium", "p_l", "CNY/m^2/yr", AXES, Title("年溢价", "Yearly premium"),
    {
        "rent": published(yearly_premium, "standards-family", "landscape, rent", "K", "租金溢价", "premium of rent"),
        "price_annualised": published(
            price_premium * rent_ratio, "standards-family", "landscape, price turned into rent", "K", "房价溢价按租售比折年",
            "premium of the price times the rent ratio",
        ),
    },
)  # fmt: skip
value = value_of(
    "landscape_premium.area_value",
    "V_lp0",
    AXES,
    Title("景观增值价值", "Value of landscape"),
    floor_area * premium,
    "standards-family",
    "landscape, area times premium",
    "K",
)

SERVICE = Service(
    "landscape_premium", CULTURAL,
    (Line("landscape_premium.area", Title("景观增值", "Landscape premium"), (floor_area,), (premium,), value),), seea="visual amenity",
)  # fmt: skip
