"""What people say they would pay: persons whom a survey stands for, at their willingness to pay, as a line of the service it was asked for."""

from __future__ import annotations

from gep.formula.nodes import Rule
from gep.messages.title import Title
from gep.rules.parts import make_value
from gep.rules.service import Line, declare_variant
from gep.variables.cultural import paying_persons, paying_share, willingness_to_pay

AXES = ("survey",)
_SOURCE = ("standards-family", "contingent valuation, willingness to pay × persons", "K")
_CAUTION = "P15:支付意愿不属于交换价值(SEEA);同一调查只计一次 | P15: willingness to pay lies outside exchange values (SEEA); a survey is counted once"


def make_willingness_line(service: str, code: str, instead_of: tuple[str, ...] = ()) -> Line:
    """Return the line of a service that is valued by willingness to pay; it counts only where a standard names it.

    Parameters
    ----------
    service    : id
    code       : its letters in symbols
    instead_of : lines of the service that value the same thing
    """
    persons = Rule(
        f"{service}.persons",
        symbol=f"Q_{code}w",
        unit="person",
        axes=AXES,
        title=Title("支付意愿人数", "Persons willing to pay"),
        variants={
            "survey": declare_variant(
                paying_persons * paying_share, *_SOURCE, "人数乘支付率", "persons times share that pays", _CAUTION
            )
        },
    )
    price = Rule(
        f"{service}.willingness_price",
        symbol=f"p_{code}w",
        unit="CNY/person/yr",
        axes=AXES,
        title=Title("人均年支付意愿", "Willingness to pay a person and year"),
        variants={"survey": declare_variant(willingness_to_pay, *_SOURCE, "调查值", "as surveyed")},
    )
    value = make_value(
        f"{service}.willingness_value",
        f"V_{code}w",
        AXES,
        Title("支付意愿价值", "Value by willingness to pay"),
        persons * price,
        *_SOURCE,
    )
    return Line(
        f"{service}.willingness",
        title=Title("支付意愿", "Willingness to pay"),
        quantities=(persons,),
        prices=(price,),
        value=value,
        negative=True,
        named_only=True,
        instead_of=instead_of,
    )
