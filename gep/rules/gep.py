"""The sums of the account: a service from its lines, a category from its services, and GEP, each a rule like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.nodes import Node, Rule, Sum, total
from gep.messages.title import Title
from gep.reference.services import CATEGORIES
from gep.rules.service import STATED, Service, declare_variant
from gep.variables.stated import STATED as STATED_VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TOTAL = "gep.total"
ROLL_UP = "roll_up."
"""Before the key of an indicator of several services, in the id of its rule."""


def make_service_value(service: Service, lines: Iterable[str]) -> Rule:
    """Return the rule of the value of a service, in CNY/yr without axes.

    Its variants are the sum of the lines that a standard counts, and a value computed elsewhere.

    Parameters
    ----------
    lines : ids of the lines that count
    """
    parts = tuple((line.id, _whole(line.value)) for line in service.lines if line.id in set(lines))
    variants = {
        "lines": declare_variant(
            Sum(parts), source="this-project", clause="sum of lines", mark="V", zh="各分项之和", en="sum of its lines"
        ),
        STATED: declare_variant(
            STATED_VALUES[service.id],
            source="as-entered",
            clause="entered by the county",
            mark="V",
            zh="直接采用已测算的价值",
            en="value as entered",
            caution="价值在别处测算,此处无法复算 | the value was computed elsewhere and cannot be recomputed here",
        ),
    }
    title = Title(f"{service.title.zh}价值", f"{service.title.en}, value")
    return Rule(f"{service.id}.value", symbol=f"V_{service.code}", unit="CNY/yr", axes=(), title=title, variants=variants)


def make_category_value(category: str, values: Mapping[str, Rule]) -> Rule:
    """Return the rule of the value of a category, in CNY/yr: the sum of its services that are accounted for.

    Parameters
    ----------
    values : service id → the rule of its value
    """
    title = Title(f"{CATEGORIES[category].zh}价值", f"{CATEGORIES[category].en}, value")
    return _sum(f"gep.{category}", f"V_{category[:3]}", title, values)


def make_account_value(categories: Mapping[str, Rule], *, equivalents: bool = False) -> Rule:
    """Return the rule of gross ecosystem product, in CNY/yr: the sum of what is accounted for in every category.

    Parameters
    ----------
    categories  : category → the rule of its value
    equivalents : the values are by equivalent factors, so that their sum is no GEP and is not called so
    """
    if equivalents:
        return _sum(TOTAL, "V_eq", Title("当量因子法价值(非生态产品总值)", "Value by equivalent factors (not GEP)"), categories)
    return _sum(TOTAL, "GEP", Title("生态产品总值", "Gross ecosystem product"), categories)


def make_roll_up_value(name: str, title: Title, services: Iterable[Service]) -> Rule:
    """Return the rule of an indicator of several services, in CNY/yr: the sum of those that are accounted for.

    Parameters
    ----------
    name : its key in the standard
    """
    values = {one.id: make_service_value(one, ()) for one in services}
    return _sum(f"{ROLL_UP}{name}", f"V_{name}", title, values)


def _sum(identity: str, symbol: str, title: Title, values: Mapping[str, Rule]) -> Rule:
    formula = Sum(tuple(values.items()), accounted_only=True)
    accounted = declare_variant(
        formula,
        source="this-project",
        clause="sum of what is accounted for",
        mark="V",
        zh="已核算各项之和",
        en="sum of what is accounted for",
    )
    return Rule(identity, symbol=symbol, unit="CNY/yr", axes=(), title=title, variants={"accounted": accounted})


def _whole(value: Rule) -> Node:
    whole: Node = value
    for axis in value.axes:
        whole = total(whole, over=axis)
    return whole
