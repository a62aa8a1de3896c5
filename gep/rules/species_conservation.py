"""Species conservation: forest area by class of diversity at the unit value of the class."""

from gep.formula.nodes import Coefficient, Rule
from gep.messages.title import Title
from gep.reference.services import REGULATING
from gep.rules.parts import make_value
from gep.rules.service import Line, Service, declare_variant
from gep.rules.willingness import make_willingness_line
from gep.variables.regulating import area_by_diversity

AXES = ("diversity_class",)
unit_value = Coefficient(
    "species_unit_value",
    symbol="S_I",
    unit="CNY/ha/yr",
    axes=AXES,
    title=Title("物种保育单位价值", "Unit value of species conservation"),
    least=0,
)
protected = Rule(
    "species_conservation.area",
    symbol="Q_sc",
    unit="km^2",
    axes=AXES,
    title=Title("物种保育面积", "Area by class of diversity"),
    variants={
        "classes": declare_variant(
            area_by_diversity, source="ly1721-2008", clause="species conservation", mark="K", zh="分等级面积", en="area by class"
        )
    },
)
value = make_value(
    "species_conservation.area_value",
    "V_sc0",
    AXES,
    Title("物种保育价值", "Value of species conservation"),
    protected * unit_value,
    "ly1721-2008",
    "species conservation, area times unit value",
    "K",
)

SERVICE = Service(
    "species_conservation",
    REGULATING,
    (
        Line(
            "species_conservation.area",
            title=Title("物种保育", "Species conservation"),
            quantities=(protected,),
            prices=(unit_value,),
            value=value,
        ),
        make_willingness_line("species_conservation", "sc", instead_of=("species_conservation.area",)),
    ),
    seea="habitat maintenance and non-use values",
)
