"""Landscape premium: floor area near green and water at the yearly premium it earns."""

from gep.formula.nodes import Coefficient, Rule
from gep.messages.title import Title
from gep.reference.services import CULTURAL
from gep.rules.parts import make_value
from gep.rules.service import Line, Service, declare_variant
from gep.variables.cultural import benefiting_floor_area

AXES = ("dwelling",)
yearly_premium = Coefficient(
    "landscape_rent_premium",
    symbol="p_y",
    unit="CNY/m^2/yr",
    axes=AXES,
    title=Title("年租金溢价", "Yearly premium of rent"),
    least=0,
)
price_premium = Coefficient(
    "landscape_price_premium", symbol="p_s", unit="CNY/m^2", axes=AXES, title=Title("房价溢价", "Premium of the price"), least=0
)
rent_ratio = Coefficient(
    "rent_to_price_ratio",
    symbol="i_r",
    unit="1/yr",
    axes=(),
    title=Title("租售比", "Yearly rent as a share of the price"),
    least=0,
    most=0.2,
)
floor_area = Rule(
    "landscape_premium.area",
    symbol="Q_lp",
    unit="m^2",
    axes=AXES,
    title=Title("受益面积", "Floor area that benefits"),
    variants={
        "reported": declare_variant(
            benefiting_floor_area,
            source="standards-family",
            clause="landscape, hedonic price",
            mark="K",
            zh="受益面积",
            en="floor area",
        )
    },
)
premium = Rule(
    "landscape_premium.premium",
    symbol="p_l",
    unit="CNY/m^2/yr",
    axes=AXES,
    title=Title("年溢价", "Yearly premium"),
    variants={
        "rent": declare_variant(
            yearly_premium, source="standards-family", clause="landscape, rent", mark="K", zh="租金溢价", en="premium of rent"
        ),
        "price_annualised": declare_variant(
            price_premium * rent_ratio,
            source="standards-family",
            clause="landscape, price turned into rent",
            mark="K",
            zh="房价溢价按租售比折年",
            en="premium of the price times the rent ratio",
        ),
    },
)
value = make_value(
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
    "landscape_premium",
    CULTURAL,
    (
        Line(
            "landscape_premium.area",
            title=Title("景观增值", "Landscape premium"),
            quantities=(floor_area,),
            prices=(premium,),
            value=value,
        ),
    ),
    seea="visual amenity",
)
